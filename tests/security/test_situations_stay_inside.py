"""Who is in a target group, on which step and in work is hers and the consultants': no page of anybody else tells it.

The words are planted where the portal stores them; everybody then follows every link, opens every list as a file, and
reads the mails and calendar files that are sent.
"""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Measure, PeriodKind, SpellKind
from portal.interventions.target_groups.models import (
    Arrival,
    LadderStep,
    Membership,
    MembershipEnd,
    MembershipSource,
    Spell,
    SpellSource,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.placements.models import PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.outbox.models import Mail
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY
from tests.support.crawl import Crawler
from tests.support.goals import set_goal

GROUP, STEP, NOTE = "Kanariegruppen", "Kanarietrinnet", "kanarienoten"
ARRIVED = TODAY - timedelta(days=1234)


@pytest.fixture
def amira(app: Flask) -> Citizen:
    """Working at Bo's, in a group, on a step, arrived on a day; and a goal is set for the group."""
    citizen = factories.make_citizen("Amira", with_login=True)
    card = factories.make_card(citizen)
    match = factories.make_match(factories.make_opening(factories.make_employer("Bos Køkken")), card)
    review = factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)
    running = {"starts_on": TODAY - timedelta(days=9), "ends_on": TODAY + timedelta(days=9)}
    factories.make_placement(review, status=PlacementStatus.RUNNING, **running)
    with transaction():
        group = TargetGroup(municipality_id=citizen.municipality_id, name=GROUP, created_at=NOW)
        ladder = WorkLadder(municipality_id=citizen.municipality_id, name="Match", created_at=NOW)
        ladder.steps = [LadderStep(position=1, name=STEP)]
        db.session.add_all([group, ladder])
        db.session.flush()
        hers = {"citizen_id": citizen.id, "recorded_at": NOW}
        since = TODAY - timedelta(days=300)
        db.session.add_all(
            [
                Membership(group_id=group.id, from_on=since, source=MembershipSource.CONSULTANT, **hers),
                Membership(
                    group_id=group.id,
                    from_on=since - timedelta(days=400),
                    until_on=since - timedelta(days=200),
                    end_reason=MembershipEnd.OTHER,
                    source=MembershipSource.CONSULTANT,
                    replaced_at=NOW,
                    replaced_because=NOTE,
                    **hers,
                ),
                Spell(kind=SpellKind.SELF_SUPPORTING, from_on=since, source=SpellSource.CONSULTANT, **hers),
                StepPlacing(step_id=ladder.steps[0].id, from_on=since, **hers),
                Arrival(arrived_on=ARRIVED, **hers),
            ]
        )
    set_goal(Measure.IN_WORK, group_id=group.id, target=45, period=PeriodKind.DAY)
    return citizen


def all_that_is_shown(app: Flask, client: PortalClient) -> dict[str, str]:
    """Path -> what somebody gets, by following every link and asking each list for its file."""
    read: dict[str, str] = {}

    def fetch(path: str) -> list[str]:
        answer = client.get(path)
        read[path] = answer.told
        if answer.mimetype != "text/html":
            return []
        links = [
            str(one[name]) for name in ("href", "hx-get", "action") for one in answer.page.select(f"[{name}]")
        ]
        return [*links, f"{urlsplit(path).path}?format=csv"]

    Crawler(app, fetch, per_endpoint=8).walk()
    return read


def told(pages: dict[str, str], *words: str) -> set[tuple[str, str]]:
    return {(path, word) for path, text in pages.items() for word in words if word in text or word in path}


ARRIVAL_DAYS = (ARRIVED.isoformat(), f"{ARRIVED:%d-%m-%Y}")


@pytest.mark.parametrize("who", ["bo", "lene", "ali", "nobody"])
def test_nobody_outside_reads_a_word_of_it(app: Flask, amira: Citizen, who: str) -> None:
    people: dict[str, User | None] = {
        "bo": factories.owner_of(db.session.scalars(sa.select(Employer)).one()),
        "lene": factories.user("lene@nabo.example"),
        "ali": factories.user("admin@kommune.example"),
        "nobody": None,
    }
    pages = all_that_is_shown(app, PortalClient(app, people[who]))

    assert len(pages) > 3
    assert told(pages, GROUP, STEP, NOTE, *ARRIVAL_DAYS) == set()


def test_the_leader_reads_the_groups_name_and_never_beside_a_person(
    app: Flask, amira: Citizen, mette: User
) -> None:
    pages = all_that_is_shown(app, PortalClient(app, mette))
    number = db.session.scalar(sa.text("SELECT number FROM competence_cards"))

    named = {path for path, _word in told(pages, GROUP)}
    assert named, "she reads what the groups are called"
    assert told({path: pages[path] for path in named}, "Amira", "Haddad", str(number)) == set()
    assert told(pages, NOTE, *ARRIVAL_DAYS) == set()


def test_she_reads_it_herself(app: Flask, amira: Citizen) -> None:
    pages = all_that_is_shown(app, PortalClient(app, db.session.get(User, amira.user_id)))

    assert {word for _path, word in told(pages, GROUP, STEP)} == {GROUP, STEP}


def test_no_mail_and_no_calendar_tells_it(app: Flask, amira: Citizen) -> None:
    sent = {
        f"mail {one.id}": f"{one.subject} {one.text} {one.calendar} {one.links}"
        for one in db.session.scalars(sa.select(Mail))
    }

    assert told(sent, GROUP, STEP, NOTE) == set()
