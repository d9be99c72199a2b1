"""Speed and size of printed cards: one, and forty in one file, in Danish and beside each language.

    python bench/print.py [--json FILE] [--write]

Prints the median of several runs after a first, cold one; `--write` puts the figures into docs/benchmarks.md. The cards
are full ones: fourteen skills, the week, her own words, and with a language thirty words on the back. No two are
alike in name, goal and skills, in one file or between runs: the typesetter remembers what it has set before.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count, islice
from pathlib import Path

from flask import Flask
from flask_babel import Babel

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.report import BENCHMARKS, machine, version, write_section
from portal.base.terms import Language
from portal.loop.cards.paper import CardOnPaper, render_cards
from tests.support.sample_card import sample_card, second

RUNS = 5
MANY = 40
SKILLS = 14
BAR_FOR_MANY = 2.0
"""Seconds for forty bilingual cards."""


def measured(
    make: Callable[[list[CardOnPaper]], bytes], cards: Iterator[CardOnPaper], many: int
) -> dict[str, float]:
    """Seconds of the first run and the median of the next ones, and kilobytes."""
    taken = []
    for _ in range(RUNS + 1):
        chosen = list(islice(cards, many))
        start = time.perf_counter()
        pdf = make(chosen)
        taken.append(time.perf_counter() - start)
    return {
        "first_s": round(taken[0], 3),
        "median_s": round(statistics.median(taken[1:]), 3),
        "kb": round(len(pdf) / 1024),
    }


def figures() -> dict[str, dict[str, dict[str, float]]]:
    found = {}
    for language in (None, *Language):
        beside = second(language) if language else None
        printed = partial(render_cards, second=beside)
        cards = different_cards(language)
        found[language.value if language else "da"] = {
            "one": measured(printed, cards, 1),
            "many": measured(printed, cards, MANY),
        }
    return found


def different_cards(language: Language | None) -> Iterator[CardOnPaper]:
    """Without end; the same ones each time."""
    draw = random.Random(str(language))
    whole = sample_card(language, skills=10**6)
    (group,) = whole.groups
    for number in count(1001):
        lines = draw.sample(group.skills, SKILLS)
        yield replace(
            whole,
            first_name=f"Amira {number}",
            number=f"K-{number}",
            goal=f"{whole.goal} {number}",
            groups=(replace(group, skills=tuple(lines)),),
        )


def table(found: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    return [
        "| language | one card, s | first, s | KB | 40 cards, s | KB | within 2 s |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {language} | {one['median_s']} | {one['first_s']} | {one['kb']:.0f} | {many['median_s']} "
            f"| {many['kb']:.0f} | {'yes' if many['median_s'] <= BAR_FOR_MANY else 'NO'} |"
            for language, (one, many) in ((name, (row["one"], row["many"])) for name, row in found.items())
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    asked = parser.parse_args()
    app = Flask(__name__)
    Babel(app, default_locale="da")
    with app.test_request_context():
        found = figures()
    lines = table(found)
    print("\n".join(lines))
    report = {"machine": machine(), "version": version(), "figures": found}
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    if asked.write:
        about = ", ".join(f"{name} {value}" for name, value in report["machine"].items())
        write_section(BENCHMARKS, "print", ["", *lines, "", f"Version {report['version']}; {about}.", ""])


if __name__ == "__main__":
    main()
