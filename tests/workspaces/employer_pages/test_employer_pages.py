"""What the cooperation with an employer has come to; a name stands only for those who may know it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.employers.models import Employer
from portal.loop.employers.services import occupy_place
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.workspaces.employer_pages.queries import Conversion, PlacementFacts, conversion, unpaid
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import (
    TODAY,
    make_card,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    owner_of,
    user,
)

Clients = Callable[[User | None], PortalClient]

PRAKTIK, JOB = PlacementForm.PRAKTIK, PlacementForm.REGULAR_JOB
BEGUN = {"starts_on": TODAY - timedelta(weeks=3), "ends_on": TODAY + timedelta(weeks=3)}
RUNNING, ENDED = PlacementStatus.RUNNING, PlacementStatus.ENDED


def course(
    card: int,
    form: PlacementForm = PRAKTIK,
    *,
    starts: int = 0,
    weeks: int = 4,
    status: PlacementStatus = ENDED,
    outcome: Outcome | None = Outcome.COMPLETED,
) -> PlacementFacts:
    """One that began `starts` weeks after the first Monday of 2026."""
    first = date(2026, 1, 5) + timedelta(weeks=starts)
    last = first + timedelta(weeks=weeks, days=-1)
    over = status is ENDED
    return PlacementFacts(
        card,
        card,
        f"K-{card}",
        1,
        form,
        status,
        outcome if over else None,
        first,
        last,
        last if over else None,
    )


@pytest.mark.parametrize(
    ("courses", "found"),
    [
        ([], (0, 0)),
        ([course(1)], (1, 0)),
        ([course(1, outcome=Outcome.HIRED)], (1, 1)),
        ([course(1), course(1, JOB, starts=4)], (1, 1)),
        ([course(1), course(1, JOB, starts=4, status=RUNNING)], (1, 1)),
        ([course(1, outcome=Outcome.HIRED), course(1, JOB, starts=4)], (1, 1)),
        ([course(1), course(1, starts=5), course(1, JOB, starts=9)], (1, 1)),
        ([course(1), course(1, PlacementForm.LOENTILSKUD, starts=4)], (1, 0)),
        ([course(1, PlacementForm.IGU, starts=0), course(1, starts=4)], (1, 0)),
        ([course(1), course(2, JOB, starts=4)], (1, 0)),
        ([course(1, status=RUNNING)], (0, 0)),
    ],
)
def test_paid_hours_after_a_praktik_are_counted_once_a_person(
    courses: list[PlacementFacts], found: tuple[int, int]
) -> None:
    """Source: docs/rules.md#conversion"""
    assert conversion(courses) == Conversion(*found)


@pytest.mark.parametrize(
    ("courses", "times", "weeks", "marked"),
    [
        ([course(1, weeks=13)], 1, 13, False),
        ([course(1, weeks=14)], 1, 14, True),
        ([course(1, weeks=2), course(1, starts=10, weeks=2)], 2, 4, True),
        ([course(1, weeks=26, status=RUNNING)], 1, 5, False),
        ([course(1, weeks=4), course(1, JOB, starts=4)], 1, 4, False),
    ],
)
def test_weeks_of_unpaid_praktik_by_person(
    courses: list[PlacementFacts], times: int, weeks: int, marked: bool
) -> None:
    today = (
        date(2026, 2, 8) if courses[0].status is RUNNING else date(2026, 12, 1)
    )  # a Sunday: week five is begun

    [one] = unpaid(courses, today)

    assert (one.times, one.weeks, one.needs_a_look(13)) == (times, weeks, marked)


def test_what_has_not_begun_is_no_week(app: Flask) -> None:
    assert unpaid([course(1, status=RUNNING)], date(2026, 1, 4)) == []


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer(full_time_staff=Decimal(5))


def praktik(employer: Employer) -> int:
    """Somebody in praktik at the employer; returns her card."""
    card = make_card()
    review = make_review(
        make_match(make_opening(employer), card), citizen_answer="yes", employer_answer="yes"
    )
    make_placement(review, status=RUNNING, form=PRAKTIK, **BEGUN)
    return card.id


def test_the_employer_reads_whom_it_knows_karin_finds_the_card_and_the_leader_reads_a_number(
    client_for: Clients, employer: Employer, karin: User, mette: User
) -> None:
    card = praktik(employer)

    for reader, url, knows, opens in (
        (owner_of(employer), "/employer-pages/own", True, False),
        (karin, f"/employer-pages/{employer.id}", True, True),
        (mette, f"/employer-pages/{employer.id}", False, False),
    ):
        page = client_for(reader).get(url)
        row = page.page.select_one("#employer-unpaid tbody tr").get_text(" ", strip=True)
        assert ("K-" in row) is opens
        assert ("Person 1" in row) is not knows
        assert bool(page.page.select_one(f"a[href='/cards/{card}']")) is opens
        assert ("Amira" in page.words) is knows
        seen = db.session.query(AuditEntry).filter_by(action="firm-read").order_by(AuditEntry.id.desc())
        assert bool(db.session.query(AuditPerson).filter_by(entry_id=seen[0].id).count()) is knows


