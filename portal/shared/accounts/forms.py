"""Forms of accounts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import Email, EqualTo, Length

from portal.shared.accounts.models import Municipality
from portal.shared.accounts.secrets import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from portal.web.forms import NoCpr, PortalForm, required, strip, text_field
from portal.web.permissions import Action, Role, Scope, roles_made_by, roles_with


class LoginForm(PortalForm):
    email = StringField(_l("E-mail"), [required(), Length(max=254)], filters=[strip])
    password = PasswordField(_l("Adgangskode"), [required(), Length(max=MAX_PASSWORD_LENGTH)])
    next = HiddenField()


class LoginCodeForm(PortalForm):
    code = StringField(
        _l("Kode"),
        [required(), Length(max=40)],
        filters=[strip],
        description=_l(
            "Koden har 12 tegn og står på dit papir fra kommunen. Store og små bogstaver er lige gode."
        ),
    )


class ForgottenForm(PortalForm):
    email = StringField(
        _l("E-mail"),
        [required(), Length(max=254), Email(message=_l("Skriv en e-mail som navn@eksempel.dk.")), NoCpr()],
        filters=[strip],
    )


class NewPasswordForm(PortalForm):
    password = PasswordField(
        _l("Ny adgangskode"),
        [
            required(),
            Length(
                min=MIN_PASSWORD_LENGTH,
                max=MAX_PASSWORD_LENGTH,
                message=_l("Brug mindst 10 tegn. Tre ord efter hinanden er en god adgangskode."),
            ),
        ],
        description=_l("Mindst 10 tegn. Tre ord efter hinanden er en god adgangskode."),
    )
    repeated = PasswordField(
        _l("Skriv adgangskoden igen"),
        [required(), EqualTo("password", message=_l("De to adgangskoder er ikke ens."))],
    )

    def __init__(self, *args: Any, email: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def validate_password(self, field: PasswordField) -> None:
        if self._email and (field.data or "").strip().lower() == self._email:
            raise ValidationError(_("Adgangskoden må ikke være din e-mail."))


class UserForm(PortalForm):
    name = text_field(_l("Navn"), 120)
    email = StringField(
        _l("E-mail"),
        [required(), Length(max=254), Email(message=_l("Skriv en e-mail som navn@eksempel.dk.")), NoCpr()],
        filters=[strip],
    )
    role = SelectField(
        _l("Rolle"),
        choices=[(role.value, role.label) for role in roles_made_by(Action.MANAGE_USERS)],
        coerce=Role,
        description=_l("Borgere oprettes af deres konsulent."),
    )
    municipality_id = SelectField(
        _l("Kommune"),
        coerce=lambda value: int(value) if value else None,
        description=_l("Skal vælges for alle, der arbejder i en kommune."),
    )

    def offer(self, municipalities: Sequence[Municipality]) -> None:
        """Fill the choices."""
        none = ("", _("Ingen"))
        self.municipality_id.choices = [none, *((str(one.id), one.name) for one in municipalities)]

    def details(self) -> dict[str, Any]:
        """What services.create_user wants to know of her. Only staff, and an administrator, have a municipality."""
        placed = self.role.data and self.role.data.traits.scope is not Scope.EMPLOYER
        return {
            "email": self.email.data,
            "name": self.name.data,
            "role": self.role.data,
            "municipality_id": self.municipality_id.data if placed else None,
        }

    def validate_municipality_id(self, field: SelectField) -> None:
        if self.role.data in roles_with(Scope.MUNICIPALITY) and field.data is None:
            raise ValidationError(_("Vælg den kommune, som brugeren arbejder for."))
