"""What must hold for every opening and every card, whatever is in them."""

import unicodedata
from dataclasses import replace
from itertools import combinations, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.matching import (
    Card,
    CardSkill,
    Kind,
    Opening,
    Ranking,
    Suggestion,
    Task,
    TaskVerdict,
    Weights,
    near_misses,
    rank,
    score,
)

WORDS = ["vask af gulve", "gulvvask", "gulv vask", "koge suppe", "lave supper", "Rengøring", "bage brød", ""]
SHIFTS = ["evening", "night", "weekend"]
CLOSE = 1e-3  # scores are rounded to four decimals


def shared_out(drawn: dict[int, int]) -> tuple[tuple[int, float], ...]:
    """Probabilities that are together at most 1, in the order drawn."""
    return tuple((concept, part / max(10, sum(drawn.values()))) for concept, part in drawn.items())


guesses = st.dictionaries(st.integers(1, 5), st.integers(0, 10), max_size=3).map(shared_out)
concepts = st.one_of(st.none(), st.integers(1, 5))
shares = st.sampled_from([1.0, 1.0, 0.95, 0.6, 0.3])
texts = st.sampled_from(WORDS)
places = st.one_of(st.none(), st.sampled_from([(55.9, 12.0), (55.95, 12.1), (56.9, 9.0)]))
danish = st.one_of(st.none(), st.integers(0, 4))
some_shifts = st.frozensets(st.sampled_from(SHIFTS), max_size=2)
relations = st.dictionaries(
    st.tuples(st.integers(1, 5), st.integers(1, 5)).filter(lambda pair: pair[0] != pair[1]),
    st.floats(0, 1),
    max_size=5,
)

weights = st.builds(
    Weights,
    must=st.sampled_from([3.0, 1.0, 0.1]),
    nice=st.sampled_from([1.0, 0.0, 5.0]),
    gate=st.sampled_from([0.5, 0.0, 0.9, 1.0]),
    must_held_at=st.sampled_from([0.6, 0.0, 0.5, 1.0]),
    level_step=st.sampled_from([0.25, 0.0, 0.4, 1.0]),
    related_at_most=st.sampled_from([0.5, 0.0, 0.99]),
    guess_at_most=st.sampled_from([0.9, 0.0, 0.5, 0.99]),
    text_at_least=st.sampled_from([0.6, 0.01, 1.0]),
    wish=st.sampled_from([0.0, 0.05, 0.02]),
)
terms = st.fixed_dictionaries({"related": relations, "weights": st.one_of(st.just(Weights()), weights)})

skills = st.builds(
    CardSkill,
    text=texts,
    concept=concepts,
    level=st.integers(0, 4),
    source=st.sampled_from(["own", "consultant", "consultant_only", "course", "employer"]),
    seen_on=st.sampled_from([None, "2024-01-31", "2024-06-30"]),
    seen_at=st.none(),
    confidence=shares,
    guesses=guesses,
)
tasks = st.builds(
    Task,
    id=st.integers(1, 50),
    text=texts,
    concept=concepts,
    kind=st.sampled_from(Kind),
    level=st.integers(1, 4),
    confidence=shares,
    guesses=guesses,
)
openings = st.builds(
    Opening,
    id=st.integers(1, 99),
    version=st.just(1),
    industry=st.sampled_from(["koekken", "pleje"]),
    tasks=st.lists(tasks, max_size=6, unique_by=lambda task: task.id).map(tuple),
    hours_per_week=st.sampled_from([10, 20, 37]),
    place=places,
    danish_speaking=st.integers(0, 3),
    danish_reading=st.integers(0, 1),
    shifts=some_shifts,
)
cards = st.builds(
    Card,
    id=st.integers(1, 99),
    version=st.just(1),
    industries=st.one_of(st.none(), st.frozensets(st.sampled_from(["koekken", "pleje"]))),
    hours_min=st.one_of(st.none(), st.just(15)),
    hours_max=st.one_of(st.none(), st.just(30)),
    place=places,
    range_km=st.one_of(st.none(), st.sampled_from([5.0, 500.0])),
    danish_speaking=danish,
    danish_reading=danish,
    shifts_yes=some_shifts,
    shifts_no=st.frozensets(st.sampled_from(SHIFTS), max_size=1),
    skills=st.lists(skills, max_size=6).map(tuple),
    wished=st.frozensets(st.integers(1, 5), max_size=2),
    wished_industries=st.frozensets(st.sampled_from(["koekken", "pleje"]), max_size=1),
)


def with_skill(card: Card, *more: CardSkill) -> Card:
    return replace(card, skills=(*card.skills, *more))


def figures(suggestion: Suggestion) -> tuple[object, ...]:
    findings = tuple((line.task_id, line.verdict, line.value) for line in suggestion.lines)
    return suggestion.sure, suggestion.possible, findings


