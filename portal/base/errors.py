"""What can go wrong in the domain, as named facts. Plain Python; `error_pages.py` turns them into answers.

Messages are written for the person at the screen: Danish, through gettext, without technical words.
"""

from datetime import timedelta
from math import ceil

from flask_babel import LazyString, lazy_ngettext
from flask_babel import lazy_gettext as _l


class DomainError(Exception):
    """A rule said no. `message` tells the user which and why; answered with 409."""

    message: object = _l("Det kan ikke lade sig gøre lige nu.")
    advice: object = None
    """What to do about it, where going back and looking again does not help."""

    def __init__(self, message: object | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(str(type(self).__name__))


class Unavailable(DomainError):
    """It can be done, but not now: answered with 503, "come back soon"."""

    message = _l("Portalen har travlt. Vent lidt, og prøv igen.")


class StaleVersion(DomainError):
    """Somebody else saved the same record in the meantime."""

    message = _l("En anden har ændret det samme, siden du åbnede siden. Se det nye først, og gem så igen.")


class AlreadySubmitted(Exception):
    """The same rendered form arrived twice; the first result stands.

    No rule said no, so it is no DomainError and no view answers it: `web/submissions.py` does.
    """


class OnlyShownAgain(Exception):
    """A form that is filled in again for its writer wanted to store something: nothing is carried out unseen."""


class TooManyAttempts(DomainError):
    """It was tried or done too often of late, and may be again after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(
            _l("Der er prøvet for mange gange. Vent %(wait)s, og prøv igen.", wait=_in_words(wait))
        )


def _in_words(wait: timedelta) -> LazyString:
    """Rounded up: whoever waits that long need not wait again."""
    seconds = ceil(wait.total_seconds())
    if seconds < 60:
        return lazy_ngettext("%(num)s sekund", "%(num)s sekunder", seconds)
    if seconds <= 7200:
        return lazy_ngettext("%(num)s minut", "%(num)s minutter", ceil(seconds / 60))
    return lazy_ngettext("%(num)s time", "%(num)s timer", ceil(seconds / 3600))
