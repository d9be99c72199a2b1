"""How often somebody may try: failed tries are counted in the database, by account and by address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.base.database import db
from portal.base.errors import TooManyAttempts
from portal.base.keys import KeyPurpose
from portal.shared.accounts.models import LoginFailure
from portal.shared.accounts.secrets import keyed_hash


def check_throttle(*, email: str, address: str, at: datetime, config: Mapping[str, Any]) -> None:
    """Raises TooManyAttempts when the account or the address failed too often lately."""
    key, since = _key(config), at - config["LOGIN_WINDOW"]
    account, place = keyed_hash(key, email.lower()), keyed_hash(key, address)
    if _failures_since(since, account_hash=account) >= config["LOGIN_FAILURES_PER_ACCOUNT"]:
        raise TooManyAttempts
    if _failures_since(since, address_hash=place) >= config["LOGIN_FAILURES_PER_ADDRESS"]:
        raise TooManyAttempts


def note_failure(*, email: str, address: str, at: datetime, config: Mapping[str, Any]) -> None:
    """Count a failed login and forget those outside the window."""
    key = _key(config)
    db.session.execute(sa.delete(LoginFailure).where(LoginFailure.at < at - config["LOGIN_WINDOW"]))
    db.session.add(
        LoginFailure(
            account_hash=keyed_hash(key, email.lower()), address_hash=keyed_hash(key, address), at=at
        )
    )
    db.session.flush()


def count_attempt(*, email: str, address: str, at: datetime, config: Mapping[str, Any]) -> None:
    """Count a try as failed before it is known to be: a success takes it back, and rivals cannot slip past.

    Raises TooManyAttempts.
    """
    _lock_failures()
    check_throttle(email=email, address=address, at=at, config=config)
    note_failure(email=email, address=address, at=at, config=config)


def forget_failures(*, email: str, config: Mapping[str, Any]) -> None:
    """A successful login clears the account's failures."""
    account = keyed_hash(_key(config), email.lower())
    db.session.execute(sa.delete(LoginFailure).where(LoginFailure.account_hash == account))


def _key(config: Mapping[str, Any]) -> str:
    """After a rotation nobody has failed yet: that is an operator's own doing."""
    secret: str = config["KEYS"].signing(KeyPurpose.THROTTLE).secret
    return secret


def _lock_failures() -> None:
    """Let one login at a time count and be counted. SQLite's write transaction does so already."""
    if db.session.get_bind().dialect.name != "sqlite":
        db.session.execute(sa.text("LOCK TABLE login_failures IN SHARE ROW EXCLUSIVE MODE"))


def _failures_since(
    since: datetime, *, account_hash: str | None = None, address_hash: str | None = None
) -> int:
    statement = sa.select(sa.func.count()).select_from(LoginFailure).where(LoginFailure.at > since)
    if account_hash is not None:
        statement = statement.where(LoginFailure.account_hash == account_hash)
    if address_hash is not None:
        statement = statement.where(LoginFailure.address_hash == address_hash)
    return db.session.scalar(statement) or 0
