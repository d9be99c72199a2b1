"""Tables of openings and cards: one row per rule and border, no app."""

import json
from dataclasses import asdict, fields, replace

import pytest

from portal.matching import (
    STANDARD,
    WEIGHT_RANGES,
    Basis,
    Card,
    CardSkill,
    Kind,
    Line,
    Met,
    Opening,
    Question,
    Suggestion,
    Task,
    TaskVerdict,
    WeightOutOfRange,
    Weights,
    near_misses,
    rank,
    score,
)

MUST, NICE, LEARN = Kind.MUST, Kind.NICE, Kind.LEARN
HERE = (55.97, 12.02)
KM_NORTH = 1 / 111.195  # degrees of latitude


def task(concept, kind=MUST, level=2, *, id=None, text=None, confidence=1.0) -> Task:
    return Task(concept if id is None else id, text or f"opgave {concept}", concept, kind, level, confidence)


def opening(*tasks, **changes) -> Opening:
    plain = Opening(1, 3, "koekken", tasks, 20, HERE, 0, 0, frozenset())
    return replace(plain, **changes)


def skill(
    concept, level=2, *, text=None, source="own", seen_on=None, seen_at=None, confidence=1.0
) -> CardSkill:
    return CardSkill(text or f"evne {concept}", concept, level, source, seen_on, seen_at, confidence)


def card(*skills, **changes) -> Card:
    plain = Card(
        7, 5, frozenset({"koekken"}), 10, 30, HERE, 10, 4, 4, frozenset(), frozenset(), skills
    )  # fmt: skip
    return replace(plain, **changes)


def only_line(one: Opening, other: Card, related=None) -> Line:
    (line,) = score(one, other, related or {}).lines
    return line


# --- Tasks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "held", "value"),
    [(1, 1, 1), (2, 4, 1), (2, 1, 0.75), (3, 1, 0.5), (4, 1, 0.25), (4, 4, 1), (4, 3, 0.75)],
)
def test_each_level_short_costs_a_quarter(asked, held, value):
    line = only_line(opening(task(1, level=asked)), card(skill(1, held)))

    assert (line.verdict, line.value, line.asked_level, line.level) == (TaskVerdict.HAS, value, asked, held)


def test_what_the_card_does_not_mention_is_unknown_not_missing():
    suggestion = score(opening(task(1)), card(skill(2)))

    assert [line.verdict for line in suggestion.lines] == [TaskVerdict.UNKNOWN]
    assert (suggestion.sure, suggestion.possible) == (0, 100)
    assert suggestion.missing == ()
    assert suggestion.unknown == suggestion.lines


def test_what_the_card_denies_is_missing():
    suggestion = score(opening(task(1)), card(skill(1, 0, text="har ikke prøvet")))

    assert suggestion.missing == suggestion.lines
    assert (suggestion.sure, suggestion.possible) == (0, 0)
    assert suggestion.lines[0].card_text == "har ikke prøvet"


def test_evidence_beats_an_earlier_denial():
    line = only_line(opening(task(1)), card(skill(1, 0), skill(1, 2, source="employer")))

    assert (line.verdict, line.value, line.source) == (TaskVerdict.HAS, 1, "employer")


def test_an_unsure_concept_counts_for_as_much_as_it_is_sure():
    assert only_line(opening(task(1)), card(skill(1, 2, confidence=0.95))).value == 0.95


def test_evidence_worth_the_same_is_quoted_from_who_saw_it_last():
    said = skill(1, 2)
    seen = skill(1, 2, source="employer", seen_on="2024-03-01", seen_at="Plejehjemmet Solgården")
    seen_later = replace(seen, seen_on="2024-09-01")

    line = only_line(opening(task(1)), card(seen_later, said, seen))

    assert (line.source, line.seen_on, line.seen_at) == ("employer", "2024-09-01", "Plejehjemmet Solgården")


