"""Lines of what was refused: sign-ins, codes, links, forms and pages that were not somebody's to see.

They say who, when signed in, whose account, when there is one, and as keyed hashes where it came from and what name was
typed: equal ones can be told, and nothing can be read. Whoever knocks a million times must not fill the disk: of each
kind and origin the first few of an hour have a line each, then the tenth, the hundredth ...; and so has each kind.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from portal.base.database import db
from portal.base.keys import KeyPurpose, Keyring, derived
from portal.shared.audit.services import Actor, AuditLine, refusal_line

FIRST_FEW: Final = 5
FIRST_FEW_OF_ALL: Final = 200
"""Of one kind in an hour, from wherever: a workplace's Monday has far fewer."""
WINDOW: Final = timedelta(hours=1)
MOST_ORIGINS: Final = 10_000
"""That are remembered at once; the longest unheard is forgotten first."""

HASH_LENGTH: Final = 12
LONGEST_PURPOSE: Final = 120


@dataclass(frozen=True)
class Refusal:
    """What was refused. `typed` is hashed, and `page` names the page and the numbers in its address."""

    action: str
    subject: Any = None
    typed: str = ""
    page: str = ""


def note(refusal: Refusal) -> None:
    """To be stored with the answer of the request, whatever it is."""
    db.session.info.setdefault("refusals", []).append(refusal)


def is_told(count: int, few: int) -> bool:
    """Whether the so-manieth has a line."""
    return count <= few or str(count).rstrip("0") == "1"


@dataclass
class RefusalCounter:
    """Counts in this process, for as long as it lives: the throttle of sign-ins is another, and in the database."""

    _seen: "OrderedDict[tuple[str, str], tuple[datetime, int]]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, action: str, origin: str, at: datetime) -> int | None:
        """How many of the kind came from there within the hour; None when this one has no line."""
        with self._lock:
            own, every = self._next((action, origin), at), self._next((action, ""), at)
            while len(self._seen) > MOST_ORIGINS:
                self._seen.popitem(last=False)
        return own if is_told(own, FIRST_FEW) and is_told(every, FIRST_FEW_OF_ALL) else None

    def _next(self, key: tuple[str, str], at: datetime) -> int:
        since, count = self._seen.pop(key, (at, 0))
        if at - since >= WINDOW:
            since, count = at, 0
        self._seen[key] = since, count + 1
        return count + 1


def lines(
    noted: list[Refusal],
    *,
    by: Actor | None,
    address: str,
    at: datetime,
    keys: Keyring,
    counter: RefusalCounter,
) -> list[AuditLine]:
    """What is to be stored of them."""
    secret = keys.signing(KeyPurpose.AUDIT).secret
    found = []
    for one in noted:
        origin = derived(secret, f"address {address}")[:HASH_LENGTH]
        count = counter.count(one.action, origin, at)
        if count is None:
            continue
        parts = [one.page, f"adresse {origin}"]
        if one.typed:
            parts.append(f"navn {derived(secret, f'typed {one.typed}')[:HASH_LENGTH]}")
        if count > FIRST_FEW:
            parts.append(f"{count}. gang")
        purpose = ", ".join(filter(None, parts))[:LONGEST_PURPOSE]
        found.append(refusal_line(one.action, one.subject or by, by=by, at=at, purpose=purpose))
    return found
