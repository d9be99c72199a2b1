"""Who somebody is changes no ranking: what is stored is swapped, and what must not be stored is not there."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import (
    DanishCourse,
    DanishExam,
    Language,
    LanguageLevel,
    PartOfDay,
    SpellKind,
    Transport,
    Weekday,
)
from portal.interventions.target_groups.models import (
    Arrival,
    LadderStep,
    Membership,
    MembershipSource,
    Spell,
    SpellSource,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.loop.cards.models import CardLanguage, CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.matches.models import Match
from portal.loop.matches.nearby import near_cards
from portal.loop.matches.rematch import rematch
from portal.loop.openings.models import Opening
from portal.shared.accounts.models import User
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_opening,
    municipality,
)

Rankings = dict[int, list[tuple[object, ...]]]

CITIZENS, CARDS, USERS = Citizen.__table__, CompetenceCard.__table__, User.__table__
LANGUAGES = CardLanguage.__table__

SAYS_WHERE_OR_WHETHER = {"id", "municipality_id", "status", "passive_since"}
"""All of a citizen that the matching may go by: which municipality's she is, and whether she takes part."""

MATCHED = {
    "id", "citizen_id", "municipality_id", "is_active", "wishes", "danish_speaking", "danish_reading", "hours_min",
    "hours_max", "postcode", "range_km", "shifts_yes", "shifts_no", "version",
}  # fmt: skip
"""What the matcher sees of a card besides its skills, and what ties it to its citizen."""

OF_A_PERSON = [
    *((CITIZENS, column.name) for column in CITIZENS.columns if column.name not in SAYS_WHERE_OR_WHETHER),
    *((CARDS, column.name) for column in CARDS.columns if column.name not in MATCHED),
    (LANGUAGES, "name"),
    (LANGUAGES, "level"),
    (LANGUAGES, "shown"),
    (USERS, "name"),
    (USERS, "email"),
]

PEOPLE = (
    ("Amira", "Haddad", date(1961, 2, 1), {"skære og klargøre grøntsager": 4, "køkkenhygiejne": 2}),
    ("Bo", "Jensen", date(2004, 7, 9), {"skære og klargøre grøntsager": 2}),
    ("Selam", "Tesfay", date(1985, 11, 30), {"køkkenhygiejne": 4, "gulvvask og mopning": 1}),
    ("Oksana", "Kovalenko", date(1993, 5, 17), {"skære og klargøre grøntsager": 1, "køkkenhygiejne": 1}),
    ("Mahmoud", "Al-Masri", date(1978, 1, 3), {"gulvvask og mopning": 3, "køkkenhygiejne": 0}),
    ("Nguyen", "Thi Lan", date(1999, 9, 21), {"buffet og opfyldning": 3}),
)


@pytest.fixture
def town(app: Flask, karin: User, jonas: User) -> None:
    """Six citizens who differ in everything stored about them, and three openings that rank them differently."""
    employer = make_employer()
    make_opening(employer, must=["skære og klargøre grøntsager"], nice=["køkkenhygiejne"])
    make_opening(employer, must=["gulvvask og mopning"], nice=["buffet og opfyldning"])
    make_opening(
        employer, must=["køkkenhygiejne"], nice=["skære og klargøre grøntsager"], hours_per_week=37.0
    )
    for number, (first_name, last_name, born_on, skills) in enumerate(PEOPLE):
        citizen = make_citizen(
            first_name,
            with_login=True,
            last_name=last_name,
            born_on=born_on,
            phone=f"2012345{number}",
            consultant_id=(karin if number % 2 else jonas).id,
            created_at=NOW - timedelta(days=30 + number),
            version=1 + number,
            language=list(Language)[number],
        )
        card = make_card(
            citizen,
            skills=skills,
            hours_max=30.0 if number % 2 else 37.0,
            goal=f"{first_name} vil gerne arbejde.",
            next_step=f"{first_name} taler med {last_name}.",
            created_at=NOW - timedelta(days=60 + number),
            updated_at=NOW - timedelta(days=10 + number),
            shown_to_her_at=NOW - timedelta(days=20 + number),
            counts_from_at=NOW - timedelta(days=20 + number),
            danish_course=list(DanishCourse)[number % 3],
            danish_module=1 + number % 3,
            danish_exam=list(DanishExam)[number % 3],
            transport=[list(Transport)[number % 3].value],
            week={Weekday.MONDAY.value: [list(PartOfDay)[number % 3].value]},
        )
        with transaction():
            line = CardLanguage(
                name=first_name, level=list(LanguageLevel)[number % 3], shown=bool(number % 2)
            )
            db.session.get_one(CompetenceCard, card.id).languages = [line]


