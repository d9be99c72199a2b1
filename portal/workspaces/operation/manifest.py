"""What a backup says of itself, signed with the journal's key: a restore believes nothing else."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _

from portal.base.journal import JournalKeyWrong, Position
from portal.base.keys import Key, KeyPurpose, Keyring, KeyUnknown, derived
from portal.shared.audit.kept_head import Head
from portal.workspaces.operation.trouble import OperationRefused

NAME: Final = "manifest.json"
FORMAT: Final = 1


@dataclass(frozen=True)
class Manifest:
    """One backup. `files` has a SHA-256 for each name, `rows` a count for each table."""

    made_at: datetime
    portal: str
    engine: str
    schema: str
    files: Mapping[str, str]
    rows: Mapping[str, int]
    audit: Head
    journal: Position

    def write(self, folder: Path, key: Key) -> None:
        body = {
            **asdict(self),
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "key": key.generation,
            "print": key.fingerprint,
        }
        text = json.dumps({**body, "code": _code(key, body)}, indent=1, sort_keys=True)
        (folder / NAME).write_text(text + "\n")


def read(folder: Path, keys: Keyring) -> Manifest:
    """Raises OperationRefused, JournalKeyWrong."""
    try:
        body: dict[str, Any] = json.loads((folder / NAME).read_text())
        found = str(body.pop("code"))
        key = keys.key(KeyPurpose.JOURNAL, body["key"])
        if body["print"] != key.fingerprint:
            raise JournalKeyWrong
        if body["format"] != FORMAT or not hmac.compare_digest(_code(key, body), found):
            raise ValueError("the code does not fit")
        return _manifest(body)
    except KeyUnknown as problem:
        raise JournalKeyWrong from problem
    except FileNotFoundError as problem:
        raise OperationRefused(_("Der er ingen manifest.json i mappen: det er ingen backup.")) from problem
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise OperationRefused(_("Backuppens manifest er ændret eller ødelagt.")) from problem


def beside(folder: Path, keys: Keyring) -> Iterator[tuple[str, Manifest]]:
    """The other backups in the same place that can be believed, with their folders' names."""
    for file in sorted(folder.resolve().parent.glob(f"*/{NAME}")):
        if file.parent.name != folder.resolve().name:
            with suppress(OperationRefused, JournalKeyWrong):
                yield file.parent.name, read(file.parent, keys)


def check_files(manifest: Manifest, folder: Path) -> None:
    """Raises OperationRefused unless each file is as it was made."""
    for name, expected in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise OperationRefused(_("Filen %(name)s mangler i backuppen.", name=name))
        if sha256(file) != expected:
            raise OperationRefused(_("Filen %(name)s er ændret, efter at backuppen blev lavet.", name=name))


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _manifest(body: Mapping[str, Any]) -> Manifest:
    return Manifest(
        made_at=datetime.fromisoformat(body["made_at"]),
        portal=body["portal"],
        engine=body["engine"],
        schema=body["schema"],
        files=body["files"],
        rows=body["rows"],
        audit=Head(**body["audit"]),
        journal=Position(**body["journal"]),
    )


def _code(key: Key, body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hmac.new(derived(key.secret, "manifest").encode(), text.encode(), hashlib.sha256).hexdigest()
