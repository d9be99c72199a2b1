"""The portal's keys: one for each purpose, in generations, so that one can be changed without breaking the others.

Generation 0 is PORTAL_SECRET_KEY itself, which signed everything before there were purposes; 1 is derived from it, so
that an environment is all a portal needs; those after it are random, and stand in a file of the instance. What was
signed with an older generation is read for as long as it may still be under way. Source: docs/adr/018-keys.md
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from portal.base import clock
from portal.base.private_files import onto_the_disk
from portal.base.terms import LabelledEnum

BEFORE_PURPOSES: Final = 0
DERIVED: Final = 1


class KeyPurpose(LabelledEnum):
    """What a key is for; a thing made with another purpose's key opens nothing."""

    LINKS = "links", _l("links")
    """Signed links: web/links.py."""
    SESSIONS = "sessions", _l("login og formularer")
    """The cookie of a sign-in, and the token in each form."""
    THROTTLE = "throttle", _l("spærring for gæt")
    """Who failed to sign in, as hashes."""
    JOURNAL = "journal", _l("sletteliste")
    """Who was erased, as hashes."""
    AUDIT = "audit", _l("log")
    """What the log keeps as hashes."""
    SEALED_POSTS = "sealed-posts", _l("det, der var skrevet, da et login var slut")
    """What stands in a login page's form until its writer has signed in: web/sealed_posts.py."""
    SECOND_FACTOR = "second-factor", _l("login i to trin")
    """The secrets of authenticator apps, and what is being set up: accounts/second_factor.py."""


OVERLAP: Final[dict[KeyPurpose, timedelta | None]] = {
    KeyPurpose.LINKS: timedelta(days=367),  # a consent's link and a recommendation's live for up to a year
    KeyPurpose.SESSIONS: timedelta(hours=12),  # SESSION_ABSOLUTE
    KeyPurpose.THROTTLE: timedelta(
        0
    ),  # failed tries are forgotten: whoever changes a key lets everybody try again
    KeyPurpose.JOURNAL: None,  # what was written can only be read with the key it was written with
    KeyPurpose.AUDIT: None,
    KeyPurpose.SEALED_POSTS: timedelta(hours=1),  # as long as a seal is opened
    KeyPurpose.SECOND_FACTOR: None,  # a secret is sealed anew when its owner signs in, and she may be away for a year
}
"""How long a generation is read after the next has come. None: for ever."""

_ONE_SECRET_BEFORE = (KeyPurpose.LINKS, KeyPurpose.SESSIONS, KeyPurpose.JOURNAL)
"""What was made with PORTAL_SECRET_KEY itself and may still be met."""


class KeysUnreadable(RuntimeError):
    """The file of keys is there and says nothing that can be used."""


class KeyUnknown(LookupError):
    """Something was made with a generation that this portal does not have."""


@dataclass(frozen=True)
class Key:
    """One generation. `ends_at` is when it stops being read; None: not yet decided, or never.

    Of one that has ended only its number is kept.
    """

    purpose: KeyPurpose
    generation: int
    secret: str
    made_at: datetime | None = None
    ends_at: datetime | None = None

    def is_read(self, at: datetime) -> bool:
        return bool(self.secret) and (self.ends_at is None or at < self.ends_at)

    @property
    def fingerprint(self) -> str:
        """Tells two keys apart and gives nothing away."""
        return derived(self.secret, "fingerprint")[:16]


