"""Karin is away: Jonas looks after her cases until a day, gives them back early, or keeps them for good."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import FollowUp
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.workspaces.handover import services
from portal.workspaces.handover.forgetting import KEPT_AFTERWARDS, forget_covers
from portal.workspaces.handover.models import CaseCover
from portal.workspaces.handover.queries import covered_by, standing_covers, who_left_cases, works_for
from portal.workspaces.handover.services import CoverDetails
from portal.workspaces.tasks.models import DeskTask
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_citizen, make_cover, make_task

ClientFor = Callable[[User | None], PortalClient]
DAYS = {"how": "period", "from_on": "18-11-2026", "until_on": "25-11-2026"}


def typed(away: User, stand_in: User, **more: Any) -> dict[str, Any]:
    return {"away_id": str(away.id), "stand_in_id": str(stand_in.id), **DAYS, **more}


def lines(client: PortalClient) -> list[str]:
    return [one.text for one in client.get("/").page.select(".agenda-text a")]


def test_a_colleague_takes_over_for_some_days_and_gives_back(
    client_for: ClientFor, karin: User, jonas: User
) -> None:
    make_citizen(consultant_id=karin.id)
    make_task(karin, "Karins opgave")
    karins, jonases = client_for(karin), client_for(jonas)

    asked = karins.post("/handover/", typed(karin, jonas))
    facts = [one.text.strip() for one in asked.page.select("dl.facts dd")]
    assert (asked.status_code, facts) == (200, ["1", "1", "0", "0", "0"])
    assert lines(jonases) == []

    assert karins.post("/handover/", typed(karin, jonas, confirmed="y")).status_code == 303
    assert lines(jonases) == ["Karins opgave"]
    assert "for Karin Holm til 25. november 2026" in jonases.get("/").words
    assert "Jonas Friis passer dine sager" in karins.get("/").words
    assert len(jonases.get("/citizens/?consultant=mine").page.select("main tbody tr")) == 1
    assert len(jonases.get("/tasks/").page.select("main tbody tr")) == 1

    cover = db.session.scalars(sa.select(CaseCover)).one()
    assert jonases.post(f"/handover/{cover.id}/end").status_code == 303
    assert lines(jonases) == []
    actions = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_type == "case_covers"))
    assert list(actions) == ["cases-handed-over", "cases-taken-back"]


@pytest.mark.one_engine
def test_the_cases_of_who_signs_in_no_more_go_to_a_colleague_and_none_to_her(
    client_for: ClientFor, karin: User, jonas: User
) -> None:
    citizen, jonases = make_citizen(consultant_id=karin.id), client_for(jonas)
    with transaction():
        db.session.get_one(User, karin.id).disabled_at = NOW

    to_her = jonases.post("/handover/", typed(jonas, karin, how="good", confirmed="y"))
    given = jonases.post("/handover/", typed(karin, jonas, how="good", confirmed="y"))

    assert (to_her.status_code, given.status_code) == (422, 303)
    db.session.expire_all()
    assert db.session.get_one(Citizen, citizen.id).consultant_id == jonas.id
    assert "lukket" not in jonases.get("/handover/").words


@pytest.mark.both_engines
@pytest.mark.parametrize("kind", ["a next step", "a group", "a talk to hold", "nothing"])
def test_whatever_she_left_can_be_handed_over_until_somebody_has_it(
    karin: User, jonas: User, kind: str
) -> None:
    if kind == "a next step":
        factories.make_employer_contact(factories.make_employer())
    elif kind == "a group":
        factories.make_cohort(lead_id=karin.id)
    elif kind == "a talk to hold":
        placement = factories.make_placement(planned_by_id=karin.id)
        with transaction():
            db.session.add(FollowUp(placement_id=placement.id, due_on=TODAY))
    with transaction():
        db.session.get_one(User, karin.id).disabled_at = NOW

    def left() -> list[int]:
        return [one.id for one in who_left_cases(jonas, TODAY)]

    assert left() == ([] if kind == "nothing" else [karin.id])
    with transaction():
        details = CoverDetails(db.session.merge(karin), db.session.merge(jonas), TODAY, None)
        services.hand_over(details, by=jonas, at=NOW)
    assert left() == []


@pytest.mark.one_engine
def test_the_suggestions_and_contacts_of_who_is_away_are_among_the_stand_ins_own(
    client_for: ClientFor, karin: User, jonas: User
) -> None:
    citizen, employer = make_citizen(consultant_id=karin.id), factories.make_employer()
    factories.make_match(factories.make_opening(employer), factories.make_card(citizen))
    factories.make_employer_contact(employer)
    client = client_for(jonas)

    def own() -> tuple[int, int]:
        shown = ("/reviews/?whose=mine", ".desk-row"), ("/contacts/?whose=mine", "#contact-table tbody tr")
        found = [len(client.get(page).page.select(rows)) for page, rows in shown]
        return found[0], found[1]

    before = own()
    make_cover(karin, jonas)

    assert (before, own()) == ((0, 0), (1, 1))


@pytest.mark.both_engines
def test_it_comes_back_by_itself(karin: User, jonas: User) -> None:
    make_cover(karin, jonas, from_on=TODAY + timedelta(days=1), until_on=TODAY + timedelta(days=2))

    covered = [len(works_for(jonas, TODAY + timedelta(days=after))) == 2 for after in range(4)]

    assert covered == [False, True, True, False]


@pytest.mark.one_engine
def test_whose_stand_in_is_away_is_looked_after_by_the_next(karin: User, jonas: User) -> None:
    asta = factories.make_colleague_at("Halsnæs")
    make_cover(karin, jonas)
    make_cover(jonas, asta)
    make_cover(asta, karin)  # nobody is there: each sees all, and nothing turns in circles

    for one in (karin, jonas, asta):
        assert works_for(one, TODAY) == {karin.id, jonas.id, asta.id}
    covers = standing_covers(karin, TODAY)
    assert [one.away_id for one in covered_by(asta, TODAY, covers)] == [jonas.id, karin.id]


def test_for_good_changes_whose_they_are(client_for: ClientFor, karin: User, jonas: User) -> None:
    amira, task = make_citizen(consultant_id=karin.id), make_task(karin)
    done = make_task(karin, done_at=NOW, done_by_id=karin.id)
    cohort = factories.make_cohort(lead_id=karin.id)
    ids = amira.id, task.id, done.id, cohort.id
    karins = client_for(karin)

    karins.post("/handover/", typed(karin, jonas, how="good", confirmed="y"))

    db.session.expire_all()
    assert db.session.get_one(Citizen, ids[0]).consultant_id == jonas.id
    assert db.session.get_one(DeskTask, ids[1]).owner_id == jonas.id
    assert db.session.get_one(DeskTask, ids[2]).owner_id == karin.id
    assert db.session.get_one(type(cohort), ids[3]).lead_id == jonas.id
    said = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "citizen-given")).one()
    assert said.citizen_id == ids[0]
    cover = db.session.scalars(sa.select(CaseCover)).one()
    assert karins.post(f"/handover/{cover.id}/end").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stand_in_id": "0"}, "stand_in_id"),
        ({"from_on": "17-11-2026"}, "from_on"),
        ({"from_on": ""}, "from_on"),
        ({"until_on": ""}, "until_on"),
        ({"until_on": "18-11-2026", "from_on": "19-11-2026"}, "until_on"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    client_for: ClientFor, karin: User, jonas: User, wrong: dict[str, str], field: str
) -> None:
    answer = client_for(karin).post("/handover/", typed(karin, jonas, confirmed="y") | wrong)
    assert answer.status_code == 422
    assert answer.page.select_one(f"#{field}[aria-invalid=true]")


@pytest.mark.one_engine
def test_cases_go_to_one_at_a_time(karin: User, jonas: User) -> None:
    cover = make_cover(karin, jonas)
    asta = factories.make_colleague_at("Halsnæs")
    overlapping = CoverDetails(karin, asta, cover.until_on, cover.until_on + timedelta(days=3))  # type: ignore[arg-type,operator]
    with pytest.raises(services.AlreadyCovered), transaction():
        services.hand_over(overlapping, by=karin, at=NOW)
    after = CoverDetails(karin, asta, cover.until_on + timedelta(days=1), cover.until_on + timedelta(days=3))  # type: ignore[operator]
    with transaction():
        services.hand_over(after, by=karin, at=NOW)


def test_neighbours_see_none(client_for: ClientFor, karin: User, jonas: User, lene: User) -> None:
    cover = make_cover(karin, jonas)
    lenes = client_for(lene)
    assert lenes.post(f"/handover/{cover.id}/end").status_code == 404
    assert lenes.post("/handover/", typed(karin, lene, confirmed="y")).status_code == 422
    assert works_for(lene, TODAY) == {lene.id}


@pytest.mark.one_engine
def test_it_is_forgotten_a_year_after(karin: User, jonas: User) -> None:
    old = KEPT_AFTERWARDS + timedelta(days=1)
    make_cover(karin, jonas, from_on=TODAY - old - timedelta(days=1), until_on=TODAY - old)
    kept = make_cover(karin, jonas).id
    with transaction():
        forget_covers(NOW, {})
    assert list(db.session.scalars(sa.select(CaseCover.id))) == [kept]
