"""Forms of reviews: a decision with its reason, and the two answers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import Length

from portal.base import clock
from portal.base.terms import choices_of
from portal.loop.reviews.models import (
    NO_REASONS,
    YES_REASONS,
    Answer,
    AnsweredVia,
    DecisionReason,
    EmployerReason,
)
from portal.loop.reviews.undoing import DayOfReturnOutOfRange, may_return_on
from portal.web.forms import DanishDateField, NoCpr, PortalForm, answered, required, strip

_CHOOSE = _l("Vælg en grund.")


class DecisionForm(PortalForm):
    """The words of a decision; the reasons differ between yes and no."""

    reason: RadioField
    words: TextAreaField

    def validate_words(self, field: Any) -> None:
        """ "Other" says nothing by itself."""
        if self.reason.data == DecisionReason.OTHER and not field.data:
            raise ValidationError(_("Skriv grunden, når du vælger “Andet”."))


def _words(id: str) -> TextAreaField:
    return TextAreaField(_l("Med dine ord"), [Length(max=500), NoCpr()], filters=[strip], id=id, default="")


class ApproveForm(DecisionForm):
    reason = RadioField(
        _l("Hvorfor ja?"),
        [answered(_CHOOSE)],
        choices=choices_of(YES_REASONS),
        coerce=DecisionReason,
        id="approve-reason",
    )
    words = _words("approve-words")


class LawfulApproveForm(ApproveForm):
    """A yes, with the reasons that the rules ask for in this case."""

    stop_reason = TextAreaField(
        _l("Hvorfor er det i orden, selv om reglerne siger stop?"),
        [Length(max=500), NoCpr()],
        filters=[strip],
    )
    unpaid_reason = TextAreaField(
        _l("Hvorfor praktik og ikke noget lønnet?"), [Length(max=300), NoCpr()], filters=[strip]
    )

    def __init__(self, *args: Any, stopped: bool, paid_is_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for needed, name in ((stopped, "stop_reason"), (paid_is_open, "unpaid_reason")):
            if needed:
                self[name].validators = [required(_l("Skriv grunden.")), *self[name].validators]
            else:
                del self[name]

    def passed(self, name: str) -> str:
        """The reason, or nothing where none was asked for."""
        return self[name].data or "" if name in self else ""


class RefuseForm(DecisionForm):
    reason = RadioField(
        _l("Hvorfor nej?"),
        [answered(_CHOOSE)],
        choices=choices_of(NO_REASONS),
        coerce=DecisionReason,
        id="refuse-reason",
    )
    words = _words("refuse-words")


class PutOffForm(PortalForm):
    """The day on which a suggestion waits again."""

    until_on = DanishDateField(_l("Vis forslaget igen"), [required(_l("Vælg en dag."))])

    def validate_until_on(self, field: Any) -> None:
        if not may_return_on(field.data, clock.today()):
            raise ValidationError(DayOfReturnOutOfRange.message)


class CitizenAnswerForm(PortalForm):
    """The answer a consultant was told, and how."""

    answer = RadioField(
        _l("Hvad svarede borgeren?"),
        [answered(_l("Vælg borgerens svar."))],
        choices=choices_of((Answer.YES, Answer.NO)),
        coerce=Answer,
    )
    via = RadioField(
        _l("Hvordan kom svaret?"),
        [answered(_l("Vælg, hvordan svaret kom."))],
        choices=choices_of((AnsweredVia.PHONE, AnsweredVia.MEETING, AnsweredVia.PAPER)),
        coerce=AnsweredVia,
    )


class OwnAnswerForm(PortalForm):
    """The citizen's own yes or no: two buttons."""

    answer = RadioField(
        _l("Dit svar"),
        [answered(_l("Vælg ja eller nej."))],
        choices=choices_of((Answer.YES, Answer.NO)),
        coerce=Answer,
    )


class DeclineForm(PortalForm):
    """The employer's no."""

    reason = RadioField(
        _l("Hvorfor nej?"), [answered(_CHOOSE)], choices=EmployerReason.choices(), coerce=EmployerReason
    )
