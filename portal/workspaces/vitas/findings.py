"""What the rules say before a placement goes to VITAS. Source: docs/rules.md#vitas"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.loop.placements.findings import case_of_start, not_passed
from portal.loop.placements.models import Placement
from portal.shared.rules.book import Numbers, RuleBook
from portal.shared.rules.findings import PAPERS, Finding, Verdict, stops
from portal.shared.rules.law import posting, staff
from portal.shared.rules.law.case import Case
from portal.shared.rules.law.forms import assess
from portal.shared.rules.law.igu import Reminder
from portal.shared.rules.queries import rule_book
from portal.workspaces.vitas.by_form import SheetQuestion, demands_of
from portal.workspaces.vitas.models import VitasSheet
from portal.workspaces.vitas.queries import sheet_of


@dataclass(frozen=True)
class Judgement:
    """A placement as the law sees it on its first day, and what the law asks of its sheet."""

    placement: Placement
    case: Case
    book: RuleBook

    @property
    def numbers(self) -> Numbers:
        return self.book.on(self.case.starts_on, self.case.municipality_id)

    def questions(self) -> list[SheetQuestion]:
        """Those that the consultant is asked."""
        asked = demands_of(self.placement.form).questions
        return [one for one in asked if one.is_asked(self.case, self.numbers)]

    def answers_in_words(self, sheet: VitasSheet) -> list[tuple[str, str]]:
        """Each question with its answer, also where the portal can tell itself; "": not answered."""
        numbers = self.numbers
        lines = []
        for one in demands_of(self.placement.form).questions:
            words = one.in_words(self.case, numbers, sheet.reply_to(one.what))
            if words or one.is_asked(self.case, numbers):
                lines.append((str(one.what.label), words))
        return lines

    def reminders(self) -> list[Reminder]:
        """What comes after it has begun."""
        return demands_of(self.placement.form).reminders(self.placement, self.numbers)

    def of_placement(self) -> list[Finding]:
        """What the rules say at the plan and the start, too. Raises RuleMissing."""
        return assess(self.case, self.book)

    def of_sheet(self, sheet: VitasSheet) -> list[Finding]:
        """What only the sheet tells. Raises RuleMissing."""
        numbers, demands = self.numbers, demands_of(self.placement.form)
        opening = self.placement.opening
        found = [posting.employer_numbers(opening.employer.cvr, opening.workplace.p_number, numbers)]
        if self.placement.form.traits.counts_in_ratio:
            found.append(self._representative(sheet, numbers))
        found += demands.findings(self.placement, sheet, self.case, numbers)
        for one in demands.questions:
            found += one.judge(self.case, numbers, sheet.reply_to(one.what))
        return found

    def _representative(self, sheet: VitasSheet, numbers: Numbers) -> Finding:
        """Nobody named, or no day: that is a question still open, and no reason stands for an answer."""
        place = self.placement.opening.workplace
        heard = staff.Heard(sheet.representative_name, sheet.representative_stated_on)
        found = staff.representative(
            Decimal(place.full_time_staff),
            place.heads,
            heard=heard,
            starts_on=self.case.starts_on,
            numbers=numbers,
        )
        return replace(found, is_question=found.is_stop and heard.stated_on is None)

    def standing(self, sheet: VitasSheet) -> list[Finding]:
        """Everything said, but the stops that were passed with a reason. Raises RuleMissing."""
        return [
            *not_passed(self.placement, self.of_placement()),
            *not_passed(sheet, self.of_sheet(sheet)),
        ]


def judgement_of(placement: Placement, *, on: date) -> Judgement:
    return Judgement(placement, case_of_start(placement, placement.starts_on, on=on), rule_book())


def hindrances_of_start(placement: Placement, case: Case, book: RuleBook) -> list[Finding]:
    """Answers `events.hindrances_of_start`: the sheet is ready, and so it is for the day it begins on."""
    if not placement.form.traits.agreed_in_vitas:
        return []
    sheet = sheet_of(placement)
    if sheet is None or sheet.ready_at is None:
        is_outdated = sheet is not None and sheet.outdated_at is not None
        return [
            Finding(
                PAPERS,
                Verdict.STOP,
                _l("Forløbet er ændret, så arket til VITAS skal meldes klar igen.")
                if is_outdated
                else _l("Arket til VITAS er ikke meldt klar."),
                _("Kommunens egen arbejdsgang: aftalen er i VITAS, før forløbet begynder"),
                _l("Udfyld arket, og meld det klar, eller skriv, hvorfor forløbet begynder før det."),
            )
        ]
    return stops(not_passed(sheet, Judgement(placement, case, book).of_sheet(sheet)))
