"""The forms of a merge: whom with, and which details stay."""

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.loop.citizens.births import written_born
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.web.forms import PortalForm, VersionedForm, required, text_field
from portal.web.presentation import cvr_text
from portal.workspaces.merging import employers
from portal.workspaces.merging.services import DETAILS, Choice

KEPT: Final = "kept"
GONE: Final = "gone"


class FindForm(PortalForm):
    number = text_field(_l("Sagsnummer eller kortnummer på den anden"), 40)


class MergeForm(VersionedForm):
    """Only what differs is asked; the rest is the same anyway. `version` is that of the one who stays."""

    name = RadioField(_l("Navn"))
    born = RadioField(_l("Født"))
    case = RadioField(_l("Sagsnummer"))
    phone = RadioField(_l("Telefon"))
    language = RadioField(_l("Sprog"))
    consultant = RadioField(_l("Konsulent"))
    reason = text_field(_l("Hvordan ved I, at det er den samme?"), 300)
    sure = BooleanField(
        _l("Jeg ved, at det er den samme person, og at det ikke kan fortrydes"),
        [required(_l("Sæt kryds, når du er sikker."))],
    )
    gone_version = IntegerField(validators=[Optional()], widget=HiddenInput())

    def offer(self, kept: Citizen, gone: Citizen) -> "MergeForm":
        for name in DETAILS:
            mine, hers = said(kept, name), said(gone, name)
            if mine == hers:
                delattr(self, name)
                continue
            field: Any = self[name]
            field.choices = [(KEPT, mine or _("Ikke oplyst")), (GONE, hers or _("Ikke oplyst"))]
            if not self.is_submitted():
                field.data = KEPT if mine else GONE
        if not self.is_submitted():
            self.accept(kept, gone)
        return self

    def accept(self, kept: Citizen, gone: Citizen) -> None:
        """Let the reader go on with the two as she sees them now."""
        self.accept_version(kept.version)
        self.gone_version.data, self.gone_version.raw_data = gone.version, None

    @property
    def seen_versions(self) -> tuple[int, int]:
        """Of the one who stays and the one who goes, as the reader saw them."""
        return self.seen_version, self.gone_version.data or 0

    @property
    def choice(self) -> Choice:
        chosen = frozenset(name for name in DETAILS if name in self and self[name].data == GONE)
        return Choice(chosen, self.reason.data or "")


def said(citizen: Citizen, name: str) -> str:
    """A detail in words, as the page shows it."""
    words = {
        "name": citizen.name,
        "born": written_born(citizen.born) if citizen.born else "",
        "case": citizen.case_reference,
        "phone": citizen.phone or "",
        "language": str(citizen.language.label) if citizen.language else _("Kun dansk"),
        "consultant": citizen.consultant.name if citizen.consultant else "",
    }
    return words[name]


class FindEmployerForm(PortalForm):
    number = text_field(_l("CVR-nummer på den anden"), 20)


class MergeEmployersForm(VersionedForm):
    """Only what differs is asked. `version` is that of the one that stays."""

    name = RadioField(_l("Navn"))
    cvr = RadioField(_l("CVR-nummer"))
    sector = RadioField(_l("Privat eller offentlig"))
    reason = text_field(_l("Hvordan ved I, at det er den samme?"), 300)
    sure = BooleanField(
        _l("Jeg ved, at det er den samme virksomhed, og at det ikke kan fortrydes"),
        [required(_l("Sæt kryds, når du er sikker."))],
    )
    gone_version = IntegerField(validators=[Optional()], widget=HiddenInput())

    def offer(self, kept: Employer, gone: Employer) -> "MergeEmployersForm":
        for name in employers.DETAILS:
            mine, other = told(kept, name), told(gone, name)
            if mine == other:
                delattr(self, name)
                continue
            field: Any = self[name]
            field.choices = [(KEPT, mine or _("Ikke oplyst")), (GONE, other or _("Ikke oplyst"))]
            if not self.is_submitted():
                field.data = KEPT if mine else GONE
        if not self.is_submitted():
            self.accept(kept, gone)
        return self

    def accept(self, kept: Employer, gone: Employer) -> None:
        """Let the reader go on with the two as she sees them now."""
        self.accept_version(kept.version)
        self.gone_version.data, self.gone_version.raw_data = gone.version, None

    @property
    def seen_versions(self) -> tuple[int, int]:
        """Of the one that stays and the one that goes, as the reader saw them."""
        return self.seen_version, self.gone_version.data or 0

    @property
    def choice(self) -> employers.EmployerChoice:
        chosen = frozenset(name for name in employers.DETAILS if name in self and self[name].data == GONE)
        return employers.EmployerChoice(chosen, self.reason.data or "")


def told(employer: Employer, name: str) -> str:
    """A detail in words, as the page shows it."""
    words = {
        "name": employer.name,
        "cvr": cvr_text(employer.cvr),
        "sector": str(employer.sector.label) if employer.sector else "",
    }
    return words[name]
