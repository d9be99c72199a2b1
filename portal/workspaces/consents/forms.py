"""Forms of consents."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField

from portal.loop.cards.fields import SharedField
from portal.loop.employers.models import Employer
from portal.loop.reviews.models import AnsweredVia
from portal.web.forms import DanishDateField, PortalForm, required
from portal.workspaces.consents.models import ANONYMOUS, ConsentPurpose

ASK_HER = "portal"
HOW = [
    (ASK_HER, _l("Spørg borgeren på “Min side”")),
    (AnsweredVia.PAPER.value, _l("Borgeren har sagt ja på papir")),
    (AnsweredVia.PHONE.value, _l("Borgeren har sagt ja i telefonen")),
    (AnsweredVia.MEETING.value, _l("Borgeren har sagt ja på et møde")),
]


def _key(value: str) -> int:
    return int(value or 0)


class ConsentForm(PortalForm):
    employer_id = SelectField(_l("Virksomhed"), [required(_l("Vælg en virksomhed."))], coerce=_key)
    purpose = SelectField(
        _l("Hvad skal den bruges til?"), choices=ConsentPurpose.choices(), coerce=ConsentPurpose
    )
    fields_shown = SelectMultipleField(
        _l("Det må virksomheden se"),
        choices=SharedField.choices(),
        coerce=SharedField,
        default=list(ANONYMOUS),
        description=_l(
            "De fire øverste siger ikke, hvem borgeren er. Vælg kun mere, når borgeren selv vil. Nummeret er altid med."
        ),
    )
    until_on = DanishDateField(
        _l("Sidste dag"),
        [required()],
        description=_l("Højst et halvt år. Derefter virker linket ikke længere."),
    )
    how = RadioField(_l("Borgerens svar"), choices=HOW, default=ASK_HER)

    def offer(self, employers: Iterable[Employer]) -> "ConsentForm":
        self.employer_id.choices = [("", _l("Vælg")), *((str(one.id), one.name) for one in employers)]
        return self
