"""The shape of a new token."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.api.tokens.models import TokenScope
from portal.api.tokens.services import TokenDetails
from portal.web.forms import DanishDateField, DatedForm, required, text_field
from portal.web.presentation import da_date


class TokenForm(DatedForm):
    """For which system and purpose, what it opens, and until when."""

    system = text_field(
        _l("Hvilket system?"),
        60,
        description=_l(
            "Navnet, som det står i jeres aftale. En borger, det har slået op, læser det i sin log."
        ),
    )
    purpose = text_field(_l("Hvad skal det bruge oplysningerne til?"), 200)
    scopes = SelectMultipleField(
        _l("Hvad må det læse?"),
        [required(_l("Vælg mindst én ting."))],
        choices=TokenScope.choices,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    has_basis = BooleanField(
        _l("Kommunen har hjemmel til, at systemet læser om borgere, og en aftale med den, der driver det"),
        description=_l("Kun når systemet må læse om borgere."),
    )
    last_on = DanishDateField(_l("Sidste dag, nøglen virker"), [required()])

    def __init__(self, *args: Any, today: date, longest: timedelta, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self._longest = longest

    def validate_has_basis(self, field: BooleanField) -> None:
        if any(scope.is_about_people for scope in self.chosen) and not field.data:
            raise ValidationError(
                _("Sæt kryds, når det er på plads. Ellers må systemet ikke læse om borgere.")
            )

    def validate_last_on(self, field: DanishDateField) -> None:
        last = self.today + self._longest
        if not self.today <= field.data <= last:
            raise ValidationError(
                _(
                    "Vælg en dag fra i dag til %(last)s. Lav en ny nøgle, før den gamle udløber.",
                    last=da_date(last),
                )
            )

    @property
    def chosen(self) -> list[TokenScope]:
        return [scope for scope in TokenScope if scope.value in (self.scopes.data or ())]

    def details(self) -> TokenDetails:
        return TokenDetails(self.system.data, self.purpose.data, self.chosen, self.last_on.data)
