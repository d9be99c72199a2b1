"""What nobody has said of an employer yet, though the law or the cooperation will ask for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum
from portal.loop.employers.models import ContactPerson, Employer, EmployerInvitation, Workplace
from portal.loop.employers.queries import WorkplaceStanding


class Piece(LabelledEnum):
    """What is missing, in the words of whoever mends it."""

    WORKPLACE = "workplace", _l("arbejdssted")
    CONTACT = "contact", _l("kontaktperson")
    LOGIN = "login", _l("en, der kan logge ind")
    SECTOR = "sector", _l("om virksomheden er privat eller offentlig")
    P_NUMBER = "p_number", _l("P-nummer")
    STAFF = "full_time_staff", _l("antal ansatte")
    OLD_STAFF = "old_staff", _l("et nyt antal ansatte, for det gamle er for gammelt")
    REPRESENTATIVE = "representative_name", _l("medarbejdernes repræsentant")


@dataclass(frozen=True)
class Missing:
    """A piece, and at which workplace it is missing where it is one's."""

    piece: Piece
    workplace: Workplace | None = None

    @property
    def field(self) -> str:
        """What the form calls it."""
        return "full_time_staff" if self.piece is Piece.OLD_STAFF else self.piece.value


def missing_of(
    employer: Employer, standing: Mapping[int, WorkplaceStanding], *, signs_in: bool
) -> list[Missing]:
    """All that is missing, in the order in which it is needed; `signs_in`: whether anybody does for it."""
    found = [Missing(piece) for piece in _of_employer(employer, signs_in=signs_in)]
    if not employer.workplaces:
        return [Missing(Piece.WORKPLACE), *found]
    for place in employer.workplaces:
        found += [Missing(piece, place) for piece in _of_workplace(place, standing[place.id])]
    return found


def _of_employer(employer: Employer, *, signs_in: bool) -> Iterator[Piece]:
    if not employer.contacts:
        yield Piece.CONTACT
    elif not signs_in:
        yield Piece.LOGIN
    if employer.sector is None:
        yield Piece.SECTOR


def _of_workplace(place: Workplace, standing: WorkplaceStanding) -> Iterator[Piece]:
    if not place.p_number:
        yield Piece.P_NUMBER
    if place.staff_stated_on is None:
        yield Piece.STAFF
    elif standing.staff_is_old:
        yield Piece.OLD_STAFF
    if not place.representative_name and standing.needs_representative:
        yield Piece.REPRESENTATIVE


def invitations_by_contact(
    contacts: Sequence[ContactPerson], invitations: Sequence[EmployerInvitation]
) -> dict[int, EmployerInvitation]:
    """Contact id -> the invitation that is open to her."""
    by_address = {invitation.email.lower(): invitation for invitation in invitations}
    return {
        contact.id: by_address[contact.email.lower()]
        for contact in contacts
        if contact.user_id is None and contact.email.lower() in by_address
    }
