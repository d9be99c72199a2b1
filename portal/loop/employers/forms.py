"""Forms of employers."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Final, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange

from portal.base.clock import DANISH_TIME, danish_day
from portal.base.terms import Industry
from portal.loop.employers.joining import PhoneCall
from portal.loop.employers.models import ContactPerson, Sector
from portal.loop.employers.register import Company
from portal.loop.employers.services import (
    ContactDetails,
    EmployerDetails,
    RegistrationDetails,
    WorkplaceDetails,
)
from portal.shared.accounts.forms import NewPasswordForm
from portal.shared.accounts.models import Municipality
from portal.web.forms import (
    Chosen,
    ClockField,
    Cvr,
    DanishDateField,
    DanishDecimalField,
    DatedForm,
    NoCpr,
    NotInFuture,
    Phone,
    PNumber,
    PortalForm,
    Postcode,
    WholeNumberField,
    answered,
    email_field,
    optional,
    required,
    strip,
    text_field,
)
from portal.web.links import LONGEST

MOST_STAFF = 100_000
"""Full-time persons at one P-number; more is a slip of the finger."""


def staff_field() -> DanishDecimalField:
    return DanishDecimalField(
        _l("Ansatte, omregnet til fuldtid"), [answered(), NumberRange(min=0, max=MOST_STAFF)]
    )


def heads_field() -> WholeNumberField:
    return WholeNumberField(
        _l("Hvor mange personer arbejder her?"),
        [optional(), NumberRange(min=0, max=MOST_STAFF)],
        description=_l(
            "Tæl hver person som én, også dem på deltid. Tallet afgør, om medarbejderne skal høres. "
            "Lad feltet stå tomt, hvis du ikke ved det."
        ),
    )


class StaffFields:
    """The staff in full-time persons, and the people behind it."""

    def explain(self, months: str) -> Self:
        """Say how the staff is counted; `months` ("4 måneder") is the rules' to say."""
        self.full_time_staff.description = _(  # type: ignore[attr-defined]
            "Gennemsnit af de seneste %(months)s på dette P-nummer. To på halv tid er 1. "
            "Tæl ikke mindreårige og ansatte med tilskud med.",
            months=months,
        )
        return self

    def validate_heads(self, field: WholeNumberField) -> None:
        """No person is more than one full-time person."""
        staff = self.full_time_staff.data  # type: ignore[attr-defined]
        if field.data is None or staff is None or field.data >= staff:
            return
        raise ValidationError(
            _(
                "Der må være mindst %(least)s personer, når de svarer til så mange på fuld tid.",
                least=math.ceil(staff),
            )
        )


class RegisterFields:
    """What the business register may know of an employer and its workplace."""

    def fill_in(self, company: Company) -> None:
        """The only P-number there is, or the one that was typed; of several nobody can tell which is meant."""
        form: Any = self
        chosen = next((unit for unit in company.units if unit.p_number == form.p_number.data), None)
        unit = chosen or (company.units[0] if len(company.units) == 1 else None)
        form.company_name.data = company.name
        if unit is not None:
            form.p_number.data = unit.p_number
            form.address.data, form.postcode.data = unit.address, unit.postcode


def phone_field() -> StringField:
    return StringField(_l("Telefon"), [required(), Phone(), Length(max=20)], filters=[strip])


def p_number_field() -> StringField:
    hint = _l("10 cifre. Det er nummeret på det sted, hvor folk arbejder. Find det på virk.dk.")
    return StringField(
        _l("P-nummer"), [required(_l("Skriv jeres P-nummer.")), PNumber()], filters=[strip], description=hint
    )


def later_p_number_field() -> StringField:
    return StringField(
        _l("P-nummer"),
        [optional(), PNumber()],
        filters=[strip],
        description=_l(
            "10 cifre. Det er nummeret på det sted, hvor folk arbejder. Find det på virk.dk. "
            "Kan skrives senere, men skal være der, før et forløb bliver meldt i VITAS."
        ),
    )


def postcode_field() -> StringField:
    return StringField(_l("Postnummer"), [required(), Postcode()], filters=[strip])


def address_field() -> StringField:
    return text_field(_l("Adresse"), 120, description=_l("Vej og nummer"))