def test_the_employer_reads_a_number_of_whom_it_knows_no_more(
    client_for: Clients, employer: Employer
) -> None:
    praktik(employer)
    db.session.query(Placement).update(
        {"status": ENDED, "ended_on": TODAY - timedelta(days=700), "outcome": Outcome.COMPLETED}
    )
    db.session.commit()

    words = client_for(owner_of(employer)).get("/employer-pages/own").words

    assert "Person 1" in words
    assert "Amira" not in words


def test_a_neighbours_citizen_is_a_number_to_karin(
    client_for: Clients, employer: Employer, karin: User
) -> None:
    from_next_door = make_card(municipality_id=user("lene@nabo.example").municipality_id)
    review = make_review(
        make_match(make_opening(employer), from_next_door), citizen_answer="yes", employer_answer="yes"
    )
    lene = user("lene@nabo.example").municipality_id
    make_placement(review, status=RUNNING, form=PRAKTIK, municipality_id=lene, **BEGUN)

    page = client_for(karin).get(f"/employer-pages/{employer.id}").page

    assert "Person 1" in page.select_one("#employer-unpaid").get_text()


def test_the_room_and_the_cap_are_said_in_words(client_for: Clients, employer: Employer) -> None:
    with transaction():
        occupy_place(
            employer.workplaces[0].id,
            placement_id=1,
            form=PRAKTIK,
            hours_per_week=37,
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=10),
        )

    words = client_for(owner_of(employer)).get("/employer-pages/own").words

    assert "Plads til 1 mere fra 29. november 2026" in words
    assert "I får højst 2 ad gangen, fordi I svarer til 5 på fuld tid. Så er" in words


def test_the_page_needs_few_statements(client_for: Clients, employer: Employer, karin: User) -> None:
    for _ in range(3):
        praktik(employer)
    client = client_for(karin)

    with counted_statements(client.app) as statements:
        client.get(f"/employer-pages/{employer.id}")
    assert len(statements) <= 12, statements


# --- Who recommended whom, and thanks ------------------------------------------------------------------------


def test_a_recommendation_counts_when_the_new_employer_posts(
    client_for: Clients, employer: Employer, mette: User
) -> None:
    new = make_employer("Dortes Rengøring", owner="Dorte", referred_by_id=employer.id)
    leader, bo = client_for(mette), client_for(owner_of(employer))
    assert "har ikke slået en plads op endnu" in bo.get("/employer-pages/own").words
    assert "Dortes Rengøring" in leader.get("/employer-pages/referrals?state=waiting").words

    make_opening(new)

    assert "Dortes Rengøring: tæller fra" in bo.get("/employer-pages/own").words
    assert "anbefaling fra Bos Køkken ApS" in client_for(owner_of(new)).get("/employer-pages/own").words
    counted = leader.get("/employer-pages/referrals?state=counted").page.select("#referral-table tbody tr")
    assert [row.select_one("a").text for row in counted] == ["Dortes Rengøring"]
    assert "Dortes Rengøring" not in leader.get("/employer-pages/referrals?state=waiting").words


def test_the_list_is_searched_and_taken_home(client_for: Clients, employer: Employer, mette: User) -> None:
    make_employer("Dortes Rengøring", owner=None, referred_by_id=employer.id)
    client = client_for(mette)

    assert "Dortes Rengøring" in client.get("/employer-pages/referrals?q=bos").words
    assert "Dortes Rengøring" not in client.get("/employer-pages/referrals?q=ukendt").words
    assert "Dortes Rengøring" in client.get("/employer-pages/referrals?format=csv").get_data(as_text=True)


def test_only_who_said_yes_is_thanked(client_for: Clients, employer: Employer) -> None:
    visitor = client_for(None)
    assert employer.name not in visitor.get("/employer-pages/thanks").words

    with transaction():
        db.session.get_one(Employer, employer.id).wants_publicity = True

    assert employer.name in visitor.get("/employer-pages/thanks").words


def test_the_consultants_page_of_an_employer_says_where_the_cooperation_stands(client_for, karin, mette):
    employer = factories.make_employer()
    opening = factories.make_opening(employer)
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    placement = factories.make_placement(factories.make_review(factories.make_match(opening), **both))
    factories.make_partnership(employer)

    assert client_for(karin).get(f"/employers/{employer.id}").page.select_one("#cooperation a") is not None
    page = client_for(karin).get(f"/employer-pages/{employer.id}/standing").page.select_one("#cooperation")

    told = " ".join(page.get_text().split())
    assert all(words in told for words in ("Aftale siden", "1 slået op, 1 i alt", "1 ja og 0 nej"))
    assert page.select_one(f"a[href='/placements/{placement.id}']").text == placement.card.citizen.name
    assert client_for(mette).get(f"/employers/{employer.id}").page.select_one("#cooperation") is None
