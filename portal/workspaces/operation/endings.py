"""Consents, yeses and accesses that ended, as hashes in the journal: a restored backup does not open them again.

What ends is never held up by the journal: one that cannot be written is the operator's trouble (`flask doctor`), and
she who takes her consent back is not to wait for it. Source: docs/adr/021-journal-and-backup.md
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import InstrumentedAttribute

from portal.api.tokens import services as tokens
from portal.api.tokens.models import ApiToken
from portal.base.database import db
from portal.base.journal import (
    ENDED,
    RESUMED,
    ROW,
    Contents,
    Journal,
    JournalLine,
    JournalUnfit,
    JournalUnwritable,
    mark_of,
    secrets_of,
)
from portal.base.keys import KeyPurpose, Keyring
from portal.loop.citizens import entries
from portal.loop.employers import people
from portal.loop.employers.models import ContactPerson
from portal.loop.reviews import services as reviews
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User
from portal.workspaces.consents import services as consents
from portal.workspaces.consents.models import Consent
from portal.workspaces.home import services as desk
from portal.workspaces.home.models import CalendarAddress


@dataclass(frozen=True)
class Openness:
    """Rows that open something to somebody: since when, whether still, and what ends it."""

    model: type[Any]
    since: InstrumentedAttribute[Any]
    is_open: sa.ColumnElement[bool]
    end: Callable[..., None]


KINDS: Final = {
    one.model.__tablename__: one
    for one in (
        Openness(Consent, Consent.answered_at, Consent.answer == Answer.YES, consents.withdraw_consent),
        Openness(
            Review,
            Review.citizen_answered_at,
            Review.citizen_answer == Answer.YES,
            reviews.withdraw_as_citizen,
        ),
        Openness(ContactPerson, ContactPerson.added_at, sa.true(), people.remove_contact),
        Openness(User, User.created_at, User.disabled_at.is_(None), accounts.close_account),
        Openness(ApiToken, ApiToken.made_at, ApiToken.ended_at.is_(None), tokens.end_token),
        Openness(CalendarAddress, CalendarAddress.made_at, sa.true(), desk.close_calendar_address),
    )
}


def note_ending(row: Any, *, at: datetime, kind: str = ENDED, **_more: Any) -> None:
    """Write in the journal that it ends, before it does; once."""
    journal: Journal = current_app.config["JOURNAL"]
    try:
        contents = journal.read() if journal.exists() else None
        if _is_ended(row, contents, journal.keys) == (kind == ENDED):
            return
        key = journal.keys.signing(KeyPurpose.JOURNAL)
        line = JournalLine(0, kind, at, row.__tablename__, {ROW: _row_mark(row, key.secret)}, key.generation)
        entries.note_position(journal.append(line, known=entries.known_position()), at=at)
    except (JournalUnfit, JournalUnwritable) as problem:
        current_app.logger.warning("the journal took no ending: %s", type(problem).__name__)


def _is_ended(row: Any, contents: Contents | None, keys: Keyring) -> bool:
    return contents is not None and _is_among(row, _ended(contents), _secrets(contents, keys))


note_resuming = partial(note_ending, kind=RESUMED)


def open_again(contents: Contents, keys: Keyring) -> Iterator[Any]:
    """What ended and is open all the same: a backup brought it back. One kind after the other. Raises KeyUnknown."""
    ended, secrets = _ended(contents), _secrets(contents, keys)
    for kind in KINDS.values() if ended else ():
        rows = db.session.scalars(sa.select(kind.model).where(kind.is_open).order_by(kind.model.id))
        yield from [row for row in rows if _is_among(row, ended, secrets)]


def end_again(contents: Contents, keys: Keyring, *, at: datetime) -> int:
    """After a restore. Returns how many."""
    count = 0
    # a contact person's account ends with her, and is not among the next
    for row in open_again(contents, keys):
        KINDS[row.__tablename__].end(row, by=None, at=at)
        db.session.flush()
        count += 1
    return count


def _ended(contents: Contents) -> set[str]:
    """The marks of which that was said last: an account that was closed may have been opened again."""
    said = {line.marks[ROW]: line.kind for line in contents.lines if line.kind in (ENDED, RESUMED)}
    return {mark for mark, last in said.items() if last == ENDED}


def _secrets(contents: Contents, keys: Keyring) -> list[str]:
    return secrets_of((line for line in contents.lines if line.kind in (ENDED, RESUMED)), keys)


def _is_among(row: Any, marks: Collection[str], secrets: Iterable[str]) -> bool:
    return any(_row_mark(row, secret) in marks for secret in secrets)


def _row_mark(row: Any, secret: str) -> str:
    since: datetime = getattr(row, KINDS[row.__tablename__].since.key)
    return mark_of(row.__tablename__, row.id, since, secret)
