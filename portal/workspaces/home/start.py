"""The way from an empty municipality to its first suggestion, each step counted from the records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from portal.base.database import db
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer, EmployerRegistration, EmployerStatus, RegistrationStatus
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening, OpeningStatus
from portal.shared.accounts.models import Municipality, User
from portal.shared.accounts.queries import administrators_by_municipality
from portal.shared.rules.models import Rule
from portal.shared.skills.models import Skill
from portal.web.permissions import GRANTS, Action


@dataclass(frozen=True)
class StartStep:
    """One thing to do: who does it, whether it is done, and where."""

    name: str
    title: str
    who: str
    done: bool
    action: Action
    """Whoever may do it is given the link."""
    endpoint: str
    link: str
    note: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    posts: bool = False
    """Whether the link is a button that does it."""


def start_of(user: User) -> list[StartStep]:
    """The steps of her municipality; none from its first suggestion on."""
    found = _found_of(user.municipality_id)
    if found.matched:
        return []
    return [
        _reference(found.rules and found.words),
        StartStep(
            "users",
            _("En konsulent kan logge ind"),
            _("Administratoren"),
            found.staff,
            Action.MANAGE_USERS,
            "users.new",
            _("Opret en bruger"),
            _("Opret også en leder: kommunens mål og indsatser er lederens."),
        ),
        _employer(found),
        _opening(found),
        _card(found),
        StartStep(
            "suggestion",
            _("Portalen har fundet det første forslag"),
            _("Portalen selv; konsulenten vurderer det"),
            False,
            Action.REVIEW_MATCH,
            "reviews.queue",
            _("Se forslag"),
            _("Kommer der ikke noget, så skriv flere opgaver på kortet eller i åbningen.")
            if found.published and found.card
            else _("Det kommer af sig selv, når en opslået åbning og et kort passer sammen."),
        ),
    ]


def lacks_reference(start: list[StartStep]) -> bool:
    """Whether nothing can be judged yet: no number of the law is there."""
    return any(step.name == "reference" and not step.done for step in start)


def start_of_installation() -> list[StartStep]:
    """The steps of who runs the portal, until each municipality has somebody who makes its users."""
    rules, words, homes = db.session.execute(
        sa.select(sa.exists().select_from(Rule), sa.exists().select_from(Skill), _count(Municipality))
    ).one()
    managed = bool(homes) and len(administrators_by_municipality()) >= homes
    if rules and words and managed:
        return []
    return [
        _reference(rules and words),
        StartStep(
            "municipality",
            _("Den første kommune er oprettet"),
            _("Den, der driver portalen"),
            bool(homes),
            Action.MANAGE_MUNICIPALITIES,
            "municipalities.new",
            _("Opret en kommune"),
        ),
        StartStep(
            "administrator",
            _("Hver kommune har en administrator"),
            _("Den, der driver portalen"),
            managed,
            Action.MANAGE_USERS,
            "users.new",
            _("Opret en administrator"),
            _("Administratoren opretter selv kommunens konsulenter og ledere."),
        ),
    ]


def _reference(done: bool) -> StartStep:
    return StartStep(
        "reference",
        _("Lovens regler og ordlisten er indlæst"),
        _("Den, der driver portalen"),
        done,
        Action.IMPORT_VOCABULARY,
        "imports.bring_reference_in",
        _("Indlæs dem nu"),
        _("Det tager under et minut og kan gøres igen uden skade."),
        posts=True,
    )


def _employer(found: Any) -> StartStep:
    title, who = _("En virksomhed er med"), _("Konsulenten; virksomheden kan også tilmelde sig selv")
    if found.waiting:
        note = _("Der venter en tilmelding på jeres svar.")
        link, endpoint = _("Se tilmeldingen"), "employers.registrations"
    else:
        note, link, endpoint = "", _("Opret en virksomhed"), "employers.new"
    return StartStep("employer", title, who, found.employer, Action.MANAGE_EMPLOYERS, endpoint, link, note)


def _opening(found: Any) -> StartStep:
    title, who = _("En åbning er slået op"), _("Virksomheden eller konsulenten")
    if found.drafts:
        note = _("Der ligger kladder. Åbninger fra en fil er også kladder, til nogen slår dem op.")
        values = {"status": OpeningStatus.DRAFT.value}
        link, endpoint = _("Se kladderne"), "openings.index"
    else:
        note, values, link, endpoint = "", {}, _("Skriv en åbning"), "posting.index"
    return StartStep(
        "opening", title, who, found.published, Action.REGISTER_OPENING, endpoint, link, note, values
    )


def _card(found: Any) -> StartStep:
    title, who = _("En borger har et kompetencekort med opgaver"), _("Konsulenten sammen med borgeren")
    if found.citizens:
        link, endpoint = _("Se borgerne"), "citizens.index"
    else:
        link, endpoint = _("Opret en borger"), "citizens.new"
    return StartStep("card", title, who, found.card, Action.MANAGE_CITIZENS, endpoint, link)


def _found_of(municipality_id: int | None) -> Any:
    """What the municipality has, in one statement."""
    tending = list(GRANTS[Action.MANAGE_CITIZENS])
    told = {
        "matched": sa.exists().where(Match.municipality_id == municipality_id),
        "rules": sa.exists().select_from(Rule),
        "words": sa.exists().select_from(Skill),
        "staff": sa.exists().where(
            User.municipality_id == municipality_id, User.role.in_(tending), User.disabled_at.is_(None)
        ),
        "employer": sa.exists().where(
            Employer.municipality_id == municipality_id, Employer.status == EmployerStatus.ACTIVE
        ),
        "waiting": sa.exists().where(
            EmployerRegistration.municipality_id == municipality_id,
            EmployerRegistration.status == RegistrationStatus.PENDING,
        ),
        "published": _openings(municipality_id, OpeningStatus.PUBLISHED),
        "drafts": _openings(municipality_id, OpeningStatus.DRAFT),
        "citizens": sa.exists().where(Citizen.municipality_id == municipality_id),
        "card": sa.exists().where(
            CompetenceCard.municipality_id == municipality_id, SkillEvidence.card_id == CompetenceCard.id
        ),
    }
    return db.session.execute(sa.select(*(has.label(name) for name, has in told.items()))).one()


def _openings(municipality_id: int | None, status: OpeningStatus) -> sa.Exists:
    return sa.exists().where(Opening.municipality_id == municipality_id, Opening.status == status)


def _count(model: Any) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(model).scalar_subquery()
