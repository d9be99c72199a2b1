"""Tables of accounts."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db, version_by
from portal.base.terms import Effort, LabelledEnum
from portal.web.permissions import Action, Role, Scope, may, scope_of


class TokenPurpose(LabelledEnum):
    """What a secret outside the portal opens."""

    RESET = "reset", _l("Ny adgangskode")
    LOGIN_CODE = "login_code", _l("Login-kode på papir")


class Municipality(db.Model):  # type: ignore[name-defined]
    """A municipality that uses the portal. `records_since_on`: before that day the portal holds no records."""

    __tablename__ = "municipalities"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    unit_term: Mapped[str] = mapped_column(sa.String(80))
    """What the municipality calls its door for employers, e.g. "Virksomhedsindgangen"."""
    phone: Mapped[str] = mapped_column(sa.String(20))
    email: Mapped[str] = mapped_column(sa.String(120))
    records_since_on: Mapped[date]
    efforts: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")
    """Which of Effort it has switched on, in their order; what it switches off is kept and shown to nobody."""

    @property
    def version(self) -> int:
        """Of what its page changes, for whoever saves it."""
        return version_by(self.name, self.unit_term, self.phone, self.email)

    def uses(self, effort: Effort | None) -> bool:
        """Whether a room of the effort is open here; one that is part of no effort always is."""
        return effort is None or effort.value in self.efforts


class User(db.Model):  # type: ignore[name-defined]
    """Somebody who can sign in. All belong to a municipality but who runs the portal, or waits to be let in."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
        sa.CheckConstraint(
            "role IN ('employer', 'citizen', 'operator') OR municipality_id IS NOT NULL",
            name="staff_has_municipality",
        ),
        sa.CheckConstraint(
            "role <> 'operator' OR municipality_id IS NULL", name="operator_has_no_municipality"
        ),
        {
            "sqlite_autoincrement": True
        },  # the audit names users by id: an erased one's is never given to another
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    """None for a citizen who signs in by paper code only."""
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[Role]
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    is_demo: Mapped[bool] = mapped_column(default=False)
    has_shortcuts: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether single keys do something: whoever speaks to the machine, or trembles, switches them off (WCAG 2.1.4)."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    municipality: Mapped[Municipality | None] = relationship(lazy="joined")

    # Flask-Login's protocol
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has shown that the e-mail is hers. Staff are made by others, who may have mistyped it."""
        return self.password_hash is not None or self.scope is not Scope.MUNICIPALITY

    def get_id(self) -> str:
        return str(self.id)

    @property
    def unit_name(self) -> str:
        """The unit a citizen may see in her look-up log: never a person's name."""
        if self.scope is Scope.CITIZEN:
            return "Borgeren selv"
        if self.scope is Scope.EMPLOYER:
            return "Virksomhed"
        return f"{self.municipality.name} Kommune" if self.municipality else "Portalens drift"

    @property
    def known_words(self) -> tuple[str | None, ...]:
        """What others know of her: no password is made of it."""
        return (self.name, self.email, self.municipality.name if self.municipality else None)

    @property
    def scope(self) -> Scope:
        """Whose things her work is about."""
        return self.role.traits.scope

    def may(self, action: Action) -> bool:
        return may(self.role, action)

    def scope_of(self, *actions: Action) -> Scope | None:
        """Whose things she may do any of the actions with; None when she may do none of them."""
        return scope_of(self.role, *actions)

    def uses(self, effort: Effort | None) -> bool:
        """Whether a room of the effort is open to her: her municipality says; who has none is shown what is hers."""
        return self.municipality is None or self.municipality.uses(effort)

    @property
    def role_label(self) -> str:
        return str(self.role.label)


class UserSession(db.Model):  # type: ignore[name-defined]
    """One sign-in on one device. Only the hash of its secret is stored."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    opened_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(sa.String(80))
    """Browser and system in words, e.g. "Firefox på Windows"."""

    user: Mapped[User] = relationship(lazy="joined")


class AccessToken(db.Model):  # type: ignore[name-defined]
    """A one-time link or a paper code. Only the hash of its secret is stored."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    purpose: Mapped[TokenPurpose]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")


class ThrottleCount(db.Model):  # type: ignore[name-defined]
    """How often something was tried of late. The key is a keyed hash: a throttle needs equality, not the value."""

    __tablename__ = "throttle_counts"
    __table_args__ = (sa.CheckConstraint("tries >= 0", name="tries_not_negative"),)

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    """A name in the setting LIMITS."""
    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
