"""What can go wrong in the domain, as named facts. Plain Python; `error_pages.py` turns them into answers.

Messages are written for the person at the screen: Danish, through gettext, without technical words.
"""

from flask_babel import lazy_gettext as _l


class DomainError(Exception):
    """A rule said no. `message` tells the user which and why; answered with 409."""

    message: object = _l("Det kan ikke lade sig gøre lige nu.")

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


class TooManyAttempts(DomainError):
    """Login is throttled for this address or account."""

    message = _l("Der er prøvet for mange gange. Vent et kvarter, og prøv igen.")
