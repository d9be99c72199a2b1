"""Commands of accounts."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day
from portal.base.database import Submission, check_version, db
from portal.base.errors import DomainError
from portal.shared.accounts import queries, throttle
from portal.shared.accounts.models import (
    AccessToken,
    Municipality,
    SecondStep,
    TokenPurpose,
    User,
    UserSession,
)
from portal.shared.accounts.secrets import Passwords, new_code, new_secret, secret_hash, tidy_code
from portal.shared.audit import services as audit
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.web.permissions import Role, Scope, roles_made_by


class EmailTaken(DomainError):
    message = _l("Der er allerede en bruger med den e-mail.")


class NotYoursToMake(DomainError):
    message = _l("Den rolle i den kommune kan du ikke oprette brugere til.")


class MunicipalityExists(DomainError):
    message = _l("Kommunen er der allerede.")


class OwnAccountNeeded(DomainError):
    message = _l("Du kan ikke lukke din egen adgang. Bed en anden administrator om det.")


class WrongPassword(DomainError):
    message = _l("Det er ikke din adgangskode.")


class UserDisabled(DomainError):
    message = _l("Brugerens adgang er lukket. Åbn den igen først.")


def create_user(
    *,
    email: str | None,
    name: str,
    role: Role,
    at: datetime,
    municipality_id: int | None = None,
    by: User | None = None,
) -> User:
    """A new user without a password: she chooses one by a link in a mail, or signs in by paper code.

    Raises NotYoursToMake, EmailTaken.
    """
    if by is not None and not makes(by, role, municipality_id):
        raise NotYoursToMake
    email = email.strip().lower() if email else None
    known = queries.user_by_email(email) if email else None
    if known is not None:
        if known.is_confirmed:
            raise EmailTaken
        free_address(known, by=by, at=at)
    user = User(email=email, name=name.strip(), role=role, municipality_id=municipality_id, created_at=at)
    db.session.add(user)
    audit.record("user-created", subject=user, by=by, at=at)
    return user


def free_address(user: User, *, by: User | None, at: datetime) -> None:
    """An account that nobody has confirmed blocks nobody's address: it closes, and keeps no e-mail.

    A role or a municipality that was chosen wrong is made anew in the same way. Raises EmailTaken when its owner
    confirms it at this moment.
    """
    db.session.refresh(user, with_for_update={"of": User})
    if user.is_confirmed:
        raise EmailTaken
    close_account(user, by=by, at=at)
    user.email = None
    db.session.flush()


def makes(user: User, role: Role, municipality_id: int | None) -> bool:
    """Whether she may make accounts of the role there: staff make those of their own municipality alone."""
    at_home = user.scope is Scope.INSTALLATION or user.municipality_id == municipality_id
    return role in roles_made_by(user.role) and at_home


def create_municipality(
    *, name: str, unit_term: str, phone: str, email: str, by: User | None, at: datetime
) -> Municipality:
    """A municipality that begins to use the portal today.

    Raises MunicipalityExists.
    """
    if any(known.name.casefold() == name.casefold() for known in queries.municipalities()):
        raise MunicipalityExists
    made = Municipality(
        name=name,
        unit_term=unit_term,
        phone=phone,
        email=email,
        records_since_on=danish_day(at),
    )
    db.session.add(made)
    audit.record("municipality-created", subject=made, by=by, at=at)
    db.session.flush()
    return made


_SAID_OF_IT: Final = {
    "name": "navn",
    "unit_term": "det, virksomhederne ringer til",
    "phone": "telefon",
    "email": "e-mail",
}


def change_municipality(
    municipality: Municipality, *, seen_version: int, by: User, at: datetime, **details: str
) -> None:
    """What employers and citizens read of it from now on; the log says which of it changed.

    Raises StaleVersion, MunicipalityExists.
    """
    db.session.refresh(municipality, with_for_update={"of": Municipality})
    check_version(municipality, seen_version)
    name = details.get("name", municipality.name)
    others = (one for one in queries.municipalities() if one.id != municipality.id)
    if any(known.name.casefold() == name.casefold() for known in others):
        raise MunicipalityExists
    changed = [field for field, value in details.items() if getattr(municipality, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(municipality, field, details[field])
    db.session.flush()
    audit.record(
        "municipality-changed",
        subject=municipality,
        by=by,
        at=at,
        change=", ".join(_SAID_OF_IT[field] for field in changed),
    )


def set_password(
    user: User, password: str, *, passwords: Passwords, by: User | None, at: datetime, but: int | None = None
) -> None:
    """Give the user a password, and let her know by mail.

    All her sessions end but the one with id `but`, and no link to a password works: others may know the old one.
    """
    user.password_hash = passwords.hash(password)
    replace_access(user, at=at, but=but)
    audit.record("password-set", subject=user, by=by, at=at)


def replace_access(user: User, *, at: datetime, but: int | None = None) -> None:
    """She has another password: what opened her account before opens it no more, and a mail tells her."""
    end_all_sessions(user, at=at, but=but)
    withdraw_password_links(user, at=at)
    if user.email is not None:
        forgotten = {"forgotten": Link("accounts.forgotten")}
        outbox.post(
            MailKind.PASSWORD_CHANGED,
            to=user.email,
            at=at,
            unit=None,
            context={"at": at},
            links=forgotten,
            about=user,
        )


def change_password(
    user: User, *, old: str, new: str, passwords: Passwords, session_id: int, at: datetime
) -> None:
    """She chooses another herself, and stays signed in here alone. Raises WrongPassword."""
    if not passwords.verify(user.password_hash, old):
        raise WrongPassword
    set_password(user, new, passwords=passwords, by=user, at=at, but=session_id)


def withdraw_password_links(user: User, *, at: datetime) -> int:
    """No link of hers opens anything any more, and one whose mail waits is not sent. Returns how many."""
    open_ones = sa.select(AccessToken.id).where(
        AccessToken.user_id == user.id,
        AccessToken.purpose == TokenPurpose.RESET,
        AccessToken.used_at.is_(None),
        AccessToken.withdrawn_at.is_(None),
    )
    ids = db.session.scalars(open_ones.order_by(AccessToken.id)).all()
    outbox.call_back_about(AccessToken.__tablename__, open_ones)
    db.session.execute(sa.update(AccessToken).where(AccessToken.id.in_(ids)).values(withdrawn_at=at))
    return len(ids)


def disable_user(user: User, *, by: User, at: datetime) -> None:
    """Close the user's access from her next request; her links and codes stop working. Raises OwnAccountNeeded."""
    if user.id == by.id:
        raise OwnAccountNeeded
    close_account(user, by=by, at=at)


