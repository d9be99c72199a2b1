"""What agreements with mentors say in citizens' timelines."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.interventions.mentoring.models import Mentor, MentorAgreement
from portal.web.permissions import Action
from portal.web.timeline import Chapter, LineKind, happened


def _lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    return tuple(
        happened(what, on, MentorAgreement.id, Mentor.name)
        .join(MentorAgreement, MentorAgreement.mentor_id == Mentor.id)
        .where(
            MentorAgreement.citizen_id == citizen_id,
            MentorAgreement.agreed_at.is_not(None),
            MentorAgreement.withdrawn_at.is_(None),
        )
        for what, on in (
            ("mentor-begun", MentorAgreement.from_on),
            ("mentor-ended", MentorAgreement.ended_on),
        )
    )


MENTORED = Chapter(
    LineKind.MENTOR,
    _lines,
    {
        "mentor-begun": _l("Mentoren %(title)s begyndte"),
        "mentor-ended": _l("Aftalen med mentoren %(title)s sluttede"),
    },
    lambda agreement_id: url_for("mentor_agreements.detail", mentor_agreement_id=agreement_id),
    Action.RECORD_EFFORTS,
)
