"""Who says yes to an end sheet before it is closed: the workplace by its answers, the citizen, and the consultant.

A yes is to what counts: whatever changes that takes it away again. Source: docs/rules.md#assessment
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask_babel import gettext as _

from portal.base.clock import danish_day
from portal.base.errors import DomainError, StaleVersion
from portal.base.recorded_days import require_between
from portal.base.terms import Party
from portal.loop.assessments.models import Assessment, AssessmentConfirmation
from portal.loop.placements.settled import ConfirmedHow
from portal.shared.audit import services as audit
from portal.shared.audit.services import Actor
from portal.web.presentation import da_date

OTHERS: Final = (Party.CITIZEN, Party.EMPLOYER)
"""Whose yes the consultant waits for; she gives hers by closing."""


class ClosedAlone(DomainError):
    """The citizen or the workplace has not said yes, and no reason says why it is closed all the same."""

    def __init__(self, parties: list[Party]) -> None:
        names = ", ".join(str(party.label) for party in parties)
        super().__init__(
            _("Disse har ikke sagt ja til arket: %(names)s. Skriv, hvorfor du lukker det alene.", names=names)
        )


class SaidBeforeSheet(DomainError):
    """Nobody has said yes to a sheet that was not made yet.

    Later bounds would refuse what is true: a paper is filled in and agreed to before its codes are typed in.
    """

    def __init__(self, first: date) -> None:
        super().__init__(_("Ingen har sagt ja før %(day)s: først da blev arket lavet.", day=da_date(first)))


def unconfirmed(sheet: Assessment) -> list[Party]:
    """Who of the other two has not said yes."""
    said = {one.party for one in sheet.confirmations}
    return [party for party in OTHERS if party not in said]


def confirm(  # noqa: PLR0913 - whose yes, how it came, and what is recorded of it
    sheet: Assessment,
    party: Party,
    *,
    how: ConfirmedHow,
    seen: int | None = None,
    said_by: str = "",
    said_on: date | None = None,
    by: Actor | None,
    at: datetime,
) -> None:
    """One party's yes to the sheet as she saw it; once is enough. The sheet is held.

    Raises StaleVersion, SaidBeforeSheet, RecordedAhead.
    """
    if seen is not None and seen != sheet.version:
        raise StaleVersion
    if party in {one.party for one in sheet.confirmations}:
        return
    day, first = said_on or danish_day(at), danish_day(sheet.opened_at)
    require_between(day, since=first, today=danish_day(at), too_early=SaidBeforeSheet(first))
    sheet.confirmations.append(
        AssessmentConfirmation(
            party=party,
            how=how,
            said_by=said_by.strip(),
            said_on=day,
            recorded_at=at,
            recorded_by_id=by.id if by else None,
        )
    )
    citizen_id = sheet.placement.card.citizen_id
    audit.record("assessment-confirmed", subject=sheet, by=by, at=at, citizen_id=citizen_id)


@dataclass(frozen=True)
class SheetContents:
    """What a yes is to."""

    levels: Mapping[int, int | None]
    """Of each line."""
    aspects: Mapping[str, tuple[str, str]]
    """How each aspect turned out, and the words of that."""


def contents_of(sheet: Assessment) -> SheetContents:
    return SheetContents(
        {line.id: line.level for line in sheet.lines},
        {one.aspect: (one.turned_out.value, one.words) for one in sheet.aspects},
    )


def ask_anew(sheet: Assessment, before: SheetContents) -> None:
    """Take away each yes that was to something else than what counts now."""
    now = contents_of(sheet)
    if now == before:
        return
    theirs = all(line.level == line.employer_level for line in sheet.lines if line.employer_level is not None)
    kept = {Party.EMPLOYER} if theirs and now.aspects == before.aspects else set()
    sheet.confirmations[:] = [one for one in sheet.confirmations if one.party in kept]
