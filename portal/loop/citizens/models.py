"""Tables of citizens."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.alphabet import alphabet_key
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.folding import case_key, folded_text, name_words, number_key, phone_key
from portal.base.terms import LabelledEnum, Language
from portal.shared.accounts.models import Municipality, User
from portal.shared.rules.checks import Born


class CitizenStatus(LabelledEnum):
    ACTIVE = "active", _l("Aktiv")
    PASSIVE = "passive", _l("Passiv")


def listed_name(first_name: str, last_name: str) -> str:
    return ", ".join(name for name in (last_name, first_name) if name)


LONGEST_KEYS: Final = {"case_key": 40, "name_key": 330, "phone_key": 20, "searched": 700, "sort_name": 170}
"""Characters of each column. One letter can fold to many, an Arabic ligature to 18: the rest tells nobody apart."""


def found_by(row: Mapping[str, Any]) -> dict[str, str | None]:
    """What her row is found, compared and ordered by, worked out from what was written of her."""
    first, last = row.get("first_name") or "", row.get("last_name") or ""
    case, phone = case_key(row.get("case_reference") or "") or None, phone_key(row.get("phone"))
    seen = " ".join(filter(None, (first, last)))
    found = {
        "case_key": case,
        "name_key": " ".join(name_words(first, last)),
        "phone_key": phone,
        "searched": " ".join(filter(None, (folded_text(seen), case, number_key(case or ""), phone))),
        "sort_name": alphabet_key(listed_name(first, last)),
    }
    return {name: text and text[: LONGEST_KEYS[name]] for name, text in found.items()}


def _at_insert(column: str) -> Callable[[Any], str | None]:
    """Also for rows that no Citizen was made of: a table filled at once."""
    return lambda context: found_by(context.get_current_parameters())[column]


class Citizen(db.Model):  # type: ignore[name-defined]
    """A person in the municipality's effort. `born` serves the age limits of law and proposals of groups.

    The matcher never sees it.
    """

    __tablename__ = "citizens"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "case_reference"),
        sa.CheckConstraint(
            "(status = 'passive') = (passive_since IS NOT NULL)", name="passive_since_follows_status"
        ),
        sa.CheckConstraint("born_on IS NULL OR birth_year IS NULL", name="one_birth"),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_range"),
        sa.Index("ix_citizens_in_order", "municipality_id", "sort_name", "id"),
        sa.Index("ix_citizens_by_name_key", "municipality_id", "name_key"),
        sa.Index("ix_citizens_by_phone_key", "municipality_id", "phone_key"),
        sa.Index("uq_citizens_case_key", "municipality_id", "case_key", unique=True),
        {"sqlite_autoincrement": True},  # an erased person's id is never given to another
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    case_reference: Mapped[str] = mapped_column(sa.String(40))
    """The case system's own key, e.g. "26/10431"; never a CPR number."""
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    """Empty for somebody with one name alone."""
    born_on: Mapped[date | None]
    birth_year: Mapped[int | None]
    """Where the day is not known."""
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    language: Mapped[Language | None]
    """The language she chose for her own page and beside Danish on paper; the matcher never sees it."""
    consultant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), unique=True)
    status: Mapped[CitizenStatus] = mapped_column(default=CitizenStatus.ACTIVE)
    passive_since: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    case_key: Mapped[str | None] = mapped_column(
        sa.String(LONGEST_KEYS["case_key"]), default=_at_insert("case_key")
    )
    """The case number as it is compared. None: it clashed with another's before there was this column."""
    name_key: Mapped[str] = mapped_column(
        sa.String(LONGEST_KEYS["name_key"]), default=_at_insert("name_key"), server_default=""
    )
    """The words of her name in one spelling and one order, for finding her twice."""
    phone_key: Mapped[str | None] = mapped_column(
        sa.String(LONGEST_KEYS["phone_key"]), default=_at_insert("phone_key")
    )
    """Her number's digits without Denmark's code."""
    searched: Mapped[str] = mapped_column(
        sa.String(LONGEST_KEYS["searched"]), default=_at_insert("searched"), server_default=""
    )
    """Name, case number and phone, folded: what every search for a person looks in."""
    sort_name: Mapped[str] = mapped_column(
        sa.String(LONGEST_KEYS["sort_name"]), default=_at_insert("sort_name"), server_default=""
    )
    """Her name as lists are ordered by it."""

    municipality: Mapped[Municipality] = relationship()
    consultant: Mapped[User | None] = relationship(foreign_keys=[consultant_id])
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def name_in_lists(self) -> str:
        """As a list in the order of family names shows her: "Warsame, Abdi"; one name alone stands by itself."""
        return listed_name(self.first_name, self.last_name)

    @property
    def born(self) -> Born | None:
        if self.born_on is not None:
            return Born.on(self.born_on)
        return None if self.birth_year is None else Born.in_year(self.birth_year)


def _keep_findable(_mapper: Any, _connection: Any, citizen: Citizen) -> None:
    """Whoever changes a name, a number or a phone changes what she is found by; a case number that clashed of old
    stays without its key until somebody writes another."""
    keys = found_by({name: getattr(citizen, name) for name in _WRITTEN})
    if not sa.inspect(citizen).attrs.case_reference.history.has_changes():
        del keys["case_key"]
    for column, value in keys.items():
        if getattr(citizen, column) != value:
            setattr(citizen, column, value)


sa.event.listen(Citizen, "before_update", _keep_findable)

_WRITTEN: Final = ("first_name", "last_name", "case_reference", "phone")


class MergedCitizen(db.Model):  # type: ignore[name-defined]
    """Somebody who stood here twice: under which number, and who said that the two are one. Nothing of her is lost."""

    __tablename__ = "merged_citizens"

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    """Who she is now."""
    old_id: Mapped[int] = mapped_column(unique=True)
    """The number she had: lines of the log and old addresses have it."""
    old_card_id: Mapped[int | None] = mapped_column(unique=True)
    """Of the card whose rows went to the kept one."""
    old_card_number: Mapped[str | None] = mapped_column(sa.String(20))
    old_created_at: Mapped[datetime | None]
    """When that row was made: with the number it is her mark in the journal of erasures. None: not kept then."""
    case_key: Mapped[str | None] = mapped_column(sa.String(LONGEST_KEYS["case_key"]))
    """The case number that did not stay: a file that still says it means her."""
    reason: Mapped[str] = mapped_column(sa.String(300))
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class ToldApart(db.Model):  # type: ignore[name-defined]
    """Two citizens who look like one, and whom somebody knows to be two: the smaller number first."""

    __tablename__ = "told_apart"
    __table_args__ = (
        sa.UniqueConstraint("citizen_id", "other_id"),
        sa.CheckConstraint("citizen_id < other_id", name="smaller_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    told_at: Mapped[datetime]
    told_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))


class FirstTalk(db.Model):  # type: ignore[name-defined]
    """The day somebody first talked with her, where a consultant wrote it down; a correction is a new row."""

    __tablename__ = "first_talks"
    __table_args__ = (
        sa.CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="replaced_afterwards"),
        sa.Index(
            "uq_first_talks_one_standing",
            "citizen_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    held_at: Mapped[datetime]
    """At noon: only the day is known, and whatever is measured by it is measured in days."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]
    """When another day took its place; None: it stands."""

    recorded_by: Mapped[User] = relationship()

    @property
    def held_on(self) -> date:
        return danish_day(self.held_at)


class Erasure(db.Model):  # type: ignore[name-defined]
    """Who was erased before the journal was a file; entries.py carries the rows over and empties the table."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    at: Mapped[datetime]
