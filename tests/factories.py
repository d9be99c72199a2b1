"""Plain functions that make records, with keyword overrides. Each commits, so that requests see what it made.

Personas: Karin and Jonas are consultants in Halsnæs, Lene in Fredensborg; Mette leads; Bo owns an opening, Dorte is
another employer (the stranger); Amira is a citizen, Selam another.
"""

import csv
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal import matching
from portal.api.tokens import services as tokens
from portal.api.tokens.models import ApiToken, TokenScope
from portal.api.tokens.services import TokenDetails
from portal.base.clock import danish_midnight
from portal.base.database import db, transaction
from portal.base.terms import (
    Effort,
    GoalUnit,
    Industry,
    Measure,
    Party,
    PeriodKind,
    PlacementForm,
    SkillArea,
    SkillSource,
    SpellKind,
    TaskKind,
)
from portal.interventions.aftercare.models import JobTalk
from portal.interventions.cohorts.models import (
    Cohort,
    CohortEnrolment,
    CohortKind,
    CohortLeader,
    CohortSession,
    CohortSort,
    EnrolmentReason,
    EnrolmentState,
)
from portal.interventions.mentoring.models import Mentor, MentorAgreement, MentorOrigin, MentorYesVia
from portal.interventions.pathways.journeys import begin_on_package
from portal.interventions.pathways.models import JobPackage, Journey, StepKind, StepOffer
from portal.interventions.pathways.offers import OfferDetails, offer_step
from portal.interventions.pathways.services import PackageDetails, WrittenStep, create_package
from portal.interventions.target_groups.models import (
    LadderStep,
    Membership,
    MembershipSource,
    Spell,
    SpellProposal,
    SpellSource,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.interventions.young.models import (
    ParentsYes,
    ParentsYesVia,
    YoungPlace,
    YoungPlaceKind,
    YoungTally,
)
from portal.ledger.comparison.models import OutsideFigure
from portal.ledger.goals.models import Goal
from portal.lexicon import fold
from portal.loop.assessments.models import Assessment, AssessmentKind, AssessmentLine
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence, WishedWork
from portal.loop.cards.queries import card_input
from portal.loop.cards.services import kept_version
from portal.loop.citizens.models import Citizen, FirstTalk, MergedCitizen, ToldApart
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
from portal.loop.notes.models import CitizenNote
from portal.loop.openings.models import (
    Opening,
    OpeningPublication,
    OpeningSharing,
    OpeningStatus,
    OpeningTask,
)
from portal.loop.openings.queries import opening_input
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.loop.placements.models import (
    ChangeKind,
    Expectation,
    Placement,
    PlacementChange,
    PlacementStatus,
    PlacementTrace,
)
from portal.loop.placements.settled import ConfirmedHow, Settlement, SettlementConfirmation
from portal.loop.reviews.models import Answer, AnsweredVia, Decision, DecisionReason, Review, ReviewCondition
from portal.loop.reviews.record import as_compared
from portal.shared.accounts.models import Municipality, Passkey, User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.neighbours.models import NeighbourAgreement
from portal.shared.outbox import services as outbox
from portal.shared.outbox.models import Mail, MailKind
from portal.shared.rules.law.case import Readiness
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.shared.rules.law.replies import Reply
from portal.shared.rules.models import Rule, RuleStanding
from portal.shared.rules.queries import in_force
from portal.shared.rules.services import RuleDetails, load_reference_rules, put_rule
from portal.shared.skills.models import JobTitle, Skill, SkillCategory, SkillSynonym, VocabularyVersion
from portal.web.permissions import Role
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.consents.models import ANONYMOUS, Consent, ConsentPurpose
from portal.workspaces.contacts.models import ContactKind, EmployerContact, EmployerProspect
from portal.workspaces.handover.models import CaseCover
from portal.workspaces.imports.cells import one_of
from portal.workspaces.posting.models import OpeningDraft
from portal.workspaces.posting.services import begin_draft
from portal.workspaces.saved_filters.models import SavedFilter
from portal.workspaces.tasks.models import DeskTask
from portal.workspaces.teams.services import choose_team
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
        efforts=[effort.value for effort in Effort],
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
        employer.trades = [
            EmployerTrade(
                industry=employer.industry, from_on=trade_since, recorded_at=danish_midnight(trade_since)
            )
        ]
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
        if opening.visible_to_neighbours:
            since = min(opening.created_at, opening.published_at or opening.created_at)
            opening.sharings = [OpeningSharing(from_at=since)]
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


def make_target_group(
    name: str = "Målgruppe 3", *, in_municipality: str = "Halsnæs", **values: Any
) -> TargetGroup:
    with transaction():
        group = TargetGroup(
            municipality_id=municipality(in_municipality).id,
            name=name,
            created_at=NOW - timedelta(days=200),
            **values,
        )
        db.session.add(group)
    return group


def make_cohort(name: str = "Barselscafé", *, in_municipality: str = "Halsnæs", **values: Any) -> Cohort:
    kinds = sa.select(CohortKind.id).where(CohortKind.sort == CohortSort.MATERNITY_CAFE)
    with transaction():
        cohort = Cohort(
            **{
                "municipality_id": municipality(in_municipality).id,
                "kind_id": db.session.scalars(kinds).one(),
                "name": name,
                "capacity": 12,
                "first_on": TODAY - timedelta(days=30),
                "last_on": TODAY + timedelta(days=60),
                "created_at": NOW - timedelta(days=40),
                **values,
            }
        )
        db.session.add(cohort)
    return cohort


def make_cohort_session(cohort: Cohort, *, on_day: date = TODAY, **values: Any) -> CohortSession:
    with transaction():
        session = CohortSession(
            **{"cohort_id": cohort.id, "on_day": on_day, "begins_at": time(9), "ends_at": time(11), **values}
        )
        db.session.add(session)
    return session


def make_enrolment(cohort: Cohort, citizen: Citizen, **values: Any) -> CohortEnrolment:
    with transaction():
        enrolment = CohortEnrolment(
            **{
                "cohort_id": cohort.id,
                "citizen_id": citizen.id,
                "number": 1,
                "state": EnrolmentState.PLACED,
                "reason": EnrolmentReason.NETWORK,
                "from_on": cohort.first_on,
                "recorded_at": NOW - timedelta(days=30),
                **values,
            }
        )
        db.session.add(enrolment)
    return enrolment


def make_cohort_leader(cohort: Cohort, leader: User, **values: Any) -> CohortLeader:
    with transaction():
        grant = CohortLeader(
            **{
                "cohort_id": cohort.id,
                "user_id": leader.id,
                "from_on": cohort.first_on,
                "until_on": cohort.last_on,
                "silence_on": cohort.first_on,
                "granted_at": NOW - timedelta(days=30),
                **values,
            }
        )
        db.session.add(grant)
    return grant


def make_group_leader(cohort_id: int) -> User:
    """Tine, who leads the group."""
    cohort = db.session.get_one(Cohort, cohort_id)
    with transaction():
        tine = _user("tine@maglehoej.example", "Tine Maglehøj", Role.GROUP_LEADER, cohort.municipality)
        db.session.add(tine)
    make_cohort_leader(cohort, tine)
    return tine


def make_membership(
    group: TargetGroup, citizen: Citizen | None = None, *, from_on: date = date(2026, 1, 1), **values: Any
) -> Membership:
    person = citizen or make_citizen()
    with transaction():
        member = Membership(
            **{
                "group_id": group.id,
                "citizen_id": person.id,
                "from_on": from_on,
                "source": MembershipSource.CONSULTANT,
                "recorded_at": NOW - timedelta(days=100),
                **values,
            }
        )
        db.session.add(member)
    return member


def make_spell(
    citizen: Citizen,
    kind: SpellKind = SpellKind.ORDINARY_WORK,
    *,
    from_on: date = date(2026, 1, 1),
    **values: Any,
) -> Spell:
    with transaction():
        spell = Spell(
            **{
                "citizen_id": citizen.id,
                "kind": kind,
                "from_on": from_on,
                "source": SpellSource.CONSULTANT,
                "recorded_at": NOW - timedelta(days=100),
                **values,
            }
        )
        db.session.add(spell)
    return spell


def make_spell_proposal(placement: Placement, **values: Any) -> SpellProposal:
    with transaction():
        proposal = SpellProposal(
            **{
                "placement_id": placement.id,
                "citizen_id": db.session.merge(placement).card.citizen_id,
                "kind": SpellKind.ORDINARY_WORK,
                "from_on": TODAY,
                "hours_per_week": 30.0,
                "proposed_at": NOW,
                **values,
            }
        )
        db.session.add(proposal)
    return proposal


def make_ladder(
    name: str = "Match",
    steps: dict[str, Readiness | None] | None = None,
    *,
    in_municipality: str = "Halsnæs",
) -> WorkLadder:
    """Steps by name, the one furthest from work first."""
    wanted = steps or {"Match 5": Readiness.OTHER, "Match 4": None, "Match 1": Readiness.JOB_READY}
    with transaction():
        ladder = WorkLadder(municipality_id=municipality(in_municipality).id, name=name, created_at=NOW)
        ladder.steps = [
            LadderStep(position=position, name=step, readiness=readiness)
            for position, (step, readiness) in enumerate(wanted.items(), start=1)
        ]
        db.session.add(ladder)
    return ladder


def make_package(name: str = "Vejen til køkkenet", *, in_municipality: str = "Halsnæs") -> JobPackage:
    """A course and a praktik in a kitchen, and after them hours with a wage."""
    vegetables, dishes = skill("skære og klargøre grøntsager"), skill("opvask")
    steps = (
        WrittenStep("Kend køkkenet", StepKind("course"), 3, "Møder til tiden.", ((dishes.id, 1),)),
        WrittenStep("De første opgaver", StepKind("praktik"), 6, "", ((dishes.id, 3), (vegetables.id, 2))),
        WrittenStep("Timer i kantinen", StepKind("regular_job"), 12),
    )
    details = PackageDetails(name, Industry("koekken"), "Timer i en kantine.", steps)
    with transaction():
        return create_package(municipality(in_municipality).id, details, by=None, at=NOW)


def make_journey(
    citizen: Citizen, package: JobPackage | None = None, *, from_on: date = date(2026, 10, 1)
) -> Journey:
    """All its steps wait."""
    wanted = package or make_package()
    with transaction():
        return begin_on_package(citizen, db.session.merge(wanted), from_on=from_on, by=None, at=NOW)


def make_step_offer(employer: Employer, package: JobPackage) -> StepOffer:
    """It takes the package's second step."""
    with transaction():
        step = db.session.merge(package).steps[1]
        return offer_step(db.session.merge(employer), step, OfferDetails(TODAY), by=None, at=NOW)


def make_placing(citizen: Citizen, step: LadderStep, *, from_on: date = date(2026, 1, 1)) -> StepPlacing:
    with transaction():
        placing = StepPlacing(citizen_id=citizen.id, step_id=step.id, from_on=from_on, recorded_at=NOW)
        db.session.add(placing)
    return placing


def make_job_talk(placement: Placement, *, months: int = 1, **values: Any) -> JobTalk:
    """To be held in ten days."""
    with transaction():
        card = db.session.get_one(CompetenceCard, placement.card_id)
        talk = JobTalk(
            **{
                "placement_id": placement.id,
                "citizen_id": card.citizen_id,
                "months": months,
                "due_on": TODAY + timedelta(days=10),
                "planned_at": NOW - timedelta(days=20),
                **values,
            }
        )
        db.session.add(talk)
    return talk


def make_young_tally(
    name: str = "Ungeenheden", *, in_municipality: str = "Halsnæs", **values: Any
) -> YoungTally:
    """Of this year."""
    with transaction():
        home = municipality(in_municipality)
        tally = YoungTally(
            **{
                "place": YoungPlace(municipality_id=home.id, kind=YoungPlaceKind.YOUTH_UNIT, name=name),
                "year": TODAY.year,
                "counted_on": TODAY - timedelta(days=30),
                "has_job": 12,
                "wants_job": 9,
                "wants_none": 6,
                "unknown": 3,
                "recorded_at": NOW - timedelta(days=29),
                "recorded_by_id": user("karin@kommune.example").id,
                **values,
            }
        )
        db.session.add(tally)
    return tally


def make_parents_yes(citizen: Citizen, **values: Any) -> ParentsYes:
    with transaction():
        given = ParentsYes(
            **{
                "citizen_id": citizen.id,
                "said_on": TODAY - timedelta(days=20),
                "via": ParentsYesVia.PAPER,
                "recorded_at": NOW - timedelta(days=20),
                "recorded_by_id": user("karin@kommune.example").id,
                **values,
            }
        )
        db.session.add(given)
    return given


def make_mentor(name: str = "Grethe Holm", *, in_municipality: str = "Halsnæs", **values: Any) -> Mentor:
    """From the corps, and told of the duty of silence."""
    with transaction():
        mentor = Mentor(
            **{
                "municipality_id": municipality(in_municipality).id,
                "name": name,
                "origin": MentorOrigin.CORPS,
                "hours_per_week": 4.0,
                "email": "grethe@korps.example",
                "pledged_on": TODAY - timedelta(days=30),
                "created_at": NOW - timedelta(days=40),
                **values,
            }
        )
        db.session.add(mentor)
    return mentor


def make_mentor_agreement(
    citizen: Citizen, mentor: Mentor | None = None, *, is_agreed: bool = False, **values: Any
) -> MentorAgreement:
    """It waits for the mentor's answer, or began ten days ago."""
    home = db.session.get_one(Municipality, citizen.municipality_id).name
    chosen = mentor or make_mentor(in_municipality=home)
    answered = {"agreed_at": NOW - timedelta(days=12), "answered_via": MentorYesVia.PHONE}
    with transaction():
        agreement = MentorAgreement(
            **{
                "mentor_id": chosen.id,
                "citizen_id": citizen.id,
                "agreed": "At finde rundt på arbejdspladsen",
                "hours_per_week": 2.0,
                "from_on": TODAY - timedelta(days=10),
                "until_on": TODAY + timedelta(days=60),
                "citizen_agreed_on": TODAY - timedelta(days=15),
                "proposed_at": NOW - timedelta(days=14),
                "proposed_by_id": user("karin@kommune.example").id,
                **(answered if is_agreed else {}),
                **values,
            }
        )
        db.session.add(agreement)
    return agreement


def make_task(owner: User, title: str = "Ring om arbejdstøj", **values: Any) -> DeskTask:
    """One for the owner, due today, about nobody."""
    with transaction():
        task = DeskTask(
            **{
                "municipality_id": owner.municipality_id,
                "title": title,
                "due_on": TODAY,
                "owner_id": owner.id,
                "made_at": NOW,
                "made_by_id": owner.id,
                **values,
            }
        )
        db.session.add(task)
    return task


def make_passkey(owner: User, name: str = "Min computer") -> Passkey:
    """One of hers, on her own page. She is not asked for it when she signs in: that begins with `add_passkey`."""
    with transaction():
        found = Passkey(
            user_id=owner.id,
            name=name,
            credential_id=f"key-{owner.id:04}",
            public_key="",
            sign_count=0,
            made_at=NOW,
        )
        db.session.add(found)
    return found


def make_colleague_at(home: str) -> User:
    """One more consultant there."""
    return make_user(
        "Asta", Role.CONSULTANT, email=f"asta{next(_numbers)}@kommune.example", in_municipality=home
    )


def make_cover(away: User, stand_in: User, **values: Any) -> CaseCover:
    """From today on, for a week."""
    with transaction():
        cover = CaseCover(
            **{
                "municipality_id": away.municipality_id,
                "away_id": away.id,
                "stand_in_id": stand_in.id,
                "from_on": TODAY,
                "until_on": TODAY + timedelta(days=7),
                "made_at": NOW,
                "made_by_id": away.id,
                **values,
            }
        )
        db.session.add(cover)
    return cover


def make_team(user: User, *members: User) -> None:
    with transaction():
        choose_team(user, members)


def make_saved_filter(user: User, name: str = "Alles over tiden", **values: Any) -> SavedFilter:
    """Of the list of tasks."""
    with transaction():
        saved = SavedFilter(
            **{
                "user_id": user.id,
                "address": "/tasks/",
                "name": name,
                "query": "whose=all&state=late&sort=due&dir=asc",
                "made_at": NOW,
                **values,
            }
        )
        db.session.add(saved)
    return saved


def make_merged(citizen: Citizen) -> MergedCitizen:
    """She stood here twice: under another number, which nobody has any more."""
    with transaction():
        merged = MergedCitizen(
            citizen_id=citizen.id,
            old_id=900_000 + citizen.id,
            old_created_at=NOW - timedelta(days=300),
            reason="Samme person",
            merged_at=NOW,
            merged_by_id=user("karin@kommune.example").id,
        )
        db.session.add(merged)
    return merged


def make_told_apart(one: Citizen, other: Citizen) -> ToldApart:
    first, second = sorted((one.id, other.id))
    with transaction():
        told = ToldApart(citizen_id=first, other_id=second, told_at=NOW)
        db.session.add(told)
    return told


def make_note(citizen: Citizen, *, by: User, **values: Any) -> CitizenNote:
    """Written three days ago: its author may correct it no more."""
    with transaction():
        note = CitizenNote(
            **{
                "citizen_id": citizen.id,
                "said_on": TODAY - timedelta(days=3),
                "text": "Vi talte om de første dage",
                "written_at": NOW - timedelta(days=3),
                "written_by_id": by.id,
                **values,
            }
        )
        db.session.add(note)
    return note


def make_first_talk(citizen: Citizen, held_on: date, *, recorded_at: datetime = NOW) -> FirstTalk:
    """Karin wrote down when somebody first talked with her."""
    with transaction():
        noon = danish_midnight(held_on) + timedelta(hours=12)
        karin = user("karin@kommune.example")
        talk = FirstTalk(
            citizen_id=citizen.id, held_at=noon, recorded_at=recorded_at, recorded_by_id=karin.id
        )
        db.session.add(talk)
    return talk


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
        if "counts_from_at" not in values:
            card.counts_from_at = card.created_at
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
        db.session.flush()
        _leave_trace(placement)
    return placement


def make_change(placement: Placement, **values: Any) -> PlacementChange:
    """A pause that is to come."""
    pause = [(placement.starts_on + timedelta(days=since)).isoformat() for since in (7, 9)]
    with transaction():
        change = PlacementChange(
            **{
                "placement_id": placement.id,
                "kind": ChangeKind.PAUSED,
                "from_on": placement.starts_on + timedelta(days=7),
                "before": {"pauses": []},
                "after": {"pauses": [pause]},
                "made_at": NOW,
                "made_by_id": user("karin@kommune.example").id,
                **values,
            }
        )
        db.session.add(change)
        db.session.get_one(Placement, placement.id).pauses = [pause]
    return change


def _leave_trace(placement: Placement) -> None:
    if placement.started_at is None:
        return
    ended_at = None
    if placement.ended_on is not None:
        ended_at = min(NOW, max(placement.started_at, danish_midnight(placement.ended_on)))
    db.session.add(
        PlacementTrace(
            placement_id=placement.id,
            employer_id=placement.employer_id,
            municipality_id=placement.municipality_id,
            form=placement.form,
            industry=placement.opening.industry,
            starts_on=placement.starts_on,
            recorded_at=placement.started_at,
            ended_on=placement.ended_on,
            outcome=placement.outcome,
            end_recorded_at=ended_at,
        )
    )


EXPECTED = {"purpose": "Job", "time_frame": "13 uger", "development": "Mere"}


def state_expectations(placement: Placement, *, but: Party | None = None, **words: str) -> None:
    """All three have said what they expect, written down by Karin."""
    karin = user("karin@kommune.example")
    with transaction():
        placed = db.session.get_one(Placement, placement.id)
        placed.expectations += [
            Expectation(party=party, stated_at=NOW, recorded_by_id=karin.id, **{**EXPECTED, **words})
            for party in Party
            if party is not but
        ]


def make_settlement(placement: Placement, **values: Any) -> Settlement:
    """All three have said what they expect, and yes to the same words."""
    karin = user("karin@kommune.example").id
    if not db.session.get_one(Placement, placement.id).expectations:
        state_expectations(placement)
    with transaction():
        settlement = Settlement(
            **{
                "placement_id": placement.id,
                "written_at": NOW,
                "written_by_id": karin,
                "confirmations": [
                    SettlementConfirmation(
                        party=party,
                        how=ConfirmedHow.MEETING,
                        said_on=TODAY,
                        recorded_at=NOW,
                        recorded_by_id=karin,
                    )
                    for party in Party
                ],
                **values,
            }
        )
        db.session.add(settlement)
        db.session.flush()
        db.session.refresh(settlement.placement, ["settlement"])
    return settlement


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
        signed_on = values.get("signed_on", TODAY - timedelta(days=200))
        agreement = Partnership(
            **{
                "employer_id": employer.id,
                "municipality_id": employer.municipality_id,
                "signed_on": signed_on,
                "created_at": min(NOW, danish_midnight(signed_on)),
                **values,
            }
        )
        if agreement.ends_on is not None and agreement.end_recorded_at is None:
            written = max(agreement.created_at, danish_midnight(agreement.ends_on))
            agreement.end_recorded_at = min(NOW, written)
        if consultant is not None:
            agreement.namings = [
                PartnershipConsultant(
                    user_id=user(consultant).id,
                    from_on=agreement.signed_on,
                    recorded_at=agreement.created_at,
                )
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
                "period": PeriodKind.DAY,
                "first_on": date(TODAY.year, 1, 1),
                "last_on": date(TODAY.year, 12, 31),
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


def make_token(
    *scopes: TokenScope, in_municipality: str = "Halsnæs", by: User | None = None, **values: Any
) -> tuple[ApiToken, str]:
    """A token of the municipality's for another system, and its secret; without scopes it opens everything."""
    values = {"system": "Fagsystemet", "purpose": "Dagligt overblik", "last_on": date(2027, 11, 18)} | values
    made_at = values.pop("made_at", NOW)
    maker = by or make_user("Alma", Role.ADMIN, in_municipality=in_municipality)
    with transaction():
        details = TokenDetails(scopes=scopes or tuple(TokenScope), **values)
        return tokens.make_token(details, by=db.session.merge(maker), at=made_at)


def make_outside_figure(in_municipality: str = "Halsnæs", **values: Any) -> OutsideFigure:
    """The municipality's own share on public support last year, as a statistic told it."""
    with transaction():
        about = {"measure": None if "topic" in values else Measure.PUBLIC_SUPPORT}
        figure = OutsideFigure(
            **{
                "municipality_id": municipality(in_municipality).id,
                "place": "",
                "first_on": date(TODAY.year - 1, 1, 1),
                "last_on": date(TODAY.year - 1, 12, 31),
                "value": Decimal("29"),
                "unit": GoalUnit.PERCENT,
                "source": "Danmarks Statistik",
                "recorded_at": NOW,
                **about,
                **values,
            }
        )
        db.session.add(figure)
    return figure


def make_invitation(employer: Employer, **values: Any) -> EmployerInvitation:
    """A colleague asked to sign in for the employer."""
    with transaction():
        invitation = EmployerInvitation(
            **{
                "employer_id": employer.id,
                "name": "Carla",
                "email": f"carla{next(_numbers)}@firma.example",
                "invited_by_id": values.pop("invited_by_id", None) or owner_of(employer).id,
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


def make_prospect(
    name: str = "Vaskeriet", *, in_municipality: str = "Halsnæs", **values: Any
) -> EmployerProspect:
    with transaction():
        prospect = EmployerProspect(
            **{
                "municipality_id": municipality(in_municipality).id,
                "name": name,
                "contact_name": "Vera",
                "created_at": NOW - timedelta(days=3),
                "created_by_id": user("karin@kommune.example").id,
                **values,
            }
        )
        db.session.add(prospect)
    return prospect


def make_employer_contact(company: Employer | EmployerProspect, **values: Any) -> EmployerContact:
    """Karin phoned yesterday, and is to phone again next week."""
    with transaction():
        contact = EmployerContact(
            **{
                "employer_id" if isinstance(company, Employer) else "prospect_id": company.id,
                "municipality_id": company.municipality_id,
                "kind": ContactKind.CALL,
                "happened_on": TODAY - timedelta(days=1),
                "words": "Mangler to i køkkenet",
                "next_step": "Ring igen",
                "next_on": TODAY + timedelta(days=6),
                "written_at": NOW - timedelta(days=1),
                "written_by_id": user("karin@kommune.example").id,
                **values,
            }
        )
        db.session.add(contact)
    return contact
