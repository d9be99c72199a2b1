"""What the search field of the portal finds: a room says it in its `room.py`, the room of search keeps the words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum
from portal.web.permissions import Action


class FindKind(LabelledEnum):
    """In the order of the page of results."""

    CITIZEN = "citizen", _l("Borgere")
    CARD = "card", _l("Kompetencekort")
    EMPLOYER = "employer", _l("Virksomheder")
    PROSPECT = "prospect", _l("Mulige virksomheder")
    OPENING = "opening", _l("Åbninger")
    PLACEMENT = "placement", _l("Forløb")
    WORD = "word", _l("Ord i ordlisten")


@dataclass(frozen=True)
class WordSource:
    """Columns of one table that a record is found by.

    `record` is the column that holds the record's key: the table's own, or of another that `through` leads to.
    """

    model: Any
    record: Any
    names: tuple[Any, ...] = ()
    """Names of people and places, where two words are often written in one."""
    texts: tuple[Any, ...] = ()
    phones: tuple[Any, ...] = ()
    """Telephone numbers, kept as one number without Denmark's code."""
    gone_with: Any = None
    """A column of the table; a row where it is filled is found no more."""
    through: tuple[Any, Any] | None = None
    """The other table, and by what its rows are those of this one."""

    @property
    def columns(self) -> tuple[Any, ...]:
        return (*self.names, *self.texts, *self.phones)


@dataclass(frozen=True)
class SearchHit:
    """A record as the page of results shows it."""

    title: str
    note: str
    """What tells it from others of the same title; may be empty."""
    address: str


@dataclass(frozen=True)
class PeopleThere:
    """Those at a firm, by whose names it is found too: whoever fits is told with it, after Enter."""

    names: Callable[[Any], Sequence[str]]
    loads: tuple[Any, ...] = ()
    """What `names` needs beside the row."""


@dataclass(frozen=True)
class Findable:
    """A kind of record that people search for.

    `seen_by` gives the reader's rows on a day, as the room's own lists do; `shown` says what a row is called.
    """

    kind: FindKind
    action: Action
    """Whoever may not do it finds none."""
    record: Any
    sources: tuple[WordSource, ...]
    seen_by: Callable[[Any, date], sa.Select[Any]]
    shown: Callable[[Any], SearchHit]
    order: tuple[Any, ...]
    """Among those that fit equally well; the record's key comes last."""
    loads: tuple[Any, ...] = ()
    """What `shown` needs beside the row."""
    citizen: Any = None
    """The citizen that a row is about, in SQL: her words go with her. None: about nobody."""
    person: Callable[[Any], int] | None = None
    """The citizen whom the page shows with a row, for her log."""
    people: PeopleThere | None = None
    while_typing: bool = False
    """Whether it is found before somebody has asked by Enter: never what tells of a person."""
