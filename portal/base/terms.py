"""Words that several rooms share: closed sets with a stored ASCII value and a Danish label."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class LabelledEnum(StrEnum):
    """A string enum whose members carry the label that users read."""

    label: LazyString
    names_in_files: tuple[str, ...]
    """Further names that an imported list may use."""

    def __new__(
        cls,
        value: str,
        label: LazyString | None = None,  # None: a look-up by value
        names_in_files: tuple[str, ...] = (),
    ) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        if label is not None:
            member.label, member.names_in_files = label, names_in_files
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, LazyString]]:
        """Pairs for a select field, in the order of definition."""
        return choices_of(cls)


def choices_of(members: Iterable[LabelledEnum]) -> list[tuple[str, LazyString]]:
    """Pairs for a select field that offers some of them."""
    return [(member.value, member.label) for member in members]


HOURS_IN_A_WEEK: Final = 168
"""What no number of hours can pass; how many may be agreed is the rules' to say."""


FEWEST_PEOPLE: Final = 5
"""Fewer are not told as a number to who may not see them (docs/rules.md#small-numbers)."""


class Industry(LabelledEnum):
    """The trades of the plan, one line each; a workplace, an opening and a wish belong to one.

    Its tasks, words, skills and titles are rows of `shared/skills/data`, its usual posts of `workspaces/posting/data`.
    """

    KOEKKEN = "koekken", _l("Køkken og kantine"), ("køkken", "kantine", "køkken/kantine")
    PLEJE = "pleje", _l("Pleje og omsorg"), ("pleje/omsorg", "omsorg")
    RENGOERING = "rengoering", _l("Rengøring")


TRADES_OF_THE_PLAN: Final = frozenset({Industry.KOEKKEN, Industry.PLEJE, Industry.RENGOERING})
"""The three that count for lasting cooperation, by name: one that the portal learns later is none of them.

Source: docs/rules.md#partnership
"""


class SkillArea(LabelledEnum):
    """Where a skill belongs: one of the trades, under the trade's own name, or shared by all."""

    _ignore_ = ["trade"]
    for trade in Industry:
        vars()[trade.name] = trade.value, trade.label, trade.names_in_files
    FAELLES = "faelles", _l("Fælles for alle fag"), ("fælles",)


class SpellKind(LabelledEnum):
    """What somebody is in for a while, as far as goals ask: neither a benefit nor a reason."""

    ORDINARY_WORK = "ordinary_work", _l("Ordinært arbejde"), ("arbejde", "job", "ordinær")
    EDUCATION = "education", _l("Uddannelse")
    SELF_SUPPORTING = "self_supporting", _l("Selvforsørgende"), ("selvforsørgelse",)
    PUBLICLY_SUPPORTED = "publicly_supported", _l("Offentligt forsørget"), ("offentlig forsørgelse",)
    ACTIVITY = "activity", _l("Aktivitet"), ("aktivering", "tilbud")
    LEISURE_JOB = "leisure_job", _l("Fritidsjob")
    NOT_AVAILABLE = "not_available", _l("Ikke til rådighed")


@dataclass(frozen=True, kw_only=True)
class FormTraits:
    """What the portal must know of a placement form, each trait stated; its law is in `rules/law/forms.py`."""

    label: LazyString
    short: LazyString
    """The label where a table has little room."""
    said_to_employer: LazyString
    """One sentence to an employer who chooses between the forms."""
    names_in_files: tuple[str, ...]
    is_paid: bool
    """She has a wage. What is not paid is praktik: something paid goes before it (docs/rules.md#highest-rung)."""
    rung: int | None
    """Where it stands among the paid alternatives to praktik, 1 at the top; None: it is none of them."""
    fulfils_praktik: bool
    """It counts as the paid hours that a praktik should lead to (docs/rules.md#conversion)."""
    counts_in_ratio: bool
    """It takes a place of those that rimelighedskravet allows (docs/rules.md#ratio)."""
    agreed_in_vitas: bool
    counts_nationally: bool
    """It is a contact in the national figure of how many employers cooperate (docs/rules.md#cooperation-rate)."""
    spell: SpellKind
    """What somebody is in while it runs: whether a goal counts it as work is the goal's to say."""


