"""What somebody shows besides her password: what she has, what is demanded, and how each is taken.

Of an app each code is taken once, and none older than the last; a passkey answers each question once; a recovery code
works once. All three are guarded by the statement that writes it down, so two at the same moment are one. Source:
docs/adr/036-login-in-two-steps.md
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any, Final

import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.keys import KeyPurpose, Keyring
from portal.base.sealing import box_of
from portal.config import STAFF
from portal.shared.accounts import passkeys, services, totp
from portal.shared.accounts.models import (
    AuthenticatorApp,
    Passkey,
    RecoveryCode,
    SecondStep,
    User,
    UserSession,
)
from portal.shared.accounts.secrets import new_code, secret_hash, tidy_code
from portal.shared.audit import services as audit
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.web.permissions import Action

RECOVERY_CODES: Final = 10
MOST_PASSKEYS: Final = 10
CHALLENGE_BYTES: Final = 32


class StepRefused(DomainError):
    message = _l("Koden passer ikke. Vent, til appen viser en ny, og se efter, at telefonens ur går rigtigt.")


class CodeUsed(DomainError):
    message = _l("Koden er brugt. Vent, til appen viser en ny.")


class PasskeyNotTaken(DomainError):
    message = _l("Adgangsnøglen passer ikke. Prøv igen, eller brug en kode.")


class NoPasskeyMade(DomainError):
    message = _l("Der blev ikke lavet en adgangsnøgle. Prøv igen.")


class PasskeyKnown(DomainError):
    message = _l("Den adgangsnøgle er sat op i forvejen.")


class TooManyPasskeys(DomainError):
    message = _l("Du har ti adgangsnøgler. Fjern en, du ikke bruger.")


class AlreadySetUp(DomainError):
    message = _l("Dit andet trin er sat op. Log ind med det.")


class OneIsNeeded(DomainError):
    message = _l("Du skal have mindst ét andet trin. Sæt et andet op, før du fjerner det her.")


class OwnSecondFactor(DomainError):
    message = _l("Du kan ikke nulstille dit eget andet trin. Bed en anden administrator om det.")


class NothingToReset(DomainError):
    message = _l("Der er ikke sat noget andet trin op.")


class ChangeTold(StrEnum):
    """What the mail says has happened; templates/mail/second_factor_changed.txt has a sentence for each."""

    ADDED = auto()
    REMOVED = auto()
    CODES_MADE = auto()
    CODE_USED = auto()
    RESET = auto()


@dataclass(frozen=True)
class Factors:
    """What somebody has."""

    app: AuthenticatorApp | None
    passkeys: list[Passkey]
    codes_left: int
    codes_made_at: datetime | None

    @property
    def count(self) -> int:
        return len(self.passkeys) + (self.app is not None)


# --- What there is, and what is demanded ---------------------------------------------------------------------


def is_demanded_of(user: User, config: Mapping[str, Any]) -> bool:
    """Whether she must have one (PORTAL_SECOND_FACTOR)."""
    return bool(config["PORTAL_SECOND_FACTOR"] == STAFF and user.may(Action.USE_SECOND_FACTOR))


def is_asked_of(user: User, config: Mapping[str, Any]) -> bool:
    """Whether her password alone signs her in no more."""
    return user.second_factor_since is not None or is_demanded_of(user, config)


def factors_of(user: User) -> Factors:
    codes = sa.select(
        sa.func.count().filter(RecoveryCode.used_at.is_(None)), sa.func.max(RecoveryCode.made_at)
    ).where(RecoveryCode.user_id == user.id)
    left, made_at = db.session.execute(codes).one()
    return Factors(_app_of(user), passkeys_of(user), left, made_at)


def _app_of(user: User) -> AuthenticatorApp | None:
    return db.session.scalar(sa.select(AuthenticatorApp).where(AuthenticatorApp.user_id == user.id))


def passkeys_of(user: User) -> list[Passkey]:
    statement = sa.select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.made_at, Passkey.id)
    return list(db.session.scalars(statement))


def passkey_of(user: User, passkey_id: int) -> Passkey:
    """Raises NoResultFound for a stranger's."""
    statement = sa.select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id)
    return db.session.scalars(statement).one()


def unreadable_apps(keys: Keyring, *, at: datetime) -> int:
    """How many apps have a secret that no key opens: their codes are refused."""
    box = box_of(keys, KeyPurpose.SECOND_FACTOR, at=at)
    return sum(
        _opened(box, sealed) is None
        for sealed in db.session.scalars(sa.select(AuthenticatorApp.sealed_secret))
    )


# --- Signing in ----------------------------------------------------------------------------------------------