def rankings() -> Rankings:
    """Every opening's suggestions counted from nothing, best first, and its near misses."""
    with transaction():
        db.session.execute(sa.delete(Match))
    rematch(municipality("Halsnæs").id, now=lambda: NOW)
    found: Rankings = {}
    best_first = sa.select(Match).order_by(Match.sure.desc(), Match.possible.desc(), Match.card_id)
    for match in db.session.scalars(best_first):
        found.setdefault(match.opening_id, []).append(
            (match.card_id, match.sure, match.possible, match.result)
        )
    for opening in db.session.scalars(sa.select(Opening).order_by(Opening.id)):
        missed = near_cards(opening, opening.municipality_id, on=TODAY)
        found[opening.id].append(tuple((one.card_id, one) for one in missed))
    return found


def swap(table: sa.Table, column: str) -> None:
    """Everybody gets the next one's value."""
    values = _values(table, column)
    if (table.name, column) == (
        "citizens",
        "birth_year",
    ):  # stands where the day is not known, never beside it
        with transaction():
            _put(table, "born_on", dict.fromkeys(values))
            _put(table, column, {one: 1970 + one % 30 for one in values})
        values = _values(table, column)
    assert len({repr(value) for value in values.values()}) > 1, "nothing to swap"
    ids = list(values)
    with transaction():
        if _is_unique(table, column):
            out_of_the_way = {one: None if table.c[column].nullable else f"~{one}" for one in ids}
            _put(table, column, out_of_the_way)
        _put(table, column, dict(zip(ids, [*list(values.values())[1:], values[ids[0]]], strict=True)))
    assert _values(table, column) != values


def _values(table: sa.Table, column: str) -> dict[int, object]:
    wanted = sa.select(table.c.id, table.c[column]).order_by(table.c.id)
    if table is USERS:
        wanted = wanted.where(table.c.role == "citizen")
    return dict(db.session.execute(wanted).all())


def _is_unique(table: sa.Table, column: str) -> bool:
    kept_apart = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    kept_apart += [one for one in table.indexes if one.unique]
    return any(column in one.columns for one in kept_apart) or bool(table.c[column].unique)


def _put(table: sa.Table, column: str, values: dict[int, object]) -> None:
    for one, value in values.items():
        db.session.execute(sa.update(table).where(table.c.id == one).values({column: value}))


@pytest.mark.parametrize(
    ("table", "column"), OF_A_PERSON, ids=[f"{table.name}.{column}" for table, column in OF_A_PERSON]
)
def test_swapping_what_is_stored_about_people_changes_no_ranking(town: None, table: sa.Table, column: str):
    before = rankings()

    swap(table, column)

    assert rankings() == before
    assert len({tuple(row[0] for row in rows[:-1]) for rows in before.values()}) == len(before), (
        "all rank alike"
    )


SITUATION = (
    (Membership, "group_id"),
    (Spell, "kind"),
    (Spell, "hours_per_week"),
    (StepPlacing, "step_id"),
    (Arrival, "arrived_on"),
)


