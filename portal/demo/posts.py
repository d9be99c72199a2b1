"""The openings of the demo and what came of each: three years of the loop, in days before today."""

from dataclasses import dataclass

from portal.base.terms import Industry, PlacementForm, Shift, Weekday
from portal.loop.placements.models import Outcome
from portal.loop.reviews.models import Answer, AnsweredVia, DecisionReason, EmployerReason

K, P, R = Industry.KOEKKEN, Industry.PLEJE, Industry.RENGOERING
PRAKTIK, IGU, LOENTILSKUD = PlacementForm.PRAKTIK, PlacementForm.IGU, PlacementForm.LOENTILSKUD
JOB, SMAAJOB, FRITIDSJOB = PlacementForm.REGULAR_JOB, PlacementForm.SMAAJOB, PlacementForm.FRITIDSJOB


LONG_REASON = "Borgeren har været her før og har brug for mere tid til at lære de nye opgaver."
UNPAID_REASON = "Borgeren vil prøve faget først. Det lønnede er for mange timer lige nu."


@dataclass(frozen=True)
class Plan:
    """The placement that came of it. Days count from the employer's yes; `cancelled` before the start, else it runs
    until it ends by itself or after `stops_after` days."""

    after: int = 3
    starts: int = 14
    weeks: int = 8
    hours: float = 25
    cancelled: bool = False
    outcome: Outcome = Outcome.COMPLETED
    stops_after: int | None = None


@dataclass(frozen=True)
class Course:
    """One match: decided `after` days from the publishing, answered by the citizen and the employer after more days.
    `who` names a person of the story; otherwise it is whom the matcher puts first."""

    after: int
    reason: DecisionReason = DecisionReason.GOOD_FIT
    words: str = ""
    refused: bool = False
    citizen: Answer = Answer.YES
    citizen_after: int = 2
    via: AnsweredVia = AnsweredVia.PORTAL
    employer: Answer = Answer.YES
    employer_after: int = 3
    employer_reason: EmployerReason | None = None
    wants_call: bool = False
    """The firm asks to be phoned before it answers."""
    plan: Plan | None = None
    who: str | None = None


@dataclass(frozen=True)
class Post:
    """One opening. `published` is days ago, None for a draft; `starts` days after it was published."""

    firm: str
    title: str
    form: PlacementForm
    published: int | None
    must: tuple[str, ...]
    nice: tuple[str, ...] = ()
    learn: tuple[str, ...] = ()
    site: int = 0
    industry: Industry | None = None
    places: int = 1
    hours: float = 25
    starts: int = 21
    weeks: int | None = 8
    danish: tuple[int, int, str] = (0, 0, "")
    shifts: tuple[Shift, ...] = ()
    neighbours: bool = False
    withdrawn_after: int | None = None
    paused_after: int | None = None
    weekdays: tuple[Weekday, ...] = ()
    working_times: str = ""
    conditions: tuple[str, ...] = ()
    description: str = ""
    courses: tuple[Course, ...] = ()


def _no(after: int, reason: DecisionReason, words: str) -> Course:
    return Course(after, reason, words, refused=True)


ORDERS = "Beskeder i køkkenet og at kunne sige, når noget mangler."
RESIDENTS = "At tale med beboerne og forstå beskeder fra kollegerne."
LABELS = "At læse etiketter på rengøringsmidler og dagens plan."

CHOSEN = {"lave kaffe til møder": "mødeforplejning"}
"""Tasks in a firm's own words, and the skill it chose when asked; other words that are no skill's name are unknown."""

