"""What of agreements cannot stand twice when two employers become one."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.partnerships.models import Partnership


class BothArePartners(DomainError):
    """Goals count employers with an agreement: two that were counted would be one."""

    message = _l(
        "Begge har en partnerskabsaftale med kommunen i samme tid. Skriv først, hvornår den ene sluttede."
    )


def refuse_two_agreements(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Raises BothArePartners where two agreements are in force on one day."""
    kept, gone = (
        db.session.scalars(sa.select(Partnership).where(Partnership.employer_id == employer_id)).all()
        for employer_id in (kept_id, gone_id)
    )
    if any(_overlap(mine, other) for mine in kept for other in gone):
        raise BothArePartners


def _overlap(one: Partnership, other: Partnership) -> bool:
    if one.municipality_id != other.municipality_id:
        return False
    first, second = sorted((one, other), key=lambda agreement: agreement.signed_on)
    return first.ends_on is None or first.ends_on >= second.signed_on
