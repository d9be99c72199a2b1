"""What is forgotten of who looked after whose cases."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from portal.base.database import db
from portal.workspaces.handover.models import CaseCover

KEPT_AFTERWARDS: Final = timedelta(days=365)


def forget_covers(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Those that were over so long ago; what was given for good, so long after it was."""
    before = at - KEPT_AFTERWARDS
    gone: Any = db.session.execute(
        sa.delete(CaseCover)
        .where(
            sa.or_(
                CaseCover.until_on < before.date(),
                CaseCover.ended_at < before,
                sa.and_(CaseCover.until_on.is_(None), CaseCover.made_at < before),
            )
        )
        .execution_options(synchronize_session=False)
    )
    return {CaseCover.__tablename__: int(gone.rowcount)}
