"""Amira's way: a course, praktik where she is seen, and hours; Karin follows it, Bo sees his step, Mette a number."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.base import events
from portal.base.database import db, transaction
from portal.base.terms import Measure
from portal.interventions.pathways import journeys, ways
from portal.interventions.pathways.forgetting import forget_journeys
from portal.interventions.pathways.merging import join_journeys
from portal.interventions.pathways.models import (
    Journey,
    JourneyEnd,
    JourneyStep,
    PassedReason,
    StepKind,
    StepState,
)
from portal.interventions.pathways.services import WrittenStep
from portal.ledger.goals.measures import spec_of
from portal.loop.cards.paper import card_data
from portal.loop.cards.queries import card_on_paper
from portal.loop.citizens.models import CitizenStatus
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.rules.findings import Verdict
from portal.shared.rules.law.packages import AskedLevel, levels_seen
from portal.web.measures import Ask
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import NOW, TODAY, make_card, make_citizen, make_journey, make_package, make_seen, skill

ClientFor = Callable[[User | None], PortalClient]


def states(journey: Journey) -> list[str]:
    db.session.expire_all()
    found = db.session.get(Journey, journey.id)
    assert found is not None
    return [step.state.value for step in found.steps]


def a_placement(card, **values) -> Placement:
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    return factories.make_placement(factories.make_review(factories.make_match(None, card), **both), **values)


def seen_at_work(card, name: str, level: int) -> None:
    make_seen(card, name, level=level, skill_id=skill(name).id)


# --- R20 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "seen", "verdict"),
    [
        (2, None, Verdict.WARNING),
        (2, 1, Verdict.WARNING),
        (2, 2, Verdict.OK),
        (2, 3, Verdict.OK),
        (4, 3, Verdict.WARNING),
        (4, 4, Verdict.OK),
    ],
)
def test_R20_the_next_step_warns_until_the_level_has_been_seen(
    wanted: int, seen: int | None, verdict: Verdict
) -> None:
    """Source: docs/rules.md#packages"""
    finding = levels_seen([AskedLevel("opvask", wanted, seen)])

    assert finding.verdict is verdict
    assert not finding.is_stop, "the consultant may go on with a reason"


def test_R20_every_level_of_the_step_is_asked_and_a_step_without_levels_asks_none() -> None:
    assert levels_seen([]).is_ok
    half = levels_seen([AskedLevel("opvask", 2, 2), AskedLevel("madlavning", 2, 1)])
    assert "madlavning" in str(half.sentence)
    assert "opvask" not in str(half.sentence)


def test_R20_only_what_a_workplace_saw_opens_the_step(app) -> None:
    amira = make_citizen()
    card = make_card(amira, skills={"opvask": 4})
    journey = make_journey(amira)
    assert not ways.finding_before(journey.steps[1]).is_ok, "her own words are not seen"

    seen_at_work(card, "opvask", 1)
    assert ways.finding_before(journey.steps[1]).is_ok


