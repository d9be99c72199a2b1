"""What the rules say on the page of an opening: findings, marked words, and a consultant's look at them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.openings.models import Opening, WordingLook
from portal.shared.audit.models import AuditEntry
from portal.shared.rules.models import Rule
from portal.web.permissions import Role
from tests import factories
from tests.factories import TODAY

WORDS = "Vi søger en ung kvinde til opvasken."


@pytest.fixture
def young_woman(app) -> Opening:
    return factories.make_opening(description=WORDS)


def page_of(opening: Opening, client):
    return client.get(f"/openings/{opening.id}").page


def test_the_sentence_is_marked_and_a_better_one_proposed(young_woman, karin, client_for):
    page = page_of(young_woman, client_for(karin))

    assert [mark.get_text() for mark in page.select("mark")] == ["ung", "kvinde"]
    assert "Vi søger en medarbejder til opvasken." in page.select_one(".marked-words").get_text()
    assert page.select_one(".finding-stop")


@pytest.mark.parametrize(
    ("first_day", "marked"), [(TODAY, ["søger"]), (TODAY + timedelta(days=1), ["ung", "kvinde"])]
)
def test_an_edited_list_marks_its_words_from_its_first_day(young_woman, karin, client_for, first_day, marked):
    with transaction():
        for key, words in (("wording-sex", ""), ("wording-age", "søg*")):
            old = db.session.scalars(sa.select(Rule).where(Rule.key == key)).one()
            old.valid_to = first_day - timedelta(days=1)
            db.session.flush()
            columns = {name: getattr(old, name) for name in ("title", "value", "unit", "reference", "source")}
            db.session.add(
                Rule(
                    key=key,
                    words=words,
                    valid_from=first_day,
                    checked_by="Drude",
                    checked_on=TODAY,
                    **columns,
                )
            )

    page = page_of(young_woman, client_for(karin))

    assert [mark.get_text() for mark in page.select("mark")] == marked
    assert page.select_one(".finding-stop")


def test_an_employer_is_warned_where_the_municipality_is_stopped(young_woman, client_for):
    page = page_of(young_woman, client_for(factories.owner_of(young_woman.employer)))

    assert page.select("mark")
    assert page.select(".finding-stop") == []
    assert page.select(".finding-warning")
    assert page.select("form[action$=words-look]") == []


def test_a_consultants_look_is_recorded_and_lets_the_words_stand(young_woman, karin, client_for):
    client = client_for(karin)

    answer = client.post(f"/openings/{young_woman.id}/words-look", {"note": "Aftalt med kokken"})

    look = db.session.scalars(sa.select(WordingLook)).one()
    assert answer.status_code == 303
    assert (look.looked_by_id, look.note) == (karin.id, "Aftalt med kokken")
    assert db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_type == "openings")
    ).all() == ["wording-looked-at"]
    page = page_of(young_woman, client)
    assert page.select(".finding-stop") == []
    assert "Karin Holm" in page.select_one("#law").get_text()


def test_no_look_lets_a_cpr_number_stand(app, karin, client_for):
    opening = factories.make_opening(description="Ring til 010190-1234.")
    client = client_for(karin)

    client.post(f"/openings/{opening.id}/words-look", {"note": "Set"})

    assert "CPR-nummer" in page_of(opening, client).select_one(".finding-stop").get_text()


def test_a_second_look_at_the_same_words_is_the_first(young_woman, karin, jonas, client_for):
    for person in (karin, jonas):
        client_for(person).post(f"/openings/{young_woman.id}/words-look", {"note": person.name})

    assert db.session.scalars(sa.select(WordingLook.note)).all() == [karin.name]


def test_other_words_need_another_look(young_woman, karin, client_for):
    client = client_for(karin)
    client.post(f"/openings/{young_woman.id}/words-look", {"note": ""})
    with transaction():
        db.session.get_one(Opening, young_woman.id).description = "Kun kvinder."

    assert page_of(young_woman, client).select(".finding-stop")


def test_a_neighbours_consultant_does_not_let_words_stand(young_woman, lene, client_for):
    assert client_for(lene).post(f"/openings/{young_woman.id}/words-look", {}).status_code == 404


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.EMPLOYER])
def test_a_lawful_opening_says_so(app, karin, client_for, role):
    opening = factories.make_opening()
    reader = karin if role is Role.CONSULTANT else factories.owner_of(opening.employer)

    page = page_of(opening, client_for(reader))

    assert page.select(".finding") == []
    assert page.select_one("#law .tag, #law [class*=tag]") is not None


@pytest.mark.parametrize(
    ("values", "rule_says"),
    [
        ({"places": 4}, "rimelighedskrav|fuldtidspersoner"),
        ({"form": PlacementForm.FRITIDSJOB, "hours_per_week": 20.0}, "timer om ugen"),
        ({"form": PlacementForm.IGU, "hours_per_week": 20.0}, "mindst 25 timer"),
        ({"danish_speaking": 2}, "dansk"),
        ({"ends_on": TODAY + timedelta(days=200)}, "Praktikken er på"),
    ],
)
def test_what_breaks_a_rule_is_said_when_it_is_posted(app, karin, client_for, values, rule_says):
    import re

    page = page_of(factories.make_opening(**values), client_for(karin))

    assert re.search(rule_says, page.select_one(".findings").get_text())


def test_the_list_of_suggestions_says_how_much_room_there_is(app, karin, client_for):
    opening = factories.make_opening(factories.make_employer(full_time_staff=4))
    factories.make_match(opening, factories.make_card())

    words = client_for(karin).get(f"/matches/opening/{opening.id}").words

    assert "Rimelighedskrav" in words
    assert "Plads til 1 mere fra 2. december 2026" in words