POSTS: tuple[Post, ...] = (
    Post(
        "fjord",
        "Køkkenhjælp",
        PRAKTIK,
        1000,
        ("skære og klargøre grøntsager",),
        ("køkkenhygiejne",),
        ("betjening af køkkenmaskiner",),
        courses=(Course(5, words="Hun kender arbejdet hjemmefra.", plan=Plan(outcome=Outcome.HIRED)),),
    ),
    Post(
        "solhoej",
        "Hjælp i plejehjemmets køkken",
        PRAKTIK,
        930,
        ("portionering og pakning af mad",),
        ("mad til ældre og blød kost", "grundighed"),
        ("egenkontrol og temperaturmåling",),
        site=1,
        industry=K,
        courses=(Course(6, via=AnsweredVia.PAPER, plan=Plan(weeks=10)),),
    ),
    Post(
        "blank",
        "Rengøring på kontorer",
        PRAKTIK,
        880,
        ("gulvvask og mopning", "støvsugning"),
        ("kontorrengøring",),
        ("gulvvaskemaskine",),
        places=2,
        courses=(
            Course(4, plan=Plan(outcome=Outcome.HIRED)),
            Course(6, DecisionReason.LEARNING_STEP, employer=Answer.NO, employer_reason=EmployerReason.TIME),
        ),
    ),
    Post(
        "klit",
        "Stuehjælp på hotel",
        JOB,
        820,
        ("sengeredning og linnedskift", "rengøring af toilet og bad"),
        ("arbejdstempo",),
        hours=20,
        weeks=26,
        shifts=(Shift.WEEKEND,),
        courses=(Course(7, via=AnsweredVia.PHONE, plan=Plan(weeks=26, hours=20, outcome=Outcome.OTHER_JOB)),),
    ),
    Post(
        "egelund",
        "Hjælp ved måltider",
        PRAKTIK,
        760,
        ("servering af måltider for beboere",),
        ("tålmodighed", "servering for gæster"),
        ("demensforståelse",),
        danish=(1, 0, RESIDENTS),
        neighbours=True,
        courses=(Course(5, plan=Plan()),),
    ),
    Post(
        "skole",
        "Pakning af madkasser",
        PRAKTIK,
        700,
        ("smørrebrød og madpakker",),
        ("køkkenhygiejne", "arbejdstempo"),
        ("opbevaring og datomærkning af fødevarer",),
        courses=(Course(8, plan=Plan(weeks=6)),),
    ),
    Post(
        "blank",
        "Trappevask og fællesarealer",
        LOENTILSKUD,
        600,
        ("trappevask",),
        ("gulvvask og mopning", "selvstændighed"),
        places=2,
        weeks=20,
        hours=30,
        courses=(
            Course(5, plan=Plan(weeks=20, hours=30, outcome=Outcome.HIRED)),
            _no(9, DecisionReason.OTHER_PLAN, "Begynder på sprogskole på fuld tid."),
        ),
    ),
    Post(
        "solhoej",
        "Aktiviteter med beboere",
        PRAKTIK,
        540,
        ("aktiviteter for beboere",),
        ("empati", "tålmodighed"),
        ("demensforståelse",),
        danish=(1, 0, RESIDENTS),
        courses=(Course(6, plan=Plan(outcome=Outcome.EXTENDED)),),
    ),
    Post(
        "humle",
        "Udbringning af mad",
        SMAAJOB,
        500,
        ("udbringning af mad",),
        ("kørekort B",),
        hours=12,
        weeks=20,
        neighbours=True,
        withdrawn_after=25,
    ),
    Post(
        "fjord",
        "Morgenmad, opvask og klargøring",
        IGU,
        480,
        ("forberedelse af råvarer",),
        ("opvask i industriopvaskemaskine", "køkkenhygiejne", "skære og klargøre grøntsager"),
        ("tilberedning af varm mad", "varebestilling"),
        hours=25,
        weeks=104,
        shifts=(Shift.EARLY_MORNING,),
        courses=(
            Course(
                10,
                words="Vil gerne tage en uddannelse ved siden af arbejdet.",
                plan=Plan(weeks=104, starts=20),
            ),
        ),
    ),
    Post(
        "havn",
        "Kantinehjælp",
        PRAKTIK,
        430,
        ("skære og klargøre grøntsager",),
        ("afrydning af borde", "serviceminded"),
        ("kassebetjening i kantine",),
        places=2,
        weeks=60,
        courses=(
            Course(5, plan=Plan(weeks=6, starts=7)),
            Course(
                12,
                DecisionReason.CITIZENS_WISH,
                "Kantinen bygger om. Alle tre er enige om at vente med starten.",
                plan=Plan(after=396, starts=413, weeks=8),
                who="story",
            ),
        ),
    ),
    Post(
        "kantine",
        "Opvask og oprydning",
        SMAAJOB,
        420,
        ("opvask i industriopvaskemaskine",),
        ("afrydning af borde", "håndhygiejne", "servering for gæster", "køkkenhygiejne"),
        neighbours=True,
        hours=10,
        weeks=16,
        courses=(Course(5, plan=Plan(weeks=16, hours=10)),),
    ),
    Post(
        "klit",
        "Rengøring af værelser",
        PRAKTIK,
        400,
        ("hotelrengøring",),
        ("sengeredning og linnedskift",),
        places=2,
        courses=(
            Course(4, plan=Plan(outcome=Outcome.STOPPED_BY_CITIZEN, stops_after=20)),
            _no(6, DecisionReason.HOURS_OR_PLACE, "Bussen passer ikke med mødetiden."),
        ),
    ),
    Post(
        "trappe",
        "Vask af trapper i Melby",
        SMAAJOB,
        330,
        ("trappevask",),
        ("selvstændighed", "gulvvask og mopning", "støvsugning", "mødestabilitet", "vinduespolering"),
        hours=9,
        weeks=30,
        courses=(Course(7, plan=Plan(weeks=20, hours=9, cancelled=True)),),
    ),
    Post(
        "slotsby",
        "Rengøring i daginstitution",
        PRAKTIK,
        300,
        ("skole- og institutionsrengøring",),
        ("gulvvask og mopning", "støvsugning", "sengeredning og linnedskift", "kontorrengøring"),
        ("dosering af rengøringsmidler",),
        courses=(
            _no(5, DecisionReason.DANISH, "Skal kunne læse planen på døren. Vi prøver igen om tre måneder."),
        ),
    ),
    Post(
        "nord",
        "Hjælp i hjemmet",
        PRAKTIK,
        290,
        ("praktisk hjælp i hjemmet",),
        ("indkøb for borger", "ansvarlighed"),
        ("dokumentation i omsorgssystem",),
        danish=(2, 0, RESIDENTS),
        courses=(Course(4, plan=Plan(outcome=Outcome.HIRED)),),
    ),
    Post(
        "melby",
        "Smørrebrød og frokost",
        PRAKTIK,
        240,
        ("skære og klargøre grøntsager",),
        ("køkkenhygiejne", "anretning af fade og tallerkener"),
        ("smørrebrød og madpakker",),
        courses=(
            Course(
                5,
                DecisionReason.CITIZENS_WISH,
                "Rima ønskede et lille køkken først.",
                plan=Plan(weeks=8),
                who="borger",
            ),
        ),
    ),
    Post(
        "birkely",
        "Praktisk hjælp på botilbud",
        LOENTILSKUD,
        200,
        ("støtte til mennesker med handicap",),
        ("praktisk hjælp i hjemmet", "ansvarlighed", "samarbejde"),
        ("hverdagsrehabilitering",),
        weeks=30,
        hours=30,
        courses=(Course(6, plan=Plan(weeks=26, hours=30, starts=20)),),
    ),
    Post(
        "hundested",
        "Rengøring af sommerhuse",
        SMAAJOB,
        70,
        ("hovedrengøring og slutrengøring",),
        ("gulvvask og mopning", "vinduespolering"),
        hours=10,
        weeks=30,
        shifts=(),
        courses=(Course(4, plan=Plan(weeks=16, hours=10)),),
    ),
    Post(
        "blank",
        "Rengøring på skole",
        PRAKTIK,
        60,
        ("gulvvask og mopning",),
        ("støvsugning", "rengøring af toilet og bad", "mødestabilitet"),
        ("gulvvaskemaskine", "forstå faremærkning", "vande planter"),
        places=2,
        weeks=16,
        danish=(1, 0, LABELS),
        description="Vi er fire på holdet og begynder sammen kl. 7. Du følges med Jette de første uger.",
        courses=(
            Course(5, words="Kender arbejdet og vil gerne være flere sammen.", plan=Plan(weeks=8)),
            Course(
                48, DecisionReason.LEARNING_STEP, "Et godt sted at lære maskinerne.", citizen=Answer.PENDING
            ),
        ),
    ),
    Post(
        "fjord",
        "Køkkenhjælp til frokost",
        PRAKTIK,
        45,
        ("skære og klargøre grøntsager",),
        ("køkkenhygiejne", "tilberedning af varm mad", "samarbejde"),
        ("anretning af fade og tallerkener", "lave kaffe til møder"),
        places=3,
        starts=12,
        weeks=14,
        danish=(1, 0, ORDERS),
        description="Du er med i køkkenet fra kl. 8 til 13. Vi viser alt, og der er altid en kollega ved siden af.",
        courses=(
            Course(3, words="Passer med sprogskolen om eftermiddagen.", plan=Plan(weeks=9, starts=10)),
            Course(
                38,
                DecisionReason.GOOD_FIT,
                "Har lavet mad til mange og vil gerne i et stort køkken.",
                employer=Answer.PENDING,
                employer_after=1,
                wants_call=True,
            ),
            _no(6, DecisionReason.NOT_THE_WISH, "Vil helst arbejde med rengøring."),
        ),
    ),
    Post(
        "egelund",
        "Hjælp på afdelingen",
        PRAKTIK,
        40,
        ("omsorg og samvær med ældre",),
        ("hjælp til spisning", "empati"),
        ("forflytning med hjælpemidler", "demensforståelse"),
        places=2,
        weeks=16,
        danish=(1, 0, RESIDENTS),
        neighbours=True,
        courses=(Course(4, plan=Plan(weeks=8, starts=12)),),
    ),
    Post(
        "solhoej",
        "Samvær og måltider",
        PRAKTIK,
        35,
        ("omsorg og samvær med ældre",),
        ("servering af måltider for beboere", "tålmodighed"),
        ("kørestol og ganghjælp", "vande planter"),
        places=3,
        weeks=18,
        danish=(1, 0, RESIDENTS),
        courses=(
            Course(
                6,
                DecisionReason.CITIZENS_WISH,
                "Har passet sin mormor i mange år.",
                plan=Plan(starts=30, weeks=10),
            ),
            Course(9, citizen=Answer.NO, via=AnsweredVia.PHONE),
            Course(
                30, DecisionReason.EMPLOYER_KNOWS, "Solhøjen er god til oplæring.", employer=Answer.PENDING
            ),
        ),
    ),
    Post(
        "nord",
        "På vej til hjemmehjælper",
        IGU,
        30,
        ("praktisk hjælp i hjemmet",),
        ("samtale med borgere og gæster på dansk", "indkøb for borger", "ansvarlighed"),
        ("dokumentation i omsorgssystem",),
        places=2,
        weeks=104,
        danish=(2, 1, RESIDENTS),
        courses=(Course(4, citizen=Answer.WITHDRAWN, citizen_after=2, employer=Answer.PENDING),),
    ),
    Post(
        "kantine",
        "Køkkenmedhjælper",
        LOENTILSKUD,
        28,
        ("køkkenhygiejne",),
        ("anretning af fade og tallerkener", "buffet og opfyldning", "skære og klargøre grøntsager"),
        ("varebestilling",),
        places=2,
        weeks=26,
        hours=30,
        neighbours=True,
        courses=(Course(5, DecisionReason.GOOD_FIT, "Klar til at komme i gang med det samme."),),
    ),
    Post(
        "blank",
        "Aftenrengøring på rådhuset",
        JOB,
        25,
        ("kontorrengøring",),
        ("gulvvask og mopning", "tømning af affald"),
        hours=15,
        weeks=None,
        places=2,
        shifts=(Shift.EVENING,),
        danish=(1, 1, LABELS),
        courses=(_no(8, DecisionReason.HOURS_OR_PLACE, "Kan ikke om aftenen på grund af børnene."),),
    ),
    Post(
        "fjord",
        "Anretning og servering",
        JOB,
        20,
        ("anretning af fade og tallerkener",),
        ("servering for gæster", "buffet og opfyldning", "serviceminded"),
        ("borddækning", "folde servietter"),
        hours=20,
        weeks=None,
        places=2,
        danish=(1, 0, ORDERS),
    ),
    Post(
        "fjord",
        "Salater og smørrebrød",
        PRAKTIK,
        18,
        ("skære og klargøre grøntsager",),
        ("kolde retter og salater", "håndhygiejne", "samarbejde"),
        ("smørrebrød og madpakker", "egenkontrol og temperaturmåling"),
        site=1,
        weeks=12,
        weekdays=(Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY),
        working_times="7.30-13.30",
        conditions=("tunge løft",),
        places=1,
        description="Et lille hold på tre. Du lærer at læse bestillinger og at smøre til buffeten.",
        courses=(
            Course(
                12,
                DecisionReason.CITIZENS_WISH,
                "Rima kan det hele hjemmefra og vil gerne lære smørrebrød.",
                citizen=Answer.PENDING,
                who="borger",
            ),
        ),
    ),
    Post(
        "melby",
        "Madpakker efter skole",
        FRITIDSJOB,
        15,
        ("smørrebrød og madpakker",),
        ("grundighed", "køkkenhygiejne", "håndhygiejne"),
        hours=8,
        weeks=26,
        paused_after=12,
        weekdays=(Weekday.MONDAY, Weekday.THURSDAY),
        working_times="14-18",
    ),
    Post(
        "slotsby",
        "Rengøring i klinik",
        JOB,
        10,
        ("hospitals- og plejehjemsrengøring",),
        ("desinfektion og smitterengøring", "brug af værnemidler"),
        hours=30,
        weeks=None,
        conditions=("hepatitis B-vaccination tilbydes", "straffeattest indhentes af arbejdsgiver"),
        neighbours=True,
        danish=(1, 1, LABELS),
    ),
    Post(
        "blank",
        "Hovedrengøring i børnehave",
        SMAAJOB,
        5,
        ("gulvvask og mopning",),
        ("rengøring af toilet og bad", "tømning af affald"),
        hours=10,
        shifts=(Shift.EVENING,),
    ),
    Post(
        "fjord",
        "Opvask i weekenden",
        SMAAJOB,
        1,
        ("opvask i industriopvaskemaskine",),
        ("køkkenhygiejne",),
        hours=8,
        shifts=(Shift.WEEKEND,),
    ),
    Post(
        "birkely", "Kok for en dag", PRAKTIK, None, ("tilberedning af varm mad",), ("samarbejde",), industry=K
    ),
    Post(
        "fjord",
        "Juleselskaber",
        SMAAJOB,
        None,
        ("servering for gæster",),
        ("borddækning",),
        hours=12,
        shifts=(Shift.EVENING,),
    ),
    Post("trappe", "Vinduer i foråret", SMAAJOB, None, (), hours=8),
)
