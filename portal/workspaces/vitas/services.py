"""Commands of VITAS sheets: write, declare ready, note the number VITAS gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.recorded_days import require_no_later
from portal.loop.placements.findings import not_passed
from portal.loop.placements.models import Placement, PlacementChange
from portal.loop.placements.services import keep_passed, passed_in_words
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.findings import Finding, as_rows, open_questions, require_override, stops
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.shared.rules.law.replies import Reply
from portal.workspaces.vitas.findings import judgement_of
from portal.workspaces.vitas.models import Confirmation, VitasSheet
from portal.workspaces.vitas.queries import sheet_of


class NotForVitas(DomainError):
    message = _l("Den form aftales ikke i VITAS.")


class NotReadyForVitas(DomainError):
    """Something is not answered. `findings` are the questions."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        said = " ".join(f"{one.sentence} {one.remedy}" for one in findings)
        super().__init__(_l("Arket er ikke klar til VITAS. %(said)s", said=said))
        self.findings = list(findings)


class NothingWritten(DomainError):
    message = _l("Udfyld og gem arket først.")


@dataclass(frozen=True)
class SheetDetails:
    """What VITAS asks for beyond the placement, the opening and the employer."""

    purpose: PraktikPurpose | None = None
    working_times: str = ""
    remarks: str = ""
    monthly_wage_dkk: int | None = None
    staff_last_month: Decimal | None = None
    staff_average: Decimal | None = None
    monthly_subsidy_dkk: int | None = None
    school_weeks: int | None = None
    total_hours_per_week: float | None = None
    representative_name: str = ""
    representative_stated_on: date | None = None
    answers: Mapping[Confirmation, Reply] = field(default_factory=dict)


def write_sheet(placement: Placement, details: SheetDetails, *, by: User, at: datetime) -> VitasSheet:
    """Save what is written; a sheet that was ready must be declared so again. Raises NotForVitas, RecordedAhead."""
    if not placement.form.traits.agreed_in_vitas:
        raise NotForVitas
    if details.representative_stated_on is not None:
        require_no_later(details.representative_stated_on, danish_day(at))
    writer = by.id
    sheet = sheet_of(placement) or VitasSheet(placement_id=placement.id, version=0)
    for name, value in vars(details).items():
        setattr(sheet, name, value)
    sheet.answers = {one.value: reply.value for one, reply in details.answers.items()}
    sheet.written_at, sheet.written_by_id = at, writer
    sheet.ready_at = sheet.ready_by_id = None
    sheet.version += 1
    db.session.add(sheet)
    db.session.flush()
    _record("vitas-sheet-written", sheet, placement, by=by, at=at)
    return sheet


def declare_ready(placement: Placement, *, stop_reason: str = "", by: User, at: datetime) -> None:
    """Every question is answered, and nothing stops it, or `stop_reason` says why a stop is passed.

    Raises NothingWritten, NotReadyForVitas with the questions that are open, StopsStand, StopIsFinal.
    Source: docs/rules.md#vitas
    """
    sheet = sheet_of(placement)
    if sheet is None:
        raise NothingWritten
    judgement = judgement_of(placement, on=danish_day(at))
    of_placement, of_sheet = judgement.of_placement(), judgement.of_sheet(sheet)
    asked = open_questions([*of_placement, *of_sheet])
    if asked:
        raise NotReadyForVitas(asked)
    on_placement = stops(not_passed(placement, of_placement))
    standing = [*on_placement, *stops(not_passed(sheet, of_sheet))]
    require_override(standing, reason=stop_reason)
    if on_placement:
        keep_passed(placement, of_placement, reason=stop_reason)
    sheet.findings = as_rows(of_sheet)
    if standing:
        sheet.stop_reason = "\n".join(filter(None, [sheet.stop_reason, stop_reason.strip()]))
        sheet.passed_at, sheet.passed_by_id = at, by.id
    sheet.ready_at, sheet.ready_by_id, sheet.outdated_at = at, by.id, None
    _record("vitas-sheet-ready", sheet, placement, by=by, at=at, change=passed_in_words(standing))


def must_be_sent_again(placement: Placement, *, change: PlacementChange, at: datetime, **_more: Any) -> None:
    """Hears `events.placement_changed`: what VITAS was told is no longer so, and the sheet is to be checked anew."""
    sheet = sheet_of(placement)
    if sheet is None or not (change.is_of_terms and change.before):
        return
    sheet.ready_at = sheet.ready_by_id = None
    sheet.outdated_at = at
    sheet.version += 1
    db.session.flush()


def note_case_number(placement: Placement, number: str, *, by: User, at: datetime) -> None:
    """The number under which VITAS knows it. Raises NothingWritten."""
    sheet = sheet_of(placement)
    if sheet is None:
        raise NothingWritten
    sheet.case_number = number.strip()
    _record("vitas-number-noted", sheet, placement, by=by, at=at)


def _record(
    action: str, sheet: VitasSheet, placement: Placement, *, by: User, at: datetime, change: str | None = None
) -> None:
    citizen_id = placement.card.citizen_id
    audit.record(action, subject=sheet, by=by, at=at, citizen_id=citizen_id, change=change)
