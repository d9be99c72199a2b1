"""What the rules say before a placement goes to VITAS. Source: docs/rules.md#vitas"""

from datetime import date
from decimal import Decimal

from portal.loop.placements.findings import cases, not_passed
from portal.loop.placements.models import Placement
from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding
from portal.shared.rules.law import posting, staff
from portal.shared.rules.law.forms import assess
from portal.shared.rules.law.igu import Reminder
from portal.shared.rules.queries import rule_book
from portal.workspaces.vitas.by_form import demands_of
from portal.workspaces.vitas.models import VitasSheet


def findings_of_sheet(placement: Placement, sheet: VitasSheet, *, on: date) -> list[Finding]:
    """What the placement meets by its first day's rules, and what only the sheet tells. Raises RuleMissing."""
    book = rule_book()
    numbers = book.on(placement.starts_on, placement.municipality_id)
    opening = placement.opening
    found = [
        posting.employer_numbers(opening.employer.cvr, opening.workplace.p_number, numbers),
        *not_passed(placement, assess(cases([placement], on=on)[placement.id], book)),
    ]
    if placement.form.traits.counts_in_ratio:
        found.append(_representative(placement, sheet, numbers))
    return [*found, *demands_of(placement.form).findings(placement, sheet, numbers)]


def _representative(placement: Placement, sheet: VitasSheet, numbers: Numbers) -> Finding:
    place = placement.opening.workplace
    return staff.representative(
        Decimal(place.full_time_staff),
        place.heads,
        heard=staff.Heard(sheet.representative_name, sheet.representative_stated_on),
        starts_on=placement.starts_on,
        numbers=numbers,
    )


def reminders_of(placement: Placement) -> list[Reminder]:
    """What comes after it has begun."""
    numbers = rule_book().on(placement.starts_on, placement.municipality_id)
    return demands_of(placement.form).reminders(placement, numbers)
