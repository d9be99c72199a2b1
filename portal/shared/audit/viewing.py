"""The read line of a view: what every view would say the same way is said here."""

from collections.abc import Iterable
from typing import Any

from flask_login import current_user

from portal.base import clock
from portal.shared.audit import services
from portal.shared.audit.services import Actor


def record_view(  # noqa: PLR0913 - a line has that many parts
    action: str,
    subject: Any,
    *,
    citizen_id: int | None,
    purpose: str,
    by: Actor | None = None,
    unit: str | None = None,
    people: Iterable[int] = (),
    by_link: bool = False,
) -> None:
    """Note that whoever asks is being shown `subject` now; `by` names a reader who is not the one signed in.

    `citizen_id` says whom it is about. For a list of many it is None, and each citizen that stands on the list is among
    `people`. `by_link`: whoever has the link is shown it, signed in or not.
    """
    reader = by or (current_user if current_user.is_authenticated else None)
    services.record_view(
        action,
        subject=subject,
        by=reader,
        at=clock.now(),
        citizen_id=citizen_id,
        purpose=purpose,
        unit=unit,
        people=people,
        by_link=by_link,
    )
