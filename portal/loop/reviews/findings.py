"""A suggestion held against the rules of the law before somebody decides, and what is open higher up the ladder.

The municipality's side only: age and what else the matcher never sees. Source: docs/rules.md#checks, #highest-rung
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.citizens.queries import births, born_of
from portal.loop.employers.models import Employer, EmployerStatus
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.matches.queries import with_both_sides
from portal.loop.openings.findings import (
    RuleContext,
    case_of,
    findings_of,
    rule_context_of,
    with_conditions_of,
)
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.reviews.models import Review
from portal.shared.rules.checks import Born
from portal.shared.rules.findings import Finding, stops
from portal.shared.rules.law.case import Case, PersonInLaw
from portal.shared.rules.law.forms import LAWS, assess
from portal.shared.rules.law.youth import may_be_young
from portal.shared.rules.queries import rule_book

RUNGS: Final = {form: form.traits.rung for form in PlacementForm if form.traits.rung is not None}
"""The paid alternatives to praktik: form -> where it stands, 1 at the top."""

MOST_RUNGS: Final = 5


def findings_of_match(match: Match, *, on: date, known: RuleContext | None = None) -> list[Finding]:
    """What the rules say of this person at this place, by the opening's dates."""
    known = known or rule_context_of([match.opening], on=on)
    case = _case(match, born_of(match.card.citizen_id), known, on=on)
    return findings_of(match.opening, case, known.book, on=on)


def stops_of(matches: Sequence[Match], *, on: date, known: RuleContext) -> dict[int, list[Finding]]:
    """Answers `events.stops_of_matches`: what stops the person at the place, as the page of the match says it."""
    born = births([match.card.citizen_id for match in matches])
    return {
        match.id: stops(assess(_case(match, born.get(match.card.citizen_id), known, on=on), known.book))
        for match in matches
    }


def _case(match: Match, born: Born | None, known: RuleContext, *, on: date) -> Case:
    """Conditions are read only where they decide: for somebody who may be under 18."""
    opening = match.opening
    case = case_of(opening, known.held.get(opening.workplace_id, []), on=on)
    numbers = known.book.on(case.starts_on, match.municipality_id)
    if may_be_young(born, case.starts_on, numbers):
        case = with_conditions_of(opening, case)
    return replace(case, municipality_id=match.municipality_id, person=PersonInLaw(born))


def paid_alternatives(match: Match, *, on: date) -> list[Match]:
    """Before unpaid praktik: the same person's open suggestions to something paid, the highest rung first."""
    if match.opening.form.traits.is_paid:
        return []
    rank = sa.case(RUNGS, value=Opening.form)
    statement = (
        with_both_sides(sa.select(Match))
        .join(Opening, Match.opening_id == Opening.id)
        .join(Employer, Opening.employer_id == Employer.id)
        .where(
            Match.card_id == match.card_id,
            Match.status == MatchStatus.OPEN,
            Opening.form.in_(RUNGS),
            Opening.status == OpeningStatus.PUBLISHED,
            Opening.expires_on >= on,
            Employer.status == EmployerStatus.ACTIVE,
        )
        .order_by(rank, Match.sure.desc(), Match.id)
        .limit(MOST_RUNGS)
    )
    return list(db.session.scalars(statement))


def age_demand_is_met(review: Review, *, on: date) -> bool:
    """What an employer may read of age: that the demand of the form is met, never how old somebody is."""
    opening = review.match.opening
    check = LAWS[opening.form].age
    if check is None:
        return False
    starts_on = max(opening.starts_on, on)
    born = born_of(review.match.card.citizen_id)
    return check(born, starts_on, rule_book().on(starts_on, review.match.municipality_id)).is_ok