# --- The story -------------------------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_way_from_course_to_praktik_that_was_seen(client_for: ClientFor, karin: User) -> None:
    package = make_package()
    amira = make_citizen("Amira", with_login=True)
    card = make_card(amira)
    consultant = client_for(karin)
    beside = consultant.get(f"/efforts/citizens/{amira.id}")
    assert f"/journeys/begin/{amira.id}" in beside.get_data(as_text=True)

    begun = consultant.post(
        f"/journeys/begin/{amira.id}", {"package_id": str(package.id), "from_on": "01-10-2026"}
    )
    journey = db.session.scalars(sa.select(Journey)).one()
    course, praktik, hours = journey.steps
    assert begun.location == f"/journeys/{journey.id}"
    twice = consultant.post(
        f"/journeys/begin/{amira.id}", {"package_id": str(package.id), "from_on": "01-10-2026"}
    )
    assert twice.status_code == 409

    step = f"/journeys/{journey.id}/steps"
    consultant.post(f"{step}/{course.id}/begin", {"begin-on": "05-10-2026"})
    assert states(journey) == ["under_way", "waiting", "waiting"]

    # R20: nobody at a workplace has seen the dishes yet; the reason is chosen, and stays on her way
    refused = consultant.post(f"{step}/{praktik.id}/begin", {"begin-on": "26-10-2026"})
    assert refused.status_code == 409
    assert "ikke set på en arbejdsplads" in refused.words
    reason = PassedReason.SEEN_ON_COURSE.value
    placement = a_placement(card, status=PlacementStatus.RUNNING, starts_on=date(2026, 10, 26))
    carried = consultant.post(
        f"{step}/{praktik.id}/carry", {"carry-placement_id": str(placement.id), "carry-passed": reason}
    )
    assert carried.status_code == 303
    assert states(journey) == ["reached", "under_way", "waiting"]
    assert "Set på et kursus" in consultant.get(f"/journeys/{journey.id}").words

    # Bo sees what is to be learnt at his place, and nothing of the rest
    owner = db.session.scalars(sa.select(User).where(User.name == "Bo")).first()
    seen_by_bo = client_for(owner).get(f"/efforts/placements/{placement.id}").words
    assert "De første opgaver" in seen_by_bo
    assert "skære og klargøre grøntsager: efter instruktion" in seen_by_bo
    assert "Timer i kantinen" not in seen_by_bo
    assert package.name not in seen_by_bo

    # The workplace saw both levels, and the praktik ends: the step is reached, and the next one is open
    seen_at_work(card, "opvask", 3)
    seen_at_work(card, "skære og klargøre grøntsager", 2)
    with transaction():
        placement = db.session.merge(placement)
        placement.status, placement.outcome = PlacementStatus.ENDED, Outcome.COMPLETED
        placement.ended_on = TODAY
        events.placement_ended.send(placement, by=karin, at=NOW)
    assert states(journey) == ["reached", "reached", "waiting"]
    assert "er set på en arbejdsplads" in consultant.get(f"/journeys/{journey.id}").words
    assert consultant.post(f"{step}/{hours.id}/begin", {"begin-on": "18-11-2026"}).status_code == 303

    # Her page tells her where she is
    her_page = client_for(amira.user).get("/mine/efforts").page
    assert her_page.select_one("[aria-current=step] h3").get_text(strip=True).endswith("Timer i kantinen")  # type: ignore[union-attr]
    assert "Her er du nu" in her_page.text

    consultant.post(f"{step}/{hours.id}/reach", {"reach-on": "18-11-2026"})
    ended = consultant.post(
        f"/journeys/{journey.id}/end", {"until_on": "18-11-2026", "reason": JourneyEnd.IN_WORK.value}
    )
    assert ended.status_code == 303
    assert ways.journey_of(amira.id) is None


@pytest.mark.parametrize(
    ("outcome", "seen", "state"),
    [
        (Outcome.COMPLETED, True, StepState.REACHED),
        (Outcome.HIRED, True, StepState.REACHED),
        (Outcome.COMPLETED, False, StepState.UNDER_WAY),
        (Outcome.STOPPED_BY_EMPLOYER, True, StepState.WAITING),
        (Outcome.STOPPED_BY_CITIZEN, False, StepState.WAITING),
    ],
)
def test_how_a_placement_ends_moves_the_step_it_carries(
    app, karin: User, outcome: Outcome, seen: bool, state: StepState
) -> None:
    amira = make_citizen()
    card, journey = make_card(amira), make_journey(amira)
    placement = a_placement(card, status=PlacementStatus.PLANNED)
    with transaction():
        course, praktik, _hours = db.session.merge(journey).steps
        journeys.begin_step(course, on=date(2026, 10, 5), by=karin, at=NOW)
        journeys.carry(praktik, placement, passed=PassedReason.SEEN_ON_COURSE, by=karin, at=NOW)
        assert praktik.state is StepState.WAITING, "it begins with the placement"
        events.placement_started.send(placement, by=karin, at=NOW)
        assert praktik.state is StepState.UNDER_WAY
    if seen:
        seen_at_work(card, "opvask", 3)
        seen_at_work(card, "skære og klargøre grøntsager", 2)
    with transaction():
        placement = db.session.merge(placement)
        placement.outcome, placement.ended_on = outcome, placement.starts_on + timedelta(days=20)
        placement.status, placement.started_at = PlacementStatus.ENDED, NOW
        events.placement_ended.send(placement, by=karin, at=NOW)

    assert db.session.get(JourneyStep, praktik.id).state is state  # type: ignore[union-attr]


