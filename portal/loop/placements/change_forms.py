"""Shapes of what may be changed in a placement; each says what would be agreed then."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from portal.base.terms import HOURS_IN_A_WEEK
from portal.loop.placements.agreed import DAY, Agreed
from portal.loop.placements.changes import Wish
from portal.loop.placements.forms import stop_reason_field
from portal.loop.placements.models import ChangeKind, Placement
from portal.shared.rules.law.forms import LAWS
from portal.web.forms import (
    DanishDateField,
    DanishHoursField,
    NoCpr,
    VersionedForm,
    optional,
    required,
    strip,
)
from portal.web.presentation import da_date


class ChangeForm(VersionedForm):
    """One way to change a placement. `asked` are the names of the fields that say what is to be agreed."""

    kind: ClassVar[ChangeKind]
    title: ClassVar[Any]
    lead: ClassVar[Any] = ""
    asked: ClassVar[tuple[str, ...]]

    reason = TextAreaField(
        _l("Hvorfor?"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
        description=_l("Kommunen og borgeren kan læse det, virksomheden ikke. Skriv ikke om helbred."),
    )
    stop_reason = stop_reason_field()

    def __init__(self, *args: Any, placement: Placement, today: date, **kwargs: Any) -> None:
        self.placement, self.today, self.now = placement, today, Agreed.of(placement)
        data = {"version": placement.version, **self.suggested()}
        super().__init__(*args, data=data, **kwargs)
        if "long_reason" in self and not LAWS[placement.form].asks_for_reason:
            del self.long_reason

    def suggested(self) -> dict[str, Any]:
        """What stands in the fields before anybody writes."""
        return {}

    def agreed(self) -> Agreed:
        """What would be agreed; the fields can be read."""
        raise NotImplementedError

    def from_on(self) -> date:
        """The first day that the change is about."""
        raise NotImplementedError

    def wish(self) -> Wish:
        return Wish(
            self.kind,
            self.agreed(),
            self.from_on(),
            self.reason.data or "",
            self.stop_reason.data or "",
            bool("takes_talks_along" in self and self["takes_talks_along"].data),
        )

    def fields_asked(self) -> list[Field]:
        return [self[name] for name in self.asked if name in self]

    def read(self) -> Agreed | None:
        """What would be agreed by what is written so far; None while that cannot be read."""
        return self.agreed() if self.validate() else None

    def within_days(self, field: Field) -> None:
        """A day of the placement."""
        if not self.now.starts_on <= field.data <= self.now.ends_on:
            raise ValidationError(
                _(
                    "Dagen skal ligge i forløbet, fra %(first)s til %(last)s.",
                    first=da_date(self.now.starts_on),
                    last=da_date(self.now.ends_on),
                )
            )

    def long(self) -> str:
        return (self["long_reason"].data or "") if "long_reason" in self else self.now.long_reason


def _long_reason() -> TextAreaField:
    return TextAreaField(
        _l("Begrundelse for et langt forløb"),
        [optional(), Length(max=300), NoCpr()],
        filters=[strip],
        description=_l("Kun når det i alt varer længere end reglernes almindelige grænse."),
    )


class ExtendForm(ChangeForm):
    kind = ChangeKind.EXTENDED
    title = _l("Forlæng forløbet")
    asked = ("ends_on", "long_reason")

    ends_on = DanishDateField(_l("Ny sidste dag"), [required()])
    long_reason = _long_reason()

    def suggested(self) -> dict[str, Any]:
        return {"long_reason": self.now.long_reason}

    def validate_ends_on(self, field: Field) -> None:
        if field.data <= self.now.ends_on:
            raise ValidationError(
                _(
                    "Vælg en dag efter %(day)s. Skal det slutte før, så flyt det.",
                    day=da_date(self.now.ends_on),
                )
            )

    def agreed(self) -> Agreed:
        return replace(self.now, ends_on=self.ends_on.data, long_reason=self.long())

    def from_on(self) -> date:
        return self.now.ends_on + DAY


class MoveForm(ChangeForm):
    kind = ChangeKind.MOVED
    title = _l("Flyt forløbet")
    asked = ("starts_on", "ends_on", "takes_talks_along", "long_reason")

    starts_on = DanishDateField(_l("Første dag"), [required()])
    ends_on = DanishDateField(_l("Sidste dag"), [required()])
    takes_talks_along = BooleanField(_l("Flyt opfølgningerne lige så mange dage som første dag"))
    long_reason = _long_reason()

    def suggested(self) -> dict[str, Any]:
        return {
            "starts_on": self.now.starts_on,
            "ends_on": self.now.ends_on,
            "long_reason": self.now.long_reason,
        }

    def validate_ends_on(self, field: Field) -> None:
        if self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Slutdatoen ligger før startdatoen."))

    def agreed(self) -> Agreed:
        return replace(
            self.now, starts_on=self.starts_on.data, ends_on=self.ends_on.data, long_reason=self.long()
        )

    def from_on(self) -> date:
        if self.starts_on.data != self.now.starts_on:
            return min(self.starts_on.data, self.now.starts_on)
        return min(self.ends_on.data, self.now.ends_on) + DAY


class FromADay(ChangeForm):
    """What holds from a day of the placement until its end."""

    since = DanishDateField(_l("Fra hvilken dag?"), [required()])

    def suggested(self) -> dict[str, Any]:
        return {"since": min(max(self.now.starts_on, self.today), self.now.ends_on)}

    def validate_since(self, field: Field) -> None:
        self.within_days(field)

    def from_on(self) -> date:
        day: date = self.since.data
        return day


class HoursForm(FromADay):
    kind = ChangeKind.HOURS
    title = _l("Andre timer")
    lead = _l("Timerne før dagen står, som de var.")
    asked = ("hours_per_week", "since")

    hours_per_week = DanishHoursField(
        _l("Timer om ugen"),
        [
            InputRequired(_l("Skriv et tal, for eksempel 25.")),
            NumberRange(0.5, HOURS_IN_A_WEEK, _l("Skriv et tal fra 0,5 til 168.")),
        ],
    )

    def agreed(self) -> Agreed:
        return self.now.with_hours(self.hours_per_week.data, self.since.data)


class OtherTasksForm(FromADay):
    kind = ChangeKind.TASKS
    title = _l("Andre opgaver")
    asked = ("tasks", "since")

    tasks = TextAreaField(
        _l("Opgaverne fra den dag"),
        [required(_l("Skriv opgaverne, en på hver linje.")), Length(max=1000), NoCpr()],
        filters=[strip],
        description=_l("En på hver linje. Alle kan læse dem. Åbningens opgaver står på åbningen."),
    )

    def suggested(self) -> dict[str, Any]:
        return {**super().suggested(), "tasks": self.now.tasks}

    def agreed(self) -> Agreed:
        return replace(self.now, tasks=self.tasks.data)


class PauseForm(ChangeForm):
    kind = ChangeKind.PAUSED
    title = _l("Pause")
    lead = _l(
        "Aftalen gælder også i pausen: dagene tæller med i forløbets længde, og pladsen er taget. Loven siger ikke "
        "andet om det. I målene tæller de ikke som arbejde eller aktivitet. Skal de indhentes, så forlæng forløbet "
        "bagefter."
    )
    asked = ("first", "last")

    first = DanishDateField(_l("Pausens første dag"), [required()])
    last = DanishDateField(_l("Pausens sidste dag"), [required()])

    def validate_first(self, field: Field) -> None:
        self.within_days(field)

    def validate_last(self, field: Field) -> None:
        self.within_days(field)
        if not self.first.data:
            return
        if field.data < self.first.data:
            raise ValidationError(_("Pausens sidste dag ligger før dens første."))
        if any(first <= field.data and self.first.data <= last for first, last in self.now.pauses):
            raise ValidationError(_("Der er allerede en pause i nogle af de dage."))

    def agreed(self) -> Agreed:
        return replace(self.now, pauses=(*self.now.pauses, (self.first.data, self.last.data)))

    def from_on(self) -> date:
        day: date = self.first.data
        return day


class ResumeForm(ChangeForm):
    kind = ChangeKind.RESUMED
    title = _l("Pausen slutter")
    asked = ("back_on",)

    back_on = DanishDateField(_l("Første dag efter pausen"), [required()])

    def suggested(self) -> dict[str, Any]:
        return {"back_on": self.today}

    def validate_back_on(self, field: Field) -> None:
        self.within_days(field)
        if self._pause(field.data) is None:
            raise ValidationError(_("Der er ingen pause på den dag."))

    def _pause(self, day: date) -> tuple[date, date] | None:
        return next((one for one in self.now.pauses if one[0] <= day <= one[1]), None)

    def agreed(self) -> Agreed:
        back_on = self.back_on.data
        pause = self._pause(back_on)
        rest = tuple(one for one in self.now.pauses if one != pause)
        if pause is not None and pause[0] < back_on:
            rest = (*rest, (pause[0], back_on - timedelta(days=1)))
        return replace(self.now, pauses=tuple(sorted(rest)))

    def from_on(self) -> date:
        day: date = self.back_on.data
        return day


CHANGES: Final[dict[str, type[ChangeForm]]] = {
    "extend": ExtendForm,
    "move": MoveForm,
    "hours": HoursForm,
    "tasks": OtherTasksForm,
    "pause": PauseForm,
    "resume": ResumeForm,
}
"""By the name in the address."""