@pytest.mark.parametrize(("likeness", "value"), [(0.3, 0.3), (0.5, 0.5), (0.9, 0.5), (0, 0)])
def test_a_related_skill_counts_half_at_most_and_leaves_the_task_unknown(likeness, value):
    suggestion = score(opening(task(1, NICE)), card(skill(2)), {(1, 2): likeness})

    assert (suggestion.lines[0].verdict, suggestion.lines[0].value) == (TaskVerdict.UNKNOWN, value)
    assert (suggestion.sure, suggestion.possible) == (100 * value, 100)


def test_a_relation_holds_in_the_direction_given():
    assert only_line(opening(task(2, NICE)), card(skill(1)), {(1, 2): 0.5}).value == 0


@pytest.mark.parametrize(
    ("asked", "held", "value"),
    [
        ("gulvvask", "gulvvask", 1),
        ("vask af gulve", "gulve af vask", 1),
        ("RENGØRING", "rengoering", 1),
        ("abcdefghij", "abcdefxxxx", 0.60),  # exactly on the border
        ("abcdefghijk", "abcdefxxxxx", 0),  # 6 of 11
        ("gulvvask", "bagning", 0),
        ("", "", 0),
    ],
)
def test_free_text_without_a_concept_counts_by_likeness_from_sixty(asked, held, value):
    line = only_line(opening(replace(task(None, id=1), text=asked)), card(replace(skill(None), text=held)))

    assert line.value == value
    assert line.basis is (Basis.TEXT if value else None)


def test_texts_are_not_compared_when_both_sides_have_a_concept():
    assert only_line(opening(task(1, text="vask")), card(skill(2, text="vask"))).value == 0


def test_a_concept_on_one_side_only_falls_back_on_the_text():
    assert only_line(opening(task(1, text="vask")), card(skill(None, text="Vask"))).verdict is TaskVerdict.HAS
    assert only_line(opening(task(None, id=1, text="vask")), card(skill(1, text="Vask"))).value == 1


def test_a_denial_in_similar_words_denies_nothing():
    line = only_line(
        opening(task(None, id=1, text="vask af gulve")), card(skill(None, 0, text="vask af gulvet"))
    )

    assert line.verdict is TaskVerdict.UNKNOWN


def test_a_denial_lowers_possible_but_never_what_similar_words_gave():
    asked, similar = opening(task(None, id=1, text="vask af gulve")), skill(None, text="vask af gulvet")
    before, after = (
        score(asked, card(similar, *more)) for more in ((), (skill(None, 0, text="vask af gulve"),))
    )

    assert (before.sure, before.possible) == (pytest.approx(96.2963), 100)
    assert (after.lines[0].verdict, after.sure, after.possible) == (
        TaskVerdict.LACKS,
        before.sure,
        before.sure,
    )


# --- Guesses ------------------------------------------------------------------------------------------------


def unsure_task(*guesses, kind=NICE, text="vask") -> Task:
    return Task(1, text, None, kind, 2, guesses=guesses)


def unsure(*guesses, text="vask af det hele", level=2) -> CardSkill:
    return replace(skill(None, level, text=text), guesses=guesses)


@pytest.mark.parametrize(
    ("asked", "said", "value"),
    [
        (task(1, NICE), unsure((1, 0.04)), 0.5),  # 0.9 * 30 * .04 / (.96 + 30 * .04)
        (task(1, NICE), unsure((1, 0.5), (2, 0.2)), 0.8710),
        (task(1, NICE), unsure((2, 0.9)), 0),
        (task(1, NICE), unsure((1, 0.0)), 0),
        (task(1, NICE), unsure((1, 1.0)), 0.9),
        (unsure_task((1, 0.2)), skill(1), 0.7941),
        (unsure_task((1, 0.2)), unsure((1, 0.2)), 0.5),  # .2 * .2 = .04
        (unsure_task((1, 0.1), (2, 0.1)), unsure((1, 0.1), (2, 0.1)), 0.5),  # torn between the same: .04
        (unsure_task((1, 0.5), (2, 0.5)), unsure((1, 0.5), (2, 0.5)), 0.9),
        (unsure_task((1, 0.6), (2, 0.4)), unsure((3, 1.0)), 0),
    ],
)
def test_a_shared_guess_counts_for_how_likely_it_is_where_the_rest_fits(asked, said, value):
    line = only_line(opening(asked), card(said))

    assert line.value == pytest.approx(value, abs=1e-4)
    assert line.verdict is TaskVerdict.UNKNOWN
    assert line.basis is (Basis.GUESS if value else None)


