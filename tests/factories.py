"""Plain functions that make records, with keyword overrides. Each commits, so that requests see what it made.

Personas: Karin and Jonas are consultants in Halsnæs, Lene in Fredensborg; Mette leads; Bo owns an opening, Dorte is
another employer (the stranger); Amira is a citizen, Selam another.
"""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal import matching
from portal.base.database import db, transaction
from portal.base.terms import GoalUnit, Industry, Measure, PlacementForm, SkillArea, SkillSource, TaskKind
from portal.ledger.goals.models import Goal
from portal.lexicon import fold
from portal.loop.assessments.models import Assessment, AssessmentKind, AssessmentLine
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence, WishedWork
from portal.loop.cards.queries import card_input
from portal.loop.cards.services import kept_version
from portal.loop.citizens.models import Citizen
from portal.loop.employers import joining
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployerInvitation,
    EmployerRegistration,
    EmployerTrade,
    UnconfirmedRegistration,
    Workplace,
)
from portal.loop.employers.services import (
    ContactDetails,
    EmployerDetails,
    RegistrationDetails,
    WorkplaceDetails,
)
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.openings.models import Opening, OpeningPublication, OpeningStatus, OpeningTask
from portal.loop.openings.queries import opening_input
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.reviews.models import Answer, AnsweredVia, Decision, DecisionReason, Review, ReviewCondition
from portal.loop.reviews.record import as_compared
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.neighbours.models import NeighbourAgreement
from portal.shared.outbox import services as outbox
from portal.shared.outbox.models import Mail, MailKind
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.shared.rules.law.replies import Reply
from portal.shared.rules.models import Rule, RuleStanding
from portal.shared.rules.queries import in_force
from portal.shared.rules.services import RuleDetails, load_reference_rules, put_rule
from portal.shared.skills.models import JobTitle, Skill, SkillCategory, SkillSynonym, VocabularyVersion
from portal.web.permissions import Role
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.consents.models import ANONYMOUS, Consent, ConsentPurpose
from portal.workspaces.imports.cells import one_of
from portal.workspaces.posting.models import OpeningDraft
from portal.workspaces.posting.services import begin_draft
from portal.workspaces.vitas.models import Confirmation, VitasSheet

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""A Wednesday morning; every test runs at this moment."""

TODAY = date(2026, 11, 18)

CVRS = ("13748136", "24256790", "13585628")
"""Valid check sums, read in the domain notes; others are made by `next_cvr`."""

DATA = Path(__file__).parent.parent / "portal" / "shared" / "skills" / "data"

_area_of = one_of(SkillArea)
_numbers = count(1)


def build_world() -> None:
    """What every test starts from: two neighbouring municipalities, their people, rules and vocabulary."""
    with transaction():
        halsnaes = _municipality("Halsnæs", "47 78 40 00", "virksomhed@halsnaes.example")
        fredensborg = _municipality("Fredensborg", "72 56 50 00", "virksomhed@fredensborg.example")
        db.session.add(NeighbourAgreement(first=halsnaes, second=fredensborg, starts_on=date(2023, 11, 1)))
        for email, name, role, municipality in (
            ("karin@kommune.example", "Karin Holm", Role.CONSULTANT, halsnaes),
            ("jonas@kommune.example", "Jonas Friis", Role.CONSULTANT, halsnaes),
            ("lene@nabo.example", "Lene Dam", Role.CONSULTANT, fredensborg),
            ("mette@kommune.example", "Mette Bruun", Role.LEADER, halsnaes),
            ("admin@kommune.example", "Ali Admin", Role.ADMIN, halsnaes),
            ("admin@nabo.example", "Nora Nabo", Role.ADMIN, fredensborg),
            ("drift@portal.example", "Drude Drift", Role.OPERATOR, None),
        ):
            db.session.add(_user(email, name, role, municipality))
        _vocabulary()
        load_reference_rules(NOW)


def _municipality(name: str, phone: str, email: str) -> Municipality:
    municipality = Municipality(
        name=name,
        unit_term="Virksomhedsindgangen",
        phone=phone,
        email=email,
        records_since_on=date(2023, 11, 1),
    )
    db.session.add(municipality)
    db.session.flush()
    return municipality


def _user(email: str | None, name: str, role: Role, municipality: Municipality | None) -> User:
    return User(
        email=email, name=name, role=role, municipality=municipality, created_at=NOW - timedelta(days=400)
    )


def _vocabulary() -> None:
    with (DATA / "skills.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            skill = Skill(
                name=row["canonical_da"],
                english=row["english"],
                area=_area_of(row["sector"]),
                category=SkillCategory(row["category"]),
                shipped_as=row["canonical_da"],
            )
            skill.synonyms = [
                SkillSynonym(label=label, folded=fold(label), is_shipped=True)
                for label in _labels(row["synonyms_da"])
            ]
            db.session.add(skill)
    with (DATA / "titles.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            labels: dict[str, str] = {}
            for label in _labels(row["synonyms_da"]):
                if fold(label) != fold(row["canonical_da"]):
                    labels.setdefault(fold(label), label)
            title = JobTitle(
                name=row["canonical_da"],
                english=row["english"],
                area=_area_of(row["sector"]),
                synonyms=list(labels.values()),
            )
            db.session.add(title)
    db.session.add(VocabularyVersion(at=NOW, note="test"))
    db.session.flush()


def _labels(text: str) -> list[str]:
    return [label.strip() for label in text.split(";") if label.strip()]


def municipality(name: str = "Halsnæs") -> Municipality:
    return db.session.scalars(sa.select(Municipality).where(Municipality.name == name)).one()


def make_municipality(name: str) -> Municipality:
    """A third one, nobody's neighbour."""
    with transaction():
        return _municipality(name, "48 20 10 00", f"virksomhed@{name.lower()}.example")


