"""Tables of the tokens with which other systems read."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.shared.accounts.models import Municipality, User
from portal.web.permissions import Action


class TokenScope(LabelledEnum):
    """What a token opens."""

    OPENINGS = "openings", _l("Åbninger")
    EMPLOYERS = "employers", _l("Virksomheder og arbejdssteder, uden kontaktpersoner")
    PARTNERSHIPS = "partnerships", _l("Partnerskaber")
    FIGURES = "figures", _l("Tallene under Mål, som en leder ser dem")
    CASES = "cases", _l("En borgers forløb og kort efter sagsnummer")

    @property
    def actions(self) -> frozenset[Action]:
        """What a person may do who reads the same."""
        return READS[self]

    @property
    def is_about_people(self) -> bool:
        return self is TokenScope.CASES


READS: Final = {
    TokenScope.OPENINGS: frozenset({Action.READ_OPENINGS}),
    TokenScope.EMPLOYERS: frozenset({Action.READ_EMPLOYERS}),
    TokenScope.PARTNERSHIPS: frozenset({Action.READ_PARTNERSHIPS}),
    TokenScope.FIGURES: frozenset({Action.READ_GOALS}),
    TokenScope.CASES: frozenset({Action.READ_CITIZENS, Action.READ_PLACEMENTS, Action.READ_CARD}),
}
"""The queries that serve people serve systems too: they ask what the reader may do, and where."""


class TokenState(LabelledEnum):
    OPEN = "open", _l("Virker")
    EXPIRED = "expired", _l("Udløbet")
    ENDED = "ended", _l("Lukket")


class ApiToken(db.Model):  # type: ignore[name-defined]
    """One system's way in. Only the hash of its secret is stored."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        sa.CheckConstraint("ended_at IS NOT NULL OR ended_by_id IS NULL", name="nobody_ends_what_is_open"),
        sa.CheckConstraint("(minute_at IS NULL) = (asked_in_minute = 0)", name="minute_is_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    system: Mapped[str] = mapped_column(sa.String(60))
    """Which system reads, as a citizen reads it in her log."""
    purpose: Mapped[str] = mapped_column(sa.String(200))
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    last_on: Mapped[date]
    """The last day on which it opens anything."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    used_at: Mapped[datetime | None]
    """When it last opened something; None: never."""
    minute_at: Mapped[datetime | None]
    """The minute in which it last did, and how often: what is asked too often in one has to wait for the next."""
    asked_in_minute: Mapped[int] = mapped_column(default=0, server_default="0")

    municipality: Mapped[Municipality] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])
    opened: Mapped[list["ApiTokenScope"]] = relationship(
        cascade="all, delete-orphan", order_by="ApiTokenScope.scope"
    )

    @property
    def scopes(self) -> list[TokenScope]:
        """In the order in which they are offered."""
        held = {one.scope for one in self.opened}
        return [scope for scope in TokenScope if scope in held]

    def state_on(self, day: date) -> TokenState:
        if self.ended_at is not None:
            return TokenState.ENDED
        return TokenState.EXPIRED if self.last_on < day else TokenState.OPEN


class ApiTokenScope(db.Model):  # type: ignore[name-defined]
    """One thing that a token opens."""

    __tablename__ = "api_token_scopes"

    token_id: Mapped[int] = mapped_column(sa.ForeignKey("api_tokens.id"), primary_key=True)
    scope: Mapped[TokenScope] = mapped_column(primary_key=True)