@pytest.fixture
def situations(town: None) -> None:
    """Each of the six in a group of her own, with a period, a step and an arrival that nobody else has."""
    here = municipality().id
    with transaction():
        ladder = WorkLadder(municipality_id=here, name="Match", created_at=NOW)
        ladder.steps = [LadderStep(position=one, name=f"Match {one}") for one in range(1, 7)]
        groups = [
            TargetGroup(municipality_id=here, name=f"Målgruppe {one}", created_at=NOW) for one in range(1, 7)
        ]
        db.session.add_all([ladder, *groups])
        db.session.flush()
        for number, citizen in enumerate(db.session.scalars(sa.select(Citizen).order_by(Citizen.id))):
            hers = {"citizen_id": citizen.id, "recorded_at": NOW}
            since = TODAY - timedelta(days=100 + number)
            db.session.add_all(
                [
                    Membership(
                        group_id=groups[number].id, from_on=since, source=MembershipSource.IMPORT, **hers
                    ),
                    Spell(
                        kind=list(SpellKind)[number],
                        from_on=since,
                        hours_per_week=10 + number,
                        source=SpellSource.IMPORT,
                        **hers,
                    ),
                    StepPlacing(step_id=ladder.steps[number].id, from_on=since, **hers),
                    Arrival(arrived_on=since, **hers),
                ]
            )


@pytest.mark.parametrize(
    ("told", "column"), SITUATION, ids=[f"{one.__name__}.{two}" for one, two in SITUATION]
)
def test_swapping_situations_changes_no_ranking(situations: None, told: Any, column: str):
    """Who is in which group, in work or on which step is nothing that a suggestion may look at."""
    before = rankings()

    swap(told.__table__, column)

    assert rankings() == before


def test_a_suggestion_is_the_same_without_any_situation(situations: None):
    before = rankings()

    with transaction():
        for table in (Membership, Spell, StepPlacing, Arrival):
            db.session.execute(sa.delete(table))

    assert rankings() == before


def test_swapping_what_the_cards_say_does_change_the_rankings(town: None):
    before = rankings()

    swap(CARDS, "hours_max")

    assert rankings() != before


# --- What must not be stored at all -------------------------------------------------------------------------

FORBIDDEN = (
    "sex", "gender", "koen", "kjoen", "pronoun", "title_of_address",
    "cpr", "civil_registration", "age", "birthplace", "birth",
    "nationalit", "citizenship", "statsborger", "origin", "country", "land", "ethnic", "etni", "race", "skin",
    "mother_tongue", "native", "modersmaal", "language", "sprog", "refugee", "flygtning", "asylum", "residence",
    "opholds", "religi", "faith", "tro", "belief", "politic", "union", "sexual",
    "health", "helbred", "diagnos", "disabil", "handicap", "illness", "sygdom", "sick", "pregnan", "medic",
    "benefit", "ydelse", "kontanthjaelp", "shh", "allowance", "income", "debt", "wage",
    "married", "marital", "spouse", "children", "family", "photo", "picture", "portrait", "crime", "straffe",
)  # fmt: skip
"""Beginnings of words that no column's name may hold: what the law calls sensitive, and what tempts to guess it."""


def _words() -> Iterator[tuple[str, str]]:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            for word in re.split(r"[_\W]+", column.name.lower()):
                yield f"{table.name}.{column.name}", word


SOUNDS_LIKE_IT = {
    "citizens.birth_year",
    "citizens.language",
    "mentors.languages",
    "mentors.origin",
    "target_groups.age_from",
    "target_groups.age_until",
    "vitas_sheets.monthly_wage_dkk",
}
"""In which language her own page and papers are printed, as she chose: the swap above shows that no ranking goes by it.
What a mentor speaks, and whether she comes from a firm, the municipality or the corps: a mentor is nobody who is
weighed. Whom a plan speaks of: it proposes members to a consultant.
And what an employer says a place in løntilskud costs, which VITAS asks for."""


def test_no_column_anywhere_can_hold_what_must_not_be_weighed():
    """When she is born is the one exception: age limits of law are checked in the review, after ranking."""
    named = {column for column, word in _words() for stem in FORBIDDEN if word.startswith(stem)}

    assert named == SOUNDS_LIKE_IT


@pytest.mark.parametrize(
    "name", ["sex", "nationality", "religion", "health_note", "benefit_kind", "age_group"]
)
def test_the_list_would_notice(name: str):
    assert any(word.startswith(stem) for word in name.split("_") for stem in FORBIDDEN)


def test_the_day_of_birth_lives_with_the_citizen_and_nowhere_else():
    assert [column for column, word in _words() if word == "born"] == ["citizens.born_on"]