class PlacementForm(LabelledEnum):
    """The forms of cooperation with their traits. Legal instruments keep their Danish names."""

    traits: FormTraits

    def __new__(cls, value: str, traits: FormTraits | None = None) -> Self:  # None: a look-up by value
        if traits is None:
            raise TypeError(f"the placement form {value} has no traits")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.names_in_files, member.traits = traits.label, traits.names_in_files, traits
        return member

    PRAKTIK = (
        "praktik",
        FormTraits(
            label=_l("Virksomhedspraktik"),
            short=_l("Virksomhedspraktik"),
            said_to_employer=_l("Et kort forløb uden løn, hvor en person prøver arbejdet og lærer."),
            names_in_files=("praktik",),
            is_paid=False,
            rung=None,
            fulfils_praktik=False,
            counts_in_ratio=True,
            agreed_in_vitas=True,
            counts_nationally=True,
            spell=SpellKind.ACTIVITY,
        ),
    )
    IGU = (
        "igu",
        FormTraits(
            label=_l("IGU (integrationsgrunduddannelse)"),
            short=_l("IGU"),
            said_to_employer=_l("Toårigt forløb med elevløn, hvor arbejde og skole veksler."),
            names_in_files=(),
            is_paid=True,
            rung=3,
            fulfils_praktik=True,
            counts_in_ratio=False,
            agreed_in_vitas=True,
            counts_nationally=False,
            spell=SpellKind.ORDINARY_WORK,
        ),
    )
    LOENTILSKUD = (
        "loentilskud",
        FormTraits(
            label=_l("Løntilskud"),
            short=_l("Løntilskud"),
            said_to_employer=_l("I betaler løn og får et tilskud i en periode."),
            names_in_files=(),
            is_paid=True,
            rung=4,
            fulfils_praktik=False,  # still help to get there
            counts_in_ratio=True,
            agreed_in_vitas=True,
            counts_nationally=True,
            spell=SpellKind.ACTIVITY,
        ),
    )
    REGULAR_JOB = (
        "regular_job",
        FormTraits(
            label=_l("Ordinære timer"),
            short=_l("Ordinære timer"),
            said_to_employer=_l("Almindelig løn for almindelige timer, også få."),
            names_in_files=("ordinær", "ordinært job", "job"),
            is_paid=True,
            rung=1,
            fulfils_praktik=True,
            counts_in_ratio=False,
            agreed_in_vitas=False,
            counts_nationally=False,
            spell=SpellKind.ORDINARY_WORK,
        ),
    )
    SMAAJOB = (
        "smaajob",
        FormTraits(
            label=_l("Småjob"),
            short=_l("Småjob"),
            said_to_employer=_l("Et lille job med løn, ofte nogle timer om ugen."),
            names_in_files=(),
            is_paid=True,
            rung=2,
            fulfils_praktik=True,
            counts_in_ratio=False,
            agreed_in_vitas=False,
            counts_nationally=False,
            spell=SpellKind.ORDINARY_WORK,
        ),
    )
    FRITIDSJOB = (
        "fritidsjob",
        FormTraits(
            label=_l("Fritidsjob"),
            short=_l("Fritidsjob"),
            said_to_employer=_l("Et job ved siden af skolen."),
            names_in_files=(),
            is_paid=True,
            rung=None,  # a pupil's job is no alternative to a grown-up's praktik
            fulfils_praktik=True,
            counts_in_ratio=False,
            agreed_in_vitas=False,
            counts_nationally=False,
            spell=SpellKind.LEISURE_JOB,
        ),
    )


class TaskKind(LabelledEnum):
    """How much a task matters: a must is asked for, a nice is welcome, a learn is what the place teaches."""

    MUST = "must", _l("Skal kunne")
    NICE = "nice", _l("Godt at kunne")
    LEARN = "learn", _l("Kan læres her")

    @property
    def usual_level(self) -> int:
        """What a ticked task asks for: after instruction, or with help where it is learned; changed afterwards."""
        return 1 if self is TaskKind.LEARN else 2


class SkillSource(LabelledEnum):
    """In whose eyes a level stands."""

    OWN = "own", _l("Egne ord")
    CONSULTANT = "consultant", _l("Set af konsulent")
    CONSULTANT_ONLY = "consultant_only", _l("Kun konsulenten")
    """Assessed in a placement by the consultant alone: the workplace took no part, so nobody there has seen it."""
    EMPLOYER = "employer", _l("Set på arbejdspladsen")
    COURSE = "course", _l("Kursus")

    @property
    def trust(self) -> int:
        """Whom to quote when several say the same: who saw it at work before who sat across the table."""
        return {SkillSource.OWN: 0, SkillSource.EMPLOYER: 2}.get(self, 1)

    @property
    def is_from_a_sheet(self) -> bool:
        """Whether it stands on an assessment sheet, which alone can take it off the card again."""
        return self in (SkillSource.EMPLOYER, SkillSource.CONSULTANT_ONLY)


class Shift(LabelledEnum):
    """Working times outside an ordinary day, asked by an opening and answered by a card."""

    EARLY_MORNING = "early_morning", _l("Tidlig morgen (før kl. 7)")
    EVENING = "evening", _l("Aften")
    WEEKEND = "weekend", _l("Weekend")
    NIGHT = "night", _l("Nat")


