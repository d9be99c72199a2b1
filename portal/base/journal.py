"""The journal of erasures: a file outside the database that only grows, so that a restored backup can be erased again.

A line is JSON in one write, on disk before the erasure is committed. Each carries a code made with the journal's key
over itself and the line before it: what was changed, moved or cut out in the middle is found. Who was erased stands
in it as keyed hashes. Source: docs/adr/021-journal-and-backup.md
"""

import fcntl
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError
from portal.base.keys import Key, KeyPurpose, Keyring, KeyUnknown, derived, keyed_hash
from portal.base.private_files import onto_the_disk

HEADER: Final = "journal"
ERASING: Final = "erasing"
"""An erasure that is about to be committed."""
CARRIED: Final = "carried"
"""One that was committed before there was a file."""
KEPT: Final = "kept"
"""The erasure under the line's number was never committed: the person is still there."""
DONE: Final = "done"
"""It was committed."""
ENDED: Final = "ended"
"""A consent, a yes or an access that is about to end."""
RESUMED: Final = "resumed"
"""An access that ended is open again."""

ROW: Final = "row"
"""Among a line's marks that of the row itself: it holds whatever is corrected in the row."""


class JournalUnfit(DomainError):
    """The journal is not what it must be: nobody is erased or restored before somebody has looked."""

    message = _l("Slettelisten passer ikke.")


class JournalMissing(JournalUnfit):
    message = _l("Slettelisten mangler. Hent filen fra en kopi (PORTAL_JOURNAL).")


class JournalBroken(JournalUnfit):
    message = _l("Slettelisten er ændret eller skåret af. Hent filen fra en kopi (PORTAL_JOURNAL).")


class JournalCut(JournalUnfit):
    """A process that died in the middle of a line leaves this too; whoever restores must not have to guess which."""

    message = _l(
        "Slettelistens sidste linje er kun halv: kopien blev ikke færdig, eller strømmen gik. Hent den nyeste kopi "
        "(PORTAL_JOURNAL). Er der ingen, så fjern alt efter filens sidste linjeskift, og prøv igen."
    )


class JournalKeyWrong(JournalUnfit):
    message = _l(
        "Slettelisten kan ikke læses med portalens nøgler. Find den PORTAL_SECRET_KEY og den nøglefil (PORTAL_KEYS), "
        "den er skrevet med."
    )


class JournalRolledBack(JournalUnfit):
    message = _l("Slettelisten er kortere, end den har været. Hent den nyeste kopi (PORTAL_JOURNAL).")


class JournalForeign(JournalUnfit):
    message = _l("Slettelisten hører til en anden portal, eller er begyndt forfra.")


class JournalUnwritable(OSError):
    """Disk full, or no right to write: come back later."""


@dataclass(frozen=True)
class JournalLine:
    """One thing that happened. `marks` are hashes by what they are of, made with the generation `hashed_with`."""

    number: int
    kind: str
    at: datetime
    about: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    hashed_with: int = 0
    settles: int = 0
    """The number of the line whose outcome this one tells."""


@dataclass(frozen=True)
class Position:
    """Where a journal stands: of which installation, how many lines, and the code of the last."""

    installation: str
    lines: int
    head: str


@dataclass(frozen=True)
class Contents:
    """A journal that was read and found whole."""

    position: Position
    lines: tuple[JournalLine, ...]
    codes: tuple[str, ...]
    """Of each line, the header's first."""

    def in_force(self) -> list[JournalLine]:
        """The erasures that a restored database must go through again: all but those known never to have happened.

        One without an outcome may have been committed just before the power went: it counts.
        """
        done = {line.settles for line in self.lines if line.kind == DONE}
        kept = {line.settles for line in self.lines if line.kind == KEPT} - done
        return [line for line in self.lines if line.kind in (ERASING, CARRIED) and line.number not in kept]

    def unsettled(self) -> list[JournalLine]:
        """Erasures whose outcome nobody has told yet."""
        settled = {line.settles for line in self.lines}
        return [line for line in self.lines if line.kind == ERASING and line.number not in settled]


