"""Links by which somebody chooses a password: mailed to the owner of the address and shown to nobody else.

Each is a row, so that whoever asked for it can see whether it was used and take it back, and it is signed when its mail
is sent. It opens nothing once it was used, withdrawn or too old, her access was closed, or her password or e-mail is
another. Citizens never get one: they sign in by the code on paper.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.keys import KeyPurpose, keyed_hash
from portal.shared.accounts import services
from portal.shared.accounts.models import AccessToken, TokenPurpose, User
from portal.shared.accounts.secrets import Passwords, new_secret, secret_hash
from portal.shared.audit import services as audit
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import Mail, MailKind
from portal.web.links import LinkPurpose
from portal.web.permissions import Scope

LIFETIME: Final = timedelta(hours=1)
"""Of one that she asked for herself, and waits for."""
MARK_LENGTH: Final = 24
"""Hexadecimal digits: 96 bits."""


class LinkUsed(DomainError):
    message = _l("Linket er allerede brugt. Bed om et nyt.")


class NoPassword(DomainError):
    message = _l("Borgere logger ind med en kode på papir og har ingen adgangskode.")


class NoOpenLink(DomainError):
    message = _l("Der er ikke noget link, der virker.")


def may_have_one(user: User) -> bool:
    return user.is_active and user.email is not None and user.scope is not Scope.CITIZEN


def mail_asked(user: User, *, at: datetime, config: Mapping[str, Any]) -> None:
    """Somebody who says she forgot her password asked for it; nobody knows who. Earlier links still work.

    Raises UserDisabled, NoPassword.
    """
    token = _issue(user, by=None, at=at, lifetime=LIFETIME)
    links = {"choose": link(token, config=config)}
    outbox.post(MailKind.PASSWORD, to=user.email or "", at=at, unit=None, links=links, about=token)
    audit.record("password-link-mailed", subject=user, by=None, at=at)


def mail_account(user: User, *, by: User | None, at: datetime, config: Mapping[str, Any]) -> None:
    """She is told of her account, or of a new link to it, by whoever looks after it. Earlier links stop working.

    Raises UserDisabled, NoPassword.
    """
    services.withdraw_password_links(user, at=at)
    token = _issue(user, by=by, at=at, lifetime=config["RESET_LINK_LIFETIME"])
    outbox.post(
        MailKind.ACCOUNT,
        to=user.email or "",
        at=at,
        unit=None,
        context={
            "asked_by": by.unit_name if by else None,
            "is_new": user.password_hash is None,
            "hours": int(config["RESET_LINK_LIFETIME"].total_seconds() // 3600),
        },
        links={"choose": link(token, config=config)},
        about=token,
    )
    audit.record("password-link-mailed", subject=user, by=by, at=at)


def hand_over(user: User, *, at: datetime, config: Mapping[str, Any]) -> Link:
    """For the very first account of an installation that sends no mail: the link itself. Raises as mail_account."""
    token = _issue(user, by=None, at=at, lifetime=config["RESET_LINK_LIFETIME"])
    audit.record("password-link-handed-over", subject=user, by=None, at=at)
    return link(token, config=config)


def _issue(user: User, *, by: User | None, at: datetime, lifetime: timedelta) -> AccessToken:
    if not user.is_active:
        raise services.UserDisabled
    if not may_have_one(user):
        raise NoPassword
    token = AccessToken(
        secret_hash=secret_hash(new_secret()),  # nobody's: what opens it is the portal's signature
        user_id=user.id,
        purpose=TokenPurpose.RESET,
        created_at=at,
        created_by_id=by.id if by else None,
        expires_at=at + lifetime,
    )
    db.session.add(token)
    db.session.flush()
    return token


def link(token: AccessToken, *, config: Mapping[str, Any]) -> Link:
    """Its address, once it is signed."""
    user = db.session.get_one(User, token.user_id)
    return Link.signed(
        "accounts.choose_password",
        LinkPurpose.FORGOTTEN,
        token.id,
        _mark(user, config["KEYS"].signing(KeyPurpose.LINKS).secret),
        expires_at=token.expires_at,
        arg="password_link",
    )


def _mark(user: User, key: str) -> str:
    """Says which password and whose address the link is for."""
    return keyed_hash(key, f"{user.id} {user.email} {user.password_hash}")[:MARK_LENGTH]


def opened(token_id: int, mark: str, *, at: datetime, config: Mapping[str, Any]) -> AccessToken | None:
    """The link's row while it still opens something."""
    token = db.session.get(AccessToken, token_id)
    if token is None or token.purpose is not TokenPurpose.RESET or not may_have_one(token.user):
        return None
    if token.used_at or token.withdrawn_at or token.expires_at <= at:
        return None
    keys = config["KEYS"].reading(KeyPurpose.LINKS, at=at)
    return token if any(compare_digest(_mark(token.user, key), mark) for key in keys) else None


def use(
    token: AccessToken,
    password: str,
    *,
    mark: str,
    passwords: Passwords,
    at: datetime,
    config: Mapping[str, Any],
) -> None:
    """Set the password of the link's user. Raises LinkUsed when another window was faster."""
    db.session.execute(sa.select(User.id).where(User.id == token.user_id).with_for_update())
    db.session.refresh(token)
    db.session.refresh(token.user)
    if opened(token.id, mark, at=at, config=config) is None:
        raise LinkUsed
    token.used_at = at
    services.set_password(token.user, password, passwords=passwords, by=token.user, at=at)


def withdraw(user: User, *, by: User, at: datetime) -> None:
    """Whoever looks after the account takes the link back. Raises NoOpenLink."""
    if not services.withdraw_password_links(user, at=at):
        raise NoOpenLink
    audit.record("password-link-withdrawn", subject=user, by=by, at=at)


def last_mailed(user: User) -> tuple[AccessToken, Mail | None] | None:
    """The newest link that somebody who looks after the account had mailed, and its mail while the outbox has it."""
    statement = (
        sa.select(AccessToken, Mail)
        .outerjoin(
            Mail,
            sa.and_(Mail.about_type == AccessToken.__tablename__, Mail.about_id == AccessToken.id),
        )
        .where(
            AccessToken.user_id == user.id,
            AccessToken.purpose == TokenPurpose.RESET,
            AccessToken.created_by_id.is_not(None),
        )
        .order_by(AccessToken.id.desc())
        .limit(1)
    )
    found = db.session.execute(statement).first()
    return (found[0], found[1]) if found else None
