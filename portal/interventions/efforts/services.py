"""A municipality switches its efforts on and off."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _

from portal.base.database import db
from portal.base.terms import Effort
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit import services as audit


def switch_efforts(municipality: Municipality, wanted: Collection[Effort], *, by: User, at: datetime) -> None:
    """Open the rooms of these efforts to the municipality and close all others; what they hold stays as it is."""
    before = [effort for effort in Effort if municipality.uses(effort)]
    after = [effort for effort in Effort if effort in wanted]
    if before == after:
        return
    municipality.efforts = [effort.value for effort in after]
    db.session.flush()
    audit.record("efforts-switched", subject=municipality, by=by, at=at, change=_change(before, after))


def _change(before: list[Effort], after: list[Effort]) -> str:
    opened = ", ".join(str(one.label) for one in after if one not in before)
    closed = ", ".join(str(one.label) for one in before if one not in after)
    said = [_("Slået til: %(efforts)s", efforts=opened)] if opened else []
    said += [_("Slået fra: %(efforts)s", efforts=closed)] if closed else []
    return ". ".join(said)
