"""Bring the citizens' catalogues into line with the source, and take in what a reviewer has read.

    python -m tools.catalogues                                 after a phrase was added, changed or removed
    python -m tools.catalogues ar review.csv --on 2026-12-01   a list from the page Oversættelser with names filled in

Fuzzy matching is off: a text that only resembles another is left empty, which a test finds, and never guessed.
What no code asks for any more is kept at the end of its file as obsolete ("#~") and comes back when it is asked for.
"""

import argparse
import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from portal.base import catalogues, clock
from portal.base.terms import Language
from portal.shared.skills.phrases import INTERFACE
from portal.shared.skills.translations import BETWEEN_FORMS, FOLDER, PHRASES, REVIEWED, digest, rows_of


def template() -> Catalog:
    """Every phrase as the source has it."""
    found = Catalog()
    for phrase in INTERFACE:
        found.add(phrase.forms if phrase.plural else phrase.danish, context=phrase.kind)
    return found


def update(language: str) -> None:
    """The catalogue with the source's phrases in the source's order; what is new is empty."""
    catalogue, source = catalogues.read(language), template()
    for key, message in list(catalogue.obsolete.items()):
        if source.get(message.id, context=message.context):
            catalogue[message.id] = catalogue.obsolete.pop(key)
    catalogue.update(source, no_fuzzy_matching=True)
    write(catalogue, catalogues.path_of(language))


def write(catalogue: Catalog, file: Path) -> None:
    """Under the header the file already has: without dates and line numbers a change shows what it changed."""
    header = file.read_text(encoding="utf-8").partition("\n\n")[0]
    body = BytesIO()
    write_po(body, catalogue, width=None, no_location=True, omit_header=True)
    file.write_text(f"{header}\n\n{body.getvalue().decode().strip()}\n", encoding="utf-8")


def take_review(language: Language, rows: Iterable[Sequence[str]], *, on: date) -> int:
    """Write the texts as the reviewer left them, and her name by each; how many.

    `rows` are kind, key, Danish, text and name, as in the file the page hands out; those without a name are left out.
    Raises KeyError for a phrase that is none, and ValueError for a text that lacks a plural form.
    """
    catalogue = catalogues.read(language.value)
    vocabulary = {(row["kind"], row["key"]): row for row in rows_of(FOLDER / f"{language.value}.csv")}
    reviews = {(row["language"], row["kind"], row["key"]): row for row in rows_of(REVIEWED)}
    read = [(kind, key, text.strip(), by.strip()) for kind, key, _danish, text, by in rows if by.strip()]
    for kind, key, text, by in read:
        if (kind, key) in vocabulary:
            vocabulary[kind, key] |= {"text": text, "reviewed_by": by}
            continue
        phrase = PHRASES[kind, key]
        forms = tuple(form.strip() for form in text.split(BETWEEN_FORMS))
        if len(forms) != (catalogue.num_plurals if phrase.plural else 1):
            raise ValueError(f"{language.value}, {kind}, {key}: {len(forms)} forms")
        message = catalogue.get(phrase.danish, context=kind)
        message.string = forms if phrase.plural else text
        reviews[language.value, kind, key] = {
            "language": language.value,
            "kind": kind,
            "key": key,
            "digest": digest(phrase.forms, forms),
            "reviewed_by": by,
            "reviewed_on": on.isoformat(),
        }
    write(catalogue, catalogues.path_of(language.value))
    _write_rows(FOLDER / f"{language.value}.csv", vocabulary.values())
    _write_rows(REVIEWED, (reviews[name] for name in sorted(reviews)))
    return len(read)


def _write_rows(file: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Under the heading the file already has."""
    with file.open(encoding="utf-8") as lines:
        heading = lines.readline().strip().split(",")
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, heading, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("language", nargs="?", type=Language)
    parser.add_argument("review", nargs="?", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, default=clock.today(), help="the day it was read")
    asked = parser.parse_args(arguments)
    if asked.review is None:
        for language in [asked.language] if asked.language else Language:
            update(language.value)
        return
    with asked.review.open(encoding="utf-8-sig", newline="") as lines:
        _heading, *rows = csv.reader(lines, delimiter=";")
    print(f"{take_review(asked.language, rows, on=asked.on)} texts reviewed")


if __name__ == "__main__":
    main()
