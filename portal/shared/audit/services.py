"""Two ways to leave a line: `record` inside the write transaction, `look` before a page with personal data is sent."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from portal.base import events
from portal.base.database import db
from portal.shared.audit.models import AuditEntry
from portal.web.permissions import Role


class Actor(Protocol):
    """Whoever acts: accounts' User, seen from below."""

    @property
    def id(self) -> Any: ...

    @property
    def role(self) -> Any: ...

    @property
    def unit_name(self) -> str: ...

    @property
    def municipality_id(self) -> Any: ...


@dataclass(frozen=True)
class LinkHolder:
    """Whoever opens a signed link: the portal knows the employer the link was made for, and no user."""

    unit_name: str
    role: Role = Role.EMPLOYER
    id: None = None
    municipality_id: None = None


@dataclass(frozen=True)
class AuditLine:
    """One audit row, not yet stored."""

    at: datetime
    action: str
    is_look: bool
    actor_id: int | None
    actor_role: str | None
    actor_unit: str | None
    subject_type: str
    subject_id: int | None
    citizen_id: int | None
    municipality_id: int | None
    purpose: str | None
    request_id: str | None
    by_link: bool = False
    change: str | None = None
    people: tuple[int, ...] = ()
    """The many whom a list or a pack is about; `citizen_id` is the one whom a page is about."""

    def values(self) -> dict[str, Any]:
        """The columns of the line, and `people` beside them."""
        return asdict(self)


def record(  # noqa: PLR0913 - a line has that many parts
    action: str,
    *,
    subject: Any,
    by: Actor | None,
    at: datetime,
    citizen_id: int | None = None,
    purpose: str | None = None,
    change: str | None = None,
) -> None:
    """Leave the line of a write in the running transaction. `action` is past tense, kebab-case: "match-approved"."""
    db.session.flush()  # a new subject has its id only now
    line = replace(_line(action, subject, by, at, citizen_id, purpose, is_look=False), change=change)
    values = line.values()
    del values["people"]  # a write is about one record
    db.session.add(AuditEntry(**values))


def record_view(  # noqa: PLR0913 - a line has that many parts
    action: str,
    *,
    subject: Any,
    by: Actor | None,
    at: datetime,
    citizen_id: int | None,
    purpose: str,
    unit: str | None = None,
    people: Iterable[int] = (),
    by_link: bool = False,
) -> None:
    """Note that personal data is being shown; the request stores it before the answer leaves, or answers 503.

    `unit` names the employer when an employer looks; accounts know only the role. `people` are the citizens of a list.
    """
    line = _line(action, subject, by, at, citizen_id, purpose, is_look=True)
    listed = tuple(sorted(set(people)))
    line = replace(line, people=listed, by_link=by_link)
    if (
        listed and line.municipality_id is None
    ):  # an employer's list: its people's municipality answers for it
        line = replace(line, municipality_id=events.municipality_of_citizen(listed[0]))
    db.session.info.setdefault("looks", []).append(replace(line, actor_unit=unit) if unit else line)


def refusal_line(action: str, subject: Any, *, by: Actor | None, at: datetime, purpose: str) -> AuditLine:
    """The line of something that was refused to somebody, about a user when there is one."""
    if subject is not None:
        return _line(action, subject, by, at, None, purpose, is_look=False)
    return AuditLine(
        at=at,
        action=action,
        is_look=False,
        actor_id=None,
        actor_role=None,
        actor_unit=None,
        subject_type="users",
        subject_id=None,
        citizen_id=None,
        municipality_id=None,
        purpose=purpose,
        request_id=db.session.info.get("request_id"),
    )


def _line(  # noqa: PLR0913
    action: str,
    subject: Any,
    by: Actor | None,
    at: datetime,
    citizen_id: int | None,
    purpose: str | None,
    *,
    is_look: bool,
) -> AuditLine:
    return AuditLine(
        at=at,
        action=action,
        is_look=is_look,
        actor_id=by.id if by else None,
        actor_role=by.role.value if by and by.role else None,
        actor_unit=by.unit_name if by else None,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        citizen_id=citizen_id,
        municipality_id=_municipality_of(subject, by, citizen_id),
        purpose=purpose,
        request_id=db.session.info.get("request_id"),
    )


def _municipality_of(subject: Any, by: Actor | None, citizen_id: int | None) -> int | None:
    """Whose the line is: that of the record it is about; where the record has none, the citizen's or the actor's."""
    if subject.__tablename__ == "municipalities":
        return int(subject.id)
    found: int | None = getattr(subject, "municipality_id", None)
    if found is None and citizen_id is not None:
        found = events.municipality_of_citizen(citizen_id)
    return found if found is not None or by is None else by.municipality_id
