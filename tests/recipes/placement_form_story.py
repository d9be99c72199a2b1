"""Told in a portal that has a seventh form, skånejob: every trait and its law are seen where people work."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from flask import Flask

from portal.base import events
from portal.base.database import transaction
from portal.base.terms import FormTraits, PlacementForm, SpellKind
from portal.interventions.target_groups.queries import spells_of
from portal.ledger.comparison.cooperation import cooperation
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.loop.reviews.findings import age_demand_is_met, paid_alternatives
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.rules.law.case import Case
from portal.shared.rules.law.forms import assess
from portal.workspaces.employer_pages.queries import PlacementFacts, conversion, unpaid
from portal.workspaces.imports.kinds import COLUMNS, ImportKind
from portal.workspaces.posting.models import Step
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_draft,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    owner_of,
    user,
)
from tests.support.law import HERE, START, book
from tests.support.recipes import toy_portal

TOY: Final = PlacementForm("skaanejob")
CASE: Final = Case(
    municipality_id=HERE,
    form=TOY,
    hours_per_week=10,
    starts_on=START,
    ends_on=START + timedelta(weeks=20),
    staff=Decimal(10),
    staff_stated_on=TODAY,
    held=(),
)


def course(form: PlacementForm, starts_on: date) -> PlacementFacts:
    return PlacementFacts(
        1, 1, "K-1", 1, form, PlacementStatus.ENDED, Outcome.COMPLETED, starts_on, starts_on, starts_on
    )


def the_form_offers_its_label(app: Flask, karin: User) -> None:
    assert "Skånejob med tilskud" in PortalClient(app, karin).get("/openings/").words


def the_list_has_its_short_name(app: Flask, karin: User) -> None:
    opening = make_opening(form=TOY)

    page = PortalClient(app, karin).get("/openings/").page

    row = page.select_one(f"#opening-list tr:has(a[href$='/openings/{opening.id}'])")
    assert row is not None
    assert row.select_one("[data-label=Form]").get_text(strip=True) == "Skånejob"  # type: ignore[union-attr]


def the_employer_reads_what_it_is(app: Flask, karin: User) -> None:
    owner = owner_of(make_employer())
    draft = make_draft(owner)

    words = PortalClient(app, owner).get(f"/posting/{draft.id}/{Step.FORM.value}").words

    assert "for en, der har førtidspension" in words


def a_list_from_outside_is_understood(app: Flask, karin: User) -> None:
    [column] = [column for column in COLUMNS[ImportKind.OPENINGS] if column.key == "form"]

    assert column.parse("Job på særlige vilkår") is TOY


def it_is_no_unpaid_praktik(app: Flask, karin: User) -> None:
    assert unpaid([course(TOY, TODAY)], TODAY) == []
    assert unpaid([course(PlacementForm("praktik"), TODAY)], TODAY) != []


def it_is_offered_before_praktik(app: Flask, karin: User) -> None:
    card = make_card()
    praktik, better = make_match(make_opening(), card), make_match(make_opening(form=TOY), card)

    assert [match.id for match in paid_alternatives(praktik, on=TODAY)] == [better.id]


def it_is_what_praktik_should_lead_to(app: Flask, karin: User) -> None:
    courses = [course(PlacementForm("praktik"), TODAY), course(TOY, TODAY + timedelta(days=1))]

    assert conversion(courses).paid == 1


def it_takes_a_place_of_the_ratio(app: Flask, karin: User) -> None:
    assert "R1" in {finding.rule for finding in assess(CASE, book())}


def it_has_a_sheet_for_vitas(app: Flask, karin: User) -> None:
    match = make_match(make_opening(form=TOY))
    placement = make_placement(make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES))
    client, address = PortalClient(app, karin), f"/vitas/placement/{placement.id}"

    assert client.post(address, {"working_times": "Mandag kl. 8-13"}).status_code == 303
    assert "Mandag kl. 8-13" in client.get(address).words


def it_tells_what_she_is_in(app: Flask, karin: User) -> None:
    match = make_match(make_opening(form=TOY))
    placement = make_placement(make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES))

    with transaction():
        events.placement_started.send(placement, by=karin, at=NOW)

    assert [spell.kind for spell in spells_of(match.card.citizen_id)] == [SpellKind.ORDINARY_WORK]


def it_is_a_contact_of_the_national_figure(app: Flask, karin: User) -> None:
    match = make_match(make_opening(form=TOY))
    review = make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)
    make_placement(review, status=PlacementStatus.RUNNING, starts_on=TODAY, ends_on=TODAY)

    assert cooperation(karin.municipality_id or 0, TODAY, TODAY).national == 1


def its_law_is_asked(app: Flask, karin: User) -> None:
    person_unknown = replace(CASE, person=None)
    review = make_review(make_match(make_opening(form=TOY)))

    assert "R-TOY" in {finding.rule for finding in assess(person_unknown, book())}
    assert isinstance(age_demand_is_met(review, on=TODAY), bool)


SEEN: Final[dict[str, Callable[[Flask, User], None]]] = {
    "label": the_form_offers_its_label,
    "short": the_list_has_its_short_name,
    "said_to_employer": the_employer_reads_what_it_is,
    "names_in_files": a_list_from_outside_is_understood,
    "is_paid": it_is_no_unpaid_praktik,
    "rung": it_is_offered_before_praktik,
    "fulfils_praktik": it_is_what_praktik_should_lead_to,
    "counts_in_ratio": it_takes_a_place_of_the_ratio,
    "agreed_in_vitas": it_has_a_sheet_for_vitas,
    "counts_nationally": it_is_a_contact_of_the_national_figure,
    "spell": it_tells_what_she_is_in,
}


def main() -> None:
    assert set(SEEN) == {trait.name for trait in fields(FormTraits)}, "a trait that nobody sees"
    with toy_portal() as app:
        for seen in (*SEEN.values(), its_law_is_asked):
            seen(app, user("karin@kommune.example"))


if __name__ == "__main__":
    main()