class Journal:
    """The file. Any number of processes may write: one at a time."""

    def __init__(self, file: Path, keys: Keyring) -> None:
        self.file = file
        self.keys = keys

    def exists(self) -> bool:
        return self.file.exists() and self.file.stat().st_size > 0

    def read(self) -> Contents:
        """All of it, every code checked. Raises JournalMissing, JournalBroken, JournalKeyWrong."""
        if not self.exists():
            raise JournalMissing
        raw = self.file.read_bytes()
        return _contents(raw[: raw.rfind(b"\n") + 1], self.keys)  # a torn last line was never acknowledged

    def read_uncut(self) -> Contents:
        """As `read`, for who brings an old database back: also raises JournalCut."""
        contents = self.read()
        if not self.file.read_bytes().endswith(b"\n"):
            raise JournalCut
        return contents

    def append(self, *lines: JournalLine, known: Position | None = None) -> Position:
        """Write the lines, numbered here, and return when they are on the disk. The first begins the file.

        `known`: where the caller saw it stand before. Raises JournalUnfit, JournalUnwritable.
        """
        with self.held() as (descriptor, contents):
            if contents is None and known is not None:
                raise JournalMissing
            if contents is not None and known is not None:
                check_continues(contents, known)
            return self._write(descriptor, contents, lines)

    @contextmanager
    def held(self) -> Iterator[tuple[int, Contents | None]]:
        """The open file and what is in it (None: nothing yet), while nobody else writes."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise JournalUnwritable(str(problem)) from problem
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor, self.read() if os.fstat(descriptor).st_size else None
        finally:
            os.close(descriptor)

    def write_held(self, descriptor: int, contents: Contents | None, *lines: JournalLine) -> Position:
        """As `append`, by who holds it already."""
        return self._write(descriptor, contents, lines)

    def begin(self, *, at: datetime) -> Position:
        """Where it stands; one that is not there yet is begun, without anybody in it."""
        with self.held() as (descriptor, contents):
            return contents.position if contents else self._write(descriptor, None, (), at=at)

    def begin_anew(self, *, at: datetime) -> Position:
        """A new journal in place of one that is lost for good; what stands of the old one is put aside.

        No backup of before can be restored with it.
        """
        if self.file.exists():
            self.file.rename(self.file.with_name(f"{self.file.name}.{at:%Y%m%dT%H%M%S}"))
        with self.held() as (descriptor, _contents):
            return self._write(descriptor, None, (), at=at)

    def _write(
        self,
        descriptor: int,
        contents: Contents | None,
        lines: tuple[JournalLine, ...],
        at: datetime | None = None,
    ) -> Position:
        key = self.keys.signing(KeyPurpose.JOURNAL)
        drafts: list[dict[str, Any]] = []
        if contents is None:
            begun = at or lines[0].at
            drafts.append({"n": 0, "kind": HEADER, "at": begun.isoformat(), "installation": str(uuid4())})
            installation, number, code = drafts[0]["installation"], 0, ""
        else:
            installation, number, code = (
                contents.position.installation,
                contents.position.lines,
                contents.position.head,
            )
        drafts += [_draft(line, number + place) for place, line in enumerate(lines, start=1)]
        text = ""
        for draft in drafts:
            body = {**draft, "key": key.generation, "print": key.fingerprint}
            code = _code(_chain(key), code, body)
            text += _json({**body, "code": code}) + "\n"
        self._put(descriptor, text.encode())
        return Position(installation, number + len(lines), code)

    def _put(self, descriptor: int, text: bytes) -> None:
        """At the end of the whole lines, onto the disk; where that cannot be, the file is left as it was."""
        end = self.file.read_bytes().rfind(b"\n") + 1
        try:
            os.ftruncate(descriptor, end)  # what a killed process left of a line
            written = os.pwrite(descriptor, text, end)
            if written < len(text):
                raise OSError("the disk took a part of the line")
            os.fsync(descriptor)
            onto_the_disk(self.file.parent)
        except OSError as problem:
            os.ftruncate(descriptor, end)
            raise JournalUnwritable(str(problem)) from problem


def check_continues(contents: Contents, known: Position) -> None:
    """Raises JournalForeign, JournalRolledBack, JournalBroken unless the journal was at `known` and has gone on."""
    if contents.position.installation != known.installation:
        raise JournalForeign
    if contents.position.lines < known.lines:
        raise JournalRolledBack
    if contents.codes[known.lines] != known.head:
        raise JournalBroken


def mark_of(about: str, row_id: int, since: datetime, secret: str) -> str:
    """What the journal keeps of a row: no other that gets its number later has it."""
    return keyed_hash(secret, f"{about} {row_id} {since.astimezone(UTC).isoformat()}")


def secrets_of(lines: Iterable[JournalLine], keys: Keyring) -> list[str]:
    """What the lines' marks were made with. Raises KeyUnknown."""
    generations = sorted({line.hashed_with for line in lines})
    return [keys.key(KeyPurpose.JOURNAL, one).secret for one in generations]


