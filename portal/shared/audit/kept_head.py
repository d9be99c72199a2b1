"""The chain's head in a file outside the database: what was sealed once is not sealed anew as something else.

The portal signs whatever chain it finds, so whoever owns the database could let it sign her own: take seals away or
compute them anew, and wait for the next sealing. Each sealing therefore first looks whether the chain still runs
through the head that stood at the one before, and else leaves everything as it is until somebody has looked. The file
stands beside the journal of erasures, one for each database. docs/adr/019-sealed-audit.md
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import sqlalchemy as sa
from flask import current_app

from portal.base.database import db
from portal.base.journal import Journal
from portal.base.private_files import private_file

NAME_LENGTH: Final = 12


@dataclass(frozen=True)
class Head:
    """The end of the chain, to be kept where the database is not: beside the journal, in a manifest, in a letter."""

    __tablename__: ClassVar = "audit_seals"
    seq: int
    hash: str

    @property
    def id(self) -> int:
        """Of its seal: a line can be about it."""
        return self.seq


def file_of(url: sa.URL) -> Path:
    """Where the head of that database's chain is kept."""
    name = hashlib.sha256(url.render_as_string(hide_password=True).encode()).hexdigest()[:NAME_LENGTH]
    journal: Journal = current_app.config["JOURNAL"]
    return journal.file.with_name(f"audit-{name}.head")


def kept_head() -> Head | None:
    """The head that the chain must run through; None until it was sealed for the first time.

    What cannot be read is a head that no chain runs through.
    """
    try:
        text = file_of(db.engine.url).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    seq, _colon, hash_ = text.partition(":")
    return Head(int(seq), hash_) if seq.isascii() and seq.isdigit() else Head(1, text)


def keep(head: Head, *, url: sa.URL | None = None) -> None:
    """In one step: a killed process leaves the older head, which the chain runs through as well."""
    file = file_of(url or db.engine.url)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = private_file(file.with_suffix(f".{os.getpid()}"))
    draft.write_text(f"{head.seq}:{head.hash}\n", encoding="ascii")
    draft.replace(file)


def forget() -> None:
    """For a database that has just been made."""
    file_of(db.engine.url).unlink(missing_ok=True)
