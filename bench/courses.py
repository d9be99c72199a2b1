"""Speed of counting what courses would lift: a municipality's courses, and every skill that no course teaches.

    python bench/courses.py [--citizens N] [--openings M] [--courses K] [--seed S] [--checked PAIRS]

The seeded world of `matching_speed.py` with its hard conditions and related skills. A course teaches three skills of
a trade at level 3; each concept that an opening asks for and no course teaches is tried by itself at level 4.
Warm: texts understood, code compiled. Baseline: the same pairs one by one with `portal.matching`, a sample in a loop,
extrapolated; those pairs must agree.

Bar: 10,000 x 2,000 in under 10 s.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.matching_speed import (  # noqa: E402
    CONCEPTS,
    TRADES,
    World,
    cards_of,
    openings_of,
    peak_mb,
    seconds,
    understood,
)
from portal import matching  # noqa: E402
from portal.batch.lifting import Lift, lifts  # noqa: E402
from portal.matching import Card, CardSkill, Kind, Opening  # noqa: E402

BAR = 60.0
TAUGHT = 3


def courses_of(world: World, number: int, chance: random.Random) -> list[list[CardSkill]]:
    """Each teaches some of the most asked skills of one trade."""
    return [
        [
            learnt(world, course % len(TRADES) * CONCEPTS + concept, 3)
            for concept in chance.sample(range(CONCEPTS // 4), TAUGHT)
        ]
        for course in range(number)
    ]


def learnt(world: World, concept: int, level: int) -> CardSkill:
    return CardSkill(world.labels[concept][0], concept, level, "course", "2026-11-30", None)


def untaught(
    world: World, openings: Sequence[Opening], courses: list[list[CardSkill]]
) -> list[list[CardSkill]]:
    taught = {skill.concept for course in courses for skill in course}
    asked = {
        task.concept for opening in openings for task in opening.tasks if task.kind is not Kind.LEARN
    } - {None}
    return [[learnt(world, concept, 4)] for concept in sorted(asked - taught) if concept is not None]


def one_by_one(
    world: World, sides: tuple[list[Opening], list[Card]], helps: list[list[CardSkill]], found: list[Lift],
    pairs: int, chance: random.Random,
) -> tuple[float, int]:  # fmt: skip
    """Seconds a pair and help, and how many of the sample the count has otherwise."""
    openings, cards = sides
    wrong, start = 0, time.perf_counter()
    for _ in range(pairs):
        which = chance.randrange(len(helps))
        card, opening = chance.choice(cards), chance.choice(openings)
        more = replace(card, skills=(*card.skills, *helps[which]))
        now, then = (matching.score(opening, one, world.related) for one in (card, more))
        lifted = not now.excluded and (now.sure or 0) < BAR <= (then.sure or 0)
        wrong += lifted and not (card.id in found[which].cards and opening.id in found[which].openings)
    return (time.perf_counter() - start) / pairs, wrong


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--citizens", type=int, default=10_000)
    asked.add_argument("--openings", type=int, default=2_000)
    asked.add_argument("--courses", type=int, default=40)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--checked", type=int, default=20_000)
    asked.add_argument("--no-filters", dest="filters", action="store_false")
    given = asked.parse_args()
    given.related, given.data = True, None
    world, chance = World(given), random.Random(given.seed)
    lexicon = world.lexicon()
    cards = cards_of(world, understood(lexicon, world.citizens.text))
    openings = openings_of(world, understood(lexicon, world.openings.text))
    courses = courses_of(world, given.courses, chance)
    helps = [*courses, *untaught(world, openings, courses)]
    lifts(openings[:10], cards[:10], helps[:2], BAR, world.related)  # compiles
    found: list[Lift] = []
    spent = seconds(lambda: found.extend(lifts(openings, cards, helps, BAR, world.related)))
    each, wrong = one_by_one(world, (openings, cards), helps, found, given.checked, chance)
    tried = len(cards) * len(openings) * len(helps)
    print(
        f"{len(cards):,} cards x {len(openings):,} openings, "
        f"{len(courses)} courses and {len(helps) - len(courses)} skills"
    )
    print(f"counted in {spent:.2f} s, {peak_mb()} MB at most")
    print(
        f"one by one: {each * tried / 3600:,.0f} hours (extrapolated from {given.checked:,} pairs); {wrong} differ"
    )
    best = max(range(len(courses)), key=lambda which: len(found[which].cards))
    print(f"best course: {len(found[best].cards)} people for {len(found[best].openings)} openings")


if __name__ == "__main__":
    main()
