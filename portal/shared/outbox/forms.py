"""Forms of the outbox."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from portal.base.terms import choices_of
from portal.shared.outbox.models import MailKind
from portal.web.forms import PortalForm

DECLINABLE = [kind for kind in MailKind if kind.may_be_declined]


class WantedForm(PortalForm):
    """Which mails somebody wants: the ticked ones come."""

    wanted = SelectMultipleField(
        _l("Jeg vil gerne have mails om"),
        choices=choices_of(DECLINABLE),
        coerce=MailKind,
    )
