"""Shapes of input about mentors and their agreements."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange

from portal.base.terms import HOURS_IN_A_WEEK
from portal.base.typed_days import DayKind
from portal.interventions.mentoring.models import AGREED_LENGTH, MentorEnd, MentorOrigin, MentorYesVia
from portal.interventions.mentoring.services import AgreementDetails, MentorDetails
from portal.loop.employers.models import Employer
from portal.loop.placements.models import Placement
from portal.web.forms import (
    DanishDateField,
    DanishHoursField,
    DatedForm,
    NoCpr,
    NotInFuture,
    Phone,
    VersionedForm,
    answered,
    email_field,
    optional,
    required,
    strip,
    text_field,
)

HEARD = (MentorYesVia.PHONE, MentorYesVia.MEETING, MentorYesVia.PAPER)
"""How an answer can come that a consultant records."""


def _hours(label: Any, **more: Any) -> DanishHoursField:
    bounds = NumberRange(0.5, HOURS_IN_A_WEEK, _l("Skriv et tal fra 0,5 til 168."))
    return DanishHoursField(label, [required(), bounds], **more)


class MentorForm(DatedForm, VersionedForm):
    name = text_field(_l("Navn"), 120)
    origin = RadioField(
        _l("Hvor kommer mentoren fra?"), [answered()], choices=MentorOrigin.choices(), coerce=str
    )
    employer_id = SelectField(
        _l("Virksomhed"), coerce=int, description=_l("Kun når mentoren kommer fra en virksomhed.")
    )
    languages = text_field(
        _l("Sprog ud over dansk"),
        200,
        needed=False,
        description=_l("Med komma imellem, for eksempel arabisk, dari."),
    )
    hours_per_week = _hours(_l("Timer om ugen"), description=_l("I alt, til alle mentoren hjælper."))
    email = email_field(_l("E-mail"), needed=False)
    phone = StringField(_l("Telefon"), [optional(), Phone(), Length(max=20)], filters=[strip])
    is_shared = BooleanField(_l("Mentoren har sagt ja til, at borgeren ser telefon og e-mail"))
    pledged_on = DanishDateField(
        _l("Fik pålæg om tavshedspligt den"),
        [optional(), NotInFuture()],
        description=_l("Skal stå her, før en mentor udefra får at vide, hvem en borger er."),
    )

    def __init__(self, *args: Any, employers: Sequence[Employer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employer_id.choices = [(0, _("Ingen")), *((one.id, one.name) for one in employers)]

    def validate_employer_id(self, field: SelectField) -> None:
        if self.origin.data == MentorOrigin.EMPLOYER and not field.data:
            raise ValidationError(_("Vælg virksomheden."))

    @property
    def details(self) -> MentorDetails:
        origin = MentorOrigin(self.origin.data)
        return MentorDetails(
            name=self.name.data or "",
            origin=origin,
            hours_per_week=self.hours_per_week.data,
            employer_id=self.employer_id.data if origin is MentorOrigin.EMPLOYER else None,
            languages=self.languages.data or "",
            email=(self.email.data or "").lower() or None,
            phone=self.phone.data or None,
            is_shared=bool(self.is_shared.data),
            pledged_on=self.pledged_on.data,
        )


class MentorAgreementForm(DatedForm):
    placement_id = SelectField(_l("Hvad gælder det?"), coerce=int)
    agreed = TextAreaField(
        _l("Hvad hjælper mentoren med?"),
        [required(), Length(max=AGREED_LENGTH), NoCpr()],
        filters=[strip],
        description=_l("Mentoren og borgeren læser det. Skriv ikke om helbred, og skriv ikke efternavn."),
    )
    hours_per_week = _hours(_l("Timer om ugen"))
    from_on = DanishDateField(_l("Fra"), [required()], DayKind.EITHER)
    until_on = DanishDateField(_l("Til og med"), [required()], DayKind.EITHER)
    citizen_agreed_on = DanishDateField(
        _l("Borgeren sagde ja den"),
        [required(), NotInFuture()],
        description=_l("Til, at mentoren får borgerens fornavn at vide."),
    )

    def __init__(self, *args: Any, placements: Sequence[Placement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.placement_id.choices = [
            (0, _("Borgeren selv, uanset forløb")),
            *((one.id, f"{one.opening.title}, {one.opening.workplace.name}") for one in placements),
        ]

    @property
    def details(self) -> AgreementDetails:
        return AgreementDetails(
            agreed=self.agreed.data or "",
            hours_per_week=self.hours_per_week.data,
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            citizen_agreed_on=self.citizen_agreed_on.data,
            placement_id=self.placement_id.data or None,
        )


class MentorAnswerForm(DatedForm):
    """What a mentor told the consultant."""

    said = RadioField(
        _l("Hvad sagde mentoren?"), [answered()], choices=[("yes", _l("Ja")), ("no", _l("Nej"))], coerce=str
    )
    via = RadioField(
        _l("Hvordan?"), [answered()], choices=[(how.value, how.label) for how in HEARD], coerce=str
    )


class MentorEndForm(DatedForm):
    ended_on = DanishDateField(_l("Sidste dag"), [required(), NotInFuture()])
    end_reason = SelectField(_l("Hvorfor?"), [required(_l("Vælg, hvorfor aftalen sluttede."))])

    def __init__(self, *args: Any, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since
        self.end_reason.choices = [("", _("Vælg")), *MentorEnd.choices()]

    def validate_ended_on(self, field: DanishDateField) -> None:
        if field.data and field.data < self.since:
            raise ValidationError(_("Aftalen var ikke begyndt den dag."))
