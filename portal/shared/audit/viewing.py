"""The read line of a view: what every view would say the same way is said here."""

from collections.abc import Iterable
from typing import Any, Final

from flask_login import current_user

from portal.base import clock, events
from portal.shared.audit import services
from portal.shared.audit.services import Actor, LinkHolder
from portal.web.permissions import Scope

SOME_CITIZEN: Final = "En borger"
"""Whom a citizen's log names when another citizen was signed in: never who."""


def record_view(  # noqa: PLR0913 - a line has that many parts
    action: str,
    subject: Any,
    *,
    citizen_id: int | None,
    purpose: str,
    people: Iterable[int] = (),
    link_for: str | None = None,
    system: Actor | None = None,
) -> None:
    """Note that whoever asks is being shown `subject` now.

    `citizen_id` says whom it is about. For a list of many it is None, and each citizen on it is among `people`. A
    page behind a link says in `link_for` whom the link was made for: it answers for a look when nobody is signed in.
    What a `system` reads it reads by itself, whoever is signed in beside it.
    """
    by_link = link_for is not None
    reader: Actor | None = system or (current_user if current_user.is_authenticated else None)
    if reader is None and link_for is not None:
        reader = LinkHolder(unit_name=link_for)
    services.record_view(
        action,
        subject=subject,
        by=reader,
        at=clock.now(),
        citizen_id=citizen_id,
        purpose=purpose,
        unit=_unit(by_link=by_link) if system is None else None,
        people=people,
        by_link=by_link,
    )


def _unit(*, by_link: bool) -> str | None:
    """The reader's own employer; None where the account itself knows her unit."""
    if not current_user.is_authenticated:
        return None
    if current_user.scope is Scope.EMPLOYER:
        return events.employer_name_of(current_user)
    return SOME_CITIZEN if by_link and current_user.scope is Scope.CITIZEN else None
