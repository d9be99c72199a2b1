"""Shapes of input about what the three settle on."""

from collections.abc import Collection
from datetime import date
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, RadioField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from portal.base.errors import DomainError
from portal.loop.placements.models import ASPECTS
from portal.loop.placements.settled import ConfirmedHow, Settlement
from portal.loop.placements.settled_paper import is_code_of
from portal.loop.placements.settling import SaidBeforeWords
from portal.web.forms import (
    DanishDateField,
    DatedForm,
    NoCpr,
    NotInFuture,
    PortalForm,
    answered,
    optional,
    required,
    strip,
    text_field,
)

RECORDED: tuple[ConfirmedHow, ...] = (
    ConfirmedHow.PHONE,
    ConfirmedHow.MEETING,
    ConfirmedHow.PAPER,
    ConfirmedHow.CODE,
)
"""How a yes can come that the consultant records."""


class SeenForm(PortalForm):
    """Which version of the words the reader saw: nobody says yes to others than those."""

    seen = IntegerField(validators=[Optional()], widget=HiddenInput())

    @property
    def version(self) -> int:
        return self.seen.data or 0

    def accept(self, version: int) -> None:
        """Let the reader save over what she is told of now."""
        self.seen.data, self.seen.raw_data = version, None


def _differs() -> BooleanField:
    return BooleanField(_l("Her siger de tre ikke det samme"))


def _words(longest: int) -> TextAreaField:
    return TextAreaField(
        _l("Det er vi enige om"), [optional(), Length(max=longest), NoCpr()], filters=[strip]
    )


class SettleForm(SeenForm):
    """For each aspect whether the three differ, and the words they go by."""

    purpose_differs = _differs()
    purpose = _words(500)
    time_frame_differs = _differs()
    time_frame = _words(300)
    development_differs = _differs()
    development = _words(500)

    @classmethod
    def showing(cls, settlement: Settlement | None, amounts: Collection[str]) -> Self:
        """What stands, or the aspects on which the amounts differ marked already."""
        marked = {*amounts, *(settlement.differing if settlement else ())}
        words = settlement.words if settlement else dict.fromkeys(ASPECTS, "")
        values: dict[str, Any] = {f"{name}_differs": name in marked for name in ASPECTS}
        return cls(formdata=None, data={**words, **values, "seen": settlement.version if settlement else 0})

    @property
    def words(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ASPECTS}

    @property
    def differing(self) -> list[str]:
        return [name for name in ASPECTS if self[f"{name}_differs"].data]

    def ask_for(self, aspects: Collection[str]) -> None:
        """Say at each of the aspects that words are missing."""
        for name in aspects:
            self[name].errors = [_("Skriv, hvad I er enige om her.")]


class ConfirmedForm(DatedForm):
    """A yes that somebody gave the consultant, to words that are there since the day `since`."""

    seen = IntegerField(validators=[Optional()], widget=HiddenInput())
    how = RadioField(
        _l("Hvordan sagde de ja?"),
        [answered()],
        choices=[(how.value, how.label) for how in RECORDED],
    )
    said_by = text_field(_l("Hvem sagde ja?"), 120)
    said_on = DanishDateField(_l("Hvornår?"), [required(), NotInFuture()])
    code = text_field(
        _l("Koden på papiret"),
        20,
        needed=False,
        description=_l("Kun når de sagde ja på det ark, der er skrevet ud herfra."),
    )

    def __init__(self, *args: Any, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since

    def too_early(self, since: date) -> DomainError:
        """Name the refusal of a yes dated before there was anything to say yes to."""
        return SaidBeforeWords(since)

    def validate_said_on(self, field: Field) -> None:
        if field.data and field.data < self.since:
            raise ValidationError(str(self.too_early(self.since).message))

    @property
    def version(self) -> int:
        return self.seen.data or 0

    def has_code_of(self, settlement: Settlement) -> bool:
        """Whether the code is that of the words as they stand; said at the field where it is not."""
        if self.how.data != ConfirmedHow.CODE:
            return True
        if not self.code.data:
            self.code.errors = [_("Skriv koden fra papiret.")]
        elif not is_code_of(settlement, self.code.data):
            words = _("Koden %(code)s hører ikke til de ord, der står her nu.", code=self.code.data)
            self.code.errors = [words]
        return not self.code.errors