class Keyring:
    """The keys of one portal: its secret and its file. Another process's new key is seen at the next use."""

    def __init__(self, secret: str, file: Path) -> None:
        self.file = file
        self._secret = secret
        self._seen: tuple[int, int] | None = None
        self._kept: tuple[Key, ...] = ()

    def signing(self, purpose: KeyPurpose) -> Key:
        """The newest generation."""
        return self.generations(purpose)[-1]

    def reading(self, purpose: KeyPurpose, *, at: datetime) -> tuple[str, ...]:
        """The secrets that are read then, oldest first as itsdangerous takes them; the last one signs."""
        return tuple(key.secret for key in self.generations(purpose) if key.is_read(at))

    def key(self, purpose: KeyPurpose, generation: int) -> Key:
        """Raises KeyUnknown."""
        for key in self.generations(purpose):
            if key.generation == generation:
                return key
        raise KeyUnknown(f"{purpose.value} {generation}")

    def generations(self, purpose: KeyPurpose) -> tuple[Key, ...]:
        """Every generation that is known, oldest first."""
        kept = tuple(key for key in self._read() if key.purpose is purpose)
        return kept or self._from_the_secret(purpose)

    def rotate(self, purpose: KeyPurpose, *, at: datetime, overlap: timedelta | None) -> Key:
        """A new generation signs from now on, and what the one before signed is read for `overlap` (None: for ever).

        Older ones keep the end they have, or get this one if it is earlier. The file holds the older generations
        too, so that PORTAL_SECRET_KEY may be changed afterwards.
        """
        with self._locked():
            before = self.generations(purpose)
            others = [key for key in self._read() if key.purpose is not purpose]
            made = Key(purpose, before[-1].generation + 1, secrets.token_hex(32), made_at=at)
            ends_at = None if overlap is None else at + overlap
            self._write([*others, *(_ended(key, ends_at, at=at) for key in before), made])
        return made

    def _from_the_secret(self, purpose: KeyPurpose) -> tuple[Key, ...]:
        first = Key(purpose, DERIVED, derived(self._secret, f"portal {purpose.value}"))
        if purpose in _ONE_SECRET_BEFORE:
            return (Key(purpose, BEFORE_PURPOSES, self._secret), first)
        return (first,)

    def _read(self) -> tuple[Key, ...]:
        """What the file says; while it is away or broken, what it said before."""
        try:
            found = self.file.stat()
            if self._seen != (found.st_mtime_ns, found.st_ino):
                self._kept = _parsed(self.file)
                self._seen = (found.st_mtime_ns, found.st_ino)
        except FileNotFoundError:
            return self._kept
        except (OSError, ValueError, KeyError, TypeError) as problem:
            if self._seen is None:
                raise KeysUnreadable(str(self.file)) from problem
        return self._kept

    def _write(self, keys: list[Key]) -> None:
        draft = self.file.with_name(f"{self.file.name}.draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump({"keys": [_stored(key) for key in keys]}, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.file)
        onto_the_disk(self.file.parent)  # or what the new key signs could be read by nobody after a power cut

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        path = self.file.with_name(f"{self.file.name}.lock")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class LiveKeys:
    """The keys of a purpose as a list that is never old: for libraries that take their keys once, at the start."""

    def __init__(self, ring: Keyring, purpose: KeyPurpose) -> None:
        self._ring, self._purpose = ring, purpose

    def __iter__(self) -> Iterator[str]:
        return iter(self._ring.reading(self._purpose, at=clock.now()))


def derived(secret: str, info: str) -> str:
    """HKDF with SHA-256 (RFC 5869), one block of it, as hexadecimal digits."""
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), secret.encode(), "sha256")
    return hmac.new(extracted, info.encode() + b"\x01", hashlib.sha256).hexdigest()


def keyed_hash(key: str, value: str) -> str:
    """For values that could be guessed (an e-mail, an address, a case number): useless without the key."""
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()


def _ended(key: Key, ends_at: datetime | None, *, at: datetime) -> Key:
    known = [end for end in (key.ends_at, ends_at) if end is not None]
    ended = replace(key, ends_at=min(known, default=None))
    return ended if ended.is_read(at) else replace(ended, secret="")


def _stored(key: Key) -> dict[str, Any]:
    return {
        "purpose": key.purpose.value,
        "generation": key.generation,
        "secret": key.secret,
        "made_at": key.made_at.isoformat() if key.made_at else None,
        "ends_at": key.ends_at.isoformat() if key.ends_at else None,
    }


def _parsed(file: Path) -> tuple[Key, ...]:
    keys = [
        Key(
            KeyPurpose(one["purpose"]),
            int(one["generation"]),
            str(one["secret"]),
            _moment(one["made_at"]),
            _moment(one["ends_at"]),
        )
        for one in json.loads(file.read_text())["keys"]
    ]
    return tuple(sorted(keys, key=lambda key: (key.purpose.value, key.generation)))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
