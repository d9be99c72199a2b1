"""A settlement that waits for the employer: after some working days its contact persons are reminded once.

Of words they have not written, and once of each wording they have not said yes to, with the link. Run it as often as
you like: what is due is done once. Source: docs/rules.md#expectations
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.terms import Party
from portal.base.working_days import after_working_days
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import known_placements
from portal.loop.placements.settling import wordless
from portal.loop.placements.settling_views import LIFETIME, link_of
from portal.loop.placements.waiting import REMINDER_DAYS, lacks_words_of, lacks_yes_of
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.shared.rules.queries import rule_book
from portal.workspaces.answers.queries import reachable


def remind_of_settlements(at: datetime) -> int:
    """Remind the employers whose words or yes have been missing long enough. Returns how many mails were posted."""
    today, book = danish_day(at), rule_book(REMINDER_DAYS)

    def is_due(placement: Placement, since: datetime) -> bool:
        days = book.on(today, placement.municipality_id).whole(REMINDER_DAYS)
        return after_working_days(danish_day(since), days) <= today

    posted = 0
    for placement in _waiting(lacks_words_of(Party.EMPLOYER), at):
        if is_due(placement, placement.planned_at):
            posted += _ask_for_words(placement, at)
    for placement in _waiting(lacks_yes_of(Party.EMPLOYER), at):
        settlement = placement.settlement
        if settlement and is_due(placement, settlement.written_at) and not wordless(settlement):
            posted += _ask_for_yes(placement, at)
    return posted


def _waiting(lacks: sa.ColumnElement[bool], at: datetime) -> Sequence[Placement]:
    """Of whom the employer may know."""
    opening = joinedload(Placement.opening)
    statement = (
        sa.select(Placement)
        .where(lacks, Placement.id.in_(known_placements(danish_day(at))))
        .options(
            opening.joinedload(Opening.employer).joinedload(Employer.municipality),
            joinedload(Placement.settlement),
        )
        .order_by(Placement.id)
    )
    return db.session.scalars(statement).all()


def _ask_for_words(placement: Placement, at: datetime) -> int:
    link = Link("expectations.state", {"placement_id": placement.id, "party": Party.EMPLOYER.value})
    subject = _("Påmindelse: hvad forventer I af forløbet?")
    words = _(
        "Borgeren, kommunen og I skriver hver især, hvad I forventer, før det begynder. Jeres ord mangler:"
    )
    return _post(placement, "words", subject, words, link, at)


def _ask_for_yes(placement: Placement, at: datetime) -> int:
    settlement = placement.settlement
    assert settlement is not None
    subject = _("Påmindelse: er I enige om forløbet?")
    words = _("Kommunen har skrevet, hvad I er enige om, før det begynder. Jeres ja mangler:")
    return _post(placement, f"yes:{settlement.version}", subject, words, link_of(settlement), at)


def _post(placement: Placement, name: str, subject: str, words: str, link: Link, at: datetime) -> int:
    employer = placement.opening.employer
    until_on = danish_day(at + LIFETIME) if link.purpose else None
    posted = [
        outbox.post(
            MailKind.LINK,
            to=address,
            at=at,
            unit=employer.municipality,
            context={"subject": subject, "words": words, "until_on": until_on},
            links={"open": link},
            about=placement,
            dedupe_key=f"settlement-reminder:{placement.id}:{name}:{address}",
        )
        for address in reachable(employer.id, MailKind.LINK)
    ]
    return sum(mail is not None for mail in posted)