class Weekday(LabelledEnum):
    """The rows of a card's week."""

    MONDAY = "mon", _l("Mandag")
    TUESDAY = "tue", _l("Tirsdag")
    WEDNESDAY = "wed", _l("Onsdag")
    THURSDAY = "thu", _l("Torsdag")
    FRIDAY = "fri", _l("Fredag")
    SATURDAY = "sat", _l("Lørdag")
    SUNDAY = "sun", _l("Søndag")


class PartOfDay(LabelledEnum):
    """The columns of a card's week; all but the ordinary day are a `Shift`."""

    EARLY_MORNING = "early_morning", _l("Før kl. 7")
    DAY = "day", _l("Kl. 7–17")
    EVENING = "evening", _l("Efter kl. 17")
    NIGHT = "night", _l("Nat")


class Transport(LabelledEnum):
    """How somebody gets to work."""

    WALK = "walk", _l("Til fods")
    BICYCLE = "bicycle", _l("Cykel")
    PUBLIC = "public", _l("Bus og tog")
    CAR = "car", _l("Bil")


class DanishCourse(LabelledEnum):
    """Danskuddannelse 1-3 (docs/rules.md#danish-levels)."""

    DU1 = "du1", _l("Danskuddannelse 1")
    DU2 = "du2", _l("Danskuddannelse 2")
    DU3 = "du3", _l("Danskuddannelse 3")


class DanishExam(LabelledEnum):
    """The highest exam passed, with the European level it is held to be near."""

    PD1 = "pd1", _l("Prøve i Dansk 1 (ca. A2)")
    PD2 = "pd2", _l("Prøve i Dansk 2 (ca. B1)")
    PD3 = "pd3", _l("Prøve i Dansk 3 (B2)")
    STUDIEPROEVEN = "studieproeven", _l("Studieprøven (C1)")


class LanguageLevel(LabelledEnum):
    """How well somebody speaks another language than Danish, in her own eyes."""

    SOME = "some", _l("lidt")
    EVERYDAY = "everyday", _l("til hverdag")
    FLUENT = "fluent", _l("flydende")


class Party(LabelledEnum):
    """The three who agree on expectations and fill in the assessment."""

    CITIZEN = "citizen", _l("Borgeren")
    EMPLOYER = "employer", _l("Virksomheden")
    CONSULTANT = "consultant", _l("Konsulenten")


class Effort(LabelledEnum):
    """What a municipality may do between the card and the job; it switches on what it uses."""

    what: LazyString
    """What it is for, in a sentence."""

    COHORTS = "cohorts", _l("Hold"), _l("Barselscafé, undervisning og andre hold med mødegange og fremmøde.")
    COURSES = "courses", _l("Kurser"), _l("Kurser, som giver det, der mangler i et match.")
    PATHWAYS = "pathways", _l("Pakker og trin"), _l("Branchepakker og en vej mod job, trin for trin.")
    MENTORING = "mentoring", _l("Mentorer"), _l("Mentorkorps og aftaler med en mentor.")
    YOUNG = "young", _l("Unge 13-17 år"), _l("Årlig optælling uden navne og kampagner om fritidsjob.")
    AFTERCARE = "aftercare", _l("Efter ansættelsen"), _l("Opfølgning 1, 3 og 6 måneder efter en ansættelse.")

    def __new__(cls, value: str, label: LazyString | None = None, what: LazyString | None = None) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        if label is not None and what is not None:
            member.label, member.names_in_files, member.what = label, (), what
        return member