def test_a_guess_costs_levels_and_never_denies():
    assert only_line(opening(task(1, level=4)), card(unsure((1, 1.0), level=2))).value == 0.45
    denied = only_line(opening(task(1)), card(unsure((1, 0.9), level=0)))

    assert (denied.verdict, denied.value) == (TaskVerdict.UNKNOWN, 0)


def test_the_line_says_which_meaning_both_may_have():
    line = only_line(
        opening(unsure_task((1, 0.2), (2, 0.3), (3, 0.5))), card(unsure((2, 0.4), (1, 0.5), (4, 0.1)))
    )

    assert (line.concept, line.card_concept, line.card_text) == (None, 2, "vask af det hele")


def test_the_line_says_what_task_and_evidence_were_understood_as():
    same = only_line(opening(task(1)), card(skill(1)))
    related = only_line(opening(task(1)), card(skill(2)), {(1, 2): 0.5})
    nothing = only_line(opening(task(1)), card(skill(3)))

    assert [(one.concept, one.card_concept) for one in (same, related, nothing)] == [
        (1, 1),
        (1, 2),
        (1, None),
    ]


def test_the_same_words_settle_a_task_whatever_they_may_mean():
    line = only_line(opening(unsure_task((1, 0.4))), card(unsure((2, 0.3), text="VASK")))

    assert (line.verdict, line.basis, line.value) == (TaskVerdict.HAS, Basis.TEXT, 1)


def test_similar_words_count_only_where_one_side_has_no_guess():
    alike = unsure((2, 0.3), text="vaske")

    assert only_line(opening(unsure_task((1, 0.4))), card(alike)).value == 0
    assert only_line(opening(unsure_task((1, 0.4))), card(replace(alike, guesses=()))).basis is Basis.TEXT


def test_what_was_understood_is_not_guessed_about():
    assert only_line(opening(task(1)), card(replace(skill(2), guesses=((1, 0.9),)))).value == 0


@pytest.mark.parametrize(
    ("chance", "counts", "kept"),
    [(0.5, 0.871, 1), (0.0625, 0.6, 1), (0.0322, 0.45, 0.875), (0.0055, 0.128, 0.607), (0, 0, 0.5)],
)
def test_a_must_that_is_guessed_costs_as_much_as_it_is_doubted(chance, counts, kept):
    suggestion = score(opening(task(1)), card(unsure((1, chance))))

    assert suggestion.sure == pytest.approx(100 * counts * kept, abs=0.1)


# --- Scores -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tasks", "skills", "sure", "possible"),
    [
        ([(1, MUST)], [(1, 2)], 100, 100),
        ([(1, MUST), (2, NICE)], [(1, 2)], 75, 100),
        ([(1, MUST), (2, NICE)], [(2, 2)], 12.5, 100),  # 1/4, halved: the must is not known
        ([(1, MUST), (2, MUST)], [(1, 2)], 25, 100),
        ([(1, MUST), (2, MUST)], [(1, 2), (2, 0)], 25, 25),
        ([(1, MUST), (2, MUST), (3, NICE)], [(3, 2)], 3.5714, 100),  # two musts: a quarter of 1/7
        ([(1, NICE), (2, NICE)], [(1, 2), (2, 0)], 50, 50),  # a wish never halves
        ([(1, MUST), (2, LEARN)], [(1, 2)], 100, 100),
        ([(1, MUST), (2, LEARN)], [(1, 2), (2, 0)], 100, 100),
    ],
)
def test_scores_by_hand(tasks, skills, sure, possible):
    suggestion = score(opening(*(task(*one) for one in tasks)), card(*(skill(*one) for one in skills)))

    assert (suggestion.sure, suggestion.possible) == (sure, possible)


