"""Reads of drafts, scoped to the reader: her own, and those of her colleagues at the employer."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.base.database import db
from portal.loop.employers import queries as employers
from portal.loop.employers.models import ContactPerson, Workplace
from portal.loop.matches.reach import Reach, reach_of
from portal.loop.openings.findings import case_at, with_conditions
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import own_openings
from portal.shared.accounts.models import User
from portal.shared.neighbours.queries import neighbour_ids
from portal.shared.rules.findings import Finding, as_warnings, not_ok
from portal.shared.rules.law.forms import assess
from portal.shared.rules.queries import numbers_on, rule_book
from portal.shared.rules.wording import LIST_KEYS, MarkedSentence, lists_on
from portal.shared.skills.queries import names
from portal.web.permissions import Scope
from portal.workspaces.posting.draft_answers import DraftAnswers
from portal.workspaces.posting.models import OpeningDraft, Step

MOST_TO_COPY = 5
"""Earlier openings offered for a copy; every opening's own page offers it too."""


def drafts_of(user: User) -> sa.Select[OpeningDraft]:
    """The newest first."""
    statement = sa.select(OpeningDraft).order_by(OpeningDraft.changed_at.desc(), OpeningDraft.id.desc())
    if user.scope is not Scope.EMPLOYER:
        return statement.where(OpeningDraft.user_id == user.id)
    colleagues = sa.select(ContactPerson.user_id).where(
        ContactPerson.employer_id.in_(employers.own_employer_ids(user)), ContactPerson.user_id.is_not(None)
    )
    return statement.where(sa.or_(OpeningDraft.user_id == user.id, OpeningDraft.user_id.in_(colleagues)))


def drafts(user: User) -> Sequence[OpeningDraft]:
    return db.session.scalars(drafts_of(user).options(joinedload(OpeningDraft.user))).all()


def draft_for(user: User, draft_id: int) -> OpeningDraft:
    """Raises NoResultFound for a stranger's draft."""
    return db.session.scalars(drafts_of(user).where(OpeningDraft.id == draft_id)).one()


def workplaces_of(user: User) -> Sequence[Workplace]:
    """Where the user may post; none while the employer waits for approval."""
    return db.session.scalars(employers.workplaces_for(user)).all()


def workplace_of(draft: OpeningDraft, workplaces: Sequence[Workplace]) -> Workplace | None:
    """The one chosen, or the only one there is."""
    if len(workplaces) == 1:
        return workplaces[0]
    chosen = draft.answers.get(Step.JOB, {}).get("workplace_id")
    return next((place for place in workplaces if place.id == chosen), None)


def read(draft: OpeningDraft, user: User, workplaces: Sequence[Workplace]) -> DraftAnswers:
    """The draft as it stands, with what its employer already says: trade and postcode."""
    workplace = workplace_of(draft, workplaces)
    if workplace is not None:
        place = workplace.employer
        return DraftAnswers(draft.answers, place.industry, workplace.postcode, place.municipality_id)
    registration = employers.registration_of(user)
    if registration is not None:
        return DraftAnswers(draft.answers, registration.industry, registration.postcode, _home_of(user))
    return DraftAnswers(draft.answers, None, municipality_id=_home_of(user))


def reach(written: DraftAnswers, user: User, workplace: Workplace | None, *, on: date) -> Reach | None:
    """How many cards could fit, in the municipality that would look after the opening.

    None when none does, and as long as nobody has said which trade it is.
    """
    home_id = workplace.employer.municipality_id if workplace else _home_of(user)
    demands = written.demands()
    if home_id is None or demands is None:
        return None
    near = list(db.session.scalars(neighbour_ids(home_id, on=on))) if written.is_shared else []
    return reach_of(demands, [home_id, *near])


def findings(
    draft: OpeningDraft, written: DraftAnswers, workplace: Workplace, *, on: date, for_employer: bool
) -> list[Finding]:
    """What the rules say of a whole draft before it is put up. Source: docs/rules.md#checks"""
    if draft.missing:
        return []
    details = written.details()
    held = employers.places_held([workplace.id], since=on).get(workplace.id, [])
    known = names()
    case = case_at(workplace, details, written.tasks, held, on=on, places=details.places)
    case = with_conditions(case, [known[key] for key in details.condition_ids if key in known])
    found = not_ok(assess(case, rule_book()))
    return as_warnings(found) if for_employer else found


def marked(
    written: DraftAnswers, workplace: Workplace | None, user: User, *, on: date
) -> list[MarkedSentence]:
    """What the lists of the day mark in the draft's words."""
    home = workplace.employer.municipality_id if workplace else _home_of(user)
    return lists_on(numbers_on(LIST_KEYS, on, home)).marked_sentences(written.free_words)


def _home_of(user: User) -> int | None:
    if user.municipality_id is not None:
        return user.municipality_id
    home = employers.municipality_of_employer(user)
    return home.id if home else None


def openings_to_copy(user: User) -> Sequence[Opening]:
    """The last few of her own side's openings."""
    return db.session.scalars(own_openings(user).limit(MOST_TO_COPY)).all()
