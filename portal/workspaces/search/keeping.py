"""Keeps the table of words: in the transaction that changes a record, its words are written anew.

Statements that pass by the session tell of themselves (a merge), or are followed by `rebuild`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.base.database import db
from portal.base.folding import index_words, phone_key
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.web.finding import Findable, FindKind, WordSource
from portal.web.rooms import rooms
from portal.workspaces.search.models import LONGEST_WORD, SearchWord

_AT_ONCE: Final = 500
"""Records in one statement, for databases take only so many values."""

_INSERT: Final[Mapping[str, Any]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)


def keep_words(session: Session, _context: Any) -> None:
    """After each flush, while what was changed is still told."""
    for findable in rooms().finds:
        found: set[int] = set()
        for source in findable.sources:
            found |= _touched(session, source)
        _write(session, findable, sorted(found))


event.listen(db.session, "after_flush", keep_words)


def rebuild() -> int:
    """Every record's words anew; how many there are."""
    session = db.session()
    session.execute(sa.delete(SearchWord))
    for findable in rooms().finds:
        ids = session.scalars(sa.select(findable.record.id).order_by(findable.record.id)).all()
        _write(session, findable, ids)
    return session.scalar(sa.select(sa.func.count()).select_from(SearchWord)) or 0


def join_words(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Two citizens become one: she who stays is found by her own words, and by one card where each had one.

    The number of the other card and the case number that goes are words of hers too (`merged_citizens`).
    """
    goes = [FindKind.CITIZEN]
    if db.session.scalar(sa.select(sa.exists().where(CompetenceCard.citizen_id == kept_id))):
        goes.append(FindKind.CARD)
    gone = SearchWord.citizen_id == gone_id
    db.session.execute(sa.delete(SearchWord).where(gone, SearchWord.kind.in_(goes)))


def citizens_merged(citizen: Citizen, **_more: Any) -> None:
    """What the one who went had under earlier numbers was moved by statements: it is hers now, and finds her."""
    for findable in rooms().finds:
        if findable.kind is FindKind.CITIZEN:
            _write(db.session(), findable, [citizen.id])


def employers_merged(employer: Employer, *, gone_id: int, **_more: Any) -> None:
    """The one that went is a word of nobody's; the openings of both are found by the one that stays."""
    session = db.session()
    gone = (SearchWord.kind == FindKind.EMPLOYER, SearchWord.record_id == gone_id)
    session.execute(sa.delete(SearchWord).where(*gone))
    openings = session.scalars(sa.select(Opening.id).where(Opening.employer_id == employer.id)).all()
    for findable in rooms().finds:
        if findable.kind is FindKind.EMPLOYER:
            _write(session, findable, [employer.id])
        if findable.kind is FindKind.OPENING:
            _write(session, findable, sorted(openings))


# --- Which records a flush has touched ---------------------------------------------------------------------------


def _touched(session: Session, source: WordSource) -> set[int]:
    """Keys of the records that are found by what was made, changed or deleted."""
    own = source.through is None
    found: set[int] = set()
    changed = [row for row in session.dirty if isinstance(row, source.model) and _says_else(row, source)]
    if not own:  # what is made here is no part of a record yet, and nothing is deleted that one still has
        return _led_to(session, source, [row.id for row in changed])
    for row in (*session.new, *session.deleted, *changed):
        if isinstance(row, source.model):
            key = source.record.key
            found |= {getattr(row, key), *sa.inspect(row).attrs[key].history.deleted}
    return found - {None}


def _says_else(row: Any, source: WordSource) -> bool:
    attributes = sa.inspect(row).attrs
    own = () if source.through else (source.record,)
    watched = (*source.columns, *own, source.gone_with)
    return any(attributes[column.key].history.has_changes() for column in watched if column is not None)


def _led_to(session: Session, source: WordSource, keys: Iterable[int]) -> set[int]:
    wanted = list(keys)
    if not wanted:
        return set()
    return set(
        session.scalars(_rows(source).with_only_columns(source.record).where(source.model.id.in_(wanted)))
    )


# --- Writing them ------------------------------------------------------------------------------------------------


def _write(session: Session, findable: Findable, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        of_them = (SearchWord.kind == findable.kind, SearchWord.record_id.in_(some))
        session.execute(sa.delete(SearchWord).where(*of_them))
        rows = list(_words(session, findable, some))
        if rows:
            insert = _INSERT[session.get_bind().dialect.name]
            # Somebody else may have written the same word of the same record meanwhile.
            session.execute(insert(SearchWord.__table__).on_conflict_do_nothing(), rows)


def _words(session: Session, findable: Findable, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    words: dict[int, set[str]] = defaultdict(set)
    for source in findable.sources:
        rows = _rows(source).with_only_columns(source.record, *source.columns).where(source.record.in_(ids))
        for record_id, *values in session.execute(rows):
            for place, value in enumerate(values):
                text = "" if value is None else str(value)
                if place >= len(source.names) + len(source.texts):
                    text = phone_key(text) or ""
                words[record_id] |= index_words(text, is_name=place < len(source.names))
    owners = _owners(session, findable, list(words))
    for record_id, all_of_it in words.items():
        for word in sorted({one[:LONGEST_WORD] for one in all_of_it}):
            yield {
                "kind": findable.kind,
                "word": word,
                "record_id": record_id,
                "citizen_id": owners.get(record_id),
            }


def _owners(session: Session, findable: Findable, ids: Sequence[int]) -> dict[int, int]:
    if findable.citizen is None:
        return {}
    statement = sa.select(findable.record.id, findable.citizen).where(findable.record.id.in_(ids))
    return {row[0]: row[1] for row in session.execute(statement)}


def _rows(source: WordSource) -> sa.Select[Any]:
    statement = sa.select(source.record).select_from(source.model)
    if source.gone_with is not None:
        statement = statement.where(source.gone_with.is_(None))
    return statement if source.through is None else statement.join(*source.through)
