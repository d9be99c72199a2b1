"""Forms of answers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import Length

from portal.loop.reviews.models import EmployerReason
from portal.web.forms import NoCpr, PortalForm, answered, strip

MAIL, PHONE = "mail", "phone"


class LinkDeclineForm(PortalForm):
    """The employer's no: each reason is a button."""

    reason = RadioField(
        _l("Hvorfor nej?"),
        [answered(_l("Vælg en grund."))],
        choices=EmployerReason.choices(),
        coerce=EmployerReason,
    )


class MessageForm(PortalForm):
    """How the employer was answered, and the words of a mail."""

    how = RadioField(
        _l("Hvordan svarer du?"),
        choices=[(MAIL, _l("Jeg skriver en mail nu")), (PHONE, _l("Jeg har ringet"))],
        default=MAIL,
    )
    words = TextAreaField(
        _l("Din besked"),
        [Length(max=1500), NoCpr()],
        filters=[strip],
        default="",
        description=_l("Skriv ikke navne på borgere. Brug kortets nummer, hvis det er nødvendigt."),
    )

    def validate_words(self, field: Any) -> None:
        if self.how.data == MAIL and not field.data:
            raise ValidationError(_("Skriv, hvad virksomheden skal vide."))