class Measure(LabelledEnum):
    """What a goal may count; each has one `MeasureSpec`, declared in the room that holds the records."""

    PARTNERSHIPS = "partnerships", _l("Virksomheder med fast samarbejde")
    CARDS = "cards", _l("Kompetenceafklaringer med kompetencekort")
    OBSERVED_CARDS = "observed_cards", _l("Kort med noget, som en arbejdsplads har set")
    PLACEMENTS = "placements", _l("Forløb, der er begyndt")
    HIRED = "hired", _l("Ansat efter et forløb")
    EMPLOYED_AFTER_PRAKTIK = "employed_after_praktik", _l("Virksomheder, der ansatte efter praktik")
    REFERRALS = "referrals", _l("Virksomheder, der kom på en anden virksomheds anbefaling")
    ANSWERS_TO_EMPLOYERS = "answers_to_employers", _l("Svar til virksomheder inden for fristen")
    ANSWERS_TO_CITIZENS = "answers_to_citizens", _l("Borgere, der hurtigt kom i gang")
    IN_WORK = "in_work", _l("I ordinært arbejde")
    IN_WORK_OR_EDUCATION = "in_work_or_education", _l("I job eller uddannelse")
    NUMBER_IN_WORK_OR_EDUCATION = "number_in_work_or_education", _l("Antal personer i job eller uddannelse")
    SELF_SUPPORT = "self_support", _l("Tid, hvor målgruppen forsørger sig selv")
    ACTIVITY = "activity", _l("Tid i aktivitet, mens man får offentlig hjælp")
    REST_BEGUN = "rest_begun", _l("Uden job, men med næste skridt i gang")
    MOVES_UP = "moves_up", _l("Borgere, der er rykket et trin op")
    MENTOR_COURSES = "mentor_courses", _l("Mentorforløb")
    JOB_PACKAGES = "job_packages", _l("Borgere på jobpakker")
    GROUP_PLACES = "group_places", _l("Kvinder på særlige undervisningsforløb")
    SCHOOL_ABSENCE = "school_absence", _l("Fravær fra sprogskole")
    COURSE_PLACES = "course_places", _l("Kursuspladser, der er bestået")
    YOUNG_KNOWN = "young_known", _l("Unge 13-17 år, som kommunen kender situationen for")
    YOUNG_IN_LEISURE_JOB = "young_in_leisure_job", _l("Unge 13-17 år i fritidsjob")
    CAMPAIGN_SESSIONS = "campaign_sessions", _l("Møder for unge om fritidsjob")
    PUBLIC_SUPPORT = "public_support", _l("Borgere fra ikke-vestlige lande på kommunal forsørgelse")


class GoalUnit(LabelledEnum):
    """What a target is a number of."""

    COUNT = "count", _l("antal")
    PERCENT = "percent", _l("procent")


class GoalAim(LabelledEnum):
    """Which way a goal is reached."""

    AT_LEAST = "at_least", _l("Mindst")
    AT_MOST = "at_most", _l("Højst")
    RISE = "rise", _l("Op fra udgangspunktet")
    """In percent of the baseline where the unit is a number, in percentage points where it is a percentage."""
    FALL = "fall", _l("Ned fra udgangspunktet")


class PeriodKind(LabelledEnum):
    """Which time a goal is about."""

    DAY = "day", _l("På en dag")
    YEAR = "year", _l("I et år")
    QUARTER = "quarter", _l("I et kvartal")
    PROJECT = "project", _l("I et projekts periode")


class Direction(StrEnum):
    """Which way a script is read, as HTML and CSS spell it."""

    LTR = "ltr"
    RTL = "rtl"


class Language(LabelledEnum):
    """The citizens' languages that a card and her own pages speak beside Danish: one line each."""

    own_name: str
    """What the language calls itself; how its reader finds it in a menu."""
    script: str
    """The ISO 15924 code: which typeface it needs."""
    comma: str
    """What stands between the parts of a list."""

    EN = "en", _l("Engelsk"), "English"
    AR = "ar", _l("Arabisk"), "العربية", "Arab", "، "
    FA = "fa", _l("Persisk og dari"), "فارسی / دری", "Arab", "، "
    TI = "ti", _l("Tigrinya"), "ትግርኛ", "Ethi", "፣ "
    UK = "uk", _l("Ukrainsk"), "Українська", "Cyrl"
    SO = "so", _l("Somali"), "Soomaali"
    TR = "tr", _l("Tyrkisk"), "Türkçe"

    def __new__(
        cls,
        value: str,
        label: LazyString | None = None,
        own_name: str = "",
        script: str = "Latn",
        comma: str = ", ",
    ) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        if label is not None:
            member.label, member.names_in_files = label, ()
        member.own_name, member.script, member.comma = own_name, script, comma
        return member

    @property
    def direction(self) -> Direction:
        return Direction.RTL if self.script == "Arab" else Direction.LTR


SKILL_LEVELS: dict[int, LazyString] = {
    0: _l("Ikke afprøvet"),
    1: _l("Med hjælp"),
    2: _l("Efter instruktion"),
    3: _l("Selvstændigt"),
    4: _l("Kan vise andre"),
}
"""The portal's level ladder (docs/rules.md#levels): 0-4."""

DANISH_SPEAKING_LEVELS: dict[int, LazyString] = {
    0: _l("Intet dansk endnu"),
    1: _l("Forstår, når man viser"),
    2: _l("Forstår enkle beskeder (ca. A2)"),
    3: _l("Kan tale om opgaverne (ca. B1)"),
    4: _l("Taler flydende om arbejdet (ca. B2)"),
}
DANISH_READING_LEVELS: dict[int, LazyString] = {
    0: _l("Læser ikke dansk endnu"),
    1: _l("Læser enkelte ord og skilte"),
    2: _l("Læser korte beskeder (ca. A2)"),
    3: _l("Læser vagtplan og opskrift (ca. B1)"),
    4: _l("Læser og skriver dokumentation (ca. B2)"),
}
