"""Shapes of input about contacts with employers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.base.typed_days import DayKind
from portal.loop.employers.models import Employer
from portal.web.forms import (
    Chosen,
    Cvr,
    DanishDateField,
    DatedForm,
    NoCpr,
    NotInFuture,
    Phone,
    PortalForm,
    VersionedForm,
    answered,
    email_field,
    optional,
    required,
    strip,
    text_field,
)
from portal.workspaces.contacts.models import STEP_LENGTH, WORDS_LENGTH, ContactKind
from portal.workspaces.contacts.prospecting import ProspectDetails
from portal.workspaces.contacts.services import ContactLine

ONLY_US = _l(
    "Kun kommunen læser det, ikke virksomheden. Skriv ikke om borgere: hverken navn, kort eller sag."
)


class NextStepFields(PortalForm):
    """What was said, and what comes next: the day and the words of a step go together."""

    words = TextAreaField(
        _l("Hvad talte I om?"),
        [optional(), Length(max=WORDS_LENGTH), NoCpr()],
        filters=[strip],
        default="",
        description=ONLY_US,
    )
    next_step = text_field(
        _l("Det næste"),
        STEP_LENGTH,
        needed=False,
        description=_l("Fx: Ring og hør, om chefen er vendt hjem."),
    )
    next_on = DanishDateField(_l("Hvornår?"), [optional()], DayKind.COMING)

    def validate(self, extra_validators: Any = None) -> bool:
        """An optional field that is empty asks no validator of its own: what one makes needed is asked here."""
        valid: bool = super().validate(extra_validators)
        if self.next_step.data and not self.next_on.data and not self.next_on.errors:
            self.next_on.errors = [_("Skriv, hvilken dag det næste skridt skal tages.")]
            return False
        if self.next_on.data and not self.next_step.data:
            self.next_step.errors = [_("Skriv, hvad der skal ske den dag.")]
            return False
        return valid

    @property
    def step(self) -> tuple[str | None, date | None]:
        return self.next_step.data or None, self.next_on.data


class EmployerContactForm(NextStepFields, DatedForm):
    """One contact."""

    kind = RadioField(
        _l("Hvad var det?"), [answered()], choices=ContactKind.choices(), coerce=str, default=ContactKind.CALL
    )
    happened_on = DanishDateField(_l("Dag"), [required(), NotInFuture()])
    spoke_with = text_field(
        _l("Talte med"), 120, needed=False, description=_l("Den i virksomheden, du talte med.")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.kind.data == ContactKind.NOTE and not self.words.data:
            self.words.errors = [_("Skriv notatet.")]
            return False
        return valid

    @property
    def line(self) -> ContactLine:
        step, on = self.step
        return ContactLine(
            ContactKind(self.kind.data),
            self.happened_on.data,
            self.words.data or "",
            self.spoke_with.data or "",
            step,
            on,
        )


class CorrectedContactForm(EmployerContactForm, VersionedForm):
    """A contact as its writer corrects it."""


class StrikeContactForm(PortalForm):
    reason = text_field(_l("Hvorfor?"), STEP_LENGTH, missing=_l("Skriv, hvorfor kontakten skal streges ud."))


class MoveStepForm(PortalForm):
    next_on = DanishDateField(_l("Flyt til"), [required()], DayKind.COMING)


class ProspectForm(VersionedForm):
    """A company before it takes part: only its name must be known."""

    name = text_field(_l("Virksomhedens navn"), 120)
    line_of_work = text_field(_l("Hvad laver de?"), 80, needed=False, description=_l("Fx: kantine, vaskeri."))
    cvr = StringField(_l("CVR-nummer"), [optional(), Cvr()], filters=[strip])
    phone = StringField(_l("Telefon"), [optional(), Phone(), Length(max=20)], filters=[strip])
    contact_name = text_field(_l("Kontaktpersonens navn"), 120, needed=False)
    contact_email = email_field(_l("Kontaktpersonens e-mail"), needed=False)

    @property
    def details(self) -> ProspectDetails:
        return ProspectDetails(
            name=self.name.data or "",
            cvr=self.cvr.data or None,
            line_of_work=self.line_of_work.data or "",
            phone=self.phone.data or "",
            contact_name=self.contact_name.data or "",
            contact_email=(self.contact_email.data or "").lower(),
        )


class JoinProspectForm(PortalForm):
    """Which employer a prospect is."""

    employer_id = SelectField(_l("Virksomhed"), [Chosen(_l("Vælg virksomheden."))], coerce=int)

    def __init__(self, *args: Any, employers: Sequence[Employer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employer_id.choices = [(0, _("Vælg")), *((one.id, one.name) for one in employers)]
