"""What a text may be made of: one line or several, and only signs that a reader can see for what they are."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, object_mapper

from portal.base.errors import DomainError

SHORTEST_OF_SEVERAL_LINES: Final = 300
"""Characters: a column for less holds one line. `test_one_line.py` holds the forms to it."""

_BREAKS: Final = "\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_RUN_OF_BREAKS: Final = re.compile(rf" *[{_BREAKS}][ {_BREAKS}]*")
_UNUSUAL_BREAK: Final = re.compile("[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # breaks, and what turns the direction of the words after it
    "\ufff9-\ufffb\ud800-\udfff]"
)
_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_HARD_BLANK: Final = re.compile("[\u00a0\u2007\u202f\u3000]")
_DOT_OF_AN_ADDRESS: Final = re.compile(r"(?<=\w)[.\u3002](?=[^\W\d]{2,})")
_COPIED_ADDRESS: Final = re.compile(r"(?:[^<>@]*<)?(?:mailto:)?([^<>\s;,]+?)>?[;,.]?", re.IGNORECASE)
_OF_ADDRESSES: Final = frozenset(".:/@\u3002")
_UNSEEN_AT_A_DOT: Final = re.compile(
    "[\u00ad\u200b-\u200f\u2060\ufeff]*([.:/@\u3002])[\u00ad\u200b-\u200f\u2060\ufeff]*"
)


class NotOneLine(DomainError):
    """A text that only a program can have sent: every form and every import makes one line of it."""

    message = _l(
        "En tekst indeholder et linjeskift eller et tegn, som ikke kan gemmes. Skriv den igen på én linje."
    )


def one_line(text: str) -> str:
    """Breaks of every kind as one space, as a browser's own field for a line has it."""
    return _RUN_OF_BREAKS.sub(" ", text)


def plain_lines(text: str) -> str:
    """Several lines, broken in the usual way alone: word processors have others."""
    return _UNUSUAL_BREAK.sub("\n", text)


def without_unseen(text: str) -> str:
    """Without marks that only a word processor sees, and with one kind of blank; joiners belong to the spelling."""
    return _UNSEEN.sub("", _HARD_BLANK.sub(" ", text))


def is_forbidden(text: str) -> bool:
    """Whether it holds a sign that nobody can see, and that makes a reader see something else."""
    return _FORBIDDEN.search(text) is not None


def visible(text: str) -> str:
    """Without such signs."""
    return _FORBIDDEN.sub("", text)


def inert(value: object) -> object:
    """Somebody's words inside a sentence of ours, in a mail: one line, and nothing that becomes a link there."""
    if not isinstance(value, str):
        return value
    return _DOT_OF_AN_ADDRESS.sub(". ", _as_a_machine_reads(one_line(value)).replace("://", ": //"))


def _as_a_machine_reads(text: str) -> str:
    """Dots and strokes that only look otherwise as what they are, and none that nobody sees between them."""
    return _UNSEEN_AT_A_DOT.sub(r"\1", "".join(map(_sign_read, text)))


def _sign_read(sign: str) -> str:
    folded = unicodedata.normalize("NFKC", sign)
    return folded if folded in _OF_ADDRESSES else sign


def mail_address(text: str) -> str | None:
    """The address as mail servers read it, so that one inbox is one address here; None when it is none.

    As it is copied from a mail or a page it may have a name before it, or "mailto:". A name before the @ in letters
    that most servers refuse is none; a domain may have any.
    """
    copied = _COPIED_ADDRESS.fullmatch(without_unseen(text).strip())
    address = copied[1] if copied else text.strip()
    try:
        return str(validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized)
    except EmailNotValidError:
        return None


def wire_address(address: str) -> str:
    """The same for a header of a mail, where a domain with letters of its own has another spelling."""
    name, at, domain = address.rpartition("@")
    try:
        return name + at + (domain if domain.isascii() else domain.encode("idna").decode())
    except UnicodeError:
        return address


def refuse_broken_lines(session: Session, *_flush: Any) -> None:
    """The last guard, for whatever wrote it: raises NotOneLine before a column for one line is given anything else.

    What stood there before there was a guard hinders nobody in changing the rest of the row.
    """
    for record in session.new:
        _check(record, _one_line_keys(record))
    for record in session.dirty:
        changed = sa.inspect(record).committed_state
        _check(record, [key for key in _one_line_keys(record) if key in changed])


def _check(record: object, keys: Iterable[str]) -> None:
    for key in keys:
        value = record.__dict__.get(key)
        if isinstance(value, str) and (is_forbidden(value) or one_line(value) != value):
            raise NotOneLine


_keys: dict[type, tuple[str, ...]] = {}


def _one_line_keys(record: object) -> tuple[str, ...]:
    keys = _keys.get(type(record))
    if keys is None:
        columns = object_mapper(record).column_attrs
        keys = tuple(one.key for one in columns if holds_one_line(one.columns[0]))
        _keys[type(record)] = keys
    return keys


def holds_one_line(column: Any) -> bool:
    kind = column.type
    if not isinstance(kind, sa.String) or isinstance(kind, sa.Text | sa.Enum):
        return False
    return kind.length is not None and kind.length < SHORTEST_OF_SEVERAL_LINES
