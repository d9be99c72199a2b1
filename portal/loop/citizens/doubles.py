"""The same person twice: who in the municipality looks like somebody who is about to be written down.

Nobody is refused for it: a consultant is asked, and her answer is kept, so that nobody is asked again. Another
municipality's citizens are never compared: to her they do not exist.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from rapidfuzz.distance import OSA

from portal.base import events
from portal.base.database import db
from portal.base.folding import case_key, name_words, number_key, phone_key
from portal.loop.citizens.models import Citizen, ToldApart
from portal.shared.accounts.models import User
from portal.shared.rules.checks import Born

MOST_SHOWN: Final = 5
_SOUNDS: Final = (
    ("ph", "f"), ("kh", "k"), ("gh", "g"), ("ck", "k"), ("dh", "d"), ("th", "t"), ("sh", "s"), ("sj", "s"),
    ("ts", "s"), ("x", "ks"),
)  # fmt: skip
_LETTERS: Final = str.maketrans("cqzwj", "kksvy")
_FIRST_VOWEL: Final = re.compile("^[eiou]")
_IN_SOMALI: Final = (("kh", "h"), ("x", "h"), ("^c(?=[aeiou])", ""))
"""Letters that Somali writes for sounds which others write h, or not at all: Xasan is Hassan, and Cali is Ali."""
_LONG_WORD: Final = 7
"""Letters from which two may have been written wrong; one in a shorter word."""
_NEW_YEAR: Final = (1, 1)
"""The birthday of whoever does not know her own."""
_SAID_OF_A_CASE: Final = ("", "sag", "sagsnr", "sagsnummer", "jnr", "journalnr", "nr")


@dataclass(frozen=True)
class Described:
    """A person as somebody just wrote her."""

    first_name: str
    last_name: str
    born: Born | None = None
    phone: str | None = None
    case_reference: str = ""

    def is_as(self, other: "Described") -> bool:
        """Whether both say the same of what is compared, however it is spelled; no phone is no phone."""
        return self._compared() == other._compared()

    @cached_property
    def name_key(self) -> str:
        """Folded once: a file compares each of its people with many."""
        return " ".join(name_words(self.first_name, self.last_name))

    def _compared(self) -> tuple[Any, ...]:
        return self.name_key, self.born, phone_key(self.phone), number_key(self.case_reference)


@dataclass(frozen=True)
class Lookalike:
    """Somebody who is there already, and in what she is like the one described."""

    citizen_id: int
    first_name: str
    last_name: str
    card_number: str | None
    reasons: tuple[str, ...]

    @property
    def called(self) -> str:
        """As little as it takes to know her: "K-1012, Amina W."."""
        initial = f"{self.last_name[:1]}." if self.last_name else ""
        return ", ".join(filter(None, (self.card_number, f"{self.first_name} {initial}".strip())))


def lookalikes(
    municipality_id: int,
    described: Described,
    *,
    but: int | None = None,
    told: Iterable[int] = (),
    all_of_them: bool = False,
) -> list[Lookalike]:
    """Who may be the same person, the likest first; without herself and, unless `all_of_them` are asked for, without
    those she was told apart from."""
    known = told_apart_from(but) if but is not None and not all_of_them else ()
    apart = {*told, *known}
    rows = [row for row in _candidates(municipality_id, described, but) if row.id not in apart]
    return _likest(rows, described)


def _likest(rows: Iterable[Any], described: Described) -> list[Lookalike]:
    found = [
        Lookalike(row.id, row.first_name, row.last_name, row.card_number, reasons)
        for row in rows
        if (reasons := _reasons(described, row))
    ]
    return sorted(found, key=lambda one: (-len(one.reasons), one.citizen_id))[:MOST_SHOWN]


def _candidates(municipality_id: int, described: Described, but: int | None) -> Sequence[Any]:
    ways = [Citizen.name_key == described.name_key]
    if described.born is not None:
        first, last = date(described.born.earliest.year, 1, 1), date(described.born.earliest.year, 12, 31)
        ways += [Citizen.born_on.between(first, last), Citizen.birth_year == first.year]
    if phone := phone_key(described.phone):
        ways.append(Citizen.phone_key == phone)
    if cases := _case_ways(described.case_reference):
        ways.append(sa.func.replace(Citizen.case_key, "/", "").in_(sorted(cases)))
    statement = _rows_of(municipality_id).where(sa.or_(*ways))
    if but is not None:
        statement = statement.where(Citizen.id != but)
    return db.session.execute(statement).all()


def _rows_of(municipality_id: int) -> sa.Select[Any]:
    cards = events.cards_by_citizen()
    return (
        sa.select(
            Citizen.id,
            Citizen.first_name,
            Citizen.last_name,
            Citizen.born_on,
            Citizen.birth_year,
            Citizen.name_key,
            Citizen.phone_key,
            Citizen.case_key,
            cards.c.number.label("card_number"),
        )
        .outerjoin(cards, cards.c.citizen_id == Citizen.id)
        .where(Citizen.municipality_id == municipality_id)
        .order_by(Citizen.id)
    )


@dataclass(frozen=True)
class _PersonInFile:
    """What is compared of somebody who stands in a file alone; `id` is the line."""

    id: int
    first_name: str
    last_name: str
    born_on: date | None
    birth_year: int | None
    name_key: str
    phone_key: str | None
    case_key: str
    card_number: None = None


class PeopleOnFile:
    """People as they are compared with many at once: nobody to begin with."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, Any], list[Any]] = defaultdict(list)

    @classmethod
    def of(cls, municipality_id: int) -> "PeopleOnFile":
        """A municipality's citizens, read in one statement."""
        people = cls()
        for row in db.session.execute(_rows_of(municipality_id)):
            people._add(row)
        return people

    def add(self, described: Described, *, line: int) -> None:
        """Somebody on a line of the file, who becomes `citizen_id` of the one who is like her."""
        born = described.born
        self._add(
            _PersonInFile(
                line,
                described.first_name,
                described.last_name,
                born.earliest if born and born.is_day else None,
                born.earliest.year if born and not born.is_day else None,
                described.name_key,
                phone_key(described.phone),
                case_key(described.case_reference),
            )
        )

    def _add(self, row: Any) -> None:
        born = _born(row)
        keys = (
            ("name", row.name_key),
            ("phone", row.phone_key),
            ("case", (row.case_key or "").replace("/", "")),
            ("year", born.earliest.year if born else None),
        )
        for kind, key in keys:
            if key:
                self._by[kind, key].append(row)

    def lookalikes(self, described: Described) -> list[Lookalike]:
        """As `doubles.lookalikes`, of somebody who is not among them."""
        keys = (
            ("name", described.name_key),
            ("phone", phone_key(described.phone)),
            *(("case", case) for case in sorted(_case_ways(described.case_reference))),
            ("year", described.born.earliest.year if described.born else None),
        )
        rows = {row.id: row for key in keys for row in self._by.get(key, ())}
        return _likest(rows.values(), described)