@pytest.mark.parametrize(("confidence", "sure"), [(0.60, 60), (0.45, 45 * 0.875), (0.01, 0.5083)])
def test_a_must_is_held_from_sixty_and_costs_its_doubt_below(confidence, sure):
    assert score(opening(task(1)), card(skill(1, confidence=confidence))).sure == pytest.approx(
        sure, abs=1e-3
    )


def test_an_unsure_task_weighs_less():
    suggestion = score(opening(task(1, NICE), task(2, NICE, confidence=0.5)), card(skill(1)))

    assert suggestion.sure == pytest.approx(100 / 1.5, abs=1e-4)


@pytest.mark.parametrize(
    ("tasks", "skills"),
    [([], [1]), ([(1, LEARN)], [1]), ([(1, MUST)], []), ([], []), ([(1, MUST, 2, 0.0)], [1])],
)
def test_too_little_told_gives_no_figure(tasks, skills):
    asked = [replace(task(one[0], one[1]), confidence=one[3] if len(one) > 2 else 1.0) for one in tasks]

    suggestion = score(opening(*asked), card(*(skill(one) for one in skills)))

    assert (suggestion.sure, suggestion.possible) == (None, None)


def test_what_the_placement_teaches_is_listed_unless_mastered():
    asked = opening(task(1), task(2, LEARN), task(3, LEARN), task(4, LEARN, 3))

    suggestion = score(asked, card(skill(1), skill(2), skill(3, 0), skill(4, 1)))

    assert [line.task_id for line in suggestion.teaches] == [3, 4]
    assert suggestion.missing == ()


def test_a_task_listed_twice_counts_once():
    twice = opening(task(1), task(1, id=9), task(2, NICE))

    assert score(twice, card(skill(1))) == score(opening(task(1), task(2, NICE)), card(skill(1)))


# --- Weights ------------------------------------------------------------------------------------------------


def test_a_must_outweighs_two_wishes_and_learning_weighs_nothing():
    assert STANDARD.of(MUST) > 2 * STANDARD.of(NICE)
    assert STANDARD.of(LEARN) == 0


@pytest.mark.parametrize(
    ("change", "sure"),
    [
        ({}, 12.5),  # of 4, the wish; halved: two levels short of the must
        ({"must": 1}, 25),  # of 2
        ({"nice": 0}, 0),
        ({"gate": 1}, 25),
        ({"gate": 0}, 0),
    ],
)
def test_other_weights_give_another_score(change, sure):
    asked, known = opening(task(1), task(2, NICE)), card(skill(2))

    assert score(asked, known, weights=Weights(**change)).sure == sure


@pytest.mark.parametrize(
    ("change", "sure"),
    [
        ({}, 50),
        ({"level_step": 0.2}, 60),
        ({"level_step": 1}, 0),
        ({"must_held_at": 1}, 50),  # a level short is not a must missing
    ],
)
def test_what_a_level_costs_is_a_weight(change, sure):
    assert score(opening(task(1, level=3)), card(skill(1, 1)), weights=Weights(**change)).sure == sure


@pytest.mark.parametrize(
    ("change", "sure"),
    [
        ({"must_held_at": 0.5}, 50),
        ({"must_held_at": 0.8}, 50 * (0.5 + 0.5 * 0.5 / 0.8)),
        ({"must_held_at": 1}, 50 * 0.75),
        ({"must_held_at": 1, "gate": 0}, 25),
        ({"must_held_at": 0, "gate": 0}, 50),
        ({"must_held_at": 1, "gate": 1}, 50),
    ],
)
def test_how_sure_a_must_has_to_be_is_a_weight(change, sure):
    assert score(opening(task(1)), card(skill(2)), {(1, 2): 1}, Weights(**change)).sure == sure