class RepresentativeFields:
    """Who signs for the staff at a P-number; without one the fields stay empty. They stand last, as on the pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = self._fields  # type: ignore[attr-defined]
        for name in ("representative_name", "representative_email", "representative_phone"):
            fields[name] = fields.pop(name)

    representative_name = text_field(_l("Medarbejdernes repræsentant"), 120, needed=False)
    representative_email = email_field(_l("Repræsentantens e-mail"), needed=False)
    representative_phone = StringField(
        _l("Repræsentantens telefon"), [optional(), Phone(), Length(max=20)], filters=[strip]
    )

    def validate_representative_name(self, field: StringField) -> None:
        if field.data and not (self.representative_email.data or self.representative_phone.data):
            raise ValidationError(_("Skriv en e-mail eller en telefon, så repræsentanten kan høres."))


def cvr_field(asked: Any) -> StringField:
    """`asked` is said where it is empty."""
    return StringField(
        _l("CVR-nummer"),
        [required(asked), Cvr()],
        filters=[strip],
        description=_l("8 cifre. Find det på virk.dk."),
    )


def industry_field() -> SelectField:
    return SelectField(
        _l("Fag"), [required(_l("Vælg virksomhedens fag."))], choices=[("", _l("Vælg")), *Industry.choices()]
    )


def later_staff_field() -> DanishDecimalField:
    return DanishDecimalField(
        _l("Ansatte, omregnet til fuldtid"), [optional(), NumberRange(min=0, max=MOST_STAFF)]
    )


def sector_field() -> RadioField:
    return RadioField(
        _l("Privat eller offentlig"), [required(_l("Vælg privat eller offentlig."))], choices=Sector.choices()
    )


class RegistrationForm(RegisterFields, RepresentativeFields, StaffFields, PortalForm):
    cvr = cvr_field(_l("Skriv jeres CVR-nummer."))
    company_name = text_field(_l("Virksomhedens navn"), 120)
    industry = industry_field()
    sector = sector_field()
    municipality_id = SelectField(
        _l("Kommune, I vil samarbejde med"), [Chosen(_l("Vælg en kommune."))], coerce=int
    )
    address = address_field()
    postcode = postcode_field()
    contact_name = text_field(_l("Dit navn"), 120)
    contact_email = email_field(
        _l("Din e-mail"), description=_l("Vi sender et link til den. Den logger du ind med.")
    )
    contact_phone = phone_field()
    p_number = later_p_number_field()
    full_time_staff = later_staff_field()
    heads = heads_field()
    referral = HiddenField(validators=[optional(), Length(max=LONGEST)])
    """The token of the link that led here."""

    def __init__(self, *args: Any, municipalities: list[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blank = [(0, _("Vælg"))] if len(municipalities) > 1 else []
        self.municipality_id.choices = [*blank, *((unit.id, unit.name) for unit in municipalities)]

    STEPS: ClassVar[dict[str, tuple[str, ...]]] = {
        "you": ("contact_name", "contact_email", "contact_phone"),
        "firm": (
            *("cvr", "company_name", "industry", "sector", "municipality_id", "address", "postcode"),
            *("p_number", "full_time_staff", "heads"),
            *("representative_name", "representative_email", "representative_phone"),
        ),
        "send": (),
    }
    """The steps of the page, and what each asks for. A password comes last, by the link of the mail."""

    LATER: ClassVar[tuple[str, ...]] = STEPS["firm"][7:]
    """What is asked for when it is first needed; shown where the register knows it, or where it was wrong."""

    @property
    def says_more(self) -> bool:
        """Whether something that can be said later is said now, or was not understood."""
        return any(self[name].data or self[name].errors for name in self.LATER)

    def carried(self, name: str) -> str:
        """What was typed in a field that another step shows."""
        field = self[name]
        said = field._value() if hasattr(field, "_value") else field.data
        return "" if said is None else str(said)

    def wrong_step(self, *, before: str | None = None, only: str | None = None) -> str | None:
        """The first step with an error, of those that stand before another; the other steps' errors are left out."""
        steps = [only] if only else list(self.STEPS)
        asked = steps[: steps.index(before)] if before in steps else steps
        wrong = next((step for step in asked if any(self[name].errors for name in self.STEPS[step])), None)
        for field in self:
            if wrong is None or field.short_name not in self.STEPS[wrong]:
                field.errors = ()
        return wrong

    def details(self, *, referred_by_id: int | None = None) -> RegistrationDetails:
        employer = EmployerDetails(
            self.cvr.data,
            self.company_name.data,
            Industry(self.industry.data),
            self.municipality_id.data,
            Sector(self.sector.data),
            referred_by_id,
        )
        return RegistrationDetails(
            employer=employer,
            workplace=workplace_details(self, self.company_name.data, said_by=self.contact_name.data),
            contact=ContactDetails(
                self.contact_name.data, self.contact_email.data.lower(), self.contact_phone.data
            ),
        )