def test_a_step_waits_for_those_before_it_and_is_skipped_with_a_reason(
    client_for: ClientFor, karin: User
) -> None:
    journey = make_journey(make_citizen())
    course, praktik, _hours = journey.steps
    consultant, step = client_for(karin), f"/journeys/{journey.id}/steps"

    early = consultant.post(f"{step}/{praktik.id}/begin", {"begin-on": "05-10-2026"})
    assert early.status_code == 409
    assert "Et tidligere trin venter" in early.words
    assert consultant.post(f"{step}/{course.id}/skip", {}).status_code == 422

    consultant.post(f"{step}/{course.id}/skip", {"skip-reason": "known_already"})
    assert states(journey) == ["skipped", "waiting", "waiting"]
    assert consultant.post(f"{step}/{praktik.id}/begin", {"begin-on": "05-10-2026"}).status_code == 303
    consultant.post(f"{step}/{praktik.id}/put-back")
    assert states(journey) == ["skipped", "waiting", "waiting"]


def test_a_package_that_changes_leaves_the_way_as_it_was(client_for: ClientFor, karin: User) -> None:
    package = make_package()
    journey = make_journey(make_citizen(), package)
    fields = {"version": "1", "name": "Ny vej", "industry": "koekken", "steps-0-name": "Et eneste trin"}
    fields |= {"steps-0-kind": "praktik", "steps-0-weeks": "2"}
    assert client_for(karin).post(f"/pathways/{package.id}/edit", fields).status_code == 303

    page = client_for(karin).get(f"/journeys/{journey.id}").words
    assert "Timer i kantinen" in page
    assert "Et eneste trin" not in page


def test_steps_of_her_own_are_written_and_removed_as_a_mistake(client_for: ClientFor, karin: User) -> None:
    amira, consultant = make_citizen(), client_for(karin)
    fields = {"name": "Vejen til en café", "from_on": "01-11-2026", "steps-0-name": "Prøv en café"}
    fields |= {"steps-0-kind": "praktik", "steps-0-weeks": "4", "steps-0-skills-0-skill": "opvask"}
    fields |= {"steps-0-skills-1-skill": "opvask", "steps-0-skills-1-level": "2"}  # twice is once
    made = consultant.post(f"/journeys/own/{amira.id}", {**fields, "steps-0-skills-0-level": "2"})
    assert made.status_code == 303
    assert "opvask: efter instruktion" in consultant.get(made.location).words
    assert "Vejen til en café" in consultant.get("/journeys/").words

    consultant.post(f"{made.location}/remove")
    assert ways.journey_of(amira.id) is None
    assert consultant.get(made.location).status_code == 404


def test_the_list_takes_as_many_statements_for_many_as_for_few(
    app, client_for: ClientFor, karin: User
) -> None:
    package, consultant = make_package(), client_for(karin)
    make_journey(make_citizen("Amira"), package)
    consultant.get("/journeys/")
    with counted_statements(app) as few:
        consultant.get("/journeys/")
    for name in ("Rana", "Selam", "Fatima"):
        make_journey(make_citizen(name), package)
    with counted_statements(app) as many:
        consultant.get("/journeys/")
    assert len(many) == len(few)


# --- Counted ---------------------------------------------------------------------------------------------------


