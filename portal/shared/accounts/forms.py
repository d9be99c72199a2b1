"""Forms of accounts."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import EqualTo, Length

from portal.base.terms import choices_of
from portal.shared.accounts import totp
from portal.shared.accounts.guessing import what_is_weak
from portal.shared.accounts.models import Municipality, User
from portal.shared.accounts.secrets import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from portal.web.forms import (
    Phone,
    PortalForm,
    VersionedForm,
    as_mailed,
    email_field,
    required,
    strip,
    text_field,
)
from portal.web.permissions import Action, Role, Scope, roles_made_by, roles_with
from portal.web.sealed_posts import LONGEST_SEAL


class SealField(HiddenField):
    """What was typed in a form that came too late; longer than any text."""

    longest = LONGEST_SEAL


class LoginForm(PortalForm):
    email = StringField(_l("E-mail"), [required(), Length(max=254)], filters=[as_mailed])
    password = PasswordField(_l("Adgangskode"), [required(), Length(max=MAX_PASSWORD_LENGTH)])
    next = HiddenField()
    sealed = SealField()


class PasskeyField(HiddenField):
    """What a passkey answers, as JSON; longer than any text."""

    longest = 20_000


class SecondStepForm(PortalForm):
    """The second step of a login: a code, or what a passkey answers to the question."""

    code = StringField(_l("Kode"), [Length(max=40)], filters=[strip])
    credential = PasskeyField()
    question = HiddenField()
    next = HiddenField()
    sealed = SealField()

    def validate_code(self, field: StringField) -> None:
        if not field.data and not self.credential.data:
            raise ValidationError(_("Skriv koden."))


class SetUpAppForm(PortalForm):
    """She shows by its first code that her app has the secret."""

    secret = HiddenField()
    code = StringField(
        _l("De seks tal, som appen viser"),
        [required(_l("Skriv de seks tal, som appen viser.")), Length(max=40)],
        filters=[strip],
    )
    next = HiddenField()
    sealed = SealField()

    def validate_code(self, field: StringField) -> None:
        if totp.figures_of(field.data or "") is None:
            raise ValidationError(_("Skriv de seks tal, som appen viser, fx 123 456."))


class SetUpPasskeyForm(PortalForm):
    """What her browser has made, and what she calls it."""

    name = text_field(
        _l("Hvad vil du kalde den?"),
        60,
        description=_l("For eksempel Min computer eller Nøglen i nøgleringen."),
    )
    credential = PasskeyField()
    question = HiddenField()
    next = HiddenField()
    sealed = SealField()


class OwnPasswordForm(PortalForm):
    """What changes who gets into her account asks for her password: her browser may stand open."""

    old = PasswordField(_l("Din adgangskode"), [required(), Length(max=MAX_PASSWORD_LENGTH)])


class OwnAppForm(SetUpAppForm, OwnPasswordForm):
    pass


class OwnPasskeyForm(SetUpPasskeyForm, OwnPasswordForm):
    pass


class LoginCodeForm(PortalForm):
    code = StringField(
        _l("Kode"),
        [required(), Length(max=40)],
        filters=[strip],
        description=_l(
            "Koden har 12 tegn og står på dit papir fra kommunen. Store og små bogstaver er lige gode."
        ),
    )
    sealed = SealField()


class ForgottenForm(PortalForm):
    email = email_field(_l("E-mail"))
    sealed = SealField()


class NotGuessable:
    """Refuses what is soon guessed by somebody who knows what else stands in the form, or what it knows of her."""

    def __call__(self, form: PortalForm, field: PasswordField) -> None:
        typed = [one.data for one in form if isinstance(one.data, str) and not isinstance(one, PasswordField)]
        weak = what_is_weak(field.data or "", [*typed, *getattr(form, "known_of_her", ())])
        if weak is not None:
            raise ValidationError(" ".join(str(part) for part in weak))


def new_password_field(label: LazyString) -> PasswordField:
    """To be named `password`."""
    return PasswordField(
        label,
        [
            required(),
            Length(
                min=MIN_PASSWORD_LENGTH,
                max=MAX_PASSWORD_LENGTH,
                message=_l("Brug mindst 10 tegn. Tre ord efter hinanden er en god adgangskode."),
            ),
            NotGuessable(),
        ],
        description=_l("Mindst 10 tegn. Tre ord efter hinanden er en god adgangskode."),
    )


def repeated_password_field() -> PasswordField:
    """The same once more, against slips of the hand."""
    return PasswordField(
        _l("Skriv adgangskoden igen"),
        [required(), EqualTo("password", message=_l("De to adgangskoder er ikke ens."))],
    )


class NewPasswordForm(PortalForm):
    password = new_password_field(_l("Ny adgangskode"))
    repeated = repeated_password_field()

    def __init__(self, *args: Any, known: Iterable[str | None], **kwargs: Any) -> None:
        """`known` is what others know of her, and try first."""
        super().__init__(*args, **kwargs)
        self.known_of_her = tuple(known)


class ChangePasswordForm(NewPasswordForm):
    old = PasswordField(_l("Din adgangskode nu"), [required(), Length(max=MAX_PASSWORD_LENGTH)])


class UserForm(PortalForm):
    name = text_field(_l("Navn"), 120)
    email = email_field(_l("E-mail"))
    role = SelectField(
        _l("Rolle"),
        [required(_l("Vælg brugerens rolle."))],
        coerce=lambda value: Role(value) if value else None,
        description=_l(
            "Borgere oprettes af deres konsulent. Folk i virksomheder inviteres af en konsulent på virksomhedens side."
        ),
    )
    municipality_id = SelectField(
        _l("Kommune"),
        coerce=lambda value: int(value) if value else None,
        description=_l("Skal vælges for alle, der arbejder i en kommune."),
    )

    def __init__(self, *args: Any, by: User, municipalities: Sequence[Municipality], **kwargs: Any) -> None:
        """Offers what `by` may make. Only who runs the portal is asked for a municipality: others have one."""
        super().__init__(*args, **kwargs)
        self.role.choices = [("", _("Vælg")), *choices_of(roles_made_by(by.role))]
        if by.scope is Scope.INSTALLATION:
            none = ("", _("Ingen"))
            self.municipality_id.choices = [none, *((str(one.id), one.name) for one in municipalities)]
        else:
            del self.municipality_id
        self._at_home = by.municipality_id

    def details(self) -> dict[str, Any]:
        """What services.create_user wants to know of her. Who runs the portal belongs to no municipality."""
        chosen = self.municipality_id.data if self.municipality_id else self._at_home
        placed = self.role.data and self.role.data.traits.scope is Scope.MUNICIPALITY
        return {
            "email": self.email.data,
            "name": self.name.data,
            "role": self.role.data,
            "municipality_id": chosen if placed else None,
        }

    def validate_municipality_id(self, field: SelectField) -> None:
        if self.role.data in roles_with(Scope.MUNICIPALITY) and field.data is None:
            raise ValidationError(_("Vælg den kommune, som brugeren arbejder for."))


class MunicipalityForm(VersionedForm):
    name = text_field(_l("Navn"), 80, description=_l("Uden ordet kommune, for eksempel Halsnæs."))
    unit_term = text_field(
        _l("Hvad virksomhederne ringer til"), 80, description=_l("For eksempel Virksomhedsindgangen.")
    )
    phone = StringField(_l("Telefon"), [required(), Length(max=20), Phone()], filters=[strip])
    email = email_field(_l("E-mail"), length=120)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        """Its name is for who runs the portal to change: others know it by that."""
        super().__init__(*args, **kwargs)
        if not by.may(Action.MANAGE_MUNICIPALITIES):
            del self.name

    def details(self) -> dict[str, Any]:
        """What is said of it here: all that services.create_municipality wants to know, or what may be changed."""
        return {name: self[name].data for name in ("name", "unit_term", "phone", "email") if name in self}