def take_code(user: User, typed: str, *, attempt: str, at: datetime, keys: Keyring) -> SecondStep:
    """A code of her app or of her paper. `attempt` names the login it ends: a second click on the same button is no
    second use.

    Raises StepRefused, CodeUsed.
    """
    figures = totp.figures_of(typed)
    if figures is None:
        _take_recovery_code(user, typed, by=secret_hash(attempt), at=at)
        return SecondStep.RECOVERY_CODE
    _take_figures(user, figures, by=secret_hash(attempt), at=at, keys=keys)
    return SecondStep.APP


def _take_figures(user: User, figures: str, *, by: str, at: datetime, keys: Keyring) -> None:
    app, box = _app_of(user), box_of(keys, KeyPurpose.SECOND_FACTOR, at=at)
    secret = _opened(box, app.sealed_secret) if app is not None else None
    step = totp.step_of(secret, figures, at=at) if secret is not None else None
    if app is None or secret is None or step is None:
        raise StepRefused
    taken: Any = db.session.execute(
        sa.update(AuthenticatorApp)
        .where(AuthenticatorApp.id == app.id, AuthenticatorApp.last_step < step)
        .values(last_step=step, last_used_by=by, last_used_at=at, sealed_secret=_sealed(box, secret))
    )
    if taken.rowcount:
        return
    again = sa.select(AuthenticatorApp.id).where(
        AuthenticatorApp.id == app.id, AuthenticatorApp.last_step == step, AuthenticatorApp.last_used_by == by
    )
    if db.session.scalar(again) is None:
        raise CodeUsed


def _take_recovery_code(user: User, typed: str, *, by: str, at: datetime) -> None:
    hers = sa.and_(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _code_hash(user, typed))
    taken: Any = db.session.execute(
        sa.update(RecoveryCode).where(hers, RecoveryCode.used_at.is_(None)).values(used_at=at, used_by=by)
    )
    if taken.rowcount:
        audit.record("recovery-code-used", subject=user, by=user, at=at)
        _mail(user, ChangeTold.CODE_USED, at=at, left=factors_of(user).codes_left)
    elif db.session.scalar(sa.select(RecoveryCode.id).where(hers, RecoveryCode.used_by == by)) is None:
        raise StepRefused


def take_passkey(
    user: User,
    answer: str,
    *,
    party: passkeys.RelyingParty,
    challenge: bytes,
    asked_at: datetime,
    at: datetime,
) -> None:
    """Raises PasskeyNotTaken, also when it answered this question, or one asked later, before."""
    try:
        name = passkeys.credential_named(answer)
        found = db.session.scalar(
            sa.select(Passkey).where(Passkey.credential_id == name, Passkey.user_id == user.id)
        )
        if found is None:
            raise PasskeyNotTaken
        count = passkeys.shown(
            answer,
            party,
            challenge=challenge,
            public_key=found.public_key,
            sign_count=found.sign_count,
        )
    except passkeys.PasskeyRefused as refused:
        raise PasskeyNotTaken from refused
    not_yet = sa.or_(Passkey.challenged_at.is_(None), Passkey.challenged_at < asked_at)
    taken: Any = db.session.execute(
        sa.update(Passkey)
        .where(Passkey.id == found.id, not_yet)
        .values(sign_count=count, challenged_at=asked_at, last_used_at=at)
    )
    if not taken.rowcount:
        raise PasskeyNotTaken


# --- Setting up and taking down ------------------------------------------------------------------------------


def add_app(
    user: User, secret: str, figures: str, *, session_id: int | None, at: datetime, keys: Keyring
) -> list[str]:
    """Her app, in the place of one she had, when it shows what the secret says. Returns recovery codes with the first.

    `session_id`: where she is signed in; None while her password alone has been shown.
    Raises StepRefused, AlreadySetUp.
    """
    step = totp.step_of(secret, figures, at=at)
    if step is None:
        raise StepRefused
    _lock(user, has_shown_one=session_id is not None)
    db.session.execute(sa.delete(AuthenticatorApp).where(AuthenticatorApp.user_id == user.id))
    sealed = _sealed(box_of(keys, KeyPurpose.SECOND_FACTOR, at=at), secret)
    db.session.add(AuthenticatorApp(user_id=user.id, sealed_secret=sealed, made_at=at, last_step=step))
    return _added(user, SecondStep.APP, session_id=session_id, at=at)


