"""What VITAS asks of one placement form alone; a form without a row is asked what all are asked.

Source: docs/rules.md#vitas
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum, PlacementForm
from portal.loop.employers.models import Sector
from portal.loop.placements.models import Placement
from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding
from portal.shared.rules.law import igu, loentilskud, praktik
from portal.shared.rules.law.igu import Confirmed, Reminder
from portal.web.presentation import da_number
from portal.workspaces.vitas.models import Confirmation, VitasSheet


@dataclass(frozen=True)
class SheetField:
    """A field of the sheet that one form alone has, and what VITAS calls it."""

    name: str
    label: LazyString

    def line(self, sheet: VitasSheet) -> tuple[str, str]:
        return str(self.label), _in_words(getattr(sheet, self.name))


def _in_words(value: Any) -> str:
    if value is None:
        return ""
    return str(value.label) if isinstance(value, LabelledEnum) else da_number(value)


@dataclass(frozen=True, kw_only=True)
class OwnDemands:
    """Everything VITAS asks of a form beyond what it asks of all."""

    of_staff: tuple[SheetField, ...]
    """Stand with the number of employees."""
    of_agreement: tuple[SheetField, ...]
    """Stand with the agreement."""
    confirmed: tuple[Confirmation, ...]
    """What the consultant must have looked up or asked."""
    findings: Callable[[Placement, VitasSheet, Numbers], list[Finding]]
    """What the rules say of what only the sheet tells."""
    reminders: Callable[[Placement, Numbers], list[Reminder]]
    """What comes after it has begun."""

    @property
    def names(self) -> set[str]:
        return {field.name for field in (*self.of_staff, *self.of_agreement)}


def _nothing(*_asked: object) -> list[Any]:
    return []


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


def _after_igu(placement: Placement, numbers: Numbers) -> list[Reminder]:
    is_private = placement.opening.employer.sector is not Sector.PUBLIC
    return igu.reminders(placement.starts_on, is_private=is_private, numbers=numbers)


DEMANDS: Final[Mapping[PlacementForm, OwnDemands]] = {
    PlacementForm.PRAKTIK: OwnDemands(
        of_staff=(),
        of_agreement=(SheetField("purpose", _l("Formål")),),
        confirmed=(Confirmation.NOT_LAST_EMPLOYER, Confirmation.NOT_OWNED_BY_FAMILY),
        findings=_praktik,
        reminders=_nothing,
    ),
    PlacementForm.LOENTILSKUD: OwnDemands(
        of_staff=(
            SheetField("staff_last_month", _l("Ansatte i hele virksomheden den seneste måned")),
            SheetField("staff_average", _l("Gennemsnit for hele virksomheden")),
        ),
        of_agreement=(SheetField("monthly_wage_dkk", _l("Samlet løn om måneden i kroner")),),
        confirmed=(Confirmation.BENEFITS,),
        findings=_loentilskud,
        reminders=_nothing,
    ),
    PlacementForm.IGU: OwnDemands(
        of_staff=(),
        of_agreement=(SheetField("school_weeks", _l("Ugers skole i undervisningsplanen")),),
        confirmed=(Confirmation.IGU_RESIDENCE, Confirmation.IGU_NOT_EMPLOYED, Confirmation.IGU_FIRST),
        findings=_igu,
        reminders=_after_igu,
    ),
}
NO_MORE: Final = OwnDemands(of_staff=(), of_agreement=(), confirmed=(), findings=_nothing, reminders=_nothing)
ALL_NAMES: Final = frozenset(name for demands in DEMANDS.values() for name in demands.names)
"""Every field that only some forms have."""


def demands_of(form: PlacementForm) -> OwnDemands:
    return DEMANDS.get(form, NO_MORE)
