"""Commands of VITAS sheets: write, declare ready, note the number VITAS gave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.findings import Finding, stops
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.workspaces.vitas.findings import findings_of_sheet
from portal.workspaces.vitas.models import Confirmation, VitasSheet
from portal.workspaces.vitas.queries import sheet_of


class NotForVitas(DomainError):
    message = _l("Den form aftales ikke i VITAS.")


class NotReadyForVitas(DomainError):
    """Something still stops it. `findings` are the stops."""

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
    school_weeks: int | None = None
    representative_name: str = ""
    representative_stated_on: date | None = None
    confirmed: frozenset[Confirmation] = frozenset()


def write_sheet(placement: Placement, details: SheetDetails, *, by: User, at: datetime) -> VitasSheet:
    """Save what is written; a sheet that was ready must be declared so again. Raises NotForVitas."""
    if not placement.form.traits.agreed_in_vitas:
        raise NotForVitas
    writer = by.id
    sheet = sheet_of(placement) or VitasSheet(placement_id=placement.id, version=0)
    for name, value in vars(details).items():
        setattr(sheet, name, value)
    sheet.confirmed = [one.value for one in Confirmation if one in details.confirmed]
    sheet.written_at, sheet.written_by_id = at, writer
    sheet.ready_at = sheet.ready_by_id = None
    sheet.version += 1
    db.session.add(sheet)
    db.session.flush()
    _record("vitas-sheet-written", sheet, placement, by=by, at=at)
    return sheet


def declare_ready(placement: Placement, *, by: User, at: datetime) -> None:
    """The representative has spoken and nothing stops it. Raises NothingWritten, NotReadyForVitas.

    Source: docs/rules.md#vitas
    """
    sheet = sheet_of(placement)
    if sheet is None:
        raise NothingWritten
    standing = stops(findings_of_sheet(placement, sheet, on=danish_day(at)))
    if standing:
        raise NotReadyForVitas(standing)
    sheet.ready_at, sheet.ready_by_id = at, by.id
    _record("vitas-sheet-ready", sheet, placement, by=by, at=at)


def note_case_number(placement: Placement, number: str, *, by: User, at: datetime) -> None:
    """The number under which VITAS knows it. Raises NothingWritten."""
    sheet = sheet_of(placement)
    if sheet is None:
        raise NothingWritten
    sheet.case_number = number.strip()
    _record("vitas-number-noted", sheet, placement, by=by, at=at)


def _record(action: str, sheet: VitasSheet, placement: Placement, *, by: User, at: datetime) -> None:
    audit.record(action, subject=sheet, by=by, at=at, citizen_id=placement.card.citizen_id)