def user(email: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == email)).one()


def skill(name: str) -> Skill:
    return db.session.scalars(sa.select(Skill).where(Skill.name == name)).one()


def rule(key: str) -> Rule:
    """The number of a rule that holds at NOW."""
    return db.session.scalars(
        sa.select(Rule).where(Rule.key == key, Rule.municipality_id.is_(None), in_force(TODAY))
    ).one()


def put_number(
    key: str, value: str, valid_from: date = TODAY, *, place: str = "Halsnæs", **more: Any
) -> Rule:
    """A municipality's own number, stricter than the law's; with municipality_id=None one of the law."""
    law = rule(key)
    with transaction():
        return put_rule(
            RuleDetails(
                **{
                    "key": key,
                    "title": law.title,
                    "value": Decimal(value),
                    "unit": law.unit,
                    "valid_from": valid_from,
                    "valid_to": None,
                    "reference": "Beskæftigelsesudvalget",
                    "source": "Referat, punkt 7",
                    "checked_by": "Mette Bruun",
                    "checked_on": TODAY,
                    "municipality_id": municipality(place).id,
                    **more,
                }
            ),
            by=user("mette@kommune.example"),
            at=NOW,
        )


def make_waiting_rule(value: str = "12", valid_from: date = date(2026, 5, 1)) -> Rule:
    """A number of the weeks of praktik that a new version of the portal came with, too late."""
    law = rule("praktik-weeks")
    with transaction():
        kept = {name: getattr(law, name) for name in RuleDetails.__dataclass_fields__}
        waiting = Rule(
            **kept | {"value": Decimal(value), "valid_from": valid_from},
            standing=RuleStanding.WAITING,
            shipped_from=valid_from,
        )
        db.session.add(waiting)
    return waiting


