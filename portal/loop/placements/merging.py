"""What of placements cannot be counted together when two employers become one."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import OPEN


class SomebodyIsAtBoth(DomainError):
    """The law counts her weeks at one employer: a placement that was lawful at the other may be too long."""

    message = _l(
        "En borger har forløb begge steder, og det ene er ikke slut. Loven tæller dem sammen, når de to er én. "
        "Vent, til forløbet er slut."
    )


def refuse_somebody_at_both(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Raises SomebodyIsAtBoth."""
    here, there = aliased(Placement), aliased(Placement)
    both = (
        sa.select(here.id)
        .join(there, there.card_id == here.card_id)
        .where(
            here.employer_id == kept_id,
            there.employer_id == gone_id,
            sa.or_(here.status.in_(OPEN), there.status.in_(OPEN)),
        )
    )
    if db.session.scalar(both.limit(1)) is not None:
        raise SomebodyIsAtBoth
