"""Reads of accounts."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.shared.accounts.models import (
    AccessToken,
    Municipality,
    TokenPurpose,
    User,
    UserSession,
)
from portal.shared.accounts.secrets import secret_hash
from portal.web.permissions import GRANTS, Action, Role, Scope, roles_made_by
from portal.web.searching import found


def user_by_email(email: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def active_user(email: str) -> User | None:
    """Nobody whose access is closed."""
    user = user_by_email(email)
    return user if user is not None and user.is_active else None


def live_session(secret: str, *, at: datetime, idle: timedelta, absolute: timedelta) -> UserSession | None:
    """The session behind a cookie, if it is neither ended, idle nor too old and its user is active."""
    session = db.session.scalar(sa.select(UserSession).where(UserSession.secret_hash == secret_hash(secret)))
    if session is None or session.ended_at is not None or not session.user.is_active:
        return None
    if at - session.last_seen_at > idle or at - session.opened_at > absolute:
        return None
    return session


def user_of_any_session(secret: str) -> User | None:
    """Whose session it is or was, as long as its row is kept; nobody whose access is closed."""
    statement = sa.select(UserSession).where(UserSession.secret_hash == secret_hash(secret))
    found = db.session.scalar(statement)
    return found.user if found is not None and found.user.is_active else None


def sessions_of(user: User, *, at: datetime, idle: timedelta, absolute: timedelta) -> list[UserSession]:
    """The user's open sessions, the latest used first."""
    statement = (
        sa.select(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.ended_at.is_(None),
            UserSession.last_seen_at > at - idle,
            UserSession.opened_at > at - absolute,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
    )
    return list(db.session.scalars(statement))


def session_of(user: User, session_id: int) -> UserSession:
    """Raises NoResultFound for a stranger's session."""
    statement = sa.select(UserSession).where(UserSession.id == session_id, UserSession.user_id == user.id)
    return db.session.scalars(statement).one()


def session_with(secret: str) -> UserSession:
    """The session behind a cookie that was already accepted."""
    return db.session.scalars(
        sa.select(UserSession).where(UserSession.secret_hash == secret_hash(secret))
    ).one()


def open_token(secret: str, purpose: TokenPurpose, *, at: datetime) -> AccessToken | None:
    """The unused, unexpired link or code with this secret, of an active user."""
    token = db.session.scalar(
        sa.select(AccessToken).where(
            AccessToken.secret_hash == secret_hash(secret), AccessToken.purpose == purpose
        )
    )
    if (
        token is None
        or token.withdrawn_at
        or token.used_at
        or token.expires_at < at
        or not token.user.is_active
    ):
        return None
    return token


def users_managed_by(user: User) -> sa.Select[User]:
    """Those whose accounts she may make and close: of the roles that hers makes, and of her municipality alone."""
    statement = sa.select(User).where(User.role.in_(roles_made_by(user.role)))
    scope = user.scope_of(Action.MANAGE_USERS)
    if scope is Scope.INSTALLATION:
        return statement
    if scope is Scope.MUNICIPALITY:
        return statement.where(User.municipality_id == user.municipality_id)
    return statement.where(sa.false())


def municipality_for(user: User, municipality_id: int) -> Municipality:
    """One whose page she may tend: her own, or any for who runs the portal. Raises NoResultFound."""
    statement = sa.select(Municipality).where(Municipality.id == municipality_id)
    if user.scope_of(Action.TEND_MUNICIPALITY) is not Scope.INSTALLATION:
        statement = statement.where(Municipality.id == user.municipality_id)
    return db.session.scalars(statement).one()


def managed_names(by: User, ids: Iterable[int]) -> dict[int, str]:
    """Those among them whose accounts are hers to manage, with their names."""
    statement = users_managed_by(by).with_only_columns(User.id, User.name).where(User.id.in_(set(ids)))
    return {row.id: row.name for row in db.session.execute(statement)}


def managed_user(by: User, user_id: int) -> User:
    """Raises NoResultFound for somebody whose account is not hers to manage."""
    return db.session.scalars(users_managed_by(by).where(User.id == user_id)).one()


def user_list(user: User, *, words: str = "", role: str = "", status: str = "") -> sa.Select[User]:
    """Users with their municipality; unknown filter values find nobody."""
    statement = users_managed_by(user).outerjoin(Municipality, User.municipality_id == Municipality.id)
    if words:
        statement = statement.where(found(words, User.name, User.email, Municipality.name))
    if role:
        statement = statement.where(User.role == role if role in set(Role) else sa.false())
    if status:
        closed = User.disabled_at.is_not(None)
        statement = statement.where({"open": ~closed, "closed": closed}.get(status, sa.false()))
    return statement.options(contains_eager(User.municipality))


def user(user_id: int) -> User:
    return db.session.scalars(sa.select(User).where(User.id == user_id)).one()


def municipalities() -> list[Municipality]:
    return list(db.session.scalars(sa.select(Municipality).order_by(alphabetical(Municipality.name))))


def anybody_signs_in() -> bool:
    """Whether anybody has chosen a password yet."""
    return db.session.scalar(sa.select(sa.exists().where(User.password_hash.is_not(None)))) is True


def administrators_by_municipality() -> dict[int, int]:
    """How many make the users of each municipality that has any such."""
    statement = (
        sa.select(User.municipality_id, sa.func.count())
        .where(
            User.role.in_(GRANTS[Action.MANAGE_USERS]),
            User.disabled_at.is_(None),
        )
        .group_by(User.municipality_id)
        .order_by(User.municipality_id)
    )
    return {home: number for home, number in db.session.execute(statement) if home is not None}


def consultants(municipality_id: int) -> list[User]:
    """Those of a municipality who look after citizens, by name."""
    statement = (
        sa.select(User)
        .where(
            User.role.in_(GRANTS[Action.MANAGE_CITIZENS]),
            User.municipality_id == municipality_id,
            User.disabled_at.is_(None),
        )
        .order_by(alphabetical(User.name), User.id)
    )
    return list(db.session.scalars(statement))
