"""Commands of tokens: make one, end one, and what is written of one that was used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.api.tokens.models import ApiToken, ApiTokenScope, TokenScope
from portal.base import events
from portal.base.database import db
from portal.base.errors import DomainError
from portal.shared.accounts.models import User
from portal.shared.accounts.secrets import new_secret, secret_hash
from portal.shared.audit import services as audit

PREFIX: Final = "dgm_"
"""How every token begins, so that one that lies where it should not can be searched for."""


class TokenIsEnded(DomainError):
    message = _l("Nøglen er allerede lukket.")


@dataclass(frozen=True)
class TokenDetails:
    """What an administrator says of a token."""

    system: str
    purpose: str
    scopes: Sequence[TokenScope]
    last_on: date


def make_token(details: TokenDetails, *, by: User, at: datetime) -> tuple[ApiToken, str]:
    """A token of the administrator's own municipality, and its secret, which is stored nowhere."""
    secret = PREFIX + new_secret()
    token = ApiToken(
        municipality_id=by.municipality_id,
        system=details.system,
        purpose=details.purpose,
        secret_hash=secret_hash(secret),
        made_at=at,
        made_by_id=by.id,
        last_on=details.last_on,
        opened=[ApiTokenScope(scope=scope) for scope in details.scopes],
    )
    db.session.add(token)
    opened = ", ".join(str(scope.label) for scope in token.scopes)
    audit.record(
        "api-token-made",
        subject=token,
        by=by,
        at=at,
        change=f"{details.system}: {details.purpose} ({opened})",
    )
    db.session.flush()
    return token, secret


def end_token(token: ApiToken, *, by: User | None, at: datetime) -> None:
    """It opens nothing from now on, nor when an older backup comes back: by nobody then. Raises TokenIsEnded."""
    db.session.refresh(token, with_for_update={"of": ApiToken})
    if token.ended_at is not None:
        raise TokenIsEnded
    events.access_ending.send(token, at=at)
    token.ended_at, token.ended_by_id = at, by.id if by else None
    audit.record("api-token-ended", subject=token, by=by, at=at)
    db.session.flush()


_MARK_USE: Final = (
    sa.update(ApiToken.__table__)
    .where(ApiToken.__table__.c.id == sa.bindparam("used_token"))
    .values(
        used_at=sa.bindparam("at_moment"),
        minute_at=sa.bindparam("in_minute"),
        asked_in_minute=sa.case(
            (
                ApiToken.__table__.c.minute_at == sa.bindparam("in_minute"),
                ApiToken.__table__.c.asked_in_minute + 1,
            ),
            else_=1,
        ),
    )
)


def mark_of_use(token_id: int, at: datetime) -> tuple[sa.Update, list[dict[str, Any]]]:
    """What is written with the lines of the log when a token has opened something."""
    return _MARK_USE, [{"used_token": token_id, "at_moment": at, "in_minute": minute_of(at)}]


def minute_of(at: datetime) -> datetime:
    """The minute that a moment is counted in."""
    return at.replace(second=0, microsecond=0)
