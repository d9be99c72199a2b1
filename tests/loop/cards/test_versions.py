"""The card as it was on any day, who changed it, and how it grew."""

from datetime import date, timedelta

import pytest
import time_machine

from portal.base.database import db, transaction
from portal.base.terms import DanishCourse, DanishExam, LanguageLevel, Shift, SkillSource
from portal.loop.cards import queries, services
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.services import CardDetails, SpokenLanguage, shifts_of_week
from portal.loop.cards.versions import changes, snapshot
from portal.shared.accounts.models import User
from tests.factories import NOW, TODAY, make_card, make_citizen, make_seen, skill

pytestmark = pytest.mark.usefixtures("app")

GOAL = "Jeg vil arbejde i et køkken."


def new_card() -> CompetenceCard:
    citizen = make_citizen()
    with transaction():
        return services.create_card(db.session.merge(citizen), by=None, at=NOW)


def edit(card: CompetenceCard, *, by: User | None = None, days: int = 0, **details) -> None:
    with transaction():
        services.edit_card(card, CardDetails(**details), by=by, at=NOW + timedelta(days=days))


def said(card: CompetenceCard) -> list[tuple[str, str, str]]:
    latest = queries.version_steps(card, name_staff=True)[0]
    return [(change.what, change.before, change.after) for change in latest.changes]


def test_a_card_can_be_read_as_it_was_on_any_day():
    card = new_card()
    edit(card, goal=GOAL, days=2)
    edit(card, goal="Jeg vil arbejde på et plejehjem.", days=5)

    def goal_on(days: int) -> str | None:
        version = queries.version_on(card, TODAY + timedelta(days=days))
        return version.content["goal"] if version else None

    assert [goal_on(days) for days in (-1, 0, 1, 2, 4, 5, 100)] == [
        None, "", "", GOAL, GOAL, "Jeg vil arbejde på et plejehjem.", "Jeg vil arbejde på et plejehjem.",
    ]  # fmt: skip


def test_the_history_names_what_changed_and_who_did_it(karin):
    card = make_card(skills={}, goal="")
    edit(card, by=karin, goal=GOAL)
    with transaction():
        services.add_evidence(
            card, text="gulvvask", level=3, source=SkillSource.CONSULTANT, by=karin, at=NOW, seen_on=TODAY
        )

    newest, edited = queries.version_steps(card, name_staff=True)

    assert (newest.by, newest.action, edited.action) == (karin.name, "skill-added", "card-edited")
    assert [change.what for change in newest.changes] == ["gulvvask"] or newest.changes[0].what.endswith(
        "“gulvvask”"
    )
    assert newest.changes[0].before == ""
    assert "Selvstændigt" in newest.changes[0].after


def test_a_removed_skill_stays_readable_in_the_history(karin):
    card = make_card()
    with transaction():
        line = services.add_evidence(
            card, text="bage brød", level=2, source=SkillSource.OWN, by=karin, at=NOW, seen_on=TODAY
        )
    with transaction():
        services.remove_own_evidence(card, line, by=karin, at=NOW)

    removed = queries.version_steps(card, name_staff=True)[0]

    assert removed.action == "skill-removed"
    assert [(bool(change.before), change.after) for change in removed.changes] == [(True, "")]


def test_the_citizen_reads_which_side_changed_her_card_and_not_which_colleague(karin):
    card = make_card()
    edit(card, by=karin, goal="Nyt mål")

    assert queries.version_steps(card, name_staff=False)[0].by == "Kommunen"
    assert queries.version_steps(card, name_staff=True)[0].by == karin.name


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"danish_exam": DanishExam.PD2}, ("Bestået prøve", "", "Prøve i Dansk 2 (ca. B1)")),
        ({"danish_course": DanishCourse.DU2}, ("Danskuddannelse", "", "Danskuddannelse 2")),
        ({"transport": ["bicycle", "public"]}, ("Kommer på arbejde", "", "Cykel, Bus og tog")),
        ({"hours_max": 22.5}, ("Højst timer om ugen", "", "22,5")),
        ({"week": {"mon": ["day", "evening"]}}, ("Ugen", "", "Mandag: kl. 7–17, efter kl. 17")),
        (
            {"week": {"mon": ["day"], "tue": ["day"], "wed": ["day"], "fri": ["day"], "sat": ["night"]}},
            ("Ugen", "", "Mandag–onsdag: kl. 7–17; Fredag: kl. 7–17; Lørdag: nat"),
        ),
        (
            {"languages": [SpokenLanguage("Arabisk", LanguageLevel.FLUENT, True)]},
            ("Arabisk", "", "flydende, vises på kortet"),
        ),
    ],
)
def test_every_field_is_said_in_words(details, expected):
    card = new_card()

    edit(card, **details)

    assert expected in said(card)


def test_saving_without_a_change_says_that_nothing_changed():
    card = make_card()

    assert changes(snapshot(card), snapshot(card)) == []


