"""Shapes of input about goals."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange

from portal.base.quarters import MONTHS, quarter_end
from portal.base.terms import GoalAim, GoalUnit, Measure, PeriodKind
from portal.base.typed_days import DayKind
from portal.base.typed_numbers import AS_LABELLED, SHARE_OR_COUNT
from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.goals import services
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from portal.web.forms import (
    DanishDateField,
    DanishDecimalField,
    NoCpr,
    PortalForm,
    VersionedForm,
    WholeNumberField,
    answered,
    optional,
    required,
    strip,
    text_field,
)
from portal.web.measures import GroupUse, MeasureSpec, Term
from portal.web.sealed_posts import is_shown_again

WHOLE: Final = 100

SENTENCE_SHOWN: Final = 90
"""Characters of a plan's sentence in a choice."""

TERM = "term_"
"""Begins the names of the fields of a measure's rule."""


class TargetForm(VersionedForm):
    """A goal: never its figure, which is counted. Measure and rule stay what they were when a goal is corrected.

    Of its time only that is asked which its kind leaves open; the days follow.
    """

    spec: MeasureSpec

    group_id = SelectField(_l("Målgruppe"), coerce=int, validators=[optional()])
    period = SelectField(_l("Hvilken tid?"), choices=PeriodKind.choices(), coerce=PeriodKind)
    year = WholeNumberField(
        _l("Hvilket år?"), [optional(), NumberRange(2000, 2100, _l("Skriv et år, for eksempel 2027."))]
    )
    quarter = SelectField(
        _l("Hvilket kvartal?"),
        choices=[
            (1, _l("1. kvartal: januar til marts")),
            (2, _l("2. kvartal: april til juni")),
            (3, _l("3. kvartal: juli til september")),
            (4, _l("4. kvartal: oktober til december")),
        ],
        coerce=int,
        validators=[optional()],
    )
    first_on = DanishDateField(_l("Første dag"), [optional()], DayKind.EITHER)
    last_on = DanishDateField(_l("Sidste dag"), [optional()], DayKind.EITHER)
    aim = SelectField(_l("Hvilken vej?"), choices=GoalAim.choices(), coerce=GoalAim)
    target = WholeNumberField(
        _l("Mål"),
        [answered(), NumberRange(1, 100_000, _l("Skriv et helt tal fra 1 til 100.000."))],
        SHARE_OR_COUNT,
    )
    baseline = DanishDecimalField(_l("Udgangspunkt"), [optional(), NumberRange(0, 100_000)], SHARE_OR_COUNT)
    sentence = TextAreaField(
        _l("Målet med planens egne ord"), [required(), Length(max=500), NoCpr()], filters=[strip]
    )
    source = text_field(
        _l("Hvor står det?"), 200, description=_l("For eksempel: Beskæftigelsesplan 2027, afsnit 3.")
    )

    def __init__(self, *args: Any, groups: Sequence[TargetGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        how = self.spec.counted
        none = _("Vælg en målgruppe") if how is not None and how.group is GroupUse.MUST else _("Alle")
        self.group_id.choices = [(0, none), *((group.id, _with_sentence(group)) for group in groups)]
        self.period.choices = [
            (kind, kind.label) for kind in PeriodKind if how is None or how.is_standing or kind in how.periods
        ]

    @property
    def is_change(self) -> bool:
        return self.aim.data in (GoalAim.RISE, GoalAim.FALL)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        for field, said in self._open():
            if not field.errors:
                field.errors, valid = [said], False
        return valid

    def _open(self) -> Iterator[tuple[Any, str]]:
        """What the kind of time, the direction and the measure ask for, and is not there."""
        how = self.spec.counted
        if how is not None and how.group is GroupUse.MUST and not self.group_id.data:
            yield self.group_id, _("Vælg en målgruppe. Det her tælles kun for en målgruppe.")
        yield from self._open_time()
        if self.is_change and self.baseline.data is None:
            yield self.baseline, _("Skriv udgangspunktet, som ændringen regnes fra.")
        if self.spec.unit is GoalUnit.PERCENT and (self.target.data or 0) > WHOLE:
            yield self.target, _("Et mål i procent kan højst være 100.")

    def _open_time(self) -> Iterator[tuple[Any, str]]:
        kind, first, last = self.period.data, self.first_on.data, self.last_on.data
        if kind in (PeriodKind.YEAR, PeriodKind.QUARTER) and self.year.data is None:
            yield self.year, _("Skriv et år, for eksempel 2027.")
        if kind is PeriodKind.DAY and last is None:
            yield self.last_on, _("Skriv den dag, der tælles på.")
        if kind is PeriodKind.PROJECT:
            if first is None:
                yield self.first_on, _("Skriv den første dag, der tæller.")
            if last is None:
                yield self.last_on, _("Skriv den sidste dag, der tæller.")
            if first and last and last < first:
                yield self.last_on, _("Den sidste dag ligger før den første.")

    def days(self) -> tuple[date, date]:
        """The first and last day: of a year or a quarter they follow from it, and a day is looked at in its year."""
        if self.period.data is PeriodKind.YEAR:
            return services.year(self.year.data)
        if self.period.data is PeriodKind.QUARTER:
            first = date(self.year.data, MONTHS * self.quarter.data - MONTHS + 1, 1)
            return first, quarter_end(first)
        if self.period.data is PeriodKind.DAY:
            return date(self.last_on.data.year, 1, 1), self.last_on.data
        return self.first_on.data, self.last_on.data

    def details(self, measure: Measure, terms: dict[str, Any]) -> services.GoalDetails:
        """What was written, of a measure with the numbers and choices of its rule."""
        first_on, last_on = self.days()
        return services.GoalDetails(
            measure=measure,
            period=self.period.data,
            first_on=first_on,
            last_on=last_on,
            target=self.target.data,
            sentence=self.sentence.data,
            source=self.source.data,
            aim=self.aim.data,
            baseline=self.baseline.data if self.is_change else None,
            group_id=self.group_id.data or None,
            terms=terms,
        )


def _with_sentence(group: TargetGroup) -> str:
    """The neutral name with what the plan says, since the name alone tells nothing."""
    said = shorten(group.sentence, SENTENCE_SHOWN, placeholder=" …")
    return f"{group.name}: {said}" if said else group.name


def form_for(measure: Measure, base: type[TargetForm] = TargetForm) -> type[TargetForm]:
    """The form with a field for each number and choice of the measure's rule."""
    spec = spec_of(measure)
    terms = spec.counted.terms if spec.counted is not None else ()
    fields = {TERM + term.key: _term_field(term) for term in terms}
    return type("MeasureForm", (base,), {"spec": spec, **fields})


def terms_of(form: TargetForm, measure: Measure) -> dict[str, Any]:
    """What was written of the measure's rule."""
    how = spec_of(measure).counted
    return {term.key: form[TERM + term.key].data for term in (how.terms if how is not None else ())}


def _term_field(term: Term) -> Field:
    if term.choices:
        return SelectField(term.label, choices=list(term.choices), default=term.standard)
    within = NumberRange(
        term.least,
        term.most,
        _l("Skriv et helt tal fra %(least)s til %(most)s.", least=term.least, most=term.most),
    )
    return WholeNumberField(term.label, [answered(), within], AS_LABELLED, default=term.standard)


class CorrectionForm(TargetForm):
    note = text_field(_l("Hvorfor rettes målet?"), 300)


class GoalCopyForm(PortalForm):
    """A goal's next time."""

    first_on = DanishDateField(
        _l("Første dag"), [answered(_l("Skriv den første dag, der tæller."))], DayKind.EITHER
    )
    last_on = DanishDateField(
        _l("Sidste dag"), [answered(_l("Skriv den sidste dag, der tæller."))], DayKind.EITHER
    )
    target = WholeNumberField(
        _l("Mål"),
        [answered(), NumberRange(1, 100_000, _l("Skriv et helt tal fra 1 til 100.000."))],
        SHARE_OR_COUNT,
    )
    note = text_field(_l("Note"), 300, needed=False)


class YearCopyForm(PortalForm):
    """All goals of a year with the targets of the next: a box and a number for each."""

    goals: tuple[Goal, ...] = ()

    def taken(self) -> list[tuple[Goal, int]]:
        """The goals that were ticked, with their new targets."""
        return [(goal, self[f"target_{goal.id}"].data) for goal in self.goals if self[f"take_{goal.id}"].data]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if is_shown_again():
            return False
        for goal in self.goals:
            field = self[f"target_{goal.id}"]
            if not self[f"take_{goal.id}"].data:
                field.errors = []
            elif goal.unit is GoalUnit.PERCENT and (field.data or 0) > WHOLE:
                field.errors = [_("Et mål i procent kan højst være 100.")]
        valid = not any(field.errors for field in self)
        if valid and not self.taken():
            self.form_errors.append(_("Sæt kryds ved mindst ét mål."))
            valid = False
        return valid


def year_copy_form(goals: Sequence[Goal]) -> type[YearCopyForm]:
    """The form for these goals."""
    fields: dict[str, Any] = {}
    for goal in goals:
        fields[f"take_{goal.id}"] = BooleanField(_l("Tag med"), default=True)
        fields[f"target_{goal.id}"] = WholeNumberField(
            _l("Nyt mål"),
            [answered(), NumberRange(1, 100_000, _l("Skriv et helt tal fra 1 til 100.000."))],
            SHARE_OR_COUNT,
            default=goal.target,
        )
    return type("YearForm", (YearCopyForm,), {"goals": tuple(goals), **fields})


class GoalEndForm(PortalForm):
    because = text_field(_l("Hvorfor slutter målet?"), 300)


class FreezeForm(PortalForm):
    note = text_field(_l("Hvorfor låses tallet nu?"), 300)


def next_time(goal: Goal) -> tuple[date, date]:
    """The same days a year later; of 29 February the 28th."""
    return _a_year_after(goal.first_on), _a_year_after(goal.last_on)


def _a_year_after(day: date) -> date:
    return date(day.year + 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
