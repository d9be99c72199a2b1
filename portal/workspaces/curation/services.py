"""Commands of the curator's desk. What makes a phrase a word of the vocabulary are commands of `skills`."""

from datetime import datetime

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.cards.models import Certificate, SkillEvidence
from portal.loop.openings.models import OpeningTask
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.workspaces.curation import queries
from portal.workspaces.curation.models import DismissedPhrase
from portal.workspaces.curation.queries import WrittenPhrase


def dismiss_phrase(phrase: WrittenPhrase, *, by: User, at: datetime) -> None:
    """Take a phrase off the municipality's list: it is no task or skill. Cards and openings keep it."""
    if queries.dismissed_phrase(by, phrase.folded) is not None:
        return
    dismissed = DismissedPhrase(municipality_id=by.municipality_id, folded=phrase.folded, dismissed_at=at)
    db.session.add(dismissed)
    audit.record("phrase-dismissed", subject=dismissed, by=by, at=at)


def restore_phrase(phrase: WrittenPhrase, *, by: User, at: datetime) -> None:
    """Put a dismissed phrase back on the list."""
    dismissed = queries.dismissed_phrase(by, phrase.folded)
    if dismissed is None:
        return
    audit.record("phrase-restored", subject=dismissed, by=by, at=at)
    db.session.delete(dismissed)
    db.session.flush()


def forget_unwritten() -> int:
    """Forget dismissed phrases that nobody's card or opening holds any more; returns how many."""
    written = sa.or_(
        *(
            sa.exists().where(model.folded == DismissedPhrase.folded)
            for model in (SkillEvidence, Certificate, OpeningTask)
        )
    )
    removed = db.session.execute(sa.delete(DismissedPhrase).where(~written).returning(DismissedPhrase.id))
    return len(removed.all())
