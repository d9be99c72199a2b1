"""What talks after a hiring say in citizens' timelines, also those to come."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.interventions.aftercare.models import JobTalk
from portal.web.permissions import Action
from portal.web.timeline import Chapter, LineKind, happened


def _lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    hers = JobTalk.citizen_id == citizen_id
    return (
        happened("job-talk-held", JobTalk.held_on, JobTalk.id).where(hers),
        happened("job-talk-due", JobTalk.due_on, JobTalk.id).where(
            hers, JobTalk.held_on.is_(None), JobTalk.cancelled_at.is_(None)
        ),
    )


JOB_TALKS = Chapter(
    LineKind.TALK,
    _lines,
    {
        "job-talk-held": _l("Samtale om jobbet blev holdt"),
        "job-talk-due": _l("Samtale om jobbet skal holdes"),
    },
    lambda talk_id: url_for("aftercare.record", talk_id=talk_id),
    Action.RECORD_EFFORTS,
)
