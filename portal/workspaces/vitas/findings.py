"""What the rules say before a placement goes to VITAS. Source: docs/rules.md#vitas"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal.base.terms import PlacementForm
from portal.loop.employers.models import Sector
from portal.loop.placements.findings import cases
from portal.loop.placements.models import Placement
from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding
from portal.shared.rules.law import igu, loentilskud, posting, praktik, ratio, staff
from portal.shared.rules.law.forms import assess
from portal.shared.rules.law.igu import Confirmed, Reminder
from portal.shared.rules.queries import rule_book
from portal.workspaces.vitas.models import Confirmation, VitasSheet


def findings_of_sheet(placement: Placement, sheet: VitasSheet, *, on: date) -> list[Finding]:
    """What the placement meets by its first day's rules, and what only the sheet tells. Raises RuleMissing."""
    book = rule_book()
    numbers = book.on(placement.starts_on)
    opening = placement.opening
    found = [
        posting.firm_numbers(opening.employer.cvr, opening.workplace.p_number, numbers),
        *_not_passed(placement, assess(cases([placement], on=on)[placement.id], book)),
    ]
    if placement.form in ratio.COUNTED_FORMS:
        found.append(_representative(placement, sheet, numbers))
    by_form = {
        PlacementForm.PRAKTIK: _praktik,
        PlacementForm.LOENTILSKUD: _loentilskud,
        PlacementForm.IGU: _igu,
    }
    return [*found, *by_form[placement.form](placement, sheet, numbers)]


def _not_passed(placement: Placement, findings: Sequence[Finding]) -> list[Finding]:
    """Without the stops that a consultant passed with a reason when it was planned."""
    passed = {row["rule"] for row in placement.findings if placement.stop_reason}
    return [one for one in findings if not (one.is_stop and one.rule in passed)]


def _representative(placement: Placement, sheet: VitasSheet, numbers: Numbers) -> Finding:
    return staff.representative(
        Decimal(placement.opening.workplace.full_time_staff),
        name=sheet.representative_name,
        stated_on=sheet.representative_stated_on,
        starts_on=placement.starts_on,
        numbers=numbers,
    )


def _praktik(placement: Placement, sheet: VitasSheet, numbers: Numbers) -> list[Finding]:
    return [
        praktik.purpose(sheet.purpose, len(placement.opening.tasks), numbers),
        praktik.place(
            not_last_employer=sheet.has_confirmed(Confirmation.NOT_LAST_EMPLOYER),
            not_owned_by_family=sheet.has_confirmed(Confirmation.NOT_OWNED_BY_FAMILY),
            numbers=numbers,
        ),
    ]


def _loentilskud(_placement: Placement, sheet: VitasSheet, numbers: Numbers) -> list[Finding]:
    return [
        loentilskud.more_staff(sheet.staff_last_month, sheet.staff_average, numbers),
        loentilskud.benefits(sheet.has_confirmed(Confirmation.BENEFITS), numbers),
    ]


def _igu(_placement: Placement, sheet: VitasSheet, numbers: Numbers) -> list[Finding]:
    confirmed = Confirmed(
        residence=sheet.has_confirmed(Confirmation.IGU_RESIDENCE) or None,
        not_employed_there=sheet.has_confirmed(Confirmation.IGU_NOT_EMPLOYED) or None,
        first_igu=sheet.has_confirmed(Confirmation.IGU_FIRST) or None,
    )
    return [igu.school(sheet.school_weeks, numbers), *igu.person(confirmed, numbers)]


def reminders_of(placement: Placement) -> list[Reminder]:
    """What comes after an IGU has begun; the other forms have none."""
    if placement.form is not PlacementForm.IGU:
        return []
    return igu.reminders(
        placement.starts_on,
        is_private=placement.opening.employer.sector is not Sector.PUBLIC,
        numbers=rule_book().on(placement.starts_on),
    )
