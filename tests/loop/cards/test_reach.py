"""Where a card can be used: the boundaries of what counts as held, and the order of the titles."""

from dataclasses import replace

import pytest

from portal.loop.cards.reach import Standing, TitleReached, UsualTask, UsualTitle, reaches
from portal.matching import Card, CardSkill

WASHING, CUTTING, COOKING, LIFTING = 1, 2, 3, 4

KITCHEN = UsualTitle(
    10,
    "køkkenmedhjælper",
    "koekken",
    (UsualTask(WASHING, "opvask", 2), UsualTask(CUTTING, "snitte grønt", 2)),
)

NOBODY = Card(
    id=1, version=1, industries=None, hours_min=None, hours_max=None, place=None, range_km=None,
    danish_speaking=None, danish_reading=None, shifts_yes=frozenset(), shifts_no=frozenset(), skills=(),
)  # fmt: skip


def card(*skills: tuple[int, int], **values) -> Card:
    held = tuple(
        CardSkill(f"skill {concept}", concept, level, "own", None, None) for concept, level in skills
    )
    return replace(NOBODY, skills=held, **values)


def reach(one: Card, title: UsualTitle = KITCHEN, related=None) -> TitleReached:
    return reaches(one, [title], related or {})[0]


@pytest.mark.parametrize(
    ("level", "standing"),
    [
        (None, Standing.NOT_MENTIONED),
        (0, Standing.NOT_TRIED),
        (1, Standing.LEVEL_SHORT),
        (2, Standing.HELD),
        (4, Standing.HELD),
    ],
)
def test_a_task_is_held_at_its_usual_level(level, standing):
    one = card((WASHING, level)) if level is not None else card((LIFTING, 3))

    [washing, _cutting] = reach(one).tasks

    assert (washing.standing, washing.asked_level) == (standing, 2)
    assert washing.level == (level or None)


def test_the_best_that_was_said_of_a_task_counts():
    assert [task.name for task in reach(card((WASHING, 0), (WASHING, 1), (WASHING, 3))).held] == ["opvask"]


def test_a_related_skill_is_worth_something_but_is_not_the_task():
    found = reach(card((COOKING, 4)), related={(CUTTING, COOKING): 0.5})

    assert found.value == pytest.approx(0.25)
    assert [task.standing for task in found.tasks] == [Standing.NOT_MENTIONED, Standing.NOT_MENTIONED]
    assert not found.is_reached


def test_the_value_is_the_matchers_share_of_the_tasks():
    assert reach(card((WASHING, 2), (CUTTING, 2))).value == 1
    assert reach(card((WASHING, 2))).value == 0.5
    assert reach(card((WASHING, 1))).value == pytest.approx(0.75 / 2)


@pytest.mark.parametrize(
    "person",
    [
        {},
        {"industries": frozenset({"pleje"})},
        {"danish_speaking": 0, "danish_reading": 0},
        {"hours_max": 5.0},
        {"place": (55.9, 12.0), "range_km": 1.0},
        {"shifts_no": frozenset({"evening", "night", "weekend", "early_morning"})},
    ],
)
def test_nothing_but_tasks_and_levels_moves_a_title(person):
    assert reach(card((WASHING, 2), **person)) == reach(card((WASHING, 2)))


def test_the_best_reached_title_stands_first_and_none_is_too_good():
    chef = UsualTitle(11, "kok", "koekken", (UsualTask(COOKING, "lave mad", 4),))
    porter = UsualTitle(12, "portør", "pleje", (UsualTask(LIFTING, "løft", 2), UsualTask(WASHING, "vask", 2)))
    found = reaches(card((WASHING, 2), (COOKING, 4)), [KITCHEN, porter, chef], {})

    assert [one.title for one in found] == ["kok", "køkkenmedhjælper", "portør"]


def test_of_two_titles_reached_alike_the_one_with_more_tasks_stands_first_then_by_name():
    small = UsualTitle(13, "afrydder", "koekken", (UsualTask(WASHING, "opvask", 2),))
    other = UsualTitle(14, "opvasker", "koekken", small.tasks)
    found = reaches(card((WASHING, 2), (CUTTING, 2)), [other, small, KITCHEN], {})

    assert [one.title for one in found] == ["køkkenmedhjælper", "afrydder", "opvasker"]


def test_a_title_without_tasks_says_nothing_and_an_empty_card_reaches_none():
    assert reaches(card((WASHING, 2)), [UsualTitle(15, "fritidsjobber", "faelles", ())], {}) == []
    assert [(one.value, one.is_reached) for one in reaches(NOBODY, [KITCHEN], {})] == [(0, False)]


def test_what_is_missing_is_named_by_what_the_card_says():
    found = reach(card((WASHING, 1), (CUTTING, 0)))

    assert [task.name for task in found.level_short] == ["opvask"]
    assert [(task.name, task.standing) for task in found.missing] == [("snitte grønt", Standing.NOT_TRIED)]
