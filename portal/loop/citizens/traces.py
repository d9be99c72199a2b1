"""Words that mean one citizen and no other: what free text is searched for when she is erased.

Mails and files in which she stands go. What is about somebody or something else stays without her (`take_her_out`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.base.database import db
from portal.loop.citizens.models import Citizen


def words_of_hers_alone(citizen: Citizen) -> list[re.Pattern[str]]:
    """Her whole name, phone and case number as people write them; what another citizen has as well is left out.

    A first name alone is nobody's, and no more is one that is all she has: the portal cannot tell whom it means.
    """
    first, last = sa.func.lower(Citizen.first_name), sa.func.lower(Citizen.last_name)
    named = sa.and_(first == citizen.first_name.lower(), last == citizen.last_name.lower())
    found: list[re.Pattern[str]] = []
    if citizen.last_name and not _is_anothers(citizen, named):
        found += [_name(words) for words in _orders(citizen)]
    if citizen.phone and not _is_anothers(citizen, Citizen.phone == citizen.phone):
        found.append(_phone(citizen.phone))
    if not _is_anothers(citizen, Citizen.case_reference == citizen.case_reference):
        found.append(_case(citizen.case_reference))
    return found


def is_named(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    composed = _composed(text)
    return any(pattern.search(composed) for pattern in patterns)


SHORTEST_ALONE: Final = 4
"""Signs of a case number that means a case wherever it stands; a shorter one, "12", is also an hour or a day."""


TAKEN_OUT: Final = "[…]"
"""Stands where she was named. No longer than the shortest name, so that every column holds it."""


def take_her_out(
    citizen: Citizen, columns: Sequence[InstrumentedAttribute[Any]], *, among: sa.ColumnElement[bool]
) -> None:
    """Of texts that are no part of her file, where her own municipality may have named her all the same."""
    words, model = words_of_hers_alone(citizen), columns[0].class_
    texts = sa.select(model.id, *columns).where(among).order_by(model.id)
    found = [
        {"id": key} | {column.key: _without(words, text) for column, text in zip(columns, said, strict=True)}
        for key, *said in db.session.execute(texts).yield_per(1000)
        if any(text and is_named(words, text) for text in said)
    ]
    if found:
        db.session.execute(sa.update(model), found)


def _without(patterns: Iterable[re.Pattern[str]], text: str | None) -> str | None:
    if text is None:
        return None
    said = _composed(text)
    for pattern in patterns:
        said = pattern.sub(TAKEN_OUT, said)
    return said[: len(text)] if len(said) > len(text) else said


def _composed(text: str) -> str:
    """A letter is one sign: some programs write the ring of an å as a sign of its own."""
    return unicodedata.normalize("NFC", text)


def _orders(citizen: Citizen) -> list[tuple[str, str]]:
    first, last = citizen.first_name, citizen.last_name
    orders = [(first, last), (last, first), (f"{last},", first)]
    if called := first.split()[:1]:
        orders.append((called[0], last))
    return orders


def _name(words: tuple[str, str]) -> re.Pattern[str]:
    """Also as a genitive (the right end is open), with an initial in the middle, or with hyphens."""
    parts = [re.escape(part) for word in words for part in re.split(r"[\s-]+", _composed(word).strip())]
    between = r"[\s-]+(?:\w\.?\s+)?"
    return re.compile(rf"(?<!\w){between.join(parts)}", re.IGNORECASE)


def _phone(number: str) -> re.Pattern[str]:
    """With or without the country's code, and however its digits are grouped."""
    digits = re.sub(r"^(?:\+|00)45", "", re.sub(r"[\s./-]", "", number))
    return _number(r"(?:(?:\+|00)45[\s./-]?)?" + r"[\s./-]?".join(map(re.escape, digits)))


def _case(reference: str) -> re.Pattern[str]:
    parts = re.split(r"\s*[/-]\s*", _composed(reference))
    number = r"\s?[/-]\s?".join(map(re.escape, parts))
    is_short = len("".join(parts)) < SHORTEST_ALONE
    return _number(r"sag\w*\.?\s*(?:nr\.?\s*)?" + number if is_short else number)


def _number(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/-]){pattern}(?![\w/-])", re.IGNORECASE)


def _is_anothers(citizen: Citizen, condition: sa.ColumnElement[bool]) -> bool:
    statement = sa.select(Citizen.id).where(condition, Citizen.id != citizen.id).limit(1)
    return db.session.scalar(statement) is not None