def test_what_a_relation_and_what_likeness_is_worth_are_weights():
    wish, alike = opening(task(1, NICE)), opening(task(None, NICE, id=1, text="abcdefghij"))

    assert score(wish, card(skill(2)), {(1, 2): 1}, Weights(related_at_most=0.9)).sure == 90
    assert score(alike, card(skill(2, text="abcdefxxxx")), weights=Weights(text_at_least=0.61)).sure == 0


def test_ranking_and_near_misses_use_the_weights_too():
    asked, known = opening(task(1), task(2, NICE)), card(skill(2))
    equal = Weights(must=1, gate=1)

    assert rank([asked], [known], weights=equal).by_opening[1][0].sure == 50
    assert near_misses(replace(asked, industry="pleje"), [known], weights=equal)[0].sure == 50


@pytest.mark.parametrize("name", WEIGHT_RANGES)
def test_a_weight_keeps_inside_its_range(name):
    lowest, highest = WEIGHT_RANGES[name]

    assert getattr(Weights(**{name: lowest}), name) == lowest
    assert getattr(Weights(**{name: highest}), name) == highest
    for outside in (lowest - 0.001, highest + 0.001, float("nan")):
        with pytest.raises(WeightOutOfRange) as refused:
            Weights(**{name: outside})
        assert refused.value.name == name


def test_every_weight_has_a_range_and_a_stored_set_comes_back_equal():
    chosen = Weights(must=2, gate=0.25)

    assert {field.name for field in fields(Weights)} == set(WEIGHT_RANGES)
    assert Weights(**json.loads(json.dumps(asdict(chosen)))) == chosen


# --- Hard conditions ----------------------------------------------------------------------------------------

DEMANDING = {"danish_speaking": 2, "danish_reading": 1, "shifts": frozenset({"evening"})}


@pytest.mark.parametrize(
    ("name", "on_opening", "on_card", "met"),
    [
        ("industry", {}, {"industries": frozenset({"pleje", "koekken"})}, Met.MET),
        ("industry", {}, {"industries": frozenset({"pleje"})}, Met.NOT_MET),
        ("industry", {}, {"industries": None}, Met.NOT_KNOWN),
        ("industry", {}, {"industries": frozenset()}, Met.NOT_KNOWN),
        ("distance", {"place": (HERE[0] + 9.99 * KM_NORTH, HERE[1])}, {}, Met.MET),
        ("distance", {"place": (HERE[0] + 10.1 * KM_NORTH, HERE[1])}, {}, Met.NOT_MET),
        ("distance", {}, {"range_km": 0}, Met.MET),
        ("distance", {"place": None}, {}, Met.NOT_KNOWN),
        ("distance", {}, {"place": None}, Met.NOT_KNOWN),
        ("distance", {}, {"range_km": None}, Met.NOT_KNOWN),
        ("hours", {"hours_per_week": 10}, {}, Met.MET),
        ("hours", {"hours_per_week": 30}, {}, Met.MET),
        ("hours", {"hours_per_week": 9.5}, {}, Met.NOT_MET),
        ("hours", {"hours_per_week": 30.5}, {}, Met.NOT_MET),
        ("hours", {"hours_per_week": 9.5}, {"hours_min": None}, Met.MET),
        ("hours", {"hours_per_week": 37}, {"hours_max": None}, Met.MET),
        ("hours", {"hours_per_week": 37}, {"hours_min": None}, Met.NOT_MET),
        ("hours", {}, {"hours_min": None, "hours_max": None}, Met.NOT_KNOWN),
        ("danish_speaking", DEMANDING, {"danish_speaking": 2}, Met.MET),
        ("danish_speaking", DEMANDING, {"danish_speaking": 1}, Met.NOT_MET),
        ("danish_speaking", DEMANDING, {"danish_speaking": None}, Met.NOT_KNOWN),
        ("danish_reading", DEMANDING, {"danish_reading": 1}, Met.MET),
        ("danish_reading", DEMANDING, {"danish_reading": 0}, Met.NOT_MET),
        ("danish_reading", DEMANDING, {"danish_reading": None}, Met.NOT_KNOWN),
        ("shift_evening", DEMANDING, {"shifts_yes": frozenset({"evening"})}, Met.MET),
        ("shift_evening", DEMANDING, {"shifts_no": frozenset({"evening"})}, Met.NOT_MET),
        ("shift_evening", DEMANDING, {"shifts_yes": frozenset({"night"})}, Met.NOT_KNOWN),
        (
            "shift_evening",
            DEMANDING,
            {"shifts_yes": frozenset({"evening"}), "shifts_no": frozenset({"evening"})},
            Met.NOT_MET,
        ),
    ],
)
def test_hard_conditions(name, on_opening, on_card, met):
    suggestion = score(opening(task(1), **on_opening), card(skill(1), **on_card))

    (condition,) = [one for one in suggestion.conditions if one.name == name]
    assert condition.met is met
    assert (suggestion.sure, suggestion.possible) == (100, 100)
    assert suggestion.excluded == (met is Met.NOT_MET or (met is Met.MET and suggestion.excluded))


