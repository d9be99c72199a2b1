"""What has happened with a citizen, in one dated list: a room says in its `room.py` which lines are its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum
from portal.web.permissions import Action


class LineKind(LabelledEnum):
    """What somebody filters by."""

    NOTE = "note", _l("Noter")
    TALK = "talk", _l("Samtaler")
    CARD = "card", _l("Kompetencekort")
    SUGGESTION = "suggestion", _l("Forslag")
    PLACEMENT = "placement", _l("Forløb")
    COHORT = "cohort", _l("Hold")
    COURSE = "course", _l("Kurser")
    MENTOR = "mentor", _l("Mentorer")


@dataclass(frozen=True)
class Chapter:
    """The lines of one room: statements made by `happened`, which one statement reads together.

    `said` has the sentence for each thing that can happen; what it is about stands for `%(title)s`.
    """

    kind: LineKind
    lines: Callable[[int], Sequence[sa.Select[Any]]]
    """Of a citizen, by her id."""
    said: Mapping[str, LazyString]
    address: Callable[[int], str]
    """The page of the record, by its key."""
    action: Action
    """Who may open that page: nobody else is told what stands there."""


def happened(what: str | Any, on: Any, record_id: Any, title: Any = "") -> sa.Select[Any]:
    """Rows of something that happened on a day; nothing of those that have no day.

    `what` is one of the chapter's things, or an expression that gives one for each row.
    """
    thing, words = (sa.literal(said) if isinstance(said, str) else said for said in (what, title))
    return sa.select(
        sa.type_coerce(on, sa.Date).label("on_day"),
        thing.label("what"),
        record_id.label("record_id"),
        sa.type_coerce(words, sa.String).label("title"),
    ).where(on.is_not(None))