def close_account(user: User, *, by: User | None, at: datetime) -> None:
    """As disable_user; also by herself, and by nobody when a deadline has passed."""
    events.access_ending.send(user, at=at)
    user.disabled_at = at
    end_all_sessions(user, at=at)
    withdraw_password_links(user, at=at)
    db.session.execute(_open_tokens(user).values(withdrawn_at=at))
    audit.record("user-disabled", subject=user, by=by, at=at)


def enable_user(user: User, *, by: User, at: datetime) -> None:
    events.access_resumed.send(user, at=at)
    user.disabled_at = None
    audit.record("user-enabled", subject=user, by=by, at=at)


def open_session(user: User, *, device: str, at: datetime, second_step: SecondStep | None = None) -> str:
    """A new server-side session; returns the secret for the cookie, which is stored nowhere.

    `second_step` is what she showed besides her password.
    """
    secret = new_secret()
    session = UserSession(
        secret_hash=secret_hash(secret),
        user_id=user.id,
        opened_at=at,
        last_seen_at=at,
        device=device,
        second_step=second_step,
    )
    db.session.add(session)
    audit.record("signed-in", subject=user, by=user, at=at)
    return secret


def end_session(session: UserSession, *, by: User, at: datetime) -> None:
    if session.ended_at is None:
        session.ended_at = at
        audit.record("signed-out", subject=session.user, by=by, at=at)


def switch_shortcuts(user: User, *, on: bool) -> None:
    """Her own comfort: nobody else sees it, so the audit has no line of it."""
    user.has_shortcuts = on


def end_other_sessions(user: User, *, but: int, at: datetime) -> None:
    """The user signs out everywhere but on the device with the session `but`."""
    end_all_sessions(user, at=at, but=but)
    audit.record("other-sessions-ended", subject=user, by=user, at=at)


def end_all_sessions(user: User, *, at: datetime, but: int | None = None) -> None:
    """End every open session of the user, except the one with id `but`."""
    statement = sa.update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    if but is not None:
        statement = statement.where(UserSession.id != but)
    db.session.execute(statement.values(ended_at=at))


def end_everybodys_sessions(*, at: datetime) -> None:
    """An old database came back: who had signed out since is not signed in again, and no link to a password opens."""
    db.session.execute(sa.update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=at))
    links = sa.update(AccessToken).where(
        AccessToken.purpose == TokenPurpose.RESET, AccessToken.withdrawn_at.is_(None)
    )
    db.session.execute(links.values(withdrawn_at=at))


def make_login_code(user: User, *, by: User, at: datetime, lifetime: timedelta) -> str:
    """A code for paper; it works until it expires or a new one is made."""
    code = new_code()
    _issue(user, TokenPurpose.LOGIN_CODE, tidy_code(code), by=by, at=at, lifetime=lifetime)
    audit.record("login-code-made", subject=user, by=by, at=at)
    return code


def _issue(
    user: User, purpose: TokenPurpose, secret: str, *, by: User | None, at: datetime, lifetime: timedelta
) -> None:
    earlier = _open_tokens(user).where(AccessToken.purpose == purpose)
    db.session.execute(earlier.values(withdrawn_at=at))
    db.session.add(
        AccessToken(
            secret_hash=secret_hash(secret),
            user_id=user.id,
            purpose=purpose,
            created_at=at,
            created_by_id=by.id if by else None,
            expires_at=at + lifetime,
        )
    )
    db.session.flush()


def _open_tokens(user: User) -> sa.Update:
    return sa.update(AccessToken).where(AccessToken.user_id == user.id, AccessToken.withdrawn_at.is_(None))


def forget_expired(at: datetime, config: Mapping[str, Any]) -> Mapping[str, int]:
    """Delete sign-ins, links, codes, counted tries and form ids that can no longer matter; rows by table."""
    ended, gone = at - config["KEEP_SESSIONS"], at - config["KEEP_SUBMISSIONS"]
    old_session = sa.or_(UserSession.ended_at < ended, UserSession.opened_at < ended)
    statements = (
        sa.delete(UserSession).where(old_session),
        sa.delete(AccessToken).where(AccessToken.expires_at < ended),
        *throttle.purge(at=at, config=config),
        sa.delete(Submission).where(Submission.at < gone),
    )
    rows: Counter[str] = Counter()
    for statement in statements:
        done: Any = db.session.execute(statement)
        rows[str(statement.table)] += done.rowcount
    return rows
