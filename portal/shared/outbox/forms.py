"""Forms of the outbox."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField

from portal.base.terms import choices_of
from portal.shared.outbox.models import MailKind
from portal.web.forms import PortalForm

DECLINABLE = [kind for kind in MailKind if kind.may_be_declined]


class RecipientForm(PortalForm):
    """Who of an employer's contact persons gets a link."""

    recipient = SelectField(_l("Send linket til"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        """`people`: handing.choices."""
        super().__init__(*args, **kwargs)
        self.recipient.choices = people


class WantedForm(PortalForm):
    """Which mails somebody wants: the ticked ones come."""

    wanted = SelectMultipleField(
        _l("Jeg vil gerne have mails om"),
        choices=choices_of(DECLINABLE),
        coerce=MailKind,
    )