class PlaceForm(PortalForm):
    """Where people work, without how many they are."""

    name = text_field(_l("Stedets navn"), 120, description=_l("For eksempel Køkkenet på Havnevej"))
    p_number = later_p_number_field()
    address = address_field()
    postcode = postcode_field()


class WorkplaceForm(RepresentativeFields, StaffFields, PortalForm):
    name = text_field(_l("Stedets navn"), 120, description=_l("For eksempel Køkkenet på Havnevej"))
    p_number = p_number_field()
    address = address_field()
    postcode = postcode_field()
    full_time_staff = staff_field()
    heads = heads_field()

    def details(self, *, said_by: str) -> WorkplaceDetails:
        return workplace_details(self, self.name.data, said_by=said_by)


def workplace_details(form: Any, name: str, *, said_by: str) -> WorkplaceDetails:
    """Of any form that has the fields of a workplace; what is said later is None."""
    return WorkplaceDetails(
        p_number=form.p_number.data or None,
        name=name,
        address=form.address.data,
        postcode=form.postcode.data,
        full_time_staff=form.full_time_staff.data,
        staff_stated_by="" if form.full_time_staff.data is None else said_by,
        representative_name=form.representative_name.data or "",
        representative_email=(form.representative_email.data or "").lower(),
        representative_phone=form.representative_phone.data or "",
        heads=form.heads.data,
    )


class RefusalForm(PortalForm):
    reason = TextAreaField(
        _l("Grund"),
        [required(_l("Skriv grunden. Den, der har tilmeldt sig, kan læse den.")), Length(max=300), NoCpr()],
        filters=[strip],
    )


class CallForm(PortalForm):
    """Whom a consultant spoke with at an employer, about somebody who wishes to sign in for it."""

    spoke_with = text_field(
        _l("Hvem talte du med?"), 120, description=_l("Navn, og hvad personen laver der.")
    )
    number = RadioField(
        _l("Hvilket nummer ringede du til?"), [required(_l("Vælg det nummer, du ringede til."))]
    )
    other_number = StringField(_l("Det andet nummer"), [optional(), Phone(), Length(max=20)], filters=[strip])
    number_from = text_field(
        _l("Hvor har du det andet nummer fra?"),
        120,
        needed=False,
        description=_l("For eksempel virksomhedens hjemmeside eller virk.dk. Ikke fra tilmeldingen."),
    )
    called_on = DanishDateField(_l("Hvilken dag?"), [required(), NotInFuture()])
    called_time = ClockField(_l("Hvad var klokken?"), [required(_l("Skriv klokken, for eksempel 10:30."))])
    knows_her = BooleanField(
        _l("Virksomheden kender personen og vil have, at hun eller han kan logge ind"),
        [required(_l("Sæt kryds, når virksomheden har sagt det. Ellers: sig nej herunder."))],
    )

    def __init__(
        self, *args: Any, known: list[tuple[str, str]], since: date, now: datetime, **kwargs: Any
    ) -> None:
        """`known` are the numbers from before the wish, each with whose it is; it came on the day `since`."""
        super().__init__(*args, **kwargs)
        self._since = since
        self._now = now
        self.today = danish_day(now)
        labels = [(number, f"{number} ({name})") for number, name in known]
        self.number.choices = [*labels, (OTHER_NUMBER, _("Et andet nummer"))]
        if not known:
            self.number.data = OTHER_NUMBER

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.number.data != OTHER_NUMBER:
            return valid
        needed = (
            (self.other_number, _("Skriv det nummer, du ringede til.")),
            (self.number_from, _("Skriv, hvor du har nummeret fra.")),
        )
        missing = [(field, message) for field, message in needed if not field.data and not field.errors]
        for field, message in missing:
            field.errors = [message]
        return valid and not missing

    def validate_called_on(self, field: DanishDateField) -> None:
        if field.data and field.data < self._since:
            raise ValidationError(_("Opkaldet skal være efter, at tilmeldingen kom."))

    def validate_called_time(self, field: ClockField) -> None:
        if field.data and self.called_on.data == self.today and self._called_at() > self._now:
            raise ValidationError(_("Tidspunktet kan ikke ligge i fremtiden."))

    def _called_at(self) -> datetime:
        return datetime.combine(self.called_on.data, self.called_time.data, DANISH_TIME)

    def call(self) -> PhoneCall:
        other = self.number.data == OTHER_NUMBER
        return PhoneCall(
            spoke_with=self.spoke_with.data,
            number=self.other_number.data if other else self.number.data,
            at=self._called_at(),
            number_from=self.number_from.data if other else "",
        )


