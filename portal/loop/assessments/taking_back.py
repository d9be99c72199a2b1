"""What the workplace had said before it answered by its link: kept for the hour in which the answer is taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.base.database import db
from portal.base.taking_back import TAKE_BACK_FOR, open_until
from portal.base.terms import Party
from portal.loop.assessments import confirming
from portal.loop.assessments.models import Assessment, AssessmentAspect, AssessmentLine, TurnedOut


def answer_open_until(sheet: Assessment, at: datetime) -> datetime | None:
    """Until when the workplace takes its last answer by link back; None: it cannot."""
    if not sheet.is_open or sheet.answer_before is None:
        return None
    return open_until(sheet.answered_at, at)


def remember(sheet: Assessment) -> None:
    """Keep what stands of the workplace's before it says something else."""
    sheet.answer_before = {
        "answered_by": sheet.answered_by,
        "answered_at": sheet.answered_at.isoformat() if sheet.answered_at else None,
        "on_paper": sheet.on_paper,
        "said_yes": Party.EMPLOYER not in confirming.unconfirmed(sheet),
        "aspects": {one.aspect: _turned_out(one) for one in sheet.aspects},
        "lines": {str(line.id): _said(line) for line in sheet.lines},
    }


def forget_what_stands(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """What had been said before an answer that can't be taken back any more is nobody's to read."""
    over = sa.update(Assessment).where(
        Assessment.answer_before.is_not(None), Assessment.answered_at <= at - TAKE_BACK_FOR
    )
    gone: Any = db.session.execute(over.values(answer_before=None))
    return {Assessment.__tablename__: gone.rowcount}


def put_back(sheet: Assessment, kept: dict[str, Any]) -> None:
    """What was kept stands again; each yes to something else than what counts now is taken away."""
    before = confirming.contents_of(sheet)
    for line in sheet.lines:
        said = kept["lines"][str(line.id)]
        line.employer_level, line.employer_note = said["level"], said["note"]
        is_same_talk = line.consultant_level == said["consultants"]
        line.agreed_level = said["agreed"] if is_same_talk else None
    _put_aspects_back(sheet, kept.get("aspects", {}))
    if not kept["said_yes"]:
        sheet.confirmations[:] = [one for one in sheet.confirmations if one.party is not Party.EMPLOYER]
    confirming.ask_anew(sheet, before)
    sheet.answered_by, sheet.on_paper = kept["answered_by"], kept["on_paper"]
    sheet.answered_at = datetime.fromisoformat(kept["answered_at"]) if kept["answered_at"] else None
    sheet.answer_before = None


def _put_aspects_back(sheet: Assessment, kept: Mapping[str, Mapping[str, str]]) -> None:
    """What the consultant says of one stands: she said it before, or after the answer that is taken back."""
    is_undone = {one.aspect: one.said_by_party is Party.EMPLOYER for one in sheet.aspects}
    sheet.aspects[:] = [one for one in sheet.aspects if one.aspect in kept or not is_undone[one.aspect]]
    for one in [one for one in sheet.aspects if is_undone[one.aspect]]:
        said = kept[one.aspect]
        one.turned_out, one.words = TurnedOut(said["turned_out"]), said["words"]
        one.said_by_party = Party(said["said_by_party"])


def _turned_out(one: AssessmentAspect) -> dict[str, str]:
    return {
        "turned_out": one.turned_out.value,
        "words": one.words,
        "said_by_party": one.said_by_party.value,
    }


def _said(line: AssessmentLine) -> dict[str, Any]:
    return {
        "level": line.employer_level,
        "note": line.employer_note,
        "consultants": line.consultant_level,
        "agreed": line.agreed_level,
    }