def add_passkey(
    user: User, made: passkeys.MadePasskey, *, name: str, session_id: int | None, at: datetime
) -> list[str]:
    """Another passkey of hers. As add_app. Raises PasskeyKnown, TooManyPasskeys, AlreadySetUp."""
    _lock(user, has_shown_one=session_id is not None)
    if len(passkeys_of(user)) >= MOST_PASSKEYS:
        raise TooManyPasskeys
    if (
        db.session.scalar(sa.select(Passkey.id).where(Passkey.credential_id == made.credential_id))
        is not None
    ):
        raise PasskeyKnown
    db.session.add(
        Passkey(
            user_id=user.id,
            name=name,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            made_at=at,
        )
    )
    return _added(user, SecondStep.PASSKEY, session_id=session_id, at=at)


def _lock(user: User, *, has_shown_one: bool) -> None:
    """Nobody else changes what she has meanwhile. Raises AlreadySetUp for who has shown her password alone."""
    db.session.refresh(user, with_for_update={"of": User})
    if user.second_factor_since is not None and not has_shown_one:
        raise AlreadySetUp


def _added(user: User, step: SecondStep, *, session_id: int | None, at: datetime) -> list[str]:
    is_first = user.second_factor_since is None
    if is_first:
        user.second_factor_since = at
        services.end_all_sessions(user, at=at, but=session_id)
        own = sa.update(UserSession).where(UserSession.id == session_id, UserSession.second_step.is_(None))
        db.session.execute(own.values(second_step=step))
    db.session.flush()
    audit.record("second-factor-added", subject=user, by=user, at=at, change=str(step.label))
    _mail(user, ChangeTold.ADDED, at=at, step=step)
    return _new_codes(user, at=at) if is_first else []


def make_recovery_codes(user: User, *, at: datetime) -> list[str]:
    """Ten new ones; those she had work no more. They are stored nowhere but as hashes."""
    _lock(user, has_shown_one=True)
    codes = _new_codes(user, at=at)
    audit.record("recovery-codes-made", subject=user, by=user, at=at)
    _mail(user, ChangeTold.CODES_MADE, at=at)
    return codes


def _new_codes(user: User, *, at: datetime) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [new_code() for _number in range(RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_hash=_code_hash(user, code), made_at=at) for code in codes
    )
    db.session.flush()
    return codes


def remove(
    user: User, factor: AuthenticatorApp | Passkey, *, config: Mapping[str, Any], at: datetime
) -> None:
    """She takes one of her own away; with the last one go the recovery codes. Raises OneIsNeeded."""
    table, key = type(factor), factor.id
    step = SecondStep.APP if table is AuthenticatorApp else SecondStep.PASSKEY
    _lock(user, has_shown_one=True)
    is_last = factors_of(user).count == 1
    if is_last and is_demanded_of(user, config):
        raise OneIsNeeded
    gone: Any = db.session.execute(sa.delete(table).where(table.id == key))
    if not gone.rowcount:
        return  # another window was faster
    if is_last:
        _take_all(user)
    db.session.flush()
    audit.record("second-factor-removed", subject=user, by=user, at=at, change=str(step.label))
    _mail(user, ChangeTold.REMOVED, at=at, step=step)


def reset(user: User, *, by: User | None, at: datetime) -> None:
    """Somebody who looks after the account takes all away: she signs in by her password, and sets up anew.

    Raises OwnSecondFactor, NothingToReset.
    """
    if by is not None and by.id == user.id:
        raise OwnSecondFactor
    _lock(user, has_shown_one=True)
    if user.second_factor_since is None:
        raise NothingToReset
    _take_all(user)
    services.end_all_sessions(user, at=at)
    audit.record("second-factor-reset", subject=user, by=by, at=at)
    _mail(user, ChangeTold.RESET, at=at, by_unit=by.unit_name if by else None)


def _take_all(user: User) -> None:
    for table in (AuthenticatorApp, Passkey, RecoveryCode):
        db.session.execute(sa.delete(table).where(table.user_id == user.id))
    user.second_factor_since = None
    db.session.flush()


def new_challenge() -> bytes:
    return secrets.token_bytes(CHALLENGE_BYTES)


def _code_hash(user: User, typed: str) -> str:
    """With her own key before it, so that nobody tries one code on all."""
    return secret_hash(f"{user.id} {tidy_code(typed)}")


def _sealed(box: Any, secret: str) -> str:
    return str(box.encrypt(secret.encode()).decode())


def _opened(box: Any, sealed: str) -> str | None:
    try:
        return str(box.decrypt(sealed.encode()).decode())
    except InvalidToken:
        return None


def _mail(user: User, told: ChangeTold, *, at: datetime, **said: Any) -> None:
    """She hears of all that opens her account to somebody, whoever did it."""
    if user.email is None:
        return
    outbox.post(
        MailKind.SECOND_FACTOR_CHANGED,
        to=user.email,
        at=at,
        unit=None,
        context={"told": told.value, "at": at, **said},
        links={"forgotten": Link("accounts.forgotten")},
        about=user,
    )