OTHER_NUMBER: Final = "other"


class RepresentativeForm(RepresentativeFields, PortalForm):
    pass


class EmployerForm(PortalForm):
    sector = sector_field()
    wants_publicity = BooleanField(
        _l("Kommunen må gerne takke os offentligt"),
        description=_l("Så kan virksomhedens navn stå på kommunens takkeside. I kan altid slå det fra igen."),
    )


class InvitationForm(PortalForm):
    name = text_field(_l("Kollegans navn"), 120)
    email = email_field(_l("Kollegans e-mail"))


class RecommendationForm(PortalForm):
    """Whom an employer sends its link to."""

    email = email_field(
        _l("E-mail til den, I vil anbefale os til"),
        description=_l("Personen får én mail med jeres navn og jeres link. Vi skriver ikke igen."),
    )


class ReviewForm(PortalForm):
    """A yes or a no for each person; made by `review_form`."""

    def answers(self) -> dict[int, bool]:
        """Contact id -> whether she still is to sign in."""
        prefix = ReviewForm.PREFIX
        return {
            int(field.short_name.removeprefix(prefix)): field.data == "yes"
            for field in self
            if field.short_name.startswith(prefix)
        }

    PREFIX: ClassVar[str] = "contact_"


def review_form(contacts: Sequence[ContactPerson]) -> ReviewForm:
    fields = {
        f"{ReviewForm.PREFIX}{contact.id}": RadioField(
            _("Skal %(name)s stadig have adgang?", name=contact.name),
            [required(_l("Svar ja eller nej."))],
            choices=[("yes", _("Ja")), ("no", _("Nej"))],
        )
        for contact in contacts
    }
    form: ReviewForm = type("ReviewFormOfThese", (ReviewForm,), fields)()
    return form


class RemovalForm(PortalForm):
    understood = BooleanField(_l("Jeg ved, at ingen så kan logge ind for virksomheden"))

    def __init__(self, *args: Any, is_last: bool, **kwargs: Any) -> None:
        """Only whoever takes the last login away is asked whether she knows."""
        super().__init__(*args, **kwargs)
        if not is_last:
            del self.understood

    def validate_understood(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Sæt kryds, hvis det er meningen."))


class AcceptForm(NewPasswordForm):
    phone = phone_field()


class ContactForm(PortalForm):
    name = text_field(_l("Navn"), 120)
    phone = phone_field()


class StaffForm(StaffFields, DatedForm):
    full_time_staff = staff_field()
    heads = heads_field()
    other_places = DanishDecimalField(
        _l("Andre i tilbud her, omregnet til fuldtid"),
        [optional(), NumberRange(min=0, max=MOST_STAFF)],
        description=_l("Nytteindsats, og dem en anden kommune har sendt. De tæller med i rimelighedskravet."),
    )
    stated_on = DanishDateField(_l("Opgjort den"), [required(), NotInFuture()])
    said_by = text_field(_l("Opgjort af"), 120, missing=_l("Skriv, hvem der har opgjort det."))