def test_a_person_on_two_packages_in_a_year_counts_once_and_a_mistake_not_at_all(app, karin: User) -> None:
    package, amira = make_package(), make_citizen()
    first = make_journey(amira, package, from_on=date(2026, 2, 1))
    with transaction():
        first = db.session.merge(first)
        journeys.end_journey(first, until_on=date(2026, 5, 1), reason=JourneyEnd.STOPPED, by=karin, at=NOW)
    make_journey(amira, package, from_on=date(2026, 6, 1))
    mistake = make_journey(make_citizen("Rana"), package, from_on=date(2026, 3, 1))
    own = make_citizen("Selam")
    with transaction():
        journeys.remove_journey(db.session.merge(mistake), by=karin, at=NOW + timedelta(hours=1))
        steps = (WrittenStep("Prøv en café", StepKind("praktik"), 4),)
        journeys.begin_own(own, "Hendes egen vej", steps, from_on=date(2026, 4, 1), by=karin, at=NOW)

    def figure(first: date, on: date, known_at: datetime | None = None) -> int:
        ask = Ask(
            measure=Measure.JOB_PACKAGES,
            municipality_id=package.municipality_id,
            first=first,
            on=on,
            known_at=known_at,
        )
        counted = spec_of(Measure.JOB_PACKAGES).counted
        assert counted is not None
        return len(db.session.execute(counted.lines([ask])[ask].records).all())

    assert figure(date(2026, 1, 1), date(2026, 12, 31)) == 1
    assert figure(date(2026, 6, 1), date(2026, 6, 1)) == 1
    assert figure(date(2026, 7, 1), date(2026, 12, 31)) == 0
    assert figure(date(2026, 1, 1), date(2026, 12, 31), NOW) == 2, (
        "as it was known before the mistake was found"
    )


def test_a_leader_reads_how_many_and_nobody(client_for: ClientFor, mette: User) -> None:
    package = make_package()
    make_journey(make_citizen("Amira"), package)
    page = client_for(mette).get(f"/pathways/{package.id}").words
    assert "under 5" in page
    assert "Amira" not in page
    assert client_for(mette).get("/journeys/").status_code == 403


def test_two_who_become_one_go_on_along_the_way_of_who_stays(app) -> None:
    kept, gone = make_citizen("Amira"), make_citizen("Amira")
    hers, other = make_journey(kept), make_journey(gone, make_package("En anden vej"))
    with transaction():
        join_journeys(kept.id, gone.id, NOW)
    db.session.expire_all()
    assert db.session.get(Journey, hers.id).is_open  # type: ignore[union-attr]
    assert db.session.get(Journey, other.id).end_reason is JourneyEnd.OTHER_WAY  # type: ignore[union-attr]


def test_the_way_of_who_was_helped_long_ago_is_forgotten(app) -> None:
    long_ago, lately = make_citizen("Amira"), make_citizen("Rana")
    make_journey(long_ago), make_journey(lately, make_package("En anden vej"))
    with transaction():
        person = db.session.merge(long_ago)
        person.status, person.passive_since = CitizenStatus.PASSIVE, NOW - timedelta(days=12 * 366)
    with transaction():
        gone = forget_journeys(NOW, {})
    assert gone == {"journeys": 1, "journey_steps": 3, "journey_skills": 3}
    assert db.session.scalars(sa.select(Journey.citizen_id)).all() == [lately.id]


def test_her_own_paper_shows_the_steps_and_where_she_is(app) -> None:
    amira = make_citizen()
    card = make_card(amira)
    url = "https://portal.example/k/1"
    assert card_on_paper(card, url=url, printed_on=TODAY).way == ()

    make_journey(amira)
    way = card_data(card_on_paper(card, url=url, printed_on=TODAY))["way"]
    assert [one["what"] for one in way] == ["1. Kend køkkenet", "2. De første opgaver", "3. Timer i kantinen"]
    assert {one["state"]["da"] for one in way} == {"Venter"}

    with transaction():
        db.session.merge(amira).municipality.efforts = []
    assert card_on_paper(card, url=url, printed_on=TODAY).way == ()