# Source: docs/rules.md#card-week. A filled week leaves no shift unknown; an empty one says nothing.
@pytest.mark.parametrize(
    ("week", "can"),
    [
        ({"mon": ["day"]}, set()),
        ({"mon": ["early_morning"]}, {Shift.EARLY_MORNING}),
        ({"tue": ["evening"], "wed": ["night"]}, {Shift.EVENING, Shift.NIGHT}),
        ({"sat": ["day"]}, {Shift.WEEKEND}),
        ({"sun": ["evening"]}, {Shift.WEEKEND, Shift.EVENING}),
    ],
)
def test_the_week_answers_the_shifts(week, can):
    yes, no = shifts_of_week(week)

    assert set(yes) == can
    assert set(no) == set(Shift) - can


def test_an_empty_week_leaves_the_answers_about_shifts_alone():
    card = make_card()

    edit(card, shifts_yes=["evening"], shifts_no=["night"])

    assert (card.week, card.shifts_yes, card.shifts_no) == ({}, ["evening"], ["night"])


def test_a_filled_week_overrules_the_short_answers():
    card = make_card()

    edit(card, week={"mon": ["evening"]}, shifts_yes=["night"], shifts_no=["evening"])

    assert card.shifts_yes == ["evening"]
    assert "night" in card.shifts_no


def test_a_shift_answered_after_the_week_stands(karin):
    card = make_card()
    edit(card, week={"mon": ["day"]})

    with transaction():
        services.edit_card(
            card, services.changed(card, {"shifts_yes": ["weekend"], "shifts_no": []}), by=karin, at=NOW
        )

    assert (card.shifts_yes, card.week) == (["weekend"], {"mon": ["day"]})


def test_a_language_is_only_printed_where_she_wants_it():
    card = make_card()
    edit(
        card,
        languages=[
            SpokenLanguage("Arabisk", LanguageLevel.FLUENT, shown=False),
            SpokenLanguage("Engelsk", LanguageLevel.SOME, shown=True),
        ],
    )

    paper = queries.card_on_paper(card, url="https://kort.example.dk", printed_on=TODAY)

    assert [line.language for line in paper.languages if line.language != "Dansk"] == ["Engelsk"]


def test_a_module_without_its_course_is_sent_back(client_for, karin):
    card = make_card()

    answer = client_for(karin).post(f"/cards/{card.id}/edit", {"version": "1", "danish_module": "3"})

    assert answer.status_code == 422
    assert "Vælg også danskuddannelsen." in answer.text
    db.session.refresh(card)
    assert card.version == 1


def test_self_view_and_observed_view_stand_side_by_side(karin):
    card = make_card(skills={"gulvvask og mopning": 2})
    make_seen(card, "gulvvask og mopning", skill_id=skill("gulvvask og mopning").id)
    db.session.refresh(card)

    first = queries.progress(card)[0]

    assert [line.level for line in first.own] == [2]
    assert [line.level for line in first.observed] == [3]


def test_the_pages_show_history_and_progress_as_picture_and_table(client_for, karin):
    card = make_card(skills={"gulvvask og mopning": 2, "støvsugning": 3})
    edit(card, by=karin, goal=GOAL)
    with transaction():
        services.add_evidence(
            card, text="gulvvask og mopning", level=3, source=SkillSource.CONSULTANT, by=karin, at=NOW,
            seen_on=TODAY - timedelta(days=30),
        )  # fmt: skip

    history = client_for(karin).get(f"/cards/{card.id}/history")
    that_day = client_for(karin).get(f"/cards/{card.id}/history?day={TODAY:%d-%m-%Y}")
    before = client_for(karin).get(f"/cards/{card.id}/history?day=2020-01-01")
    progress = client_for(karin).get(f"/cards/{card.id}/progress")

    assert GOAL in history.text
    assert GOAL in that_day.text
    assert "Vi har ikke kortet fra den dag" in before.text
    drawn = [picture.text for picture in progress.page.select("svg[role=img] title")]
    assert ["gulvvask" in title.lower() for title in drawn] == [True], (
        "one day is a dot, and needs no picture"
    )
    assert "Gulvvask og mopning, alle vurderinger" in progress.text
    assert "Støvsugning" in progress.page.select_one("#progress-once").text


@pytest.mark.parametrize("day", ["i går", "2026-13-40", "99999-01-01"])
def test_a_day_that_is_none_is_told_beside_the_field(client_for, karin, day):
    card = make_card()

    answer = client_for(karin).get(f"/cards/{card.id}/history", query_string={"day": day})

    assert answer.status_code == 200
    assert answer.page.select_one("#day-error")


@time_machine.travel(NOW + timedelta(days=400), tick=False)
def test_last_years_card_is_still_there():
    card = make_card()
    edit(card, goal=GOAL)

    assert queries.version_on(card, date(2030, 1, 1)).content["goal"] == GOAL
