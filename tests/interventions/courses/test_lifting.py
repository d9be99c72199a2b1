"""Which courses would lift most: the stored count equals the matcher's, one by one, and is queued, not waited for."""

from dataclasses import replace

import sqlalchemy as sa

from portal import matching
from portal.base.database import db, transaction
from portal.interventions.courses.lifting import count_due
from portal.interventions.courses.models import Course, CourseCount, CourseLift
from portal.interventions.courses.prospects import given_by
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_inputs
from portal.loop.matches.loosening import GOOD
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import opening_inputs
from portal.shared.accounts.models import User
from portal.shared.skills.queries import relations
from tests import factories
from tests.factories import NOW, TODAY, make_card, make_citizen, make_opening
from tests.interventions.courses.test_story import HYGIENE, VEGETABLES, ClientFor
from tests.support.courses import make_course

SERVING = "servering for gæster"


def counted() -> dict[str, tuple[int, int]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(CourseLift)).all()
    return {(one.course or one.skill).name: (one.people, one.places) for one in found}  # type: ignore[union-attr]


def one_by_one(course: Course) -> tuple[int, int]:
    related, people, places = relations(), set(), set()
    own = sa.select(CompetenceCard).where(CompetenceCard.municipality_id == course.municipality_id)
    for card in card_inputs(own, on=TODAY):
        after = replace(card, skills=(*card.skills, *given_by(course, TODAY)))
        for opening in opening_inputs(sa.select(Opening)):
            then = matching.score(opening, after, related)
            if (matching.score(opening, card, related).sure or 0) < GOOD <= (
                then.sure or 0
            ) and not then.excluded:
                people.add(card.id)
                places.add(opening.id)
    free = db.session.execute(sa.select(Opening.id, Opening.places - Opening.filled)).all()
    return len(people), sum(left for key, left in free if key in places)


def test_the_count_is_the_matchers_own(client_for: ClientFor, karin: User) -> None:
    make_opening(must=[VEGETABLES, HYGIENE], places=2)
    make_opening(must=[VEGETABLES], nice=[HYGIENE])
    make_opening(must=[VEGETABLES, SERVING])
    for level in (1, 2, 3):
        make_card(make_citizen(), skills={VEGETABLES: level})
    make_card(make_citizen(), skills={HYGIENE: 3})
    make_card(make_citizen(in_municipality="Fredensborg"))
    karins = client_for(karin)
    courses = [make_course(), make_course("Grøntsager", skills={VEGETABLES: 3})]
    make_course("Arkiveret", archived_at=NOW)
    assert "Ikke talt endnu" in karins.get("/courses/lifts").words

    with transaction():
        count_due(NOW)

    assert {one.name: one_by_one(one) for one in map(db.session.merge, courses)}.items() <= counted().items()
    assert counted()["Hygiejne i køkkenet"][1] >= 2
    assert counted()[SERVING][1] == 1, "no course teaches it"
    assert set(counted()) == {"Hygiejne i køkkenet", "Grøntsager", SERVING}
    page = karins.get("/courses/lifts")
    assert len(page.page.select("#lift-table tbody tr")) == 2
    assert "4 kort og 3 åbninger" in page.words


def test_a_count_is_asked_for_and_made_by_the_chores(client_for: ClientFor, karin: User, mette: User) -> None:
    make_course()
    make_opening(must=[VEGETABLES, HYGIENE])
    make_card(skills={VEGETABLES: 3})
    with transaction():
        count_due(NOW)
    karins = client_for(karin)
    before = counted()
    make_card(make_citizen("Bahar"), skills={VEGETABLES: 3})
    with transaction():
        count_due(NOW)
    assert counted() == before, "once a day is enough"

    karins.post("/courses/lifts/recount")

    assert "bliver talt" in karins.get("/courses/lifts").words
    assert counted() == before, "not while she waits"
    with transaction():
        count_due(NOW)
    assert counted()["Hygiejne i køkkenet"] == (2, 1)
    assert db.session.get_one(CourseCount, factories.municipality().id).requested_at is None
    assert "under 5" in client_for(mette).get("/courses/lifts").words
