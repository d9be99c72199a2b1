"""Forms by which a consultant takes an employer in, and writes down what is known of it."""

from collections.abc import Iterator
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Length, NumberRange

from portal.base.terms import Industry
from portal.loop.employers.forms import (
    MOST_STAFF,
    RegisterFields,
    RepresentativeFields,
    StaffFields,
    address_field,
    cvr_field,
    heads_field,
    industry_field,
    later_p_number_field,
    later_staff_field,
    postcode_field,
    workplace_details,
)
from portal.loop.employers.models import Sector
from portal.loop.employers.services import ContactDetails, EmployerDetails, WorkplaceDetails
from portal.loop.employers.tending import EmployerFacts
from portal.web.forms import (
    DanishDateField,
    DanishDecimalField,
    DatedForm,
    NotInFuture,
    Phone,
    PortalForm,
    VersionedForm,
    WholeNumberField,
    email_field,
    optional,
    strip,
    text_field,
)


def later_sector_field() -> RadioField:
    """Whoever writes for the employer may not know yet."""
    unknown = ("", _l("Ved ikke endnu"))
    return RadioField(
        _l("Privat eller offentlig"), [optional()], choices=[*Sector.choices(), unknown], default=""
    )


def later_phone_field() -> StringField:
    return StringField(_l("Telefon"), [optional(), Phone(), Length(max=20)], filters=[strip])


class NewEmployerForm(RegisterFields, RepresentativeFields, StaffFields, PortalForm):
    """An employer, its first workplace, and whom to call: all but the names may be said later."""

    cvr = cvr_field(_l("Skriv virksomhedens CVR-nummer."))
    company_name = text_field(_l("Virksomhedens navn"), 120)
    industry = industry_field()
    sector = later_sector_field()
    p_number = later_p_number_field()
    address = address_field()
    postcode = postcode_field()
    full_time_staff = later_staff_field()
    heads = heads_field()
    contact_name = text_field(_l("Kontaktpersonens navn"), 120, needed=False)
    contact_email = email_field(_l("Kontaktpersonens e-mail"), needed=False)
    contact_phone = StringField(
        _l("Kontaktpersonens telefon"), [optional(), Phone(), Length(max=20)], filters=[strip]
    )
    invite = BooleanField(
        _l("Send kontaktpersonen en invitation til at logge ind"),
        description=_l("Personen får en mail med et link og vælger selv sin adgangskode."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """An optional field that is empty asks no validator of its own: what one field makes needed is asked here."""
        valid: bool = super().validate(extra_validators)
        missing = list(self._missing_of_contact())
        for field, message in missing:
            field.errors = [message]
        return valid and not missing

    def _missing_of_contact(self) -> Iterator[tuple[StringField, str]]:
        name, email = self.contact_name, self.contact_email
        if not name.data and (email.data or self.contact_phone.data):
            yield name, _("Skriv, hvad kontaktpersonen hedder.")
        if email.data or email.errors:
            return
        if self.invite.data:
            yield email, _("Skriv den e-mail, som invitationen skal sendes til.")
        elif name.data:
            yield email, _("Skriv kontaktpersonens e-mail. Mails om pladser og forslag sendes dertil.")

    def employer(self, municipality_id: int) -> EmployerDetails:
        return EmployerDetails(
            self.cvr.data,
            self.company_name.data,
            Industry(self.industry.data),
            municipality_id,
            Sector(self.sector.data) if self.sector.data else None,
        )

    def workplace(self, *, said_by: str) -> WorkplaceDetails:
        return workplace_details(self, self.company_name.data, said_by=self.contact_name.data or said_by)

    def contact(self) -> ContactDetails | None:
        if not self.contact_name.data:
            return None
        return ContactDetails(
            self.contact_name.data, self.contact_email.data.lower(), self.contact_phone.data or ""
        )


class EmployerFactsForm(VersionedForm):
    cvr = cvr_field(_l("Skriv virksomhedens CVR-nummer."))
    name = text_field(_l("Virksomhedens navn"), 120)
    industry = industry_field()
    sector = later_sector_field()

    def facts(self) -> EmployerFacts:
        return EmployerFacts(
            self.cvr.data,
            self.name.data,
            Industry(self.industry.data),
            Sector(self.sector.data) if self.sector.data else None,
        )


class KnownWorkplaceForm(RepresentativeFields, StaffFields, VersionedForm, DatedForm):
    """All about a workplace, as a consultant has it from the employer."""

    OF_PLACE: ClassVar = (
        "name",
        "p_number",
        "address",
        "postcode",
        "full_time_staff",
        "heads",
        "other_places",
        "staff_stated_on",
        "staff_stated_by",
        "representative_name",
        "representative_email",
        "representative_phone",
    )
    """Attributes of a Workplace that are fields here."""

    name = text_field(_l("Stedets navn"), 120, description=_l("For eksempel Køkkenet på Havnevej"))
    p_number = later_p_number_field()
    address = address_field()
    postcode = postcode_field()
    full_time_staff = later_staff_field()
    heads: WholeNumberField = heads_field()
    other_places = DanishDecimalField(
        _l("Andre i tilbud her, omregnet til fuldtid"),
        [optional(), NumberRange(min=0, max=MOST_STAFF)],
        description=_l("Nytteindsats, og dem en anden kommune har sendt. De tæller med i rimelighedskravet."),
    )
    staff_stated_on = DanishDateField(_l("Ansatte opgjort den"), [optional(), NotInFuture()])
    staff_stated_by = text_field(
        _l("Ansatte opgjort af"), 120, needed=False, description=_l("Den, der sagde det i virksomheden.")
    )

    def details(self, *, said_by: str) -> WorkplaceDetails:
        return workplace_details(self, self.name.data, said_by=self.staff_stated_by.data or said_by)


class KnownContactForm(VersionedForm):
    name = text_field(_l("Navn"), 120)
    email = email_field(_l("E-mail"))
    phone = later_phone_field()

    def __init__(self, *args: Any, signs_in: bool = False, **kwargs: Any) -> None:
        """The e-mail of somebody who signs in with it is hers to change."""
        super().__init__(*args, **kwargs)
        self.signs_in = signs_in
        if signs_in:
            del self.email

    def details(self, *, email: str = "") -> ContactDetails:
        address = email if self.signs_in else self.email.data
        return ContactDetails(self.name.data, address.lower(), self.phone.data or "")
