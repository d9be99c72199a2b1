"""Days that somebody writes down afterwards: what happened lies between what it is about and today. Pure."""

from datetime import date

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError


class RecordedAhead(DomainError):
    message = _l("Datoen kan ikke ligge i fremtiden.")


def require_no_later(day: date, today: date) -> None:
    """Raises RecordedAhead for a day that has not come."""
    if day > today:
        raise RecordedAhead


def require_between(day: date, *, since: date, today: date, too_early: DomainError) -> None:
    """`since`: the day on which what it is about came to be. Raises RecordedAhead, or `too_early` before that."""
    require_no_later(day, today)
    if day < since:
        raise too_early
