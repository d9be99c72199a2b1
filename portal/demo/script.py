"""The script of the demo, as its data files have it: who takes part, what they say, and what comes of it.

Everybody is invented: people with names from the countries that refugees in Denmark come from, employers whose CVR
numbers have a valid check sum and lie in a range not in use. `..._days_ago` and `known_for_days` count back from the
day the demo is loaded, `..._after_days` forward from what came before. Nothing that is left out of a file is said.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from portal.base.terms import Industry, Language, Measure, Party, PlacementForm, Shift, SpellKind, Weekday
from portal.demo.reading import read_document, read_table
from portal.interventions.target_groups.models import MembershipEnd
from portal.loop.cards.intake import Done
from portal.loop.employers.models import Sector
from portal.loop.placements.models import ChangeKind, Outcome
from portal.loop.reviews.models import Answer, AnsweredVia, DecisionReason, EmployerReason
from portal.web.permissions import Role

DATA = Path(__file__).parent / "data"
PUBLIC_DOMAIN = "@demo.dk"
"""Whoever has an address here signs in with the public password; the other addresses exist nowhere."""


@dataclass(frozen=True)
class ScriptedMunicipality:
    name: str
    phone: str
    email: str
    records_since_on: date
    """Since when its records are in the portal: the years of its plan are among them."""
    postcodes: tuple[str, ...]
    """Where its citizens live."""


@dataclass(frozen=True)
class ScriptedStaff:
    """Somebody who works for a municipality, or runs the portal."""

    key: str
    name: str
    role: Role
    municipality: str | None
    email: str | None


@dataclass(frozen=True)
class ScriptedEmployer:
    key: str
    cvr: str
    name: str
    industry: Industry
    sector: Sector
    municipality: str
    contact: str
    email: str
    phone: str
    known_for_days: int
    """Since it was let in."""
    passive_for_days: int | None
    steward: str = ""
    """Who signs for the staff at the first workplace."""
    referred_by: str | None = None
    """Key of the employer that recommended the municipality to it."""
    wants_publicity: bool = False
    restates_staff: bool = False
    """Whether it has said again lately how many work there."""


@dataclass(frozen=True)
class ScriptedWorkplace:
    """One of an employer's workplaces, the first of them first."""

    employer: str
    p_number: str
    name: str
    address: str
    postcode: str
    full_time_staff: Decimal


@dataclass(frozen=True)
class ScriptedRegistration:
    """An employer that asked to take part and was not let in: refused, or still waiting for an answer."""

    cvr: str
    p_number: str
    name: str
    industry: Industry
    contact: str
    email: str
    phone: str
    address: str
    postcode: str
    full_time_staff: Decimal
    sent_days_ago: int
    refused_because: str | None


@dataclass(frozen=True)
class ScriptedPerson:
    """A citizen. `key` is set for whom the story names."""

    key: str | None
    first_name: str
    last_name: str
    language: Language | None
    """None for those whose language the portal does not speak."""
    municipality: str
    profile: str
    known_for_days: int
    age: int | None = None
    """On the day the demo is loaded; None: grown up."""


@dataclass(frozen=True)
class Profile:
    """What a card says. Several people share a profile, varied by a draw; nothing here says who somebody is."""

    wishes: tuple[Industry, ...]
    goals: tuple[str, ...]
    skills: dict[str, int]
    """Names of the vocabulary, with a level."""
    words: dict[str, int]
    """The citizen's own, with a level, understood by the lexicon."""
    next_step: str = ""
    work: tuple[str, ...] = ()
    """Job titles that she would like, by their names."""
    certificates: tuple[str, ...] = ()
    is_of_one_person: bool = False


@dataclass(frozen=True)
class ToldTasks:
    """What a citizen answered about the everyday tasks of a trade."""

    person: str
    industry: Industry
    days_ago: int
    tasks: dict[str, Done]
    is_put_on_card: bool = False


@dataclass(frozen=True)
class ScriptedChange:
    """What is agreed anew so many days before today, while a placement runs."""

    kind: ChangeKind
    """Extended, paused or continued."""
    days_ago: int
    weeks: int
    """How much longer, for how long, or how long what it goes on in."""
    reason: str = ""
    form: PlacementForm | None = None
    """What it goes on in."""
    hours_per_week: float = 30
    is_told_to_vitas: bool = False
    """Whether the sheet was sent again the same day."""


@dataclass(frozen=True)
class ScriptedPlacement:
    """A placement that came of a review; days count from the employer's yes.

    Unless it is cancelled before the start, it runs until it ends by itself or is stopped.
    """

    planned_after_days: int = 3
    starts_after_days: int = 14
    weeks: int = 8
    hours_per_week: float = 25
    is_cancelled: bool = False
    stops_after_days: int | None = None
    outcome: Outcome = Outcome.COMPLETED
    answers_on_paper: bool = False
    """The workplace's midway sheet lies in the post: nobody has typed it in yet."""
    change: ScriptedChange | None = None


