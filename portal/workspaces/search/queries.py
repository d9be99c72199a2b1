"""What a search finds: each word is the beginning of a word of the record, and the reader may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.base.database import db
from portal.base.folding import Spellings, any_begins, index_terms
from portal.shared.accounts.models import User
from portal.web.finding import Findable, FindKind, PeopleThere
from portal.workspaces.search.models import LONGEST_WORD, SearchWord

_WORDS_SOUGHT: Final = 8
"""As in every list: nobody types more to find a row."""
_AFTER_ALL: Final = "\U0010ffff"
"""Stands behind every letter: the end of what begins with a word."""


@dataclass(frozen=True)
class FoundRecords:
    """Some of what was found of one kind, and how much there is in all."""

    findable: Findable
    records: Sequence[Any]
    total: int
    who: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """By record, the people there by whose names it was found."""


def found(  # noqa: PLR0913
    findable: Findable,
    words: str,
    *,
    reader: User,
    on: date,
    limit: int,
    offset: int = 0,
    with_people: bool = True,
) -> FoundRecords:
    """Those that hold each word whole come first, then those where some only begin so."""
    terms = [_cut(term) for term in index_terms(words)[:_WORDS_SOUGHT]]
    if not terms or not reader.may(findable.action):
        return FoundRecords(findable, [], 0)
    statement = _page(findable, terms, reader, on, slice(offset, offset + limit))
    people = findable.people if with_people else None
    rows = db.session.execute(statement.options(*people.loads) if people else statement).all()
    records = [row[0] for row in rows]
    who = {one.id: _who_fits(findable, one, people, terms) for one in records} if people else {}
    return FoundRecords(findable, records, rows[0].total if rows else 0, who)


def _who_fits(
    findable: Findable, record: Any, people: PeopleThere, terms: Sequence[Spellings]
) -> Sequence[str]:
    """Whose names say why the record was found, where its own does not."""
    title = findable.shown(record).title
    beside = [term for term in terms if not any_begins(title, [term])]
    return [name for name in people.names(record) if any_begins(name, beside)]


def _page(
    findable: Findable, terms: Sequence[Spellings], reader: User, on: date, part: slice
) -> sa.Select[Any]:
    """What is shown is read of those alone that are shown: what is sorted and counted is keys."""
    hits, record = _hits(findable.kind, terms), findable.record
    seen = findable.seen_by(reader, on).order_by(None).with_only_columns(record.id.label("key"))
    order = (hits.c.whole.desc(), *findable.order, record.id)
    keys = (
        seen.join(hits, hits.c.record_id == record.id)
        .add_columns(
            sa.func.count().over().label("total"), sa.func.row_number().over(order_by=order).label("place")
        )
        .order_by("place")
        .slice(part.start, part.stop)
        .subquery("keys")
    )
    shown = sa.select(record, keys.c.total).join(keys, keys.c.key == record.id)
    return shown.options(*findable.loads).order_by(keys.c.place)


def _cut(term: Spellings) -> Spellings:
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in term))


def _hits(kind: FindKind, terms: Sequence[Spellings]) -> sa.Subquery:
    """`record_id` of what holds every term, and how many of them are a `whole` word of it.

    The longest term says which records are looked at: then the words of those alone are read.
    """
    word, record_id = SearchWord.word, SearchWord.record_id
    whole: Any = sum((_any_of(word.in_(term)) for term in terms[1:]), start=_any_of(word.in_(terms[0])))
    statement = sa.select(record_id, whole.label("whole")).where(SearchWord.kind == kind)
    if len(terms) == 1:
        statement = statement.where(_begins(terms[0]))
    else:
        longest = max(terms, key=lambda term: min(len(one) for one in term))
        held = (_any_of(_begins(term)) == 1 for term in terms)
        statement = statement.where(record_id.in_(_holding(kind, longest))).having(sa.and_(*held))
    return statement.group_by(record_id).subquery("hits")


def _holding(kind: FindKind, term: Spellings) -> Any:
    """A range of the index for each way to read the term."""
    other = aliased(SearchWord)
    ways = (
        sa.select(other.record_id).where(other.kind == kind, other.word >= one, other.word < one + _AFTER_ALL)
        for one in _shortest(term)
    )
    return sa.union_all(*ways)


def _begins(term: Spellings) -> sa.ColumnElement[bool]:
    word = SearchWord.word
    return sa.or_(*(sa.and_(word >= one, word < one + _AFTER_ALL) for one in _shortest(term)))


def _shortest(term: Spellings) -> list[str]:
    """Without those that begin with another: they are found by it."""
    return [one for one in term if not any(one != other and one.startswith(other) for other in term)]


def _any_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.max(sa.case((condition, 1), else_=0))