def test_what_is_not_demanded_is_no_condition():
    names = [condition.name for condition in score(opening(task(1)), card(skill(1))).conditions]

    assert names == ["industry", "distance", "hours"]


def test_a_condition_shows_its_numbers():
    far = opening(task(1), place=(HERE[0] + 20 * KM_NORTH, HERE[1]), danish_speaking=3)

    details = {one.name: one.detail for one in score(far, card(skill(1), danish_speaking=2)).conditions}

    assert details["distance"] == {"km": 20.0, "range_km": 10}
    assert details["hours"] == {"asked": 20, "min": 10, "max": 30}
    assert details["danish_speaking"] == {"asked": 3, "offered": 2}


# --- The question -------------------------------------------------------------------------------------------


def test_an_unknown_condition_is_asked_first():
    suggestion = score(opening(task(1), task(2)), card(skill(1), range_km=None))

    assert suggestion.question == Question("condition", "distance", "", 25, 0)


def test_the_heaviest_unknown_task_is_asked_and_the_answers_foretold():
    asked = opening(task(1, NICE), task(2, NICE, text="dække bord"), task(3, text="opvask"), task(4, LEARN))
    known = card(skill(1))

    question = score(asked, known).question

    assert question == Question(
        "task",
        "3",
        "opvask",
        score(asked, replace(known, skills=(*known.skills, skill(3)))).sure,
        score(asked, replace(known, skills=(*known.skills, skill(3, 0)))).possible,
    )


def test_nothing_is_asked_when_nothing_is_unknown_or_no_answer_would_help():
    assert score(opening(task(1), task(2, LEARN)), card(skill(1))).question is None
    assert score(opening(task(1)), card(skill(2), industries=frozenset({"pleje"}))).question is None


# --- Ranking ------------------------------------------------------------------------------------------------