def _draft(line: JournalLine, number: int) -> dict[str, Any]:
    draft: dict[str, Any] = {"n": number, "kind": line.kind, "at": line.at.isoformat()}
    if line.settles:
        return {**draft, "settles": line.settles}
    return {**draft, "about": line.about, "marks": dict(line.marks), "hashed_with": line.hashed_with}


def _contents(raw: bytes, keys: Keyring) -> Contents:
    codes: list[str] = []
    lines: list[JournalLine] = []
    installation = ""
    generations = _Generations(keys)
    for number, text in enumerate(raw.decode("utf-8", "replace").splitlines()):
        draft = _checked(text, number, codes[-1] if codes else "", generations)
        codes.append(draft["code"])
        if number == 0:
            installation = str(draft["installation"])
        else:
            lines.append(_line(draft))
    if not codes:
        raise JournalBroken
    return Contents(Position(installation, len(lines), codes[-1]), tuple(lines), tuple(codes))


class _Generations(dict[int, tuple[str, str]]):
    """By number a key's fingerprint and what its codes are made with: worked out once, for a journal of any length."""

    def __init__(self, keys: Keyring) -> None:
        super().__init__()
        self._keys = keys

    def __missing__(self, number: int) -> tuple[str, str]:
        key = self._keys.key(KeyPurpose.JOURNAL, number)
        self[number] = (key.fingerprint, _chain(key))
        return self[number]


def _checked(text: str, number: int, before: str, generations: _Generations) -> dict[str, Any]:
    try:
        draft: dict[str, Any] = json.loads(text)
        body = {name: value for name, value in draft.items() if name != "code"}
        fingerprint, chain = generations[draft["key"]]
        expected, found = _code(chain, before, body), str(draft["code"])
        with_our_key = draft["print"] == fingerprint
    except KeyUnknown as problem:
        raise JournalKeyWrong from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise JournalBroken from problem
    if not with_our_key:
        raise JournalKeyWrong
    if not hmac.compare_digest(expected.encode(), found.encode()):
        raise JournalBroken
    if draft["n"] != number or (draft["kind"] == HEADER) != (number == 0):
        raise JournalBroken
    return draft


def _line(draft: Mapping[str, Any]) -> JournalLine:
    return JournalLine(
        number=draft["n"],
        kind=draft["kind"],
        at=datetime.fromisoformat(draft["at"]),
        about=draft.get("about", ""),
        marks=draft.get("marks", {}),
        hashed_with=draft.get("hashed_with", 0),
        settles=draft.get("settles", 0),
    )


def _chain(key: Key) -> str:
    """What a key's codes are made with."""
    return derived(key.secret, "journal chain")


def _code(chain: str, before: str, body: Mapping[str, Any]) -> str:
    return keyed_hash(chain, f"{before}\n{_json(body)}")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
