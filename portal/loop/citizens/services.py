"""Commands of citizens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day, danish_midnight
from portal.base.database import Submission, check_version, db
from portal.base.errors import DomainError
from portal.base.journal import Contents, Journal
from portal.base.keys import KeyPurpose, Keyring
from portal.base.terms import Language
from portal.loop.citizens import doubles, entries, queries
from portal.loop.citizens.models import Citizen, CitizenStatus, FirstTalk
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import AccessToken, TokenPurpose, User, UserSession
from portal.shared.audit import services as audit
from portal.shared.rules.checks import Born
from portal.web.permissions import Role


class CaseReferenceTaken(DomainError):
    """Whose it is, is `holder_id`: of the same municipality as whoever asked."""

    message = _l("Der er allerede en borger med det sagsnummer i kommunen.")

    def __init__(self, holder_id: int) -> None:
        super().__init__()
        self.holder_id = holder_id


class CitizenIsPassive(DomainError):
    message = _l("Borgeren er passiv. Gør borgeren aktiv igen først.")


class TalkTooEarly(DomainError):
    message = _l("Samtalen kan ikke ligge før den dag, hvor borgeren blev oprettet i portalen.")


class TalkAhead(DomainError):
    message = _l("Samtalen kan ikke ligge i fremtiden. Skriv den, når den er holdt.")


class NoLogin(DomainError):
    message = _l("Borgeren har ingen login-kode.")


@dataclass(frozen=True)
class CitizenDetails:
    """What the form asks. When she was born serves the age limits of law only."""

    case_reference: str
    first_name: str
    last_name: str
    born: Born | None = None
    phone: str | None = None
    consultant_id: int | None = None
    language: Language | None = None


def named(first_name: str, last_name: str) -> dict[str, Any]:
    """The columns of a name; somebody with one name alone has it as her first."""
    return {"first_name": first_name or last_name, "last_name": last_name if first_name else ""}


def born_columns(born: Born | None) -> dict[str, Any]:
    """The columns of a birth: the day, or the year where the day is not known."""
    if born is None:
        return {"born_on": None, "birth_year": None}
    if born.is_day:
        return {"born_on": born.earliest, "birth_year": None}
    return {"born_on": None, "birth_year": born.earliest.year}


def create_citizen(  # noqa: PLR0913 - one row of the case system, as importers and the demo hand it over
    *,
    municipality_id: int,
    case_reference: str,
    first_name: str,
    last_name: str,
    born: Born | None = None,
    phone: str | None = None,
    consultant: User | None = None,
    others: Iterable[int] = (),
    by: User | None,
    at: datetime,
) -> Citizen:
    """`others` are those whom somebody said she is not. Raises CaseReferenceTaken."""
    _check_case(municipality_id, case_reference)
    citizen = Citizen(
        municipality_id=municipality_id,
        case_reference=case_reference,
        **named(first_name, last_name),
        **born_columns(born),
        phone=phone or None,
        consultant_id=consultant.id if consultant else None,
        status=CitizenStatus.ACTIVE,
        created_at=at,
    )
    db.session.add(citizen)
    db.session.flush()
    audit.record("citizen-created", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    doubles.tell_apart(citizen, others, by=by, at=at)
    db.session.flush()
    return citizen


def edit_citizen(
    citizen: Citizen,
    details: CitizenDetails,
    *,
    others: Iterable[int] = (),
    seen_version: int | None = None,
    by: User,
    at: datetime,
) -> None:
    """`others` are those whom somebody said she is not.

    Raises StaleVersion when somebody saved in between, CaseReferenceTaken.
    """
    check_version(citizen, seen_version)
    if citizen.case_reference != details.case_reference:  # one that clashed of old hinders no other change
        _check_case(citizen.municipality_id, details.case_reference, but=citizen.id)
    citizen.case_reference = details.case_reference
    for column, value in (named(details.first_name, details.last_name) | born_columns(details.born)).items():
        setattr(citizen, column, value)
    citizen.phone = details.phone or None
    citizen.consultant_id, citizen.language = details.consultant_id, details.language
    citizen.version += 1
    if citizen.user is not None:
        citizen.user.name = citizen.name
    audit.record("citizen-edited", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    doubles.tell_apart(citizen, others, by=by, at=at)


def _check_case(municipality_id: int, case_reference: str, *, but: int | None = None) -> None:
    holder_id = queries.holder_of_case(municipality_id, case_reference, but=but)
    if holder_id is not None:
        raise CaseReferenceTaken(holder_id)


def note_first_talk(citizen: Citizen, *, held_on: date, by: User, at: datetime) -> FirstTalk:
    """Write down when somebody first talked with her; another day takes the place of the one that stood.

    Raises TalkTooEarly, TalkAhead.
    """
    if held_on < danish_day(citizen.created_at):
        raise TalkTooEarly
    if held_on > danish_day(at):
        raise TalkAhead
    standing = queries.first_talk_of(citizen)
    if standing is not None and standing.held_on == held_on:
        return standing
    if standing is not None:
        standing.replaced_at = at
        db.session.flush()
    noon = danish_midnight(held_on) + timedelta(hours=12)
    talk = FirstTalk(citizen_id=citizen.id, held_at=noon, recorded_at=at, recorded_by_id=by.id)
    db.session.add(talk)
    audit.record("first-talk-noted", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    db.session.flush()
    return talk


def choose_language(citizen: Citizen, language: Language | None, *, by: User, at: datetime) -> None:
    """The language of her own page and of her card on paper, beside Danish. None: Danish alone."""
    if citizen.language is language:
        return
    citizen.language = language
    audit.record("language-chosen", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    db.session.flush()


def set_passive(citizen: Citizen, *, by: User, at: datetime) -> None:
    """Take the citizen out of the search: her open suggestions close, decided ones stay."""
    if citizen.status is CitizenStatus.PASSIVE:
        return
    citizen.status, citizen.passive_since = CitizenStatus.PASSIVE, at
    citizen.version += 1
    audit.record("citizen-set-passive", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    db.session.flush()
    events.citizen_passive.send(citizen, at=at)
    db.session.flush()


def set_active(citizen: Citizen, *, by: User, at: datetime) -> None:
    """Bring the citizen back into the search."""
    if citizen.status is CitizenStatus.ACTIVE:
        return
    citizen.status, citizen.passive_since = CitizenStatus.ACTIVE, None
    citizen.version += 1
    audit.record("citizen-set-active", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    db.session.flush()
    events.citizen_active.send(citizen, at=at)
    db.session.flush()


def give_login_code(citizen: Citizen, *, lifetime: timedelta, by: User, at: datetime) -> str:
    """A code for paper, with a user behind it when there is none yet. Earlier codes stop working.

    Raises CitizenIsPassive, UserDisabled.
    """
    if citizen.status is CitizenStatus.PASSIVE:
        raise CitizenIsPassive
    if citizen.user is None:
        citizen.user = accounts.create_user(
            email=None,
            name=citizen.name,
            role=Role.CITIZEN,
            municipality_id=citizen.municipality_id,
            by=by,
            at=at,
        )
        db.session.flush()
    if not citizen.user.is_active:
        raise accounts.UserDisabled
    return accounts.make_login_code(citizen.user, by=by, at=at, lifetime=lifetime)


def withdraw_login_code(citizen: Citizen, *, by: User, at: datetime) -> None:
    """The paper was lost: the code stops working, and whoever is signed in with it is signed out.

    Raises NoLogin.
    """
    if citizen.user is None:
        raise NoLogin
    db.session.execute(
        sa.update(AccessToken)
        .where(
            AccessToken.user_id == citizen.user_id,
            AccessToken.purpose == TokenPurpose.LOGIN_CODE,
            AccessToken.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at)
    )
    accounts.end_all_sessions(citizen.user, at=at)
    audit.record("login-code-withdrawn", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    db.session.flush()


def erase_citizen(citizen: Citizen, *, journal: Journal, by: User | None, at: datetime) -> int:
    """Remove everything that says who the person was; returns the number of her line in the journal.

    The rooms above delete their rows, or refuse by raising a DomainError (a placement is planned or running). The
    journal comes last: what it says was decided, and only the commit can fail. After the commit the caller runs
    `database.overwrite_deleted()` and `entries.note_done()`. Raises JournalUnfit, JournalUnwritable.
    """
    marks = entries.marks_of(citizen, journal.keys.signing(KeyPurpose.JOURNAL).secret)
    _erase(citizen, by=by, at=at, again=False)
    return entries.enter(marks, journal=journal, at=at)


def reapply_erasures(*, contents: Contents, keys: Keyring, at: datetime) -> int:
    """After a restore: erase again whom the journal says was erased, whatever would refuse it. Returns how many."""
    citizens = entries.citizens_to_erase_again(contents, keys)
    for citizen in citizens:
        _erase(citizen, by=None, at=at, again=True)
    return len(citizens)


def _erase(citizen: Citizen, *, by: User | None, at: datetime, again: bool) -> None:
    events.erasure_begins.send(citizen, at=at)
    events.citizen_erasing.send(citizen, at=at, again=again)
    audit.record("citizen-erased", subject=citizen, by=by, at=at, citizen_id=citizen.id)
    db.session.flush()
    citizen_id, user_id = citizen.id, citizen.user_id
    db.session.expunge(citizen)  # the row goes by statement; nothing may write it back
    db.session.execute(
        sa.delete(Citizen).where(Citizen.id == citizen_id).execution_options(synchronize_session=False)
    )
    if user_id is not None:
        _erase_user(user_id)


def _erase_user(user_id: int) -> None:
    for table in (UserSession, AccessToken, Submission):
        db.session.execute(
            sa.delete(table).where(table.user_id == user_id).execution_options(synchronize_session=False)
        )
    db.session.execute(sa.delete(User).where(User.id == user_id).execution_options(synchronize_session=False))
