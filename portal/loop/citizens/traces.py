"""Words that mean one citizen and no other: what free text is searched for when she is erased."""

import re
import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa

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
        parts = re.split(r"\s*[/-]\s*", _composed(citizen.case_reference))
        found.append(_number(r"\s?[/-]\s?".join(map(re.escape, parts))))
    return found


def is_named(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    composed = _composed(text)
    return any(pattern.search(composed) for pattern in patterns)


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


def _number(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/-]){pattern}(?![\w/-])", re.IGNORECASE)


def _is_anothers(citizen: Citizen, condition: sa.ColumnElement[bool]) -> bool:
    statement = sa.select(Citizen.id).where(condition, Citizen.id != citizen.id).limit(1)
    return db.session.scalar(statement) is not None