def _reasons(described: Described, row: Any) -> tuple[str, ...]:
    """In what the two are alike; empty where it is not enough to ask about."""
    mine, hers = described.name_key.split(), row.name_key.split()
    born = _born_alike(described.born, row)
    same_phone = bool(row.phone_key) and phone_key(described.phone) == row.phone_key
    same_case = (row.case_key or "").replace("/", "") in _case_ways(described.case_reference)
    same_name = mine == hers or "".join(mine) == "".join(hers)
    part = set(mine) <= set(hers) or set(hers) <= set(mine)
    sounds = (bool(born) or same_phone) and (
        _sound_alike(mine, hers) or (_days_known(described.born, row) and _written_wrong(mine, hers))
    )
    enough = (
        same_case
        or (same_name and (born is not False or same_phone or _nearly_born_alike(described.born, row)))
        or (bool(born) and (part or sounds))
        or (same_phone and born is not False)
    )
    if not enough:
        return ()
    said = (
        (same_name, _("samme navn")),
        (not same_name and part, _("en del af navnet er den samme")),
        (not same_name and not part and sounds, _("navnet lyder ens")),
        (bool(born), _("født samme dag") if _days_known(described.born, row) else _("født samme år")),
        (same_phone, _("samme telefon")),
        (same_case, _("sagsnummeret ligner")),
    )
    return tuple(words for holds, words in said if holds)


def _born_alike(born: Born | None, row: Any) -> bool | None:
    """Whether the births can be one; None where one of them is not known."""
    hers = _born(row)
    if born is None or hers is None:
        return None
    return born.earliest <= hers.latest and hers.earliest <= born.latest


def _nearly_born_alike(born: Born | None, row: Any) -> bool:
    """A day that was written wrong lies most often in the same year, and a year that was keeps the day."""
    hers = _born(row)
    if born is None or hers is None:
        return False
    days = [(one.earliest.month, one.earliest.day) for one in (born, hers)]
    same_day = _days_known(born, row) and days[0] == days[1] != _NEW_YEAR
    return born.earliest.year == hers.earliest.year or same_day


