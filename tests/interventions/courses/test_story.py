"""Amira lacks a skill for a place: Karin finds the course in the match, gives her a seat, and she passes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Effort, Measure, SkillSource, SpellKind
from portal.interventions.courses.measures import MEASURES
from portal.interventions.courses.models import Course, CourseRun, CourseSeat, SeatStatus
from portal.interventions.target_groups.models import Spell, SpellSource
from portal.loop.cards.models import Certificate, CompetenceCard
from portal.loop.matches.loosening import GOOD
from portal.loop.matches.models import Match
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.web.measures import Ask
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_card, make_citizen, make_match, make_opening
from tests.support.courses import make_course, make_run, make_seat

ClientFor = Callable[[User | None], PortalClient]

VEGETABLES, HYGIENE = "skære og klargøre grøntsager", "køkkenhygiejne"
COURSE = {
    "name": "Køkkenhygiejne for begyndere",
    "industry": "koekken",
    "provider": "VUC Nordsjælland",
    "teaches-0-text": HYGIENE,
    "teaches-0-level": "3",
    "certificate": "Hygiejnebevis",
    "certificate_years": "5",
}
RUN = {
    "first_day": "01-12-2026",
    "last_day": "11-12-2026",
    "place": "Frederiksværk",
    "seats": "1",
    "cost_bearer": "municipality",
}


def the_match() -> Match:
    db.session.rollback()
    return db.session.scalars(sa.select(Match)).one()


def passed() -> int:
    [spec] = MEASURES
    assert spec.counted is not None
    asked = Ask(
        measure=Measure.COURSE_PLACES,
        municipality_id=factories.municipality().id,
        first=TODAY.replace(month=1, day=1),
        on=TODAY.replace(month=12, day=31),
    )
    return len(db.session.execute(spec.counted.lines([asked])[asked].records).all())


def test_a_gap_leads_to_a_course_a_seat_a_pass_and_over_the_bar(
    client_for: ClientFor, karin: User, app: Flask
) -> None:
    amira = make_citizen(with_login=True)
    card = make_card(amira, skills={VEGETABLES: 3})
    match = make_match(make_opening(must=[VEGETABLES, HYGIENE]), card, sure=25.0, possible=100.0)
    karins, beside = client_for(karin), f"/efforts/matches/{match.id}"
    assert "Intet kursus" in karins.get(beside).words

    assert karins.post("/courses/new", COURSE).status_code == 303
    course = db.session.scalars(sa.select(Course)).one()
    assert karins.post(f"/courses/{course.id}/runs/new", RUN).status_code == 303
    run = db.session.scalars(sa.select(CourseRun)).one()

    shown = karins.get(beside)
    offered = shown.page.select_one(f"a[href$='/courses/runs/{run.id}/offer/{amira.id}']")
    assert offered is not None
    assert offered.text == "Book plads"
    assert "25 → 100 efter kurset" in shown.words
    assert "over grænsen" in shown.words

    assert "Amira Haddad" in karins.get(str(offered["href"])).words, "who it is stands there before the yes"
    assert karins.post(str(offered["href"]), {"what": "book"}).status_code == 303
    seat = db.session.scalars(sa.select(CourseSeat)).one()
    assert seat.status is SeatStatus.BOOKED
    assert "Intet kursus" in karins.get(beside).words, "its one seat is taken"
    assert "Køkkenhygiejne for begyndere" in client_for(amira.user).get("/mine/efforts").words

    early = karins.post(f"/courses/seats/{seat.id}/pass", {"pass-on": "18-11-2026"})
    assert early.status_code == 409, "it has not begun"

    with time_machine.travel(NOW + timedelta(days=25), tick=False):
        karins = client_for(karin)
        karins.post(f"/courses/seats/{seat.id}/begin", {"begin-on": "01-12-2026"})
        assert the_match().sure < GOOD
        assert passed() == 0
        assert karins.post(f"/courses/seats/{seat.id}/pass", {"pass-on": "11-12-2026"}).status_code == 303

        assert the_match().sure == 100
        held = db.session.scalars(sa.select(CompetenceCard)).one()
        assert [(one.source, one.level) for one in held.evidence if one.text == HYGIENE] == [
            (SkillSource.COURSE, 3)
        ]
        [paper] = db.session.scalars(sa.select(Certificate)).all()
        assert (paper.text, paper.valid_until) == (
            "Hygiejnebevis",
            TODAY.replace(year=2031, month=12, day=11),
        )
        spell = db.session.scalars(sa.select(Spell)).one()
        assert (spell.kind, spell.source) == (SpellKind.ACTIVITY, SpellSource.COURSE)
        assert (spell.from_on.day, spell.until_on and spell.until_on.day) == (1, 11)
        assert passed() == 1
        assert "lært på et kursus" in karins.get(f"/reviews/match/{match.id}").words
        assert karins.get(beside).page.select_one("#courses") is None, "nothing is lacking"
        assert karins.post(f"/courses/seats/{seat.id}/pass", {"pass-on": "11-12-2026"}).status_code == 409


def test_a_run_never_has_more_people_than_seats(client_for: ClientFor, karin: User) -> None:
    karins, run = client_for(karin), make_run(seats=2)
    people = [make_citizen(name) for name in ("Amira", "Bahar", "Chia")]

    karins.post(f"/courses/runs/{run.id}/add", {"citizens": [one.id for one in people], "what": "book"})

    db.session.rollback()
    seats = db.session.scalars(sa.select(CourseSeat).order_by(CourseSeat.id)).all()
    assert sorted(one.status.value for one in seats) == ["booked", "booked", "wished"]
    waiting = next(one.id for one in seats if one.status is SeatStatus.WISHED)
    assert karins.post(f"/courses/seats/{waiting}/book").status_code == 409
    form = {**RUN, "seats": "1", "version": "1"}
    refused = karins.post(f"/courses/runs/{run.id}/edit", form)
    assert refused.status_code == 409
    assert "allerede givet 2" in refused.words

    leaves = next(one.id for one in seats if one.status is SeatStatus.BOOKED)
    karins.post(f"/courses/seats/{leaves}/stop", {"stop-on": "18-11-2026"})
    assert karins.post(f"/courses/seats/{waiting}/book").status_code == 303


def test_a_neighbour_wishes_and_is_given_a_seat_without_a_name(client_for: ClientFor, karin: User) -> None:
    theirs = make_course("Naboens kursus", in_municipality="Fredensborg")
    shared, kept = make_run(theirs, shared_with_neighbours=True), make_run(theirs)
    amira = make_citizen()
    karins, lenes = client_for(karin), client_for(factories.user("lene@nabo.example"))

    assert "Naboens kursus" in karins.get("/courses/").words
    assert karins.get(f"/courses/runs/{kept.id}").status_code == 404
    assert karins.post(f"/courses/{theirs.id}/archive").status_code == 404
    karins.post(f"/courses/runs/{shared.id}/add", {"citizens": [amira.id], "what": "book"})
    seat = db.session.scalars(sa.select(CourseSeat)).one()
    assert seat.status is SeatStatus.WISHED, "it is theirs to give"
    assert karins.post(f"/courses/seats/{seat.id}/book").status_code == 404

    seen = lenes.get(f"/courses/runs/{shared.id}")
    assert "Borger fra Halsnæs" in seen.words
    assert "Amira" not in seen.words
    assert "Amira" not in lenes.get(f"/courses/seats/{seat.id}").words
    assert "Amira" not in lenes.get(f"/courses/runs/{shared.id}?format=csv").text
    assert lenes.post(f"/courses/seats/{seat.id}/book").status_code == 303
    passes = {"pass-on": "18-11-2026"}
    assert lenes.post(f"/courses/seats/{seat.id}/pass", passes).status_code == 404, "not her card to write on"


def test_the_room_is_closed_where_it_is_not_used(client_for: ClientFor, karin: User) -> None:
    with transaction():
        home = factories.municipality()
        home.efforts = [one.value for one in Effort if one is not Effort.COURSES]

    assert client_for(karin).get("/courses/").status_code == 404


def test_a_leader_sees_numbers_and_no_names(client_for: ClientFor, mette: User) -> None:
    run = make_run()
    make_seat(make_citizen(), run)
    mettes = client_for(mette)

    page = mettes.get(f"/courses/runs/{run.id}")

    assert "under 5" in page.words
    assert "Amira" not in page.words
    assert (
        mettes.get(f"/courses/{run.course_id}").page.select_one("#run-table td:nth-of-type(4)").text
        == "under 5"
    )
    assert not db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "course-seats-listed")
    ).all()


@pytest.mark.parametrize("words", ["xylofoner", ""])
def test_a_course_teaches_what_the_vocabulary_knows(client_for: ClientFor, karin: User, words: str) -> None:
    nothing = {**COURSE, "teaches-0-text": words, "certificate": "", "certificate_years": ""}

    refused = client_for(karin).post("/courses/new", nothing)

    assert refused.status_code == (422 if words else 409)
    assert db.session.scalars(sa.select(Course)).all() == []