@dataclass(frozen=True)
class ScriptedReview:
    """A suggestion decided so many days after the publishing, answered by the citizen and the employer after more."""

    decided_after_days: int
    person: str | None = None
    """Key of a person of the story; otherwise it is whom the matcher puts first."""
    reason: DecisionReason = DecisionReason.GOOD_FIT
    words: str = ""
    refused: bool = False
    citizen: Answer = Answer.YES
    citizen_after_days: int = 2
    citizen_via: AnsweredVia = AnsweredVia.PORTAL
    employer: Answer = Answer.YES
    employer_after_days: int = 3
    employer_reason: EmployerReason | None = None
    wants_call: bool = False
    """The employer asks to be phoned before it answers."""
    placement: ScriptedPlacement | None = None

    @property
    def waits_for_an_answer(self) -> bool:
        return self.citizen is Answer.PENDING or self.employer is Answer.PENDING


@dataclass(frozen=True)
class AskedDanish:
    speaking: int = 0
    reading: int = 0
    use: str = ""


@dataclass(frozen=True)
class ScriptedOpening:
    """An opening and what came of it. It starts so many days after it was published; a draft never was."""

    employer: str
    title: str
    form: PlacementForm
    published_days_ago: int | None
    workplace: str | None
    """None: the employer's first."""
    industry: Industry | None
    """None: the employer's own."""
    must: tuple[str, ...] = ()
    nice: tuple[str, ...] = ()
    learn: tuple[str, ...] = ()
    places: int = 1
    hours_per_week: float = 25
    starts_after_days: int = 21
    weeks: int = 8
    is_open_ended: bool = False
    danish: AskedDanish = AskedDanish()
    shifts: tuple[Shift, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    working_times: str = ""
    conditions: tuple[str, ...] = ()
    description: str = ""
    visible_to_neighbours: bool = False
    withdrawn_after_days: int | None = None
    paused_after_days: int | None = None
    review: tuple[ScriptedReview, ...] = ()


@dataclass(frozen=True)
class ScriptedAgreement:
    """A partnership. While no consultant is named, it does not count."""

    employer: str
    consultant: str | None
    signed_days_ago: int
    ended_days_ago: int | None
    handed_over_days_ago: int | None
    """When Karin took over."""
    note: str


@dataclass(frozen=True)
class ScriptedGoal:
    """A target of one of the last years: the municipality's own, or its plan's set anew."""

    municipality: str
    measure: Measure
    years_ago: int
    target: int
    from_plan: str | None = None
    """Key of the plan's goal."""


@dataclass(frozen=True)
class ScriptedOutsideFigure:
    """What a leader read in a statistic, of her own municipality or another one."""

    municipality: str
    about: str
    """A measure, or a topic of figures from outside."""
    place: str
    value: Decimal
    source: str
    method: str | None
    year: int | None
    years_ago: int | None
    """Where no year is said."""
    quarter: int | None
    """None: the whole year."""


@dataclass(frozen=True)
class ScriptedMember:
    """Somebody in a group of the plan, by the group's key."""

    person: str
    group: str
    from_days_ago: int
    until_days_ago: int | None
    end_reason: MembershipEnd | None


@dataclass(frozen=True)
class ScriptedSpell:
    """What a consultant wrote of somebody; placements tell their own."""

    person: str
    kind: SpellKind
    from_days_ago: int
    until_days_ago: int | None
    hours_per_week: float | None


@dataclass(frozen=True)
class ScriptedJobEnd:
    """The last day of a job that came of a placement."""

    person: str
    days_ago: int


@dataclass(frozen=True)
class ScriptedStep:
    person: str
    step: str
    days_ago: int


@dataclass(frozen=True)
class ScriptedArrival:
    person: str
    days_ago: int
    programme_weeks: int


@dataclass(frozen=True)
class ScriptedLadder:
    """Steps towards work, from the one furthest from it."""

    municipality: str
    name: str
    steps: tuple[str, ...]
    job_ready: tuple[str, ...]
    """Those on which somebody is ready for a job, as the law says it."""


@dataclass(frozen=True)
class ScriptedExpectation:
    """What a party expects of a placement, paid or not."""

    party: Party
    is_paid: bool
    purpose: str
    time_frame: str
    development: str


@dataclass(frozen=True)
class Words:
    """What is said on the way, in plain words."""

    first_answer: str
    unpaid_reason: str
    long_reason: str
    closed_alone: str
    representative: str
    """Who speaks for the staff where no steward is named."""
    weights_tried: str
    """Why the leader changed the matcher's weights, and next why she changed them back."""
    weights_taken_back: str
    follow_up_notes: tuple[str, ...]
    workplace_notes: tuple[str, ...]
    citizens_comment: str
    goal_sentences: dict[Measure, str]
    mother_tongues: dict[Language, str]


@dataclass(frozen=True)
class _Municipalities:
    municipality: tuple[ScriptedMunicipality, ...]


@dataclass(frozen=True)
class _Ladders:
    ladder: tuple[ScriptedLadder, ...]


@dataclass(frozen=True)
class _Profiles:
    profile: dict[str, Profile]


@dataclass(frozen=True)
class _EverydayTasks:
    told: tuple[ToldTasks, ...]


@dataclass(frozen=True)
class _Openings:
    chosen: dict[str, str]
    opening: tuple[ScriptedOpening, ...]


@dataclass(frozen=True)
class Script:
    """All of it, each list in the order of its file."""

    municipalities: tuple[ScriptedMunicipality, ...]
    staff: tuple[ScriptedStaff, ...]
    employers: tuple[ScriptedEmployer, ...]
    workplaces: tuple[ScriptedWorkplace, ...]
    registrations: tuple[ScriptedRegistration, ...]
    people: tuple[ScriptedPerson, ...]
    profiles: dict[str, Profile]
    told_tasks: tuple[ToldTasks, ...]
    openings: tuple[ScriptedOpening, ...]
    chosen_skills: dict[str, str]
    """Tasks in an employer's own words, and the skill it chose for them."""
    agreements: tuple[ScriptedAgreement, ...]
    goals: tuple[ScriptedGoal, ...]
    outside_figures: tuple[ScriptedOutsideFigure, ...]
    ladders: tuple[ScriptedLadder, ...]
    members: tuple[ScriptedMember, ...]
    spells: tuple[ScriptedSpell, ...]
    job_ends: tuple[ScriptedJobEnd, ...]
    steps: tuple[ScriptedStep, ...]
    arrivals: tuple[ScriptedArrival, ...]
    expectations: tuple[ScriptedExpectation, ...]
    words: Words

    @property
    def home(self) -> ScriptedMunicipality:
        return self.municipalities[0]

    def municipality(self, name: str) -> ScriptedMunicipality:
        return next(one for one in self.municipalities if one.name == name)

    def workplaces_of(self, employer: ScriptedEmployer) -> list[ScriptedWorkplace]:
        return [one for one in self.workplaces if one.employer == employer.key]

    def expectation(self, form: PlacementForm, party: Party) -> ScriptedExpectation:
        return next(
            one for one in self.expectations if (one.party, one.is_paid) == (party, form.traits.is_paid)
        )

    def ordinary_people(self) -> tuple[ScriptedPerson, ...]:
        return tuple(one for one in self.people if not self.profiles[one.profile].is_of_one_person)

    def shared_profiles(self) -> tuple[Profile, ...]:
        return tuple(one for one in self.profiles.values() if not one.is_of_one_person)


@cache
def read_script() -> Script:
    openings = read_document(DATA / "openings.toml", _Openings)
    return Script(
        municipalities=read_document(DATA / "municipalities.toml", _Municipalities).municipality,
        staff=read_table(DATA / "staff.csv", ScriptedStaff),
        employers=read_table(DATA / "employers.csv", ScriptedEmployer),
        workplaces=read_table(DATA / "workplaces.csv", ScriptedWorkplace),
        registrations=read_table(DATA / "registrations.csv", ScriptedRegistration),
        people=read_table(DATA / "people.csv", ScriptedPerson),
        profiles=read_document(DATA / "profiles.toml", _Profiles).profile,
        told_tasks=read_document(DATA / "everyday_tasks.toml", _EverydayTasks).told,
        openings=openings.opening,
        chosen_skills=openings.chosen,
        agreements=read_table(DATA / "agreements.csv", ScriptedAgreement),
        goals=read_table(DATA / "goals.csv", ScriptedGoal),
        outside_figures=read_table(DATA / "outside_figures.csv", ScriptedOutsideFigure),
        ladders=read_document(DATA / "ladders.toml", _Ladders).ladder,
        members=read_table(DATA / "members.csv", ScriptedMember),
        spells=read_table(DATA / "spells.csv", ScriptedSpell),
        job_ends=read_table(DATA / "job_ends.csv", ScriptedJobEnd),
        steps=read_table(DATA / "steps.csv", ScriptedStep),
        arrivals=read_table(DATA / "arrivals.csv", ScriptedArrival),
        expectations=read_table(DATA / "expectations.csv", ScriptedExpectation),
        words=read_document(DATA / "words.toml", Words),
    )
