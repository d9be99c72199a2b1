"""Reads of tokens: an administrator sees those of her municipality; a system shows its own."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.api.tokens.models import ApiToken, TokenState
from portal.base.database import db
from portal.shared.accounts.models import User
from portal.shared.accounts.secrets import secret_hash
from portal.web.permissions import Action, Scope


def tokens_seen_by(user: User) -> sa.Select[ApiToken]:
    """Those of the municipality whose administrator she is, the newest first."""
    statement = sa.select(ApiToken).order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
    if user.scope_of(Action.MANAGE_API_TOKENS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(ApiToken.municipality_id == user.municipality_id)


def token_list(user: User, *, today: date, state: str = "") -> sa.Select[ApiToken]:
    """The list with who made and ended each; an unknown state finds nothing."""
    statement = tokens_seen_by(user).options(
        selectinload(ApiToken.opened), joinedload(ApiToken.made_by), joinedload(ApiToken.ended_by)
    )
    return statement.where(_is_in(state, today)) if state else statement


def _is_in(state: str, today: date) -> sa.ColumnElement[bool]:
    """As `ApiToken.state_on` says it."""
    if state == TokenState.ENDED:
        return ApiToken.ended_at.is_not(None)
    if state == TokenState.EXPIRED:
        return sa.and_(ApiToken.ended_at.is_(None), ApiToken.last_on < today)
    if state == TokenState.OPEN:
        return sa.and_(ApiToken.ended_at.is_(None), ApiToken.last_on >= today)
    return sa.false()


def token_for(user: User, token_id: int) -> ApiToken:
    """Raises NoResultFound for another municipality's."""
    return db.session.scalars(tokens_seen_by(user).where(ApiToken.id == token_id)).one()


def token_by_secret(secret: str) -> ApiToken | None:
    """Whose the secret is, whether or not it still opens anything; None: nobody's."""
    statement = (
        sa.select(ApiToken)
        .where(ApiToken.secret_hash == secret_hash(secret))
        .options(joinedload(ApiToken.municipality), joinedload(ApiToken.opened))
    )
    return db.session.scalars(statement).unique().one_or_none()
