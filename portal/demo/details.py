"""What the demo's cards and sheets say besides skills: the week, languages, the Danish course, tasks told about."""

from dataclasses import dataclass
from itertools import cycle

from portal.base.terms import DanishCourse, DanishExam, Language, LanguageLevel, PartOfDay, Transport, Weekday
from portal.demo.people import BORGER2_NAME, BORGER_NAME, NAMES
from portal.loop.cards.intake import Done
from portal.loop.cards.models import Frequency, Setting
from portal.loop.cards.services import SpokenLanguage

MOTHER_TONGUES = {
    **dict(zip(NAMES, cycle((Language.AR, Language.TI, Language.UK, Language.FA, None)), strict=False)),
    BORGER_NAME: Language.AR,
    BORGER2_NAME: Language.TI,
    ("Hodan", "Warsame"): Language.SO,
    ("Aylin", "Demir"): Language.TR,
    ("Fadumo", "Ali"): Language.SO,
    ("Fatma", "Yildiz"): Language.TR,
    ("Sagal", "Nur"): Language.SO,
    ("Elif", "Kaya"): Language.TR,
    ("Sevda", "Aslan"): Language.TR,
    ("Esperance", "Mukendi"): Language.EN,
    ("Josephine", "Mbuyi"): Language.EN,
    ("Grâce", "Ilunga"): Language.EN,
    ("Chantal", "Kabongo"): Language.EN,
    ("Abdi", "Jama"): Language.SO,
    ("Ifrah", "Hassan"): Language.SO,
}
"""By name; None for those whose language the portal does not speak."""

_WORKDAYS = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)
_ANY_PART = [PartOfDay.EARLY_MORNING.value, PartOfDay.DAY.value, PartOfDay.EVENING.value]


@dataclass(frozen=True)
class Extras:
    """What a well-known citizen's card says besides skills and wishes."""

    week: dict[str, list[str]]
    transport: tuple[str, ...]
    course: DanishCourse
    module: int
    exam: DanishExam | None
    languages: tuple[SpokenLanguage, ...]


_ENGLISH = SpokenLanguage("Engelsk", LanguageLevel.SOME, shown=True)
_OWN = {
    Language.AR: "Arabisk",
    Language.TI: "Tigrinya",
    Language.UK: "Ukrainsk",
    Language.FA: "Dari",
    Language.SO: "Somali",
    Language.TR: "Tyrkisk",
    Language.EN: "Engelsk",
}


def extras_of(name: tuple[str, str], number: int) -> Extras | None:
    """Two of three cards have been talked through; the same for the same number."""
    if number % 3 == 1:
        return None
    days = {day.value: list(_ANY_PART) for day in _WORKDAYS}
    if number % 2 == 0:
        days |= {Weekday.SATURDAY.value: [PartOfDay.DAY.value]}
    tongue = MOTHER_TONGUES.get(name)
    spoken = [SpokenLanguage(_OWN[tongue], LanguageLevel.FLUENT, shown=number % 4 != 3)] if tongue else []
    if number % 5 == 0 and tongue is not Language.EN:
        spoken.append(_ENGLISH)
    travel = (Transport.BICYCLE, Transport.PUBLIC) if number % 2 == 0 else (Transport.WALK, Transport.PUBLIC)
    return Extras(
        week=days,
        transport=tuple(one.value for one in travel),
        course=(DanishCourse.DU1, DanishCourse.DU2)[number % 2],
        module=1 + number % 5,
        exam=DanishExam.PD1 if number % 4 == 0 else None,
        languages=tuple(spoken),
    )


TOLD_BY_BORGER = {
    "wash-pots": Done(Frequency.DAILY, Setting.HOME),
    "cut-vegetables": Done(Frequency.DAILY, Setting.HOME),
    "cook-hot-food": Done(Frequency.DAILY, Setting.HOME),
    "bake": Done(Frequency.OFTEN, Setting.VOLUNTARY),
}
"""On her card; the rest of the kitchen's tasks she has not come to yet."""

TOLD_BY_BORGER2 = {
    "wash-floor": Done(Frequency.OFTEN, Setting.HOME),
    "dust": Done(Frequency.DAILY, Setting.HOME),
    "drive-floor-machine": Done(Frequency.NEVER, None),
}
"""Waiting to be put on the card."""

CITIZENS_COMMENT = "Jeg er glad for at have prøvet det. Jeg vil gerne lære opvaskemaskinen bedre at kende."
WORKPLACE_NOTES = ("Spørger, når der er tvivl.", "", "Kommer altid til tiden.", "")
