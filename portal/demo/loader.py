"""Loads the demo municipality: three years of the loop, told through the rooms' own services with past moments.

Everything is relative to `at`, and the same for the same day. What services cannot date (who is a demo user, a
neighbour, read lines) is put in directly.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.base.clock import DANISH_TIME
from portal.base.database import db, transaction
from portal.base.terms import Industry, Measure, Party, PlacementForm, Shift, SkillSource, TaskKind
from portal.config import DEFAULTS
from portal.demo.accounts import DEMO_PASSWORD
from portal.demo.agreements import AGREEMENTS, Agreement
from portal.demo.details import (
    CITIZENS_COMMENT,
    MOTHER_TONGUES,
    TOLD_BY_BORGER,
    TOLD_BY_BORGER2,
    WORKPLACE_NOTES,
    extras_of,
)
from portal.demo.firms import FIRMS, Firm, cvr_numbers
from portal.demo.people import BORGER, BORGER2, BORGER2_NAME, BORGER_NAME, NAMES, PROFILES, Profile
from portal.demo.posts import CHOSEN, LONG_REASON, POSTS, UNPAID_REASON, Course, Plan, Post
from portal.demo.talk import (
    EXPECTATIONS,
    FIRST_ANSWER,
    FOLLOW_UP_NOTES,
    GOAL_SENTENCES,
    WEIGHTS_TAKEN_BACK,
    WEIGHTS_TRIED,
)
from portal.ledger.goals import services as goals
from portal.loop.assessments import services as assessments
from portal.loop.assessments.models import AssessmentKind
from portal.loop.cards import intake
from portal.loop.cards import services as cards
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens import services as citizens
from portal.loop.citizens.models import Citizen
from portal.loop.employers import services as employers
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.matches.rematch import rematch
from portal.loop.matches.weights import set_weights
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening
from portal.loop.partnerships import services as partnerships
from portal.loop.partnerships.models import Partnership
from portal.loop.placements import services as placements
from portal.loop.placements.findings import Terms, findings_of_plan
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.reviews import services as reviews
from portal.loop.reviews.findings import findings_of_match, paid_alternatives
from portal.loop.reviews.models import Answer, AnsweredVia, Review
from portal.matching import STANDARD, Weights
from portal.shared.accounts.models import Municipality, Neighbour, User
from portal.shared.accounts.secrets import Passwords
from portal.shared.audit.models import AuditEntry
from portal.shared.audit.services import LinkHolder
from portal.shared.outbox.models import Mail, MailState
from portal.shared.rules.findings import stops
from portal.shared.rules.law import igu
from portal.shared.rules.queries import rule_book
from portal.shared.rules.services import load_reference_rules
from portal.shared.skills import services as skills
from portal.shared.skills.models import Skill
from portal.shared.skills.services import Understood
from portal.web.permissions import Role
from portal.workspaces.answers import services as answers
from portal.workspaces.answers.reminders import remind
from portal.workspaces.consents import services as consents
from portal.workspaces.consents.models import ANONYMOUS
from portal.workspaces.imports import services as imports
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.posting import services as posting
from portal.workspaces.posting.models import Step

HISTORY_DAYS = 3 * 365 + 30
UNANSWERED_DAYS = 15
"""Posts younger than this the consultants have not answered yet, unless by a proposal."""
VOCABULARY = tuple(Path(skills.__file__).parent / "data" / name for name in ("skills.csv", "titles.csv"))
SEED = 2_101
SHEET_OPENED_DAYS_AGO = 4
HOME, NEXT_DOOR = "Halsnæs", "Fredensborg"

Progress = Callable[[str], object]


def load_demo(at: datetime, progress: Progress | None = None) -> None:
    """Fill an empty, migrated database, in transactions of its own. `progress` is told each step in Danish."""
    tell = progress or (lambda _step: None)
    with transaction():
        story = Story(at)
        tell("Kommuner, brugere, regler og ordliste")
        story.found_municipalities()
        tell("Virksomheder, borgere og kort")
        story.plan_people()
        tell("Åbninger, forslag, svar og forløb")
        story.plan_work()
        story.tell()
        tell("Mål og aftaler")
        story.set_goals()
        story.ask_for_consents()
        story.leave_read_lines()
        story.deliver_mails()
    remind(at)
    tell("Alle forslag regnet igen")
    for municipality_id in [place.id for place in story.places.values()]:
        rematch(municipality_id, now=lambda: at)


@dataclass
class Person:
    """A citizen of the demo, as planned; `card` once she is in the portal."""

    name: tuple[str, str]
    profile: Profile
    home: str
    known_for: int
    key: str | None = None
    card: CompetenceCard | None = None
    busy_until: date = date.min


@dataclass(order=True)
class _Step:
    order: int
    number: int
    act: Callable[[datetime], object] = field(compare=False)


class Story:
    """The plan of three years as steps, each on its day, carried out in the order of time."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.today = at.astimezone(DANISH_TIME).date()
        self.draw = random.Random(SEED)  # noqa: S311 - varied, not secret
        self.steps: list[_Step] = []
        self.planned = 0
        self.places: dict[str, Municipality] = {}
        self.users: dict[str, User] = {}
        self.firms: dict[str, Employer] = {}
        self.owners: dict[str, User] = {}
        self.people: list[Person] = []
        self.agreements: dict[str, Partnership] = {}
        self.started = self._moment(HISTORY_DAYS)
        passwords = Passwords(memory_kib=DEFAULTS["ARGON2_MEMORY_KIB"], rounds=DEFAULTS["ARGON2_ROUNDS"])
        self.password_hash = passwords.hash(DEMO_PASSWORD)

    # --- Time ---------------------------------------------------------------------------------------------------

    def _moment(self, days_ago: float, hour: int = 10, minute: int = 0) -> datetime:
        day = self.today - timedelta(days=int(days_ago))
        return min(self.at, datetime.combine(day, time(hour, minute), DANISH_TIME))

    def _plan(self, days_ago: int, act: Callable[[datetime], object]) -> None:
        """Do this so many days ago; what would lie in the future is left undone."""
        if days_ago >= 0:
            self.planned += 1
            heapq.heappush(self.steps, _Step(-days_ago, self.planned, act))

    def tell(self) -> None:
        for days_ago in range(HISTORY_DAYS, -1, -15):
            self._plan(days_ago, self._expire)
        last = self.started
        while self.steps:
            step = heapq.heappop(self.steps)
            last = max(last, self._moment(-step.order, 8 + step.number % 8, step.number * 7 % 60))
            step.act(last)
        db.session.flush()

    def deliver_mails(self) -> None:
        """What was written in the past has long arrived: no worker may send it today."""
        written = sa.update(Mail).where(Mail.state == MailState.WAITING)
        db.session.execute(written.values(state=MailState.SENT, sent_at=Mail.created_at, attempts=1))

    def _expire(self, at: datetime) -> None:
        openings.expire_openings(_day(at), at)

    # --- Ground -------------------------------------------------------------------------------------------------

    def found_municipalities(self) -> None:
        since = _day(self.started)
        for name, phone, email in (
            (HOME, "47 78 40 00", "virksomhed@halsnaes.example"),
            (NEXT_DOOR, "72 56 50 00", "virksomhed@fredensborg.example"),
        ):
            self.places[name] = Municipality(
                name=name, unit_term="Virksomhedsindgangen", phone=phone, email=email, records_since_on=since
            )
        db.session.add_all(self.places.values())
        db.session.flush()
        home, next_door = self.places[HOME], self.places[NEXT_DOOR]
        for here, there in ((home, next_door), (next_door, home)):
            db.session.add(Neighbour(municipality_id=here.id, neighbour_id=there.id))
        self._found_users()
        load_reference_rules(self.started)
        for file in VOCABULARY:
            content = file.read_bytes()
            report = imports.examine(
                ImportKind.VOCABULARY, content, municipality_id=None, today=_day(self.started)
            )
            imports.carry_out(report, municipality_id=None, only_good_rows=False, by=None, at=self.started)
        self.skills = {skill.name: skill.id for skill in db.session.scalars(sa.select(Skill))}

    def _found_users(self) -> None:
        for key, email, name, role, home in (
            ("admin", "admin@demo.dk", "Aksel Winther", Role.ADMIN, HOME),
            ("leder", "leder@demo.dk", "Mette Bruun", Role.LEADER, HOME),
            ("konsulent", "konsulent@demo.dk", "Karin Holm", Role.CONSULTANT, HOME),
            ("kollega", None, "Jonas Friis", Role.CONSULTANT, HOME),
            ("konsulent2", "konsulent2@demo.dk", "Lene Dam", Role.CONSULTANT, NEXT_DOOR),
        ):
            self.users[key] = self._user(name, role, email, home, at=self.started)

    def _user(self, name: str, role: Role, email: str | None, home: str | None, *, at: datetime) -> User:
        user = User(
            email=email,
            name=name,
            role=role,
            municipality_id=self.places[home].id if home else None,
            password_hash=self.password_hash if email and email.endswith("@demo.dk") else None,
            is_demo=True,
            created_at=at,
        )
        db.session.add(user)
        db.session.flush()
        return user

    def _consultant(self, municipality_id: int) -> User:
        """Karin sees to most of Halsnæs; Jonas now and then."""
        if municipality_id == self.places[NEXT_DOOR].id:
            return self.users["konsulent2"]
        return self.users["kollega" if self.draw.random() < 0.25 else "konsulent"]

    # --- Firms and people ---------------------------------------------------------------------------------------

    def plan_people(self) -> None:
        for firm, cvr in zip(FIRMS, cvr_numbers(len(FIRMS)), strict=True):
            self._plan(firm.known_for, partial(self._let_in, firm, cvr))
        self._plan_registrations()
        self.people = self._invent_people()
        for number, person in enumerate(self.people):
            self._plan(person.known_for, partial(self._take_in, number, person))
        self._plan(95, self._rest_some)

    def _let_in(self, firm: Firm, cvr: str, at: datetime) -> None:
        home = self.places[firm.municipality]
        consultant = self._consultant(home.id)
        email = firm.email or f"{firm.key}@firma.example"
        first = firm.sites[0]
        registration = employers.register_employer(
            employers.RegistrationDetails(
                employers.FirmDetails(
                    cvr,
                    firm.name,
                    firm.industry,
                    home.id,
                    firm.sector,
                    self.firms[firm.referred_by].id if firm.referred_by else None,
                ),
                employers.WorkplaceDetails(
                    self._p_number(firm, 0),
                    firm.name,
                    first.address,
                    first.postcode,
                    first.full_time_staff,
                    representative_name=firm.steward or "",
                    representative_email=f"tillid.{firm.key}@firma.example" if firm.steward else "",
                ),
                employers.ContactDetails(
                    firm.contact, email, f"47 {70 + len(self.firms)} 12 3{len(self.firms) % 10}"
                ),
            ),
            password_hash=self.password_hash,
            at=at - timedelta(hours=20),
        )
        employer = employers.approve_registration(registration, by=consultant, at=at)
        employer.workplaces[0].name = first.name
        for number, site in enumerate(firm.sites[1:], start=1):
            details = employers.WorkplaceDetails(
                self._p_number(firm, number), site.name, site.address, site.postcode, site.full_time_staff
            )
            employers.add_workplace(employer, details, stated_on=_day(at), by=consultant, at=at)
        owner = registration.user
        assert owner is not None
        owner.is_demo, owner.password_hash = True, self.password_hash if firm.email else None
        if firm.wants_publicity:
            employers.edit_firm(employer, sector=firm.sector, wants_publicity=True, by=owner, at=at)
        self.firms[firm.key], self.owners[firm.key] = employer, owner
        self._plan_staff(firm, employer)
        if firm.key == "humle":
            self._plan(150, lambda at: employers.set_passive(employer, by=self.users["konsulent2"], at=at))

    def _p_number(self, firm: Firm, site: int) -> str:
        return f"{1_990_000_100 + FIRMS.index(firm) * 10 + site}"

    def _plan_staff(self, firm: Firm, employer: Employer) -> None:
        """Most firms state their staff again; some are due for it."""
        if firm.known_for > 200 and firm.key not in ("trappe", "klit", "humle"):
            self._plan(self.draw.randint(15, 100), partial(self._state_staff, employer))

    def _state_staff(self, employer: Employer, at: datetime) -> None:
        by = self._consultant(employer.municipality_id)
        for site in employer.workplaces:
            employers.state_staff(
                site, site.full_time_staff, said_by=employer.contacts[0].name, on=_day(at), by=by, at=at
            )

    def _plan_registrations(self) -> None:
        """Two firms wait for an answer, one was refused."""
        waiting = cvr_numbers(3, first_body=9_900_400)
        for number, (name, industry, contact, days_ago) in enumerate(
            (
                ("Fiskernes Frokost ApS", FIRMS[0].industry, "Gitte Ravn", 2),
                ("Rent og Pænt v/ Storm", FIRMS[1].industry, "Kaj Storm", 1),
                ("Vikarbureauet Hurtig ApS", FIRMS[2].industry, "Ib Falk", 60),
            )
        ):
            details = employers.RegistrationDetails(
                employers.FirmDetails(waiting[number], name, industry, self.places[HOME].id),
                employers.WorkplaceDetails(
                    f"{1_990_000_900 + number}",
                    name,
                    f"Værftsvej {number + 3}",
                    "3300",
                    FIRMS[0].sites[1].full_time_staff,
                ),
                employers.ContactDetails(contact, f"kontakt{number}@firma.example", f"47 90 11 2{number}"),
            )
            self._plan(days_ago, partial(self._register, details))

    def _register(self, details: employers.RegistrationDetails, at: datetime) -> None:
        registration = employers.register_employer(details, password_hash=self.password_hash, at=at)
        assert registration.user is not None
        registration.user.is_demo, registration.user.password_hash = True, None
        if _day(at) < self.today - timedelta(days=30):
            employers.refuse_registration(
                registration,
                reason="Firmaet formidler vikarer og har ikke selv et arbejdssted i kommunen.",
                by=self.users["konsulent"],
                at=at + timedelta(days=1),
            )

    def _invent_people(self) -> list[Person]:
        people = [
            Person(BORGER_NAME, BORGER, HOME, 420, key="borger"),
            Person(BORGER2_NAME, BORGER2, HOME, 20, key="borger2"),
            Person(NAMES[2], PROFILES[0], HOME, 610, key="story"),
        ]
        rest = [name for name in NAMES if name != NAMES[2]]
        spread = HISTORY_DAYS - 40
        for number, name in enumerate(rest):
            home = NEXT_DOOR if number % 5 == 4 else HOME
            # most came early, so that three years of openings find somebody
            known_for = int(spread * (1 - number / len(rest)) ** 1.1) + 12
            people.append(Person(name, PROFILES[number % len(PROFILES)], home, known_for))
        return people

    def _take_in(self, number: int, person: Person, at: datetime) -> None:
        home = self.places[person.home]
        consultant = self._consultant(home.id)
        year = at.astimezone(DANISH_TIME).year % 100
        citizen = citizens.create_citizen(
            municipality_id=home.id,
            case_reference=f"{year:02}/{10_400 + number * 17}",
            first_name=person.name[0],
            last_name=person.name[1],
            born_on=date(1965 + number * 7 % 38, 1 + number % 12, 1 + number * 5 % 28),
            phone=f"2{number % 9} {10 + number % 80} {20 + number % 70} 1{number % 10}"
            if number % 4
            else None,
            consultant=consultant if number % 11 else None,
            by=consultant,
            at=at,
        )
        if person.key in ("borger", "borger2"):
            email = f"{person.key}@demo.dk"
            citizen.user = self._user(citizen.name, Role.CITIZEN, email, person.home, at=at)
        if number % 4 != 3:  # some have not been asked
            citizen.language = MOTHER_TONGUES.get(person.name)
        if number % 19 == 7 and person.known_for < 200:
            return  # newly arrived: no card yet
        self._fill_card(person, citizen, consultant, at)
        extras = extras_of(person.name, number)
        if extras and person.card is not None:
            wanted = cards.changed(
                person.card,
                {
                    "week": extras.week,
                    "transport": extras.transport,
                    "danish_course": extras.course,
                    "danish_module": extras.module,
                    "danish_exam": extras.exam,
                    "languages": extras.languages,
                },
            )
            cards.edit_card(person.card, wanted, by=consultant, at=at + timedelta(minutes=1))
        if person.key == "borger":
            self._plan(33, partial(self._tell_tasks, person, Industry.KOEKKEN, TOLD_BY_BORGER, True))
        if person.key == "borger2":
            self._plan(12, partial(self._tell_tasks, person, Industry.RENGOERING, TOLD_BY_BORGER2, False))

    def _tell_tasks(
        self, person: Person, trade: Industry, told: dict[str, intake.Done], on_card: bool, at: datetime
    ) -> None:
        """What she answered about everyday tasks, and whether she put it on the card."""
        assert person.card is not None
        by = person.card.citizen.user
        intake.save_answers(person.card, told, by=by, at=at)
        if on_card:
            intake.put_on_card(person.card, trade, by=by, at=at, today=_day(at))

    def _fill_card(self, person: Person, citizen: Citizen, consultant: User, at: datetime) -> None:
        card = cards.create_card(citizen, by=consultant, at=at)
        for line in self._evidence(person, _day(at)):
            card.evidence.append(line)
        person.card = card
        known = person.key in ("borger", "story")  # whom the story needs is known well enough to be matched
        low, high = self.draw.choice(((15.0, 25.0), (20.0, 30.0), (25.0, 37.0), (10.0, 37.0), (None, 30.0)))
        details = cards.CardDetails(
            wishes=[wish.value for wish in person.profile.wishes],
            danish_speaking=2 if known else self.draw.choice((1, 1, 2, 2, 2, 3, 3, None)),
            danish_reading=1 if known else self.draw.choice((0, 1, 1, 2, 2, None)),
            hours_min=10.0 if known else low,
            hours_max=37.0 if known else high,
            postcode=self._postcode(person),
            range_km=30 if known else self.draw.choice((12, 15, 20, 25, 30, None)),
            shifts_yes=[shift.value for shift in Shift if not known and self.draw.random() < 0.3],
            goal=self.draw.choice(person.profile.goals),
            next_step=person.profile.next_step,
        )
        cards.edit_card(card, details, by=consultant, at=at)
        for text in person.profile.certificates:
            until = _day(at) + timedelta(days=4 * 365) if text == "førstehjælp" else None
            cards.add_certificate(card, text=text, valid_until=until, by=consultant, at=at)

    def _postcode(self, person: Person) -> str:
        if person.home == NEXT_DOOR:
            return self.draw.choice(("3480", "2990", "3050", "3490"))
        return (
            "3300"
            if person.key
            else self.draw.choice(("3300", "3300", "3300", "3390", "3370", "3310", "3360"))
        )

    def _evidence(self, person: Person, day: date) -> list[SkillEvidence]:
        """What she says herself; some of it a consultant has seen as well."""
        lines = []
        for name, level in person.profile.skills:
            steady = person.key in ("borger", "story")
            said = level if steady else max(1, min(4, level + self.draw.choice((-1, 0, 0, 0, 1))))
            if steady or self.draw.random() < 0.9:
                lines.append(_line(name, said, SkillSource.OWN, day, self.skills[name]))
            if (steady and level >= 3) or self.draw.random() < 0.25:
                lines.append(_line(name, level, SkillSource.CONSULTANT, day, self.skills[name]))
        for text, level in person.profile.words:
            meaning = self._meaning(text)
            line = _line(text, level, SkillSource.OWN, day, meaning.skill_id, meaning.confidence)
            line.guesses = list(meaning.guesses)
            lines.append(line)
        return lines

    def _meaning(self, text: str) -> Understood:
        if not hasattr(self, "_meanings"):
            profiles = (*PROFILES, BORGER, BORGER2)
            texts = [text for profile in profiles for text, _level in profile.words]
            self._meanings = dict(zip(texts, skills.understand_all(texts), strict=True))
        return self._meanings[text]

    def _rest_some(self, at: datetime) -> None:
        """Three are passive: one is on leave, one has moved, one has found work by herself."""
        free = [
            one
            for one in self.people
            if one.card is not None and one.key is None and one.busy_until < _day(at)
        ]
        for person in free[5:14:3]:
            assert person.card is not None
            citizens.set_passive(person.card.citizen, by=self.users["konsulent"], at=at)
            person.busy_until = date.max

    # --- Openings and what comes of them ------------------------------------------------------------------------

    def plan_work(self) -> None:
        for number, post in enumerate(POSTS):
            days_ago = 4 + number % 5 if post.published is None else post.published
            self._plan(days_ago, partial(self._register_opening, post))
        for agreement in AGREEMENTS:
            self._plan(agreement.signed, partial(self._sign, agreement))
        self._plan(1, self._begin_to_write)
        self._plan(214, partial(self._set_weights, Weights(nice=1.5), WEIGHTS_TRIED))
        self._plan(186, partial(self._set_weights, STANDARD, WEIGHTS_TAKEN_BACK))

    def _begin_to_write(self, at: datetime) -> None:
        """Bo has begun to write a place on his phone."""
        draft = posting.begin_draft(by=self.owners["fjord"], at=at)
        site = self.firms["fjord"].workplaces[0]
        job = {"template": "opvasker", "title": "Opvasker", "industry": "", "workplace_id": site.id}
        posting.save_step(draft, Step.JOB, job, at=at)
        posting.save_step(draft, Step.FORM, {"placement_form": PlacementForm.PRAKTIK.value}, at=at)

    def _set_weights(self, weights: Weights, note: str, at: datetime) -> None:
        set_weights(self.places[HOME].id, weights, note=note, by=self.users["leder"], at=at)

    def _register_opening(self, post: Post, at: datetime) -> None:
        employer, owner = self.firms[post.firm], self.owners[post.firm]
        starts_on = _day(at) + timedelta(days=post.starts)
        speaking, reading, use = post.danish
        details = openings.OpeningDetails(
            title=post.title,
            form=_lawful_form(post.form, starts_on),
            hours_per_week=post.hours,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(weeks=post.weeks, days=-1) if post.weeks else None,
            places=post.places,
            industry=post.industry,
            description=post.description,
            danish_speaking=speaking,
            danish_reading=reading,
            danish_use=use,
            shifts=[shift.value for shift in post.shifts],
            weekdays=[day.value for day in post.weekdays],
            working_times=post.working_times,
            condition_ids=[self.skills[name] for name in post.conditions],
            visible_to_neighbours=post.neighbours,
        )
        opening = openings.create_opening(
            employer.workplaces[post.site],
            details,
            self._tasks(post),
            by=owner,
            at=at - timedelta(minutes=20),
        )
        if post.published is None:
            return
        openings.publish_opening(opening, by=owner, at=at, today=_day(at))
        if post.published > UNANSWERED_DAYS:
            days = 0 if self.planned % 4 else 3  # most are answered in time
            self._plan(post.published - days, lambda at: self._answer_firm(opening, at))
        if post.withdrawn_after is not None:
            self._plan(
                post.published - post.withdrawn_after,
                lambda at: openings.withdraw_opening(opening, by=owner, at=at),
            )
        if post.paused_after is not None:
            self._plan(
                post.published - post.paused_after,
                lambda at: openings.pause_opening(opening, by=owner, at=at, today=_day(at)),
            )
        for course in post.courses:
            self._plan(
                post.published - course.after,
                partial(self._decide, post, course, opening),
            )

    def _answer_firm(self, opening: Opening, at: datetime) -> None:
        next_door = opening.municipality_id == self.places[NEXT_DOOR].id
        consultant = self.users["konsulent2" if next_door else "konsulent"]
        answers.write_to_firm(opening, FIRST_ANSWER, by=consultant, at=at)

    def _tasks(self, post: Post) -> list[openings.TaskDraft]:
        kinds = ((TaskKind.MUST, post.must), (TaskKind.NICE, post.nice), (TaskKind.LEARN, post.learn))
        return [self._task(name, kind) for kind, names in kinds for name in names]

    def _task(self, name: str, kind: TaskKind) -> openings.TaskDraft:
        chosen = CHOSEN.get(name)
        level, skill_id = 1 if kind is TaskKind.LEARN else 2, self.skills.get(chosen or name)
        return openings.TaskDraft(name, kind, level, skill_id, chosen=chosen is not None)

    def _decide(self, post: Post, course: Course, opening: Opening, at: datetime) -> None:
        chosen = self._choose(course, opening, _day(at))
        if chosen is None:
            return
        person, match = chosen
        consultant = self._consultant(match.municipality_id)
        if course.refused:
            reviews.refuse_match(match, reason=course.reason, words=course.words, by=consultant, at=at)
            return
        review = reviews.approve_match(
            match,
            reason=course.reason,
            words=course.words,
            unpaid_reason=UNPAID_REASON if paid_alternatives(match, on=_day(at)) else "",
            by=consultant,
            at=at,
        )
        self._reserve(person, post, course)
        if course.citizen is not Answer.PENDING:
            days_ago = self._days_ago(at) - course.citizen_after
            self._plan(days_ago, lambda at: self._hear_citizen(person, post, course, review, at))

    def _choose(self, course: Course, opening: Opening, day: date) -> tuple[Person, Match] | None:
        """Whom the story names; else the best suggestion whose person is free."""
        by_card = {one.card.id: one for one in self.people if one.card is not None}
        suggested = db.session.scalars(
            sa.select(Match)
            .where(Match.opening_id == opening.id, Match.status == MatchStatus.OPEN)
            .order_by(Match.sure.desc(), Match.possible.desc(), Match.id)
        ).all()
        if course.refused:
            suggested = suggested[::-1]
        for match in suggested:
            person = by_card[match.card_id]
            if person.key == course.who and person.busy_until < day and _is_lawful(course, match, day):
                return person, match
        return None

    def _reserve(self, person: Person, post: Post, course: Course) -> None:
        """Nobody is proposed for two places at once."""
        waits = course.citizen is Answer.PENDING or course.employer is Answer.PENDING or course.plan is None
        if post.published is None or course.citizen is Answer.NO or (waits and person.key == "borger"):
            return
        days_ago = post.published - course.after - course.citizen_after - course.employer_after
        if course.plan is not None:
            weeks_after = (
                course.plan.starts + 7 * course.plan.weeks if course.plan.stops_after is None else 60
            )
            days_ago -= weeks_after
        elif not waits and course.employer is Answer.YES:
            days_ago -= 60
        person.busy_until = self.today - timedelta(days=days_ago)

    def _hear_citizen(self, person: Person, post: Post, course: Course, review: Review, at: datetime) -> None:
        citizen = review.match.card.citizen
        consultant = self.users["konsulent2" if person.home == NEXT_DOOR else "konsulent"]
        by = citizen.user or consultant
        answer = Answer.YES if course.citizen is Answer.WITHDRAWN else course.citizen
        reviews.answer_as_citizen(review, answer, via=course.via, by=by, at=at)
        days_ago = self._days_ago(at)
        if course.citizen is Answer.WITHDRAWN:
            self._plan(days_ago - 5, lambda at: reviews.withdraw_as_citizen(review, by=by, at=at))
        elif course.wants_call:
            firm = LinkHolder(unit_name=review.match.opening.employer.name, role=Role.EMPLOYER)
            self._plan(days_ago - course.employer_after, lambda at: answers.wish_call(review, by=firm, at=at))
        elif answer is Answer.YES and course.employer is not Answer.PENDING:
            self._plan(
                days_ago - course.employer_after, lambda at: self._hear_employer(post, course, review, at)
            )

    def _hear_employer(self, post: Post, course: Course, review: Review, at: datetime) -> None:
        reviews.answer_as_employer(
            review, course.employer, reason=course.employer_reason, by=self.owners[post.firm], at=at
        )
        plan = course.plan
        if plan is not None and course.employer is Answer.YES:
            days_ago = self._days_ago(at)
            starts_on = _day(at) + timedelta(days=plan.starts)
            self._plan(days_ago - plan.after, lambda at: self._place(post, plan, review, starts_on, at))

    # --- Placements ---------------------------------------------------------------------------------------------

    def _place(self, post: Post, plan: Plan, review: Review, starts_on: date, at: datetime) -> None:
        consultant = self.users[
            "konsulent2" if review.match.municipality_id == self.places[NEXT_DOOR].id else "konsulent"
        ]
        match = review.match
        ends_on = starts_on + timedelta(weeks=plan.weeks, days=-1)
        terms = Terms(match.opening.form, plan.hours, starts_on, ends_on)
        is_long = stops(findings_of_plan(match.opening, match.card, terms, on=_day(at)))
        placement = placements.plan_placement(
            review,
            form=terms.form,
            hours_per_week=terms.hours_per_week,
            starts_on=starts_on,
            ends_on=ends_on,
            long_reason=LONG_REASON if is_long else "",
            by=consultant,
            at=at,
        )
        if plan.cancelled:
            self._plan(
                self._days_ago(at) - 4,
                lambda at: placements.cancel_placement(placement, by=consultant, at=at),
            )
            return
        self._agree(post, placement, consultant, at)
        waits_for_the_click = starts_on == self.today
        if not waits_for_the_click:
            self._plan(
                self._days_ago(starts_on), lambda at: self._start(post, plan, placement, consultant, at)
            )

    def _agree(self, post: Post, placement: Placement, consultant: User, at: datetime) -> None:
        """All three say what they expect. Where the start is still ahead, the firm has yet to answer."""
        far_ahead = placement.starts_on > self.today
        speakers = {
            Party.CITIZEN: placement.card.citizen.user or consultant,
            Party.EMPLOYER: self.owners[post.firm],
            Party.CONSULTANT: consultant,
        }
        for hours, (party, speaker) in enumerate(speakers.items(), start=1):
            if far_ahead and party is Party.EMPLOYER:
                continue
            purpose, time_frame, development = EXPECTATIONS[placement.form, party]
            placements.state_expectation(
                placement,
                party=party,
                purpose=purpose,
                time_frame=time_frame.format(weeks=(placement.ends_on - placement.starts_on).days // 7 + 1),
                development=development,
                by=speaker,
                at=min(self.at, at + timedelta(hours=hours)),
            )

    def _start(self, post: Post, plan: Plan, placement: Placement, consultant: User, at: datetime) -> None:
        placements.start_placement(placement, by=consultant, at=at)
        first = _day(at) + timedelta(days=14)
        last = min(placement.ends_on, self.today + timedelta(days=40))
        step = timedelta(days=28 if placement.form is not PlacementForm.IGU else 90)
        due_on = first
        while due_on <= last:
            self._follow_up(placement, due_on, consultant, at)
            due_on += step
        ended_on = placement.ends_on
        if plan.stops_after is not None:
            ended_on = _day(at) + timedelta(days=plan.stops_after)
        self._plan(self._days_ago(ended_on), lambda at: self._end(plan, placement, consultant, at))
        if ended_on > self.today and self._days_ago(at) > SHEET_OPENED_DAYS_AGO:
            self._plan(SHEET_OPENED_DAYS_AGO, lambda at: self._open_sheet(placement, consultant, at))

    def _open_sheet(self, placement: Placement, consultant: User, at: datetime) -> None:
        """Midway: the workplace has answered half of it by its link."""
        sheet = assessments.open_sheet(placement, AssessmentKind.MIDWAY, by=consultant, at=at)
        lines = sheet.lines[: len(sheet.lines) // 2 + 1]
        answers = {
            line.id: assessments.Answer(2 + number % 2, WORKPLACE_NOTES[number % len(WORKPLACE_NOTES)])
            for number, line in enumerate(lines)
        }
        name = self._contact_of(placement)
        later = min(self.at, at + timedelta(hours=3))
        assessments.answer_as_workplace(sheet, answers, name=name, on_paper=False, by=None, at=later)

    def _contact_of(self, placement: Placement) -> str:
        keys = {employer.id: key for key, employer in self.firms.items()}
        return self.owners[keys[placement.employer_id]].name

    def _follow_up(self, placement: Placement, due_on: date, consultant: User, at: datetime) -> None:
        follow_up = placements.add_follow_up(placement, due_on=due_on, by=consultant, at=at)
        late = due_on > self.today - timedelta(days=7)  # the latest ones have not been held yet
        if not late:
            note = self.draw.choice(FOLLOW_UP_NOTES)
            self._plan(
                self._days_ago(due_on),
                lambda at: (
                    placements.hold_follow_up(follow_up, held_on=due_on, note=note, by=consultant, at=at)
                    if placement.status is PlacementStatus.RUNNING
                    else None
                ),
            )

    def _end(self, plan: Plan, placement: Placement, consultant: User, at: datetime) -> None:
        """With the last sheet. Its last task the workplace leaves to the consultant; some never answer at all."""
        stopped = plan.stops_after is not None
        levels = {
            task.text.casefold(): self._seen_level(task.kind, stopped) for task in placement.opening.tasks
        }
        sheet = assessments.open_sheet(placement, AssessmentKind.END, by=consultant, at=at)
        answers = {line.id: assessments.Answer(levels[line.task_text.casefold()]) for line in sheet.lines}
        if plan.outcome is not Outcome.STOPPED_BY_EMPLOYER:
            seen = {line.id: answers[line.id] for line in sheet.lines[:-1]}
            name = self._contact_of(placement)
            assessments.answer_as_workplace(sheet, seen, name=name, on_paper=False, by=None, at=at)
        assessments.answer_as_consultant(sheet, answers, {}, by=consultant, at=at)
        assessments.close_and_end(sheet, outcome=plan.outcome, ended_on=_day(at), by=consultant, at=at)
        citizen = placement.card.citizen
        if citizen.user:
            assessments.comment_as_citizen(sheet, CITIZENS_COMMENT, by=citizen.user, at=at)

    def _seen_level(self, kind: TaskKind, stopped: bool) -> int:
        if stopped:
            return self.draw.choice((0, 1, 2))
        return self.draw.choice((1, 2, 2, 3)) if kind is TaskKind.LEARN else self.draw.choice((2, 3, 3, 3, 4))

    def _days_ago(self, when: datetime | date) -> int:
        day = _day(when) if isinstance(when, datetime) else when
        return (self.today - day).days

    # --- Agreements, goals, read lines --------------------------------------------------------------------------

    def _sign(self, agreement: Agreement, at: datetime) -> None:
        employer = self.firms[agreement.firm]
        consultant = self.users[agreement.consultant] if agreement.consultant else None
        by = self.users[
            "konsulent2" if employer.municipality_id == self.places[NEXT_DOOR].id else "konsulent"
        ]
        signed = partnerships.sign_partnership(
            employer,
            municipality_id=employer.municipality_id,
            consultant=consultant,
            signed_on=_day(at),
            by=by,
            at=at,
            note=agreement.note,
        )
        if agreement.ended is not None:
            self._plan(
                agreement.ended,
                lambda at: partnerships.end_partnership(signed, ends_on=_day(at), by=by, at=at),
            )
        if agreement.handed_over is not None:
            self._plan(
                agreement.handed_over,
                lambda at: (
                    partnerships.name_consultant(
                        signed, self.users["konsulent"], from_on=_day(at), by=by, at=at
                    )
                    and None
                ),
            )

    def set_goals(self) -> None:
        for name in (HOME, NEXT_DOOR):
            goals.load_plan_goals(self.places[name], at=self.started)
        year = self.today.year
        for place, targets in (
            (HOME, {Measure.PARTNERSHIPS: (3, 4, 5), Measure.CARDS: (20, 35, 50), Measure.HIRED: (1, 3, 4)}),
            (NEXT_DOOR, {Measure.PARTNERSHIPS: (1, 1, 2), Measure.CARDS: (4, 8, 12)}),
        ):
            for measure, by_year in targets.items():
                for back, target in zip((2, 1, 0), by_year, strict=True):
                    self._set_goal(place, measure, year - back, target)

    def _set_goal(self, place: str, measure: Measure, year: int, target: int) -> None:
        set_at = datetime(year, 1, 15, 9, 0, tzinfo=DANISH_TIME)
        goals.set_goal(
            self.places[place].id,
            goals.GoalDetails(
                measure,
                year,
                target,
                sentence=GOAL_SENTENCES[measure].format(target=target, year=year),
                source=f"{place} Kommune: virksomhedsplan {year} (opdigtet til demoen)",
            ),
            by=self.users["leder"] if place == HOME else None,
            at=min(self.at, max(self.started, set_at)),
        )

    def ask_for_consents(self) -> None:
        """One firm sees a card by its link, and another waits for her answer."""
        card, karin = self.people[0].card, self.users["konsulent"]
        assert card is not None
        for firm, days_ago in ((self.firms["melby"], 6), (self.firms["blank"], 1)):
            at = self._moment(days_ago, 11)
            disclosure = consents.Disclosure(firm, ANONYMOUS, _day(at) + timedelta(days=90))
            asked = consents.ask_consent(card, disclosure, by=karin, at=at, today=_day(at))
            if days_ago > 1:
                consents.answer_consent(
                    asked, Answer.YES, via=AnsweredVia.PAPER, by=karin, at=at, today=_day(at)
                )

    def leave_read_lines(self) -> None:
        """Who looked at whom lately, so that citizens find something on their page and the log is no empty table."""
        looked = [one for one in self.people if one.card is not None]
        for number, person in enumerate(looked[:24]):
            assert person.card is not None
            consultant = self.users["konsulent2" if person.home == NEXT_DOOR else "konsulent"]
            for back in range(1 + (4 if person.key else 0)):
                at = self._moment(1 + (number * 3 + back * 11) % 60, 9 + number % 6)
                self._look(
                    "card-read",
                    person.card,
                    consultant,
                    consultant.unit_name,
                    "Arbejde med dit kompetencekort",
                    at,
                )
        borger = self.people[0].card
        assert borger is not None
        owner = self.owners["melby"]
        at = self._moment(226, 13)
        self._look(
            "proposal-read",
            borger,
            owner,
            self.firms["melby"].name,
            "Svar på et forslag, du har sagt ja til",
            at,
        )

    def _look(
        self, action: str, card: CompetenceCard, by: User, unit: str, purpose: str, at: datetime
    ) -> None:
        values: dict[str, Any] = {
            "at": max(at, card.created_at),
            "action": action,
            "is_look": True,
            "actor_id": by.id,
            "actor_role": by.role.value,
            "actor_unit": unit,
            "subject_type": card.__tablename__,
            "subject_id": card.id,
            "citizen_id": card.citizen_id,
            "purpose": purpose,
        }
        db.session.add(AuditEntry(**values))


def _line(
    text: str, level: int, source: SkillSource, day: date, skill_id: int | None, confidence: float = 1.0
) -> SkillEvidence:
    return SkillEvidence(
        skill_id=skill_id,
        text=text,
        level=level,
        source=source,
        confidence=confidence if skill_id else 1.0,
        seen_on=day,
    )


def _day(at: datetime) -> date:
    return at.astimezone(DANISH_TIME).date()


def _is_lawful(course: Course, match: Match, day: date) -> bool:
    """A consultant does not say yes to what the law stops; a no needs no law."""
    return course.refused or not stops(findings_of_match(match, on=day))


def _lawful_form(form: PlacementForm, starts_on: date) -> PlacementForm:
    """IGU is a scheme with an end; from then on the demo offers what comes nearest."""
    if form is PlacementForm.IGU and igu.may_begin(starts_on, rule_book().on(starts_on)).is_stop:
        return PlacementForm.LOENTILSKUD
    return form
