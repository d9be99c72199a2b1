"""Reads for the citizen's own page."""

from typing import Any, Final

from sqlalchemy import Row

from portal.base.database import db
from portal.base.terms import DANISH_READING_LEVELS, DANISH_SPEAKING_LEVELS
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.paper import LocalizedText
from portal.loop.cards.queries import hours_said, range_said, shifts_said, transport_said
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import looks_at
from portal.shared.audit.models import AuditEntry

LATEST: Final = 10
"""Looks on the page; all of them stand on a page of their own."""


def latest_looks(citizen: Citizen) -> list[Row[Any]]:
    """Rows of `at`, `actor_unit` and `purpose`, the newest first."""
    statement = looks_at(citizen).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(LATEST)
    return list(db.session.execute(statement))


def conditions_said(card: CompetenceCard) -> list[tuple[LocalizedText, list[LocalizedText]]]:
    """What the card says beside skills, each with its heading; what is not known is left out."""
    speaking, reading = card.danish_speaking, card.danish_reading
    rows: list[tuple[LocalizedText, list[LocalizedText]]] = [
        (
            LocalizedText("", "heading", "speaking"),
            []
            if speaking is None
            else [LocalizedText(str(DANISH_SPEAKING_LEVELS[speaking]), "speaking", str(speaking))],
        ),
        (
            LocalizedText("", "heading", "reading"),
            []
            if reading is None
            else [LocalizedText(str(DANISH_READING_LEVELS[reading]), "reading", str(reading))],
        ),
        (LocalizedText("", "heading", "hours"), [hours_said(card)]),
        (LocalizedText("", "heading", "shifts"), list(shifts_said(card))),
        (LocalizedText("", "heading", "distance"), [range_said(card)]),
        (LocalizedText("", "heading", "transport"), list(transport_said(card))),
    ]
    return [(heading, kept) for heading, said in rows if (kept := [one for one in said if one.danish])]
