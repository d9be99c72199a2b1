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
from portal.shared.rules.findings import Finding, open_questions
from portal.shared.rules.law import igu, loentilskud, praktik
from portal.shared.rules.law.case import NO_GROUNDS, Case, Grounds
from portal.shared.rules.law.igu import Reminder
from portal.shared.rules.law.replies import Reply
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


@dataclass(frozen=True)
class SheetQuestion:
    """What a consultant must answer, as far as the law asks it of the case."""

    what: Confirmation
    judge: Callable[[Case, Numbers, Reply | None], list[Finding]]

    def is_asked(self, case: Case, numbers: Numbers) -> bool:
        """Not where a rule is switched off or the portal can tell itself."""
        return bool(open_questions(self.judge(case, numbers, None)))

    def replies(self, case: Case, numbers: Numbers) -> tuple[Reply, ...]:
        """That it is not needed can be said only where the law knows an exemption."""
        return tuple(one for one in Reply if not open_questions(self.judge(case, numbers, one)))

    def in_words(self, case: Case, numbers: Numbers, reply: Reply | None) -> str:
        """The answer for the sheet; what is settled without one is said as the law says it."""
        found = self.judge(case, numbers, reply)
        if open_questions(found):
            return ""
        settled = " ".join(str(one.sentence) for one in found)
        if not self.is_asked(case, numbers):
            return settled
        if reply is Reply.NOT_NEEDED:
            return f"{reply.label}. {settled}"
        return str(reply.label) if reply else ""


@dataclass(frozen=True, kw_only=True)
class OwnDemands:
    """Everything VITAS asks of a form beyond what it asks of all."""

    of_staff: tuple[SheetField, ...]
    """Stand with the number of employees."""
    of_agreement: tuple[SheetField, ...]
    """Stand with the agreement."""
    questions: tuple[SheetQuestion, ...]
    """What the consultant must have looked up or asked."""
    findings: Callable[[Placement, VitasSheet, Case, Numbers], list[Finding]]
    """What the rules say of the fields that only the sheet has."""
    reminders: Callable[[Placement, Numbers], list[Reminder]]
    """What comes after it has begun."""

    @property
    def names(self) -> set[str]:
        return {field.name for field in (*self.of_staff, *self.of_agreement)}


def _nothing(*_asked: object) -> list[Any]:
    return []


def _grounds(case: Case) -> Grounds:
    return case.person.grounds if case.person else NO_GROUNDS


def _praktik(placement: Placement, sheet: VitasSheet, _case: Case, numbers: Numbers) -> list[Finding]:
    return praktik.purpose(sheet.purpose, len(placement.opening.tasks), numbers)


def _loentilskud(_placement: Placement, sheet: VitasSheet, case: Case, numbers: Numbers) -> list[Finding]:
    return [
        *loentilskud.more_staff(sheet.staff_last_month, sheet.staff_average, numbers),
        *loentilskud.share(
            sheet.monthly_subsidy_dkk, sheet.monthly_wage_dkk, is_private=case.is_private, numbers=numbers
        ),
    ]


def _benefits(case: Case, numbers: Numbers, reply: Reply | None) -> list[Finding]:
    born = case.person.born if case.person else None
    return loentilskud.benefits(reply, born, case.starts_on, numbers)


def _igu(_placement: Placement, sheet: VitasSheet, _case: Case, numbers: Numbers) -> list[Finding]:
    return [*igu.school(sheet.school_weeks, numbers), *igu.total_hours(sheet.total_hours_per_week, numbers)]


def _after_igu(placement: Placement, numbers: Numbers) -> list[Reminder]:
    is_private = placement.opening.employer.sector is not Sector.PUBLIC
    return igu.reminders(placement.starts_on, is_private=is_private, numbers=numbers)


DEMANDS: Final[Mapping[PlacementForm, OwnDemands]] = {
    PlacementForm.PRAKTIK: OwnDemands(
        of_staff=(),
        of_agreement=(SheetField("purpose", _l("Formål")),),
        questions=(
            SheetQuestion(
                Confirmation.NOT_LAST_EMPLOYER,
                lambda case, numbers, reply: praktik.not_last_employer(reply, _grounds(case), numbers),
            ),
            SheetQuestion(
                Confirmation.NOT_OWNED_BY_FAMILY,
                lambda case, numbers, reply: praktik.not_owned_by_family(reply, _grounds(case), numbers),
            ),
        ),
        findings=_praktik,
        reminders=_nothing,
    ),
    PlacementForm.LOENTILSKUD: OwnDemands(
        of_staff=(
            SheetField("staff_last_month", _l("Ansatte i hele virksomheden den seneste måned")),
            SheetField("staff_average", _l("Gennemsnit for hele virksomheden")),
        ),
        of_agreement=(
            SheetField("monthly_wage_dkk", _l("Samlet løn om måneden i kroner")),
            SheetField("monthly_subsidy_dkk", _l("Tilskud om måneden i kroner")),
        ),
        questions=(SheetQuestion(Confirmation.BENEFITS, _benefits),),
        findings=_loentilskud,
        reminders=_nothing,
    ),
    PlacementForm.IGU: OwnDemands(
        of_staff=(),
        of_agreement=(
            SheetField("school_weeks", _l("Ugers skole i undervisningsplanen")),
            SheetField("total_hours_per_week", _l("Timer om ugen i alt med skole (gennemsnit)")),
        ),
        questions=(
            SheetQuestion(
                Confirmation.IGU_RESIDENCE,
                lambda case, numbers, reply: igu.residence_said(reply, _grounds(case).arrived_on, numbers),
            ),
            SheetQuestion(
                Confirmation.IGU_NOT_EMPLOYED,
                lambda _case, numbers, reply: igu.not_employed_there(reply, numbers),
            ),
            SheetQuestion(Confirmation.IGU_FIRST, lambda _case, numbers, reply: igu.first(reply, numbers)),
        ),
        findings=_igu,
        reminders=_after_igu,
    ),
}
NO_MORE: Final = OwnDemands(of_staff=(), of_agreement=(), questions=(), findings=_nothing, reminders=_nothing)
ALL_NAMES: Final = frozenset(name for demands in DEMANDS.values() for name in demands.names)
"""Every field that only some forms have."""


def demands_of(form: PlacementForm) -> OwnDemands:
    return DEMANDS.get(form, NO_MORE)
