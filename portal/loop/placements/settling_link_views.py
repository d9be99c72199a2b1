"""The employer's yes to the settled words by a mailed link, in two steps, and taken back within the hour."""

from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.base.taking_back import open_until
from portal.base.terms import Party
from portal.loop.employers.people_queries import addresses_of
from portal.loop.placements import queries, settling
from portal.loop.placements.expectations import ExpectationsStand, may_still_write
from portal.loop.placements.models import Placement
from portal.loop.placements.settled import ConfirmedHow, Settlement
from portal.loop.placements.settling_views import LIFETIME, employers_page, link_of
from portal.loop.placements.settling_views import bp as bp
from portal.shared.audit.services import Actor, LinkHolder
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import handing
from portal.shared.outbox.forms import RecipientForm
from portal.web.error_pages import answer
from portal.web.htmx import leave_to, render_page
from portal.web.link_answers import pressed, show_first_step, ticket_for, whom_to_call
from portal.web.links import LinkPurpose, opened_by
from portal.web.permissions import Action, Scope, requires
from portal.web.rooms import Anew


class WordsGone(DomainError):
    message = _l("Ordene er ændret, eller forløbet er begyndt, så her er ikke mere at svare på.")


YES, TAKE_BACK = "yes", "take-back"


@bp.post("/<int:placement_id>/settlement/send")
@requires(Action.MANAGE_PLACEMENTS)
def send_link(placement_id: int) -> Any:
    """Mail the words to one of the employer's contact persons, who says yes without an account."""
    placement = queries.placement_for(current_user, placement_id)
    settlement, employer = placement.settlement, placement.opening.employer
    form, back = RecipientForm(people=handing.choices(employer.contacts)), _detail(placement_id)
    if settlement is None:
        raise settling.NothingSettledYet
    if not may_still_write(placement):
        raise ExpectationsStand
    if not form.validate():
        return employers_page(placement, form)
    handed = handing.Handed(
        link_of(settlement),
        _("Er I enige? Forventninger til et forløb"),
        _("Læs, hvad I, borgeren og konsulenten er enige om, og sig ja. Det kan gøres på en telefon:"),
        clock.danish_day(clock.now() + LIFETIME),
    )
    with transaction():
        handing.hand_over(
            handed,
            to=form.recipient.data,
            unit=employer.municipality,
            about=placement,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Linket er sendt."), "success")
    return leave_to(back)


def _detail(placement_id: int) -> str:
    return url_for("placements.detail", placement_id=placement_id)


@bp.get("/settlement/by-link/<settlement_link>")
@requires(Action.PUBLIC)
def by_link(settlement_link: str) -> Any:
    """The words, or with `?answer=` the second step: only its button answers."""
    settlement = _behind(settlement_link)
    if settlement is None:
        return _gone()
    wanted = request.args.get("answer", "")
    if wanted not in _answers(settlement):
        show_first_step()
        wanted = ""
    placement = settlement.placement
    record_view(
        "placement-read",
        placement,
        citizen_id=placement.card.citizen_id,
        purpose=_("Planlægning og opfølgning på et forløb"),
        link_for=placement.opening.employer.name,
    )
    response: Response = render_page(
        "placements/settlement_by_link.html",
        fragment="content",
        hide_login=True,
        placement=placement,
        settlement=settlement,
        settled=settling.in_words(settlement),
        parties=list(Party),
        own=settlement.of(Party.EMPLOYER),
        may_answer=_may_answer(placement),
        answers=_answers(settlement),
        wanted=wanted,
        ticket=ticket_for(wanted) if wanted else None,
        link=settlement_link,
        **whom_to_call(placement.opening.employer.municipality),
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.post("/settlement/by-link/<settlement_link>")
@requires(Action.PUBLIC)
def answer_by_link(settlement_link: str) -> Any:
    """What the second step's own button says; whatever else was sent leads back to be read."""
    settlement, sent = _behind(settlement_link), pressed()
    if settlement is None:
        return _gone()
    placement, at, seen = settlement.placement, clock.now(), settlement.version
    if _may_answer(placement) and sent in _answers(settlement):
        with transaction():
            if sent == YES:
                settling.confirm(
                    placement,
                    Party.EMPLOYER,
                    how=ConfirmedHow.LINK,
                    seen=seen,  # the version of the link: inside, whatever was written meanwhile is read
                    by=_holder(placement),
                    at=at,
                )
            else:
                settling.take_back(placement, Party.EMPLOYER, by=_holder(placement), at=at)
    return redirect(url_for("settling.by_link", settlement_link=settlement_link), 303)


def _behind(link: str) -> Settlement | None:
    """None: the words are others now, it has begun, or the employer may no longer know whom it is about."""
    return _asked_about(opened_by(LinkPurpose.SETTLEMENT, link), clock.now())


def _asked_about(about: tuple[int | str, ...], at: datetime) -> Settlement | None:
    settlement_id, version = about
    settlement = db.session.get(Settlement, int(settlement_id))
    if settlement is None or settlement.version != version or not may_still_write(settlement.placement):
        return None
    return settlement if queries.is_known(settlement.placement, clock.danish_day(at)) else None


def anew(about: tuple[int | str, ...], at: datetime) -> Anew:
    """The link to words that still ask for a yes. Raises WordsGone."""
    settlement = _asked_about(about, at)
    if settlement is None:
        raise WordsGone
    placement, employer = settlement.placement, settlement.placement.opening.employer
    unit, addresses = employer.municipality, addresses_of(employer.id)
    return Anew("settling.by_link", "settlement_link", placement, unit, at + LIFETIME, addresses)


def _gone() -> Response:
    return answer(
        410,
        str(WordsGone.message),
        advice=_("Ring til konsulenten, hvis I vil have et nyt link."),
    )


def _answers(settlement: Settlement) -> tuple[str, ...]:
    """What may be answered now: yes, or within the hour that the yes by link is taken back."""
    given = settlement.of(Party.EMPLOYER)
    if given is None:
        return () if settling.wordless(settlement) else (YES,)
    is_fresh = open_until(given.recorded_at, clock.now()) is not None
    return (TAKE_BACK,) if given.how is ConfirmedHow.LINK and is_fresh else ()


def _may_answer(placement: Placement) -> bool:
    """Whoever holds the link, but of those who are signed in only the employer of the placement."""
    if not current_user.is_authenticated:
        return True
    theirs = queries.visible_placements(current_user).where(Placement.id == placement.id)
    return current_user.scope is Scope.EMPLOYER and db.session.scalar(theirs) is not None


def _holder(placement: Placement) -> Actor:
    return current_user if current_user.is_authenticated else LinkHolder(placement.opening.employer.name)
