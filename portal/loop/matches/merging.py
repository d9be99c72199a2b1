"""What of two cards' suggestions cannot stand twice when the cards become one."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.cards.merging import shift
from portal.loop.matches.models import GivenAnswer, Match, MatchStatus, Outlook


class BothDecided(DomainError):
    """Two decisions about one opening are two histories that one match cannot hold."""

    message = _l(
        "Kommunen har taget stilling til begge kort for den samme åbning. "
        "Derfor kan de to ikke lægges sammen i portalen."
    )


def join_matches(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Of two suggestions of one opening the decided one stays, or the kept card's. Raises BothDecided."""
    rows = db.session.scalars(sa.select(Match).where(Match.card_id.in_([kept_id, gone_id]))).all()
    mine = {row.opening_id: row for row in rows if row.card_id == kept_id}
    for hers in [row for row in rows if row.card_id == gone_id]:
        own = mine.get(hers.opening_id)
        if own is not None:
            _drop(_less(own, hers))
    db.session.execute(
        sa.update(Match)
        .where(Match.card_id == gone_id)
        .values(card_version=Match.card_version + shift(kept_id, gone_id))
        .execution_options(synchronize_session=False)
    )


def _less(own: Match, hers: Match) -> Match:
    if own.status is MatchStatus.DECIDED and hers.status is MatchStatus.DECIDED:
        raise BothDecided
    return own if hers.status is MatchStatus.DECIDED else hers


def _drop(match: Match) -> None:
    db.session.execute(sa.delete(GivenAnswer).where(GivenAnswer.match_id == match.id))
    db.session.delete(match)
    db.session.flush()


def join_outlooks(_kept_id: int, gone_id: int, _at: datetime) -> None:
    """What the machine foresaw of a card that is no more; the kept card's is counted anew."""
    db.session.execute(sa.delete(Outlook).where(Outlook.card_id == gone_id))
