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


class SecondStep(LabelledEnum):
    """What somebody showed besides her password."""

    APP = "app", _l("Kode fra en app")
    PASSKEY = "passkey", _l("Adgangsnøgle")
    RECOVERY_CODE = "recovery_code", _l("Reservekode")


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
    second_factor_since: Mapped[datetime | None]
    """Since when her password alone signs her in no more: she has an app or a passkey."""

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
    second_step: Mapped[SecondStep | None]
    """What she showed besides her password; None: nothing was asked for."""

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


class AuthenticatorApp(db.Model):  # type: ignore[name-defined]
    """The app that shows a person six figures, new ones each half minute. One each: another one takes its place."""

    __tablename__ = "authenticator_apps"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), unique=True)
    sealed_secret: Mapped[str] = mapped_column(sa.String(400))
    """What app and portal share, sealed with the portal's key: a stolen database signs nobody in."""
    made_at: Mapped[datetime]
    last_step: Mapped[int]
    """The half minute (since 1970) of the last code that was taken: none of it or before it is taken again."""
    last_used_by: Mapped[str | None] = mapped_column(sa.String(64))
    """Which beginning of a login that was, as a hash: the second click on the same button signs in too."""
    last_used_at: Mapped[datetime | None]


class Passkey(db.Model):  # type: ignore[name-defined]
    """A key that never leaves a person's device, or her security key; the portal has its public half."""

    __tablename__ = "passkeys"
    __table_args__ = (sa.CheckConstraint("sign_count >= 0", name="sign_count_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    """What she calls it."""
    credential_id: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(sa.Text)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    """How often it says it was used; a lower number than before is a copy's. Many say 0 for ever."""
    made_at: Mapped[datetime]
    challenged_at: Mapped[datetime | None]
    """When the newest question was asked that it answered: an answer to one as old or older was used before."""
    last_used_at: Mapped[datetime | None]


class RecoveryCode(db.Model):  # type: ignore[name-defined]
    """One of ten codes on a person's paper, for the day she has neither app nor passkey. Each works once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None] = mapped_column(sa.String(64))
    """As of an app: which beginning of a login it ended, as a hash."""


class ThrottleCount(db.Model):  # type: ignore[name-defined]
    """How often something was tried of late. The key is a keyed hash: a throttle needs equality, not the value."""

    __tablename__ = "throttle_counts"
    __table_args__ = (sa.CheckConstraint("tries >= 0", name="tries_not_negative"),)

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    """A name in the setting LIMITS."""
    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
