"""What goals count of cards. The rule of when a card counts is tried in test_showing.py."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.base.terms import Measure
from portal.shared.skills.models import Skill
from tests.factories import make_card, make_citizen
from tests.support.groups import make_group, make_member
from tests.support.questions import EVENING, FIRST, NIGHT, counted, near

MADE = danish_midnight(FIRST) - timedelta(days=90)


# S2: "Minimum 25 kompetenceafklaringsforløb med udarbejdelse af kompetencekortet"
@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (danish_midnight(FIRST) - timedelta(minutes=1), 0),
        (danish_midnight(FIRST), 1),
        (EVENING, 1),
        (NIGHT, 0),
        (None, 0),
    ],
)
def test_a_card_counts_in_the_danish_period_in_which_it_began_to(
    app: Flask, at: datetime | None, counts: int
) -> None:
    make_card(created_at=MADE, counts_from_at=at)
    make_card(
        make_citizen(in_municipality="Fredensborg"), created_at=MADE, counts_from_at=danish_midnight(FIRST)
    )

    assert counted(Measure.CARDS).amount == counts


def test_what_counted_later_was_not_known_then(app: Flask) -> None:
    make_card(created_at=MADE, counts_from_at=EVENING)

    assert counted(Measure.CARDS, known_at=EVENING).amount == 1
    assert counted(Measure.CARDS, known_at=EVENING - timedelta(minutes=1)).amount == 0


def test_a_group_has_its_members_cards(app: Flask) -> None:
    group = make_group()
    hers = make_card(created_at=MADE, counts_from_at=EVENING)
    make_card(created_at=MADE, counts_from_at=EVENING)
    make_member(group, citizen=hers.citizen)

    assert counted(Measure.CARDS, group).amount == 1


def with_skills(number: int, **values: object) -> int:
    """The citizen of a card that does not count yet and holds so many skills with a level, and one without."""
    names = list(db.session.scalars(sa.select(Skill.name).order_by(Skill.id).limit(number + 1)))
    levels = dict.fromkeys(names[:-1], 2) | {names[-1]: 0}
    return make_card(created_at=MADE, skills=levels, counts_from_at=None, **values).citizen_id


def test_what_one_step_is_missing_of_is_named(app: Flask) -> None:
    """Five skills are asked for since 2026 (docs/rules.md#card-counts)."""
    not_shown, one_short = with_skills(5), with_skills(4, shown_to_her_at=MADE)
    with_skills(4)
    with_skills(3, shown_to_her_at=MADE)
    with_skills(5, is_active=False)

    assert near(Measure.CARDS) == [not_shown, one_short]


def test_before_the_rule_nothing_is_missing(app: Flask) -> None:
    with_skills(5)

    assert near(Measure.CARDS, on=FIRST.replace(year=2025)) == []