def told(suggestion: Suggestion) -> tuple[float, float]:
    assume(suggestion.sure is not None)
    assert suggestion.sure is not None
    assert suggestion.possible is not None
    return suggestion.sure, suggestion.possible


@given(openings, cards, terms)
def test_sure_is_at_most_possible_and_both_are_shares_of_a_hundred(opening, card, terms):
    sure, possible = told(score(opening, card, **terms))

    assert 0 <= sure <= possible <= 100


@given(openings, cards, skills, terms)
def test_adding_a_skill_never_lowers_sure(opening, card, skill, terms):
    sure, _ = told(score(opening, card, **terms))

    assert told(score(opening, with_skill(card, skill), **terms))[0] >= sure


@given(openings, cards, terms, st.data())
def test_raising_a_known_level_lowers_neither_bound(opening, card, terms, data):
    assume(card.skills)
    place = data.draw(st.integers(0, len(card.skills) - 1))
    skill = card.skills[place]
    raised = replace(skill, level=data.draw(st.integers(skill.level, 4)))
    higher = replace(card, skills=(*card.skills[:place], raised, *card.skills[place + 1 :]))

    sure, possible = told(score(opening, card, **terms))
    sure_then, possible_then = told(score(opening, higher, **terms))

    assert sure_then >= sure
    assert possible_then >= possible


@given(openings, cards, terms, st.data())
def test_more_certainty_lowers_neither_bound(opening, card, terms, data):
    assume(card.skills)
    place = data.draw(st.integers(0, len(card.skills) - 1))
    skill = card.skills[place]
    surer = replace(skill, confidence=data.draw(st.floats(skill.confidence, 1)))
    doubtless = replace(card, skills=(*card.skills[:place], surer, *card.skills[place + 1 :]))

    sure, possible = told(score(opening, card, **terms))
    sure_then, possible_then = told(score(opening, doubtless, **terms))

    assert sure_then >= sure
    assert possible_then >= possible


@given(openings, cards, terms, st.integers(0, 4), shares, st.data())
def test_learning_an_unknown_keeps_both_bounds_inside_the_interval(
    opening, card, terms, level, confidence, data
):
    before = score(opening, card, **terms)
    sure, possible = told(before)
    unknown = [line.task_id for line in before.lines if line.verdict is TaskVerdict.UNKNOWN]
    assume(unknown)
    asked = data.draw(st.sampled_from(unknown))
    (task,) = [task for task in opening.tasks if task.id == asked]

    answer = CardSkill(task.text, task.concept, level, "own", None, None, confidence, task.guesses)
    sure_then, possible_then = told(score(opening, with_skill(card, answer), **terms))

    assert sure <= sure_then <= possible_then <= possible


@given(openings, cards, terms)
def test_the_question_foretells_the_scores_after_either_answer(opening, card, terms):
    opening = replace(opening, place=(55.9, 12.0), danish_speaking=0, danish_reading=0, shifts=frozenset())
    card = replace(
        card,
        industries=frozenset({opening.industry}),
        place=(55.9, 12.0),
        range_km=5.0,
        hours_min=0,
        hours_max=40,
    )
    question = score(opening, card, **terms).question
    assume(card.skills and question is not None)
    (task,) = [task for task in opening.tasks if str(task.id) == question.key]
    assume(task.concept is not None or task.text)

    def answered(level: int) -> tuple[float, float]:
        answer = CardSkill(task.text, task.concept, level, "own", None, None, guesses=task.guesses)
        return told(score(opening, with_skill(card, answer), **terms))

    assert abs(answered(task.level)[0] - question.sure_if_yes) < CLOSE
    assert abs(answered(0)[1] - question.possible_if_no) < CLOSE


@given(openings, cards, terms, st.data())
def test_confirming_what_words_mean_settles_it_and_takes_back_only_the_other_guesses(
    opening, card, terms, data
):
    """The one statement that may lower `sure`: what the words were also taken for is taken back with it."""
    guessed = [place for place, skill in enumerate(card.skills) if skill.concept is None and skill.guesses]
    assume(guessed)
    place = data.draw(st.sampled_from(guessed))
    skill = card.skills[place]
    meant = data.draw(st.sampled_from([concept for concept, _ in skill.guesses]))
    others = (*card.skills[:place], *card.skills[place + 1 :])
    confirmed = with_skill(replace(card, skills=others), replace(skill, concept=meant, guesses=()))

    before, after, without = (
        score(opening, one, **terms) for one in (card, confirmed, replace(card, skills=others))
    )

    for then, now, least in zip(before.lines, after.lines, without.lines, strict=True):
        assert now.value >= least.value
        if now.concept == meant:
            assert now.value >= min(then.value, skill.confidence)
            assert now.verdict is not TaskVerdict.UNKNOWN


