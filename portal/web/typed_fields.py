"""Fields for days and numbers as people type them. What cannot be read is said beside the field and kept as typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, ValidationError
from wtforms.validators import NumberRange, StopValidation
from wtforms.widgets import NumberInput, TextInput

from portal.base import clock
from portal.base.typed import NotRead, as_read
from portal.base.typed_clock import read_clock, written_clock
from portal.base.typed_days import DayKind, read_day, written_day
from portal.base.typed_numbers import (
    HOURS,
    PEOPLE,
    NumberBounds,
    Unit,
    read_number,
    read_whole,
    written_number,
)


class NotInFuture:
    """Refuses a day after `today` of its form."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.data and field.data > form.today:
            raise ValidationError(_("Datoen kan ikke ligge i fremtiden."))


@dataclass(frozen=True)
class AskedDay:
    """A day of an address, as somebody typed it over a list."""

    day: date | None
    """None: no day is asked for, or what stands there cannot be read."""
    typed: str = ""
    problem: str = ""

    @property
    def shown(self) -> str:
        return self.typed if self.day is None else written_day(self.day)


def asked_day(typed: str, today: date) -> AskedDay:
    """Read it. A list looks back, so a day without a year has been."""
    if not as_read(typed):
        return AskedDay(None)
    try:
        return AskedDay(read_day(typed, DayKind.PAST, today), typed)
    except NotRead as reason:
        return AskedDay(None, typed, str(reason))


class TypedField(Field):
    """A text that is read as something else. No validator hears of what cannot be read: the reason is said alone."""

    data: Any

    def read(self, text: str) -> Any:
        """The value. Raises ValueError with the Danish reason."""
        raise NotImplementedError

    def written(self, value: Any) -> str:
        raise NotImplementedError

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """A field that was not sent keeps what it had; one sent empty has nothing."""
        if not valuelist:
            return
        self.data = None
        if as_read(valuelist[0]):
            self.data = self.read(valuelist[0])
        else:
            self.raw_data = [""]  # blanks and unseen signs are no answer

    def pre_validate(self, form: Any) -> None:
        """WTForms' own "required" and "optional" would take the reason away and say that nothing stands there."""
        if self.process_errors:
            raise StopValidation

    def _value(self) -> str:
        is_wrong = self.data is None or self.errors or self.process_errors
        if self.raw_data and is_wrong:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written(self.data)


class DanishDateField(TypedField):
    """A day, typed or taken from the calendar beside it."""

    widget = TextInput()

    def __init__(
        self, label: Any = None, validators: Any = None, kind: DayKind | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        has_been = any(isinstance(one, NotInFuture) for one in self.validators)
        self.kind = kind or (DayKind.PAST if has_been else DayKind.COMING)

    def read(self, text: str) -> date:
        return read_day(text, self.kind, clock.today())

    def written(self, value: date) -> str:
        return written_day(value)


class ClockField(TypedField):
    """A time of day."""

    widget = TextInput()

    def read(self, text: str) -> time:
        return read_clock(text)

    def written(self, value: time) -> str:
        return written_clock(value)


class DanishDecimalField(TypedField):
    """A number, with or without a part after the comma."""

    widget = NumberInput()

    def __init__(
        self, label: Any = None, validators: Any = None, unit: Unit | None = PEOPLE, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.unit = unit

    @property
    def bounds(self) -> NumberBounds:
        """What its NumberRange takes."""
        ranges = (one for one in self.validators if isinstance(one, NumberRange))
        within = next(ranges, None)
        if within is None:
            return NumberBounds()
        least, most = (one() if callable(one) else one for one in (within.min, within.max))
        return NumberBounds(*(None if one is None else Decimal(str(one)) for one in (least, most)))

    def read(self, text: str) -> Any:
        return read_number(text, self.unit, self.bounds)

    def written(self, value: Any) -> str:
        return written_number(Decimal(str(value)))


class WholeNumberField(DanishDecimalField):
    """A whole number."""

    def read(self, text: str) -> int:
        return read_whole(text, self.unit, self.bounds)


class DanishHoursField(DanishDecimalField):
    """Hours, handed out as float because hours are compared, never added up in money."""

    def __init__(
        self, label: Any = None, validators: Any = None, unit: Unit | None = HOURS, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, unit, **kwargs)

    def read(self, text: str) -> float:
        return float(super().read(text))
