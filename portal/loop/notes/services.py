"""Commands of notes."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.loop.citizens.models import Citizen
from portal.loop.notes.models import CitizenNote
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class NoteAhead(DomainError):
    message = _l("Noten kan ikke handle om en dag, der ikke er kommet endnu.")


class NoteStands(DomainError):
    message = _l(
        "Noten kan kun rettes og slettes af den, der skrev den, og kun det første døgn. Streg den over i stedet."
    )


class NoteIsStruck(DomainError):
    message = _l("Noten er allerede streget over.")


class NoteMayBeCorrected(DomainError):
    message = _l("Du skrev noten for under et døgn siden. Ret eller slet den i stedet.")


def write_note(citizen: Citizen, *, text: str, said_on: date, by: User, at: datetime) -> CitizenNote:
    """Raises NoteAhead."""
    _check_day(said_on, at)
    note = CitizenNote(citizen_id=citizen.id, text=text, said_on=said_on, written_at=at, written_by_id=by.id)
    db.session.add(note)
    db.session.flush()
    audit.record("note-written", subject=note, by=by, at=at, citizen_id=citizen.id)
    return note


def correct_note(
    note: CitizenNote, *, text: str, said_on: date, seen_version: int, by: User, at: datetime
) -> None:
    """Raises NoteStands, StaleVersion, NoteAhead."""
    if not note.may_be_corrected(by, at):
        raise NoteStands
    check_version(note, seen_version)
    _check_day(said_on, at)
    note.text, note.said_on, note.corrected_at = text, said_on, at
    audit.record("note-corrected", subject=note, by=by, at=at, citizen_id=note.citizen_id)
    db.session.flush()


def delete_note(note: CitizenNote, *, by: User, at: datetime) -> None:
    """Raises NoteStands."""
    if not note.may_be_corrected(by, at):
        raise NoteStands
    audit.record("note-deleted", subject=note, by=by, at=at, citizen_id=note.citizen_id)
    db.session.delete(note)
    db.session.flush()


def strike_note(note: CitizenNote, *, reason: str, by: User, at: datetime) -> None:
    """What it says can still be read, with why it does not hold. Raises NoteIsStruck, NoteMayBeCorrected."""
    if note.struck_at is not None:
        raise NoteIsStruck
    if not note.may_be_struck(by, at):
        raise NoteMayBeCorrected
    note.struck_at, note.struck_by_id, note.struck_because = at, by.id, reason
    audit.record("note-struck", subject=note, by=by, at=at, citizen_id=note.citizen_id)
    db.session.flush()


def _check_day(said_on: date, at: datetime) -> None:
    if said_on > danish_day(at):
        raise NoteAhead