def _days_known(born: Born | None, row: Any) -> bool:
    return born is not None and born.is_day and row.born_on is not None


def _born(row: Any) -> Born | None:
    if row.born_on is not None:
        return Born.on(row.born_on)
    return None if row.birth_year is None else Born.in_year(row.birth_year)


def _case_ways(case_reference: str) -> set[str]:
    """A case number without signs, as others may write it: with what is said of it, and with the whole year."""
    key = number_key(case_reference)
    if not key:
        return set()
    said = sorted(_SAID_OF_A_CASE, key=len, reverse=True)
    bare = key.removeprefix(next(words for words in said if key.startswith(words))) or key
    ways = {bare}
    if re.match(r"\D*20\d\d\D", case_reference):
        ways.add(bare.removeprefix("20"))
    elif re.match(r"\D*\d\d\D", case_reference):
        ways.add(f"20{bare}")
    return {words + way for words in said for way in ways}


def _sound_alike(mine: Sequence[str], hers: Sequence[str]) -> bool:
    """Whether the words of two names sound alike, also where some were written in Somali letters."""
    left = list(hers)
    for word in mine:
        alike = next((other for other in left if _sounds(word) & _sounds(other)), None)
        if alike is None:
            return False
        left.remove(alike)
    return not left


def _written_wrong(mine: Sequence[str], hers: Sequence[str]) -> bool:
    """Whether two names differ by a letter or two in one word, or in where their words are apart."""
    if sorted("".join(mine)) == sorted("".join(hers)):
        return True
    one, other = [word for word in mine if word not in hers], [word for word in hers if word not in mine]
    if len(one) != 1 or len(other) != 1 or len(mine) != len(hers):
        return False
    shorter = min(len(one[0]), len(other[0]))
    return shorter > 2 and OSA.distance(one[0], other[0]) <= (2 if shorter >= _LONG_WORD else 1)


@lru_cache(maxsize=20_000)
def _sounds(word: str) -> frozenset[str]:
    """As it sounds in most letters and in Somali ones."""
    in_somali = word
    for letters, letter in _IN_SOMALI:
        in_somali = re.sub(letters, letter, in_somali)
    return frozenset({_sound(word), _sound(in_somali)})


def _sound(word: str) -> str:
    """A word as it sounds to those who write other letters: Mohamed, Muhammad and Mohammed are one.

    A hint and no more: it counts only beside a birth.
    """
    for letters, letter in _SOUNDS:
        word = word.replace(letters, letter)
    word = _FIRST_VOWEL.sub("a", word)
    consonants = re.sub(r"(?<!^)[aeiouyh]", "", word.translate(_LETTERS))
    return re.sub(r"(.)\1+", r"\1", consonants)


def known_by(municipality_id: int | None, typed: str) -> int | None:
    """Whose case number or card number that is, of the municipality."""
    cards = events.cards_by_citizen()
    statement = (
        sa.select(Citizen.id)
        .outerjoin(cards, cards.c.citizen_id == Citizen.id)
        .where(
            Citizen.municipality_id == municipality_id,
            sa.or_(
                Citizen.case_key == case_key(typed),
                cards.c.number == f"K-{number_key(typed).removeprefix('k')}",
            ),
        )
        .order_by((Citizen.case_key == case_key(typed)).desc(), Citizen.id)
    )
    return db.session.scalars(statement).first()


def told_apart_from(citizen_id: int) -> set[int]:
    """Who somebody said is another person than she."""
    rows = db.session.execute(
        sa.select(ToldApart.citizen_id, ToldApart.other_id).where(
            sa.or_(ToldApart.citizen_id == citizen_id, ToldApart.other_id == citizen_id)
        )
    )
    return {other for row in rows for other in row} - {citizen_id}


def tell_apart(citizen: Citizen, others: Iterable[int], *, by: User | None, at: datetime) -> None:
    """Keep that she is another than these, with who said so: nobody is asked again."""
    for other in sorted(set(others) - told_apart_from(citizen.id) - {citizen.id}):
        first, second = sorted((citizen.id, other))
        db.session.add(
            ToldApart(
                citizen_id=first, other_id=second, told_at=at, told_by_id=by.id if by is not None else None
            )
        )
    db.session.flush()
