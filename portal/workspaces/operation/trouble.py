"""Why an operator's command did not do its work, in the operator's words."""

from flask_babel import gettext as _

from portal.base.errors import DomainError


class OperationRefused(DomainError):
    """Nothing was changed."""


class BackupFailed(DomainError):
    """No backup was made, and no half one is left."""


def no_space(problem: object) -> str:
    """The disk's or the database's own words, with what to do."""
    return _("Der er ikke plads, eller filen kan ikke skrives: %(problem)s.", problem=problem)