def next_cvr() -> str:
    """A CVR number with a valid check sum, different at each call."""
    while True:
        body = str(2_000_000 + next(_numbers))
        remainder = (
            sum(int(digit) * weight for digit, weight in zip(body, (2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        )
        if remainder != 1:
            return body + str((11 - remainder) % 11)


def make_user(
    name: str, role: Role, *, email: str | None = None, in_municipality: str | None = "Halsnæs"
) -> User:
    with transaction():
        home = municipality(in_municipality) if in_municipality else None
        made = _user(email, name, role, home)
        db.session.add(made)
    return made


def make_employer(name: str = "Bos Køkken ApS", *, owner: str | None = "Bo", **values: Any) -> Employer:
    """An employer with one workplace and, unless `owner` is None, an employer user behind its contact person."""
    staff = values.pop("full_time_staff", Decimal(10))
    trade_since = values.pop("trade_since", date(2020, 1, 1))
    home = values.pop("in_municipality", "Halsnæs")
    postcode = values.pop("postcode", "3300")
    number = next(_numbers)
    with transaction():
        employer = Employer(
            **{
                "cvr": next_cvr(),
                "name": name,
                "industry": Industry.KOEKKEN,
                "municipality_id": municipality(home).id,
                "approved_at": NOW - timedelta(days=100),
                **values,
            }
        )
        employer.trades = [EmployerTrade(industry=employer.industry, from_on=trade_since)]
        employer.workplaces = [
            Workplace(
                p_number=f"{1_000_000_000 + number}",
                name=name,
                address="Havnevej 1",
                postcode=postcode,
                full_time_staff=staff,
                staff_stated_on=TODAY - timedelta(days=30),
            )
        ]
        if owner is not None:
            email = f"{owner.lower()}{number}@firma.example"
            login = _user(email, owner, Role.EMPLOYER, None)
            employer.contacts = [
                ContactPerson(
                    name=owner,
                    email=email,
                    phone="47 11 22 33",
                    user=login,
                    added_at=employer.approved_at,
                    confirmed_at=employer.approved_at,
                )
            ]
        db.session.add(employer)
    return employer


def make_colleague(
    employer: Employer,
    name: str = "Carla",
    *,
    added_at: datetime = NOW - timedelta(days=60),
    login: bool = True,
) -> ContactPerson:
    """One more contact person of the employer."""
    email = f"{name.lower()}{next(_numbers)}@firma.example"
    with transaction():
        user = _user(email, name, Role.EMPLOYER, None) if login else None
        contact = ContactPerson(
            employer_id=employer.id,
            name=name,
            email=email,
            phone="47 11 22 66",
            user=user,
            added_at=added_at,
            confirmed_at=added_at,
        )
        db.session.add(contact)
    return contact


def owner_of(employer: Employer) -> User:
    """The user who signs in for the employer."""
    found = db.session.scalars(
        sa.select(User)
        .join(ContactPerson, ContactPerson.user_id == User.id)
        .where(ContactPerson.employer_id == employer.id)
    ).first()
    assert found is not None
    return found


def make_opening(employer: Employer | None = None, **values: Any) -> Opening:
    """A published praktik in the employer's kitchen. `must`, `nice`, `learn` are skill names."""
    employer = employer or make_employer()
    named = [(kind, text) for kind in TaskKind for text in values.pop(kind.value, ())]
    named = named or [(TaskKind.MUST, "skære og klargøre grøntsager"), (TaskKind.NICE, "køkkenhygiejne")]
    with transaction():
        employer = db.session.merge(employer)
        workplace = employer.workplaces[0]
        opening = Opening(
            **{
                "employer_id": employer.id,
                "workplace_id": workplace.id,
                "municipality_id": employer.municipality_id,
                "title": "Køkkenhjælp",
                "form": PlacementForm.PRAKTIK,
                "industry": employer.industry,
                "places": 1,
                "hours_per_week": 25.0,
                "starts_on": TODAY + timedelta(days=14),
                "ends_on": TODAY + timedelta(days=14 + 28),
                "postcode": workplace.postcode,
                "status": OpeningStatus.PUBLISHED,
                "created_at": NOW - timedelta(days=10),
                "published_at": NOW - timedelta(days=10),
                "expires_on": TODAY + timedelta(days=80),
                **values,
            }
        )
        if opening.status is OpeningStatus.DRAFT:
            opening.published_at = opening.expires_on = None
        if opening.published_at is not None:
            opening.publications = [OpeningPublication(at=opening.published_at)]
        opening.tasks = [
            OpeningTask(skill=skill(text), text=text, kind=kind, level=2, position=position)
            for position, (kind, text) in enumerate(named)
        ]
        db.session.add(opening)
    return opening


def make_citizen(first_name: str = "Amira", *, with_login: bool = False, **values: Any) -> Citizen:
    home = values.pop("in_municipality", "Halsnæs")
    number = next(_numbers)
    with transaction():
        citizen = Citizen(
            **{
                "municipality_id": municipality(home).id,
                "case_reference": f"26/{number:05}",
                "first_name": first_name,
                "last_name": "Haddad",
                "born_on": date(1990, 3, 1),
                "created_at": NOW - timedelta(days=200),
                **values,
            }
        )
        if with_login:
            citizen.user = _user(
                f"{first_name.lower()}{number}@borger.example", first_name, Role.CITIZEN, None
            )
        db.session.add(citizen)
    return citizen


def make_card(
    citizen: Citizen | None = None, *, skills: dict[str, int] | None = None, **values: Any
) -> CompetenceCard:
    """A card whose `skills` are names with levels, in the citizen's own words."""
    person = citizen or make_citizen()
    wanted = {"skære og klargøre grøntsager": 3} if skills is None else skills
    with transaction():
        person = db.session.merge(person)
        card = CompetenceCard(
            **{
                "citizen_id": person.id,
                "municipality_id": person.municipality_id,
                "number": f"K-{1000 + person.id}",
                "wishes": [Industry.KOEKKEN.value],
                "danish_speaking": 2,
                "danish_reading": 1,
                "hours_min": 10.0,
                "hours_max": 37.0,
                "postcode": "3300",
                "range_km": 20,
                "goal": "Jeg vil gerne arbejde i et køkken.",
                "created_at": NOW - timedelta(days=100),
                "updated_at": NOW - timedelta(days=100),
                **values,
            }
        )
        card.evidence = [
            SkillEvidence(
                skill=skill(name),
                text=name,
                level=level,
                source=SkillSource.OWN,
                seen_on=TODAY - timedelta(days=90),
            )
            for name, level in wanted.items()
        ]
        db.session.add(card)
    return card


def make_words(card: CompetenceCard, text: str, **values: Any) -> SkillEvidence:
    """What a citizen says in her own words, which no skill stands for."""
    with transaction():
        line = SkillEvidence(
            **{
                "card_id": card.id,
                "text": text,
                "level": 2,
                "source": SkillSource.OWN,
                "seen_on": TODAY - timedelta(days=20),
                **values,
            }
        )
        db.session.add(line)
    return line


def make_seen(card: CompetenceCard, text: str, **values: Any) -> SkillEvidence:
    """What a sheet says was seen at the workplace; with CONSULTANT_ONLY as source and no `seen_at`, by her alone."""
    return make_words(
        card,
        text,
        **{
            "level": 3,
            "source": SkillSource.EMPLOYER,
            "seen_on": TODAY,
            "seen_at": "Bos Køkken",
            "placement_id": 7,
            "assessment_id": 7,
            **values,
        },
    )


def make_match(opening: Opening | None = None, card: CompetenceCard | None = None, **values: Any) -> Match:
    place = opening or make_opening()
    known = card or make_card()
    with transaction():
        match = Match(
            **{
                "opening_id": place.id,
                "card_id": known.id,
                "municipality_id": known.municipality_id,
                "sure": 60.0,
                "possible": 80.0,
                "result": matching.score(opening_input(place), card_input(known, on=TODAY)).to_dict(),
                "opening_version": 1,
                "card_version": 1,
                "vocabulary_version": 1,
                "matcher_version": matching.VERSION,
                "suggested_at": NOW - timedelta(days=5),
                "renewed_at": NOW - timedelta(days=5),
                **values,
            }
        )
        db.session.add(match)
    return match


def make_review(match: Match | None = None, **values: Any) -> Review:
    """Karin's yes. `citizen_answer` and `employer_answer` go further along."""
    suggested = match or make_match()
    with transaction():
        found = db.session.get_one(Match, suggested.id)
        found.status = MatchStatus.DECIDED
        review = Review(
            **{
                "match_id": found.id,
                "decision": Decision.APPROVED,
                "reason": DecisionReason.GOOD_FIT,
                "words": "Et godt sted at begynde.",
                "decided_by_id": user("karin@kommune.example").id,
                "decided_at": NOW - timedelta(days=4),
                "place": 1,
                "compared": as_compared(found),
                **values,
            }
        )
        review.conditions = [
            ReviewCondition(name=one["name"], met=matching.Met(one["met"]))
            for one in found.result["conditions"]
        ]
        if values.get("citizen_answer", Answer.PENDING) is not Answer.PENDING:
            review.citizen_answered_at = review.citizen_answered_at or NOW - timedelta(days=3)
            review.citizen_answered_via = review.citizen_answered_via or AnsweredVia.PORTAL
        if values.get("employer_answer", Answer.PENDING) is not Answer.PENDING:
            review.employer_answered_at = review.employer_answered_at or NOW - timedelta(days=2)
        db.session.add(review)
    return review


def make_consent(
    card: CompetenceCard | None = None, employer: Employer | None = None, **values: Any
) -> Consent:
    """Karin asked, and she said yes on her page; `answer=Answer.PENDING` leaves the question open."""
    known, employer = card or make_card(), employer or make_employer()
    karin = user("karin@kommune.example")
    pending = values.get("answer") is Answer.PENDING
    with transaction():
        known = db.session.merge(known)
        review = values.pop("review", None)
        if review is not None:
            values |= {"review_id": review.id, "purpose": ConsentPurpose.PROPOSAL}
        consent = Consent(
            **{
                "card": known,
                "version": kept_version(known, at=NOW),
                "employer_id": employer.id,
                "fields": [field.value for field in ANONYMOUS],
                "until_on": TODAY + timedelta(days=30),
                "purpose": ConsentPurpose.SHOW_CARD,
                "asked_at": NOW - timedelta(days=1),
                "asked_by_id": karin.id,
                "answer": Answer.YES,
                "answered_at": None if pending else NOW,
                "answered_via": None if pending else AnsweredVia.PORTAL,
                "recorded_by_id": None if pending else karin.id,
                **values,
            }
        )
        db.session.add(consent)
    return consent


def make_call(review: Review | None = None, **values: Any) -> Call:
    """An employer that asked to be phoned."""
    about = review or make_review(citizen_answer=Answer.YES)
    with transaction():
        call = Call(**{"review_id": about.id, "reason": CallReason.ASKED, "created_at": NOW, **values})
        db.session.add(call)
    return call


def make_placement(review: Review | None = None, **values: Any) -> Placement:
    """A planned placement that has taken its place of the opening."""
    agreed = review or make_review(citizen_answer=Answer.YES, employer_answer=Answer.YES)
    with transaction():
        agreed = db.session.get_one(Review, agreed.id)
        opening, card = agreed.match.opening, agreed.match.card
        opening.filled = min(opening.places, opening.filled + 1)
        placement = Placement(
            **{
                "review_id": agreed.id,
                "opening_id": opening.id,
                "card_id": card.id,
                "employer_id": opening.employer_id,
                "municipality_id": card.municipality_id,
                "form": opening.form,
                "hours_per_week": 25.0,
                "starts_on": TODAY + timedelta(days=14),
                "ends_on": TODAY + timedelta(days=42),
                "planned_at": NOW - timedelta(days=1),
                "planned_by_id": user("karin@kommune.example").id,
                **values,
            }
        )
        if (
            placement.status in (PlacementStatus.RUNNING, PlacementStatus.ENDED)
            and placement.started_at is None
        ):
            placement.started_at = NOW - timedelta(days=1)
        db.session.add(placement)
    return placement


def make_ready_sheet(placement: Placement, **values: Any) -> VitasSheet:
    """With everything answered, and declared ready, so that the placement may begin."""
    karin = user("karin@kommune.example").id
    with transaction():
        sheet = VitasSheet(
            **{
                "placement_id": placement.id,
                "purpose": PraktikPurpose.TRAINING,
                "representative_name": "Grete Vang",
                "representative_stated_on": TODAY - timedelta(days=1),
                "staff_last_month": Decimal(12),
                "staff_average": Decimal(12),
                "monthly_wage_dkk": 20_000,
                "monthly_subsidy_dkk": 9_000,
                "school_weeks": 23,
                "total_hours_per_week": 34.0,
                "answers": {one.value: Reply.YES.value for one in Confirmation},
                "written_at": NOW - timedelta(hours=1),
                "written_by_id": karin,
                "ready_at": NOW - timedelta(hours=1),
                "ready_by_id": karin,
                **values,
            }
        )
        db.session.add(sheet)
    return sheet


def make_partnership(
    employer: Employer | None = None, *, consultant: str | None = "karin@kommune.example", **values: Any
) -> Partnership:
    employer = employer or make_employer()
    with transaction():
        agreement = Partnership(
            **{
                "employer_id": employer.id,
                "municipality_id": employer.municipality_id,
                "signed_on": TODAY - timedelta(days=200),
                "created_at": NOW - timedelta(days=200),
                **values,
            }
        )
        if consultant is not None:
            agreement.consultants = [
                PartnershipConsultant(user_id=user(consultant).id, from_on=agreement.signed_on)
            ]
        db.session.add(agreement)
    return agreement


def make_certificate(card: CompetenceCard, text: str = "hygiejnebevis", **values: Any) -> Certificate:
    with transaction():
        skill_id = values.pop("skill_id") if "skill_id" in values else skill(text).id
        made = Certificate(**{"card_id": card.id, "skill_id": skill_id, "text": text, **values})
        db.session.add(made)
    return made


def make_wish(
    card: CompetenceCard, title: str = "social- og sundhedshjælper", by: User | None = None
) -> WishedWork:
    """Wished with Karin, unless somebody else wrote it."""
    with transaction():
        writer = by or user("karin@kommune.example")
        found = db.session.scalars(sa.select(JobTitle).where(JobTitle.name == title)).one()
        made = WishedWork(card_id=card.id, title_id=found.id, said_at=NOW, by_id=writer.id)
        db.session.add(made)
    return made


def make_goal(in_municipality: str = "Halsnæs", **values: Any) -> Goal:
    """Five employers with lasting cooperation this year."""
    with transaction():
        goal = Goal(
            **{
                "municipality_id": municipality(in_municipality).id,
                "measure": Measure.PARTNERSHIPS,
                "year": TODAY.year,
                "target": 5,
                "unit": GoalUnit.COUNT,
                "sentence": "Fast samarbejde med mindst 5 virksomheder.",
                "source": "Handleplan",
                "set_at": NOW,
                **values,
            }
        )
        db.session.add(goal)
    return goal


def make_invitation(employer: Employer, **values: Any) -> EmployerInvitation:
    """A colleague asked to sign in for the employer."""
    with transaction():
        invitation = EmployerInvitation(
            **{
                "employer_id": employer.id,
                "name": "Carla",
                "email": f"carla{next(_numbers)}@firma.example",
                "invited_by_id": owner_of(employer).id,
                "invited_at": NOW - timedelta(days=1),
                "expires_at": NOW + timedelta(days=13),
                **values,
            }
        )
        db.session.add(invitation)
    return invitation


def make_draft(owner: User, **answers: Any) -> OpeningDraft:
    """An opening that somebody has begun to write."""
    with transaction():
        return begin_draft(by=db.session.merge(owner), at=NOW, answers=answers)


def make_registration(in_municipality: str = "Halsnæs", **values: Any) -> EmployerRegistration:
    """An employer's wish to take part, awaiting approval."""
    number = next(_numbers)
    with transaction():
        registration = EmployerRegistration(
            **{
                "municipality_id": municipality(in_municipality).id,
                "cvr": next_cvr(),
                "company_name": "Dortes Rengøring",
                "industry": Industry.RENGOERING,
                "p_number": f"{1_100_000_000 + number}",
                "address": "Torvet 2",
                "postcode": "3300",
                "full_time_staff": Decimal(7),
                "contact_name": "Dorte",
                "contact_email": f"dorte{number}@firma.example",
                "contact_phone": "47 11 22 44",
                "registered_at": NOW - timedelta(days=1),
                **values,
            }
        )
        db.session.add(registration)
    return registration


def make_unconfirmed(
    in_municipality: str = "Halsnæs", *, email: str | None = None
) -> UnconfirmedRegistration:
    """What somebody wrote, whose e-mail nobody has confirmed."""
    number = next(_numbers)
    with transaction():
        written = joining.as_json(
            RegistrationDetails(
                EmployerDetails(next_cvr(), "Ibs Is", Industry.KOEKKEN, municipality(in_municipality).id),
                WorkplaceDetails(f"{1_200_000_000 + number}", "Ibs Is", "Torvet 3", "3300", Decimal(3)),
                ContactDetails("Ib", email or f"ib{number}@firma.example", "47 11 22 55"),
            )
        )
        wish = UnconfirmedRegistration(
            email=written["contact"]["email"],
            written=written,
            sent_at=NOW - timedelta(hours=1),
            expires_at=NOW + timedelta(hours=47),
            mailed_at=NOW - timedelta(hours=1),
        )
        db.session.add(wish)
    return wish


def make_sheet(placement: Placement | None = None, **values: Any) -> Assessment:
    """An open sheet with the placement's tasks, nothing answered yet."""
    place = placement or make_placement(status=PlacementStatus.RUNNING)
    with transaction():
        place = db.session.get_one(Placement, place.id)
        lines = [AssessmentLine(task_text=task.text, skill_id=task.skill_id) for task in place.opening.tasks]
        sheet = Assessment(
            **{
                "placement_id": place.id,
                "kind": AssessmentKind.MIDWAY,
                "number": 1,
                "opened_at": NOW,
                "opened_by_id": user("karin@kommune.example").id,
                "lines": lines,
                **values,
            }
        )
        db.session.add(sheet)
    return sheet


def make_mail(in_municipality: str = "Halsnæs", **values: Any) -> Mail:
    """A message to Bo that waits; `values` are set on the row afterwards, e.g. its state."""
    with transaction():
        mail = outbox.post(
            MailKind.MESSAGE,
            to=values.pop("to", "bo@firma.example"),
            at=values.pop("at", NOW),
            unit=municipality(in_municipality),
            context={"title": "Køkkenmedhjælper", "words": "Vi har fundet en."},
            dedupe_key=values.pop("dedupe_key", None),
        )
        assert mail is not None
        for name, value in values.items():
            setattr(mail, name, value)
    return mail


def make_list_look(*people: Citizen) -> AuditEntry:
    """Karin's colleague looked at a list that they stood on."""
    home = people[0].municipality
    with transaction():
        line = AuditEntry(
            at=NOW,
            action="citizens-listed",
            is_look=True,
            actor_role=Role.CONSULTANT.value,
            actor_unit=f"{home.name} Kommune",
            subject_type="municipalities",
            subject_id=home.id,
            municipality_id=home.id,
            purpose="Liste over borgere",
        )
        db.session.add(line)
        db.session.flush()
        db.session.add_all(AuditPerson(entry_id=line.id, citizen_id=person.id) for person in people)
    return line
