"""Shapes of input about weights."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange

from portal.loop.matches.weights import WORDS
from portal.matching import WEIGHT_RANGES, Weights
from portal.web.forms import DanishDecimalField, NoCpr, PortalForm, answered, required, strip
from portal.web.presentation import da_number

FEWEST_WORDS = 3
"""A note of fewer words explains nothing to the one who reads it next year."""


def _weight(name: str) -> DanishDecimalField:
    lowest, highest = WEIGHT_RANGES[name]
    message = _l(
        "Skriv et tal fra %(lowest)s til %(highest)s.", lowest=da_number(lowest), highest=da_number(highest)
    )
    return DanishDecimalField(
        WORDS[name].label, [answered(), NumberRange(Decimal(str(lowest)), Decimal(str(highest)), message)]
    )


class WeightsForm(PortalForm):
    """One field for each of matching.Weights."""

    must = _weight("must")
    nice = _weight("nice")
    gate = _weight("gate")
    must_held_at = _weight("must_held_at")
    level_step = _weight("level_step")
    related_at_most = _weight("related_at_most")
    guess_at_most = _weight("guess_at_most")
    text_at_least = _weight("text_at_least")
    wish = _weight("wish")

    @property
    def weights(self) -> Weights:
        """Of a valid form."""
        return Weights(**{name: float(self[name].data) for name in WORDS})


class SetWeightsForm(WeightsForm):
    note = TextAreaField(
        _l("Hvorfor ændrer du vægtene?"), [required(), Length(max=500), NoCpr()], filters=[strip], default=""
    )

    def validate_note(self, field: Any) -> None:
        if len((field.data or "").split()) < FEWEST_WORDS:
            raise ValidationError(
                _("Skriv mindst %(count)s ord, så andre kan forstå hvorfor.", count=FEWEST_WORDS)
            )
