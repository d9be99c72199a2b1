"""What suggestions that somebody decided say in citizens' timelines."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.base.database import danish_day
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Answer, Decision, Review
from portal.web.permissions import Action
from portal.web.timeline import Chapter, LineKind, happened

_PLACE = Opening.title + sa.literal(", ") + Employer.name


_DECIDED = {Decision.APPROVED: "match-approved", Decision.REFUSED: "match-refused"}
_BY_CITIZEN = {Answer.YES: "citizen-yes", Answer.NO: "citizen-no", Answer.WITHDRAWN: "citizen-withdrew"}
_BY_EMPLOYER = {Answer.YES: "employer-yes", Answer.NO: "employer-no"}


def _lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    def said(column: Any, words: Mapping[Any, str], at: Any) -> sa.Select[Any]:
        """What the column came to is read of her suggestions: its own index would lead through everybody's."""
        what = sa.case(dict(words), value=column)
        return (
            happened(what, danish_day(at), Match.id, _PLACE)
            .select_from(Review)
            .join(Review.match)
            .join(CompetenceCard, CompetenceCard.id == Match.card_id)
            .join(Opening, Opening.id == Match.opening_id)
            .join(Employer, Employer.id == Opening.employer_id)
            .where(CompetenceCard.citizen_id == citizen_id, what.is_not(None))
        )

    return (
        said(Review.decision, _DECIDED, Review.decided_at),
        said(Review.citizen_answer, _BY_CITIZEN, Review.citizen_answered_at),
        said(Review.employer_answer, _BY_EMPLOYER, Review.employer_answered_at),
    )


SUGGESTIONS = Chapter(
    LineKind.SUGGESTION,
    _lines,
    {
        "match-approved": _l("Et forslag blev godkendt: %(title)s"),
        "match-refused": _l("Et forslag blev ikke godkendt: %(title)s"),
        "citizen-yes": _l("Borgeren sagde ja til et forslag: %(title)s"),
        "citizen-no": _l("Borgeren sagde nej til et forslag: %(title)s"),
        "citizen-withdrew": _l("Borgeren trak sit ja tilbage: %(title)s"),
        "employer-yes": _l("Virksomheden sagde ja: %(title)s"),
        "employer-no": _l("Virksomheden sagde nej: %(title)s"),
    },
    lambda match_id: url_for("reviews.detail", match_id=match_id),
    Action.REVIEW_MATCH,
)
