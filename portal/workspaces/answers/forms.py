"""Forms of answers."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import Length

from portal.web.forms import NoCpr, PortalForm, strip, text_field
from portal.workspaces.contacts.forms import NextStepFields
from portal.workspaces.contacts.models import WORDS_LENGTH, ContactKind
from portal.workspaces.contacts.services import ContactLine

MAIL, PHONE = "mail", "phone"


class MessageForm(PortalForm):
    """How the employer was answered, and the words of a mail."""

    how = RadioField(
        _l("Hvordan svarer du?"),
        choices=[(MAIL, _l("Jeg skriver en mail nu")), (PHONE, _l("Jeg har ringet"))],
        default=MAIL,
    )
    words = TextAreaField(
        _l("Din besked, eller hvad I talte om"),
        [Length(max=1500), NoCpr()],
        filters=[strip],
        default="",
        description=_l(
            "Skriv ikke navne på borgere. En mail går til virksomheden, et opkald læser kun kommunen."
        ),
    )

    def validate_words(self, field: Any) -> None:
        if self.how.data == MAIL and not field.data:
            raise ValidationError(_("Skriv, hvad virksomheden skal vide."))
        if self.how.data == PHONE and len(field.data or "") > WORDS_LENGTH:
            raise ValidationError(_("Skriv højst %(most)s tegn om et opkald.", most=WORDS_LENGTH))


class CallMadeForm(NextStepFields):
    """What was said on the phone, with whom, and what comes next."""

    spoke_with = text_field(_l("Talte med"), 120, needed=False)

    def talk(self, on: date, about: str) -> ContactLine:
        """`about`: what it is said to be about where nobody wrote more."""
        step, next_on = self.step
        return ContactLine(
            ContactKind.CALL, on, self.words.data or about, self.spoke_with.data or "", step, next_on
        )