def test_ranks_by_sure_then_possible_then_id():
    cards = [
        replace(card(skill(1)), id=5),
        replace(card(skill(1), skill(2)), id=9),
        replace(card(skill(1), skill(2, 0)), id=2),
        replace(card(skill(1)), id=4),
        replace(card(skill(3)), id=1),
    ]

    ranking = rank([opening(task(1), task(2, NICE))], cards)

    assert [one.card_id for one in ranking.by_opening[1]] == [9, 4, 5, 2, 1]
    assert {number: [one.sure for one in row] for number, row in ranking.by_card.items()} == {
        1: [0], 2: [75], 4: [75], 5: [75], 9: [100],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("weight", "order"),
    [(0, [9, 5, 3, 4, 6]), (0.03, [9, 5, 3, 4, 6]), (0.05, [9, 5, 6, 3, 4])],
)
def test_a_wish_settles_ties_and_moves_up_by_as_much_as_a_leader_lets_it(weight, order):
    cards = [
        replace(card(skill(1), skill(2)), id=9),
        replace(card(skill(1)), id=3),
        replace(card(skill(1)), id=4, wished_industries=frozenset({"pleje"})),
        replace(card(skill(1)), id=5, wished=frozenset({2})),
        replace(card(skill(1, confidence=0.95)), id=6, wished_industries=frozenset({"koekken"})),
    ]
    asked = opening(task(1), task(2, NICE))

    listed = rank([asked], cards, weights=Weights(wish=weight)).by_opening[1]

    assert [one.card_id for one in listed] == order
    assert {one.card_id: one.sure for one in listed} == {9: 100, 3: 75, 4: 75, 5: 75, 6: 71.25}
    assert {one.card_id for one in listed if one.wished} == {5, 6}


def test_the_excluded_and_the_untold_are_left_out_but_have_their_place():
    ranking = rank(
        [opening(task(1))],
        [card(skill(1), industries=frozenset({"pleje"})), replace(card(), id=8)],
    )

    assert ranking.by_opening == {1: ()}
    assert ranking.by_card == {7: (), 8: ()}


def test_ranking_nothing_gives_nothing():
    assert rank([], []).by_opening == {}
    assert rank([opening(task(1))], []).by_opening == {1: ()}


def test_near_misses_break_exactly_one_condition():
    far = {"range_km": 0.0, "place": (56.5, 12.0)}
    cards = [
        replace(card(skill(1)), id=1),
        replace(card(skill(1, 1), **far), id=2),
        replace(card(skill(1), **far), id=3),
        replace(card(skill(1), **far, industries=frozenset({"pleje"})), id=4),
        replace(card(**far), id=5),
    ]

    assert [one.card_id for one in near_misses(opening(task(1)), cards, 5)] == [3, 2]
    assert [one.card_id for one in near_misses(opening(task(1)), cards, 1)] == [3]


# --- The record ---------------------------------------------------------------------------------------------


def test_a_suggestion_survives_json():
    asked = opening(task(1), task(None, NICE, id=2, text="bage boller"), task(3, LEARN), **DEMANDING)
    suggestion = score(asked, card(skill(1), skill(None, text="bage brød"), danish_speaking=None))

    assert Suggestion.from_dict(json.loads(json.dumps(suggestion.to_dict()))) == suggestion


def test_a_suggestion_carries_the_versions_of_its_inputs():
    suggestion = score(opening(task(1)), card(skill(1)))

    assert (suggestion.opening_id, suggestion.opening_version) == (1, 3)
    assert (suggestion.card_id, suggestion.card_version) == (7, 5)


def test_no_input_says_who_a_person_is():
    """The closed list: a new field must be argued for here before the matcher can see it."""
    assert {field.name for field in fields(Card)} == {
        "id", "version", "industries", "hours_min", "hours_max", "place", "range_km", "danish_speaking",
        "danish_reading", "shifts_yes", "shifts_no", "skills", "wished", "wished_industries",
    }  # fmt: skip
    assert {field.name for field in fields(CardSkill)} == {
        "text", "concept", "level", "source", "seen_on", "seen_at", "confidence", "guesses",
    }  # fmt: skip
    assert {field.name for field in fields(Opening)} == {
        "id", "version", "industry", "tasks", "hours_per_week", "place", "danish_speaking", "danish_reading",
        "shifts",
    }  # fmt: skip
    assert {field.name for field in fields(Task)} == {
        "id", "text", "concept", "kind", "level", "confidence", "guesses",
    }  # fmt: skip