def respelled(text: str) -> str:
    plain = text.upper().replace("Æ", "AE").replace("Ø", "OE").replace("Å", "AA")
    return unicodedata.normalize("NFD", plain)


@given(openings, cards, terms)
def test_case_and_spelling_of_danish_letters_change_nothing(opening, card, terms):
    loud = replace(opening, tasks=tuple(replace(task, text=respelled(task.text)) for task in opening.tasks))
    shouted = replace(card, skills=tuple(replace(skill, text=respelled(skill.text)) for skill in card.skills))

    assert figures(score(loud, shouted, **terms)) == figures(score(opening, card, **terms))


@given(openings, cards, terms, st.randoms(use_true_random=False))
def test_order_and_duplicates_change_nothing(opening, card, terms, random):
    tasks = random.sample(opening.tasks, len(opening.tasks))
    repeated = [replace(task, id=task.id + 1000) for task in tasks[:2]]
    held = random.sample(card.skills * 2, 2 * len(card.skills))

    assert score(
        replace(opening, tasks=(*repeated, *tasks)), replace(card, skills=tuple(held)), **terms
    ) == score(opening, card, **terms)


@given(openings, cards, terms)
def test_a_suggestion_is_the_same_from_both_sides_and_alone(opening, card, terms):
    ranking = rank([opening], [card], **terms)

    assert ranking.by_opening[opening.id] == ranking.by_card[card.id]
    alone = score(opening, card, **terms)
    listed = not alone.excluded and alone.sure is not None
    assert ranking.by_opening[opening.id] == ((alone,) if listed else ())


worlds = st.tuples(
    st.lists(openings, max_size=6, unique_by=lambda one: one.id),
    st.lists(cards, max_size=8, unique_by=lambda one: one.id),
)


def by_brute_force(world: tuple[list[Opening], list[Card]], top: int, terms: dict) -> Ranking:
    openings, cards = world
    pairs = [score(opening, card, **terms) for opening, card in product(openings, cards)]
    listed = [one for one in pairs if not one.excluded and one.sure is not None]

    def best(own: str, other: str, number: int) -> tuple[Suggestion, ...]:
        mine = [one for one in listed if getattr(one, own) == number]
        best = sorted(mine, key=lambda one: (-one.sure, -one.possible, getattr(one, other)))[:top]
        return tuple(sorted(best, key=lambda one: (-one.sure - one.lift, -one.possible, not one.wished)))

    return Ranking(
        {opening.id: best("opening_id", "card_id", opening.id) for opening in openings},
        {card.id: best("card_id", "opening_id", card.id) for card in cards},
    )


@settings(max_examples=150, deadline=None)
@given(worlds, st.integers(1, 4), terms)
def test_ranking_equals_scoring_every_pair(world, top, terms):
    assert rank(*world, top=top, **terms) == by_brute_force(world, top, terms)


@settings(deadline=None)
@given(worlds, st.integers(1, 4), terms)
def test_a_wish_changes_no_score_and_nobody_s_place_on_a_list_only_the_order(world, top, terms):
    openings, cards = world
    nothing = frozenset()
    without = [replace(card, wished=nothing, wished_industries=nothing) for card in cards]
    asked, plain = rank(openings, cards, top, **terms), rank(openings, without, top, **terms)

    for wishing, wishless in ((asked.by_opening, plain.by_opening), (asked.by_card, plain.by_card)):
        for number, listed in wishing.items():
            assert {shown(one) for one in listed} == {shown(one) for one in wishless[number]}
            for better, worse in combinations(listed, 2):
                assert better.sure >= worse.sure - 100 * terms["weights"].wish - CLOSE
                if better.sure < worse.sure:
                    assert (better.wished, worse.wished) == (True, False)
                if (better.sure, better.possible) == (worse.sure, worse.possible):
                    assert better.wished or not worse.wished


def shown(one: Suggestion) -> tuple[object, ...]:
    return one.opening_id, one.card_id, one.sure, one.possible, one.excluded


@given(worlds, terms, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(world, terms, random):
    openings, cards = world
    shuffled = random.sample(openings, len(openings)), random.sample(cards, len(cards))

    assert rank(*shuffled, top=3, **terms) == rank(openings, cards, top=3, **terms)


@given(worlds)
def test_a_near_miss_fails_one_condition_and_is_never_ranked(world):
    openings, cards = world
    for opening in openings:
        near = {one.card_id for one in near_misses(opening, cards, 20)}

        assert not near & {one.card_id for one in rank([opening], cards).by_opening[opening.id]}


@given(openings, cards, terms)
def test_a_suggestion_survives_being_stored(opening, card, terms):
    suggestion = score(opening, card, **terms)

    assert Suggestion.from_dict(suggestion.to_dict()) == suggestion
