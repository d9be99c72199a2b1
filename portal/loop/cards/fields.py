"""What stands on a card besides skills, certificates and languages: one description per field.

Versions, consents, forms, the page, the paper, imports, exports and what the matcher reads derive from `CARD_FIELDS`.
A new field is a column of `CompetenceCard`, a value of `CardDetails`, and its description here (CONTRIBUTING.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.places import point_of
from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    HOURS_IN_A_WEEK,
    DanishCourse,
    DanishExam,
    Industry,
    LabelledEnum,
    Transport,
)
from portal.base.typed_numbers import KILOMETRES
from portal.loop.cards import wording
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.value_kinds import (
    FreeText,
    HomePostcode,
    Ladder,
    NumberChoice,
    OneOf,
    SeveralOf,
    Shifts,
    ValueKind,
    WeekGrid,
    WeeklyHours,
    WholeNumber,
    YesNo,
)
from portal.loop.cards.wording import LocalizedText, Text
from portal.web.presentation import da_number


class SharedField(LabelledEnum):
    """R15: what a consent can open. A closed set: a note, a phone number or an age is no part of it."""

    NUMBER = "number", _l("Kortets nummer")
    SKILLS = "skills", _l("Hvad borgeren kan")
    EVIDENCE = "evidence", _l("Hvem der har set det")
    HOURS = "hours", _l("Dage og timer")
    FIRST_NAME = "first_name", _l("Fornavn")
    GOAL = "goal", _l("Målet med egne ord")
    NEXT_STEP = "next_step", _l("Næste skridt")
    OWN_WORDS = "own_words", _l("Egne ord om opgaverne")
    DANISH = "danish", _l("Dansk")
    LANGUAGES = "languages", _l("Andre sprog")
    CERTIFICATES = "certificates", _l("Kurser og beviser")
    RANGE = "range", _l("Hvor langt borgeren kan rejse")
    PLACES = "places", _l("Hvor borgeren har prøvet at arbejde")


class Layout(Enum):
    """Where a field stands when it does not stand in a list with others."""

    OWN_PLACE = auto()
    """The template, the form or the document sets it in a place of its own."""
    NEVER = auto()
    """It is not there, on purpose."""


class FormPart(Enum):
    """Parts of the card's form that are rows of fields; `(part, row)`: fields of one row stand side by side."""

    STORY = auto()
    DANISH = auto()
    WHEN_AND_WHERE = auto()


class PagePart(Enum):
    """Parts of the card's page that are lists of facts."""

    DANISH = auto()
    WHEN_AND_WHERE = auto()


Values = Callable[[CompetenceCard], Text | tuple[LocalizedText, ...]]
"""What a card says on one line, one text or several; empty when it is not known."""


@dataclass(frozen=True, eq=False)
class PageLine:
    """One fact of the card's page. Fields that are said together share one."""

    part: PagePart
    title: LazyString | None
    """None: the field's own label."""
    values: Values | None
    """None: the value in words."""
    between: str
    """What stands between the values."""
    phrase: str | None
    """The heading's phrase in her language, with which it stands on her own page too; None: it does not."""


@dataclass(frozen=True, eq=False)
class PaperLine:
    """One line under "Hvornår og hvor" on the printed card. Fields that are said together share one."""

    title: LazyString | None
    values: Values | None
    phrase: str
    """The heading's phrase in her language; empty: Danish only."""


@dataclass(frozen=True)
class Matched:
    """How the matcher sees a field."""

    name: str
    """The attribute of `matching.Card`."""
    read: Callable[[Any], Any] | None
    """From the column's value to the matcher's; None: the same."""
    condition: str | None
    """The condition whose question its value answers; None: a condition of its own for each shift."""
    answered: Callable[[Any], str] | None
    """A given answer in words, where it needs more than the value's own."""


@dataclass(frozen=True, eq=False)
class CsvColumn:
    """A column of the file that cards are read from. Fields that stand in one cell share one."""

    key: str
    heading: str
    aliases: tuple[str, ...]
    page_word: LazyString | None
    """What the pages call it, which is a heading too; None: the field's label."""
    example: str
    """The first row of docs/examples/kort.csv."""


@dataclass(frozen=True, kw_only=True)
class CardField:
    """All that is to know of one field. No trait has a default: whoever adds a field decides each."""

    column: str
    """Of `CompetenceCard`, and the name in `CardDetails`, versions, forms and exports."""
    label: LazyString
    under_heading: LazyString | None
    """The label where a heading says the rest, like "Taler" under "Dansk"; None: the same."""
    unit: LazyString | None
    """LocalizedText after the label; None: the value or the label says it."""
    kind: ValueKind
    matched: Matched | None
    """None: suggestions do not depend on it."""
    opened_by: SharedField | None
    """The consent with which an employer sees it; None: no employer ever does."""
    form: tuple[FormPart, int] | Layout
    page: PageLine | Layout
    paper: PaperLine | Layout
    csv: CsvColumn | None
    """None: it is not read from files."""
    in_europass: bool
    """Whether the Europass file has it, as a note."""

    def answer_in_words(self, value: Any) -> str:
        """An answer to a suggestion's question: "mindst 20 timer"."""
        said = self.matched.answered if self.matched is not None else None
        return self.kind.in_words(value) if said is None else said(value)

    @property
    def title(self) -> LazyString | str:
        """The label with its unit."""
        return (
            self.label if self.unit is None else _l("%(label)s (%(unit)s)", label=self.label, unit=self.unit)
        )

    @property
    def short_title(self) -> LazyString | str:
        """As `title`, where a heading says the rest."""
        return self.title if self.under_heading is None else self.under_heading


def line_of_its_own(part: PagePart) -> PageLine:
    """The field's label and its value in words."""
    return PageLine(part, title=None, values=None, between="", phrase=None)


def _travel(card: CompetenceCard) -> tuple[LocalizedText, ...]:
    return (wording.range_said(card), *wording.transport_said(card))


_WHEN_AND_WHERE: Final = PagePart.WHEN_AND_WHERE

_COURSE_ON_PAGE: Final = PageLine(
    PagePart.DANISH, title=None, values=wording.danish_course_text, between="", phrase=None
)
_HOURS_ON_PAGE: Final = PageLine(_WHEN_AND_WHERE, _l("Timer"), wording.hours_said, between="", phrase="hours")
_SHIFTS_ON_PAGE: Final = PageLine(
    _WHEN_AND_WHERE, _l("Arbejdstider"), wording.shifts_said, between=" · ", phrase="shifts"
)
_HOME_ON_PAGE: Final = PageLine(
    _WHEN_AND_WHERE, _l("Hvor"), wording.range_said, between="", phrase="distance"
)

_HOURS_ON_PAPER: Final = PaperLine(_l("Timer"), wording.hours_said, "hours")
_SHIFTS_ON_PAPER: Final = PaperLine(_l("Tidspunkter"), wording.shifts_said, "shifts")
_TRAVEL_ON_PAPER: Final = PaperLine(_l("Afstand"), _travel, "distance")

_HOURS_IN_FILE: Final = CsvColumn("hours", "Timer", (), _l("Timer om ugen"), "15-25")


CARD_FIELDS: Final[Mapping[str, CardField]] = {
    field.column: field
    for field in (
        CardField(
            column="goal",
            label=_l("Mit mål"),
            under_heading=None,
            unit=None,
            kind=FreeText(longest=500, lines=4),
            matched=None,
            opened_by=SharedField.GOAL,
            form=Layout.OWN_PLACE,
            page=Layout.OWN_PLACE,
            paper=Layout.OWN_PLACE,
            csv=CsvColumn(
                "goal", "Mål", ("Eget mål",), None, "Jeg vil gerne arbejde i et køkken tæt på børnehaven."
            ),
            in_europass=True,
        ),
        CardField(
            column="next_step",
            label=_l("Mit næste skridt"),
            under_heading=_l("Næste skridt"),
            unit=None,
            kind=FreeText(longest=300, lines=1),
            matched=None,
            opened_by=SharedField.NEXT_STEP,
            form=(FormPart.STORY, 1),
            page=Layout.OWN_PLACE,
            paper=Layout.OWN_PLACE,
            csv=None,
            in_europass=False,
        ),
        CardField(
            column="wishes",
            label=_l("Ønsker arbejde i"),
            under_heading=None,
            unit=None,
            kind=SeveralOf(Industry),
            matched=Matched("industries", lambda wishes: frozenset(wishes) or None, "industry", None),
            opened_by=None,
            form=(FormPart.STORY, 2),
            page=PageLine(
                _WHEN_AND_WHERE,
                None,
                wording.wishes_text,
                between="",
                phrase=None,
            ),
            paper=Layout.NEVER,
            csv=CsvColumn(
                "wishes", "Ønsker", ("Brancheønsker", "Ønske"), None, "Køkken og kantine; Rengøring"
            ),
            in_europass=False,
        ),
        CardField(
            column="danish_speaking",
            label=_l("Taler dansk"),
            under_heading=_l("Taler"),
            unit=None,
            kind=Ladder(DANISH_SPEAKING_LEVELS),
            matched=Matched("danish_speaking", None, "danish_speaking", None),
            opened_by=SharedField.DANISH,
            form=(FormPart.DANISH, 1),
            page=PageLine(PagePart.DANISH, None, wording.speaking_said, between="", phrase="speaking"),
            paper=Layout.OWN_PLACE,
            csv=CsvColumn("danish_speaking", "Dansk mundtligt", ("Dansk tale",), None, "2"),
            in_europass=False,
        ),
        CardField(
            column="danish_reading",
            label=_l("Læser dansk"),
            under_heading=_l("Læser"),
            unit=None,
            kind=Ladder(DANISH_READING_LEVELS),
            matched=Matched("danish_reading", None, "danish_reading", None),
            opened_by=SharedField.DANISH,
            form=(FormPart.DANISH, 2),
            page=PageLine(PagePart.DANISH, None, wording.reading_said, between="", phrase="reading"),
            paper=Layout.OWN_PLACE,
            csv=CsvColumn("danish_reading", "Dansk skriftligt", ("Dansk læsning",), None, "1"),
            in_europass=False,
        ),
        CardField(
            column="danish_course",
            label=_l("Danskuddannelse"),
            under_heading=None,
            unit=None,
            kind=OneOf(DanishCourse, nothing=_l("Ingen, eller ved ikke")),
            matched=None,
            opened_by=SharedField.DANISH,
            form=(FormPart.DANISH, 3),
            page=_COURSE_ON_PAGE,
            paper=Layout.OWN_PLACE,
            csv=None,
            in_europass=False,
        ),
        CardField(
            column="danish_module",
            label=_l("Modul"),
            under_heading=None,
            unit=None,
            kind=NumberChoice(1, 6),
            matched=None,
            opened_by=SharedField.DANISH,
            form=(FormPart.DANISH, 3),
            page=_COURSE_ON_PAGE,
            paper=Layout.OWN_PLACE,
            csv=None,
            in_europass=False,
        ),
        CardField(
            column="danish_exam",
            label=_l("Bestået prøve"),
            under_heading=None,
            unit=None,
            kind=OneOf(DanishExam, nothing=_l("Ingen, eller ved ikke")),
            matched=None,
            opened_by=SharedField.DANISH,
            form=(FormPart.DANISH, 3),
            page=_COURSE_ON_PAGE,
            paper=Layout.OWN_PLACE,
            csv=None,
            in_europass=False,
        ),
        CardField(
            column="hours_min",
            label=_l("Mindst timer om ugen"),
            under_heading=None,
            unit=None,
            kind=WeeklyHours(1, HOURS_IN_A_WEEK),
            matched=Matched(
                "hours_min",
                None,
                "hours",
                lambda hours: _("mindst %(hours)s timer", hours=da_number(hours)),
            ),
            opened_by=SharedField.HOURS,
            form=(FormPart.WHEN_AND_WHERE, 1),
            page=_HOURS_ON_PAGE,
            paper=_HOURS_ON_PAPER,
            csv=_HOURS_IN_FILE,
            in_europass=False,
        ),
        CardField(
            column="hours_max",
            label=_l("Højst timer om ugen"),
            under_heading=None,
            unit=None,
            kind=WeeklyHours(1, HOURS_IN_A_WEEK),
            matched=Matched(
                "hours_max",
                None,
                "hours",
                lambda hours: _("højst %(hours)s timer", hours=da_number(hours)),
            ),
            opened_by=SharedField.HOURS,
            form=(FormPart.WHEN_AND_WHERE, 1),
            page=_HOURS_ON_PAGE,
            paper=_HOURS_ON_PAPER,
            csv=_HOURS_IN_FILE,
            in_europass=False,
        ),
        CardField(
            column="week",
            label=_l("Ugen"),
            under_heading=None,
            unit=None,
            kind=WeekGrid(),
            matched=None,
            opened_by=SharedField.HOURS,
            form=Layout.OWN_PLACE,
            page=line_of_its_own(_WHEN_AND_WHERE),
            paper=Layout.OWN_PLACE,
            csv=None,
            in_europass=False,
        ),
        CardField(
            column="shifts_yes",
            label=_l("Kan arbejde"),
            under_heading=None,
            unit=None,
            kind=Shifts(can=True),
            matched=Matched("shifts_yes", frozenset, None, lambda _shifts: _("ja")),
            opened_by=SharedField.HOURS,
            form=Layout.OWN_PLACE,
            page=_SHIFTS_ON_PAGE,
            paper=_SHIFTS_ON_PAPER,
            csv=None,
            in_europass=False,
        ),
        CardField(
            column="shifts_no",
            label=_l("Kan ikke arbejde"),
            under_heading=None,
            unit=None,
            kind=Shifts(can=False),
            matched=Matched("shifts_no", frozenset, None, lambda _shifts: _("nej")),
            opened_by=SharedField.HOURS,
            form=Layout.OWN_PLACE,
            page=_SHIFTS_ON_PAGE,
            paper=_SHIFTS_ON_PAPER,
            csv=None,
            in_europass=False,
        ),
        CardField(
            column="postcode",
            label=_l("Bor i postnummer"),
            under_heading=_l("Bor i"),
            unit=None,
            kind=HomePostcode(),
            matched=Matched(
                "place", point_of, "distance", lambda postcode: _("fra %(postcode)s", postcode=postcode)
            ),
            opened_by=SharedField.RANGE,
            form=(FormPart.WHEN_AND_WHERE, 2),
            page=_HOME_ON_PAGE,
            paper=_TRAVEL_ON_PAPER,
            csv=CsvColumn("postcode", "Postnummer", ("Postnr", "Post nr"), None, "3300"),
            in_europass=False,
        ),
        CardField(
            column="range_km",
            label=_l("Kan rejse højst"),
            under_heading=None,
            unit=_l("km"),
            kind=WholeNumber(1, 200, KILOMETRES),
            matched=Matched("range_km", None, "distance", lambda km: _("op til %(km)s km", km=da_number(km))),
            opened_by=SharedField.RANGE,
            form=(FormPart.WHEN_AND_WHERE, 2),
            page=_HOME_ON_PAGE,
            paper=_TRAVEL_ON_PAPER,
            csv=CsvColumn("range_km", "Rækkevidde", ("Rækkevidde km", "Km"), None, "20"),
            in_europass=False,
        ),
        CardField(
            column="transport",
            label=_l("Kommer på arbejde"),
            under_heading=None,
            unit=None,
            kind=SeveralOf(Transport),
            matched=None,
            opened_by=SharedField.RANGE,
            form=(FormPart.WHEN_AND_WHERE, 3),
            page=PageLine(_WHEN_AND_WHERE, None, wording.transport_said, between=", ", phrase="transport"),
            paper=_TRAVEL_ON_PAPER,
            csv=None,
            in_europass=False,
        ),
        CardField(
            column="is_active",
            label=_l("Tager del i matchningen"),
            under_heading=None,
            unit=None,
            kind=YesNo(_l("ja"), _l("nej, holder pause")),
            matched=None,
            opened_by=None,
            form=Layout.NEVER,
            page=Layout.OWN_PLACE,
            paper=Layout.NEVER,
            csv=None,
            in_europass=False,
        ),
    )
}
"""By column, in the order of the card."""

MATCHED: Final = tuple(field for field in CARD_FIELDS.values() if field.matched is not None)
"""What suggestions depend on."""

EDITED: Final = tuple(field for field in CARD_FIELDS.values() if field.form is not Layout.NEVER)
"""What the card's form fills in, and `CardDetails` carries."""


def for_matcher(values: Mapping[Any, Any]) -> dict[str, Any]:
    """The attributes of `matching.Card`, from a card's columns."""
    return {name: read(values[column]) if read else values[column] for column, name, read in _READINGS}


_READINGS: Final = [
    (field.column, field.matched.name, field.matched.read) for field in MATCHED if field.matched is not None
]


def page_lines(card: CompetenceCard, part: PagePart) -> list[tuple[str, str]]:
    """The facts of one part of the card's page, each with its title; what is not known is empty."""
    return [
        (
            str(line.title or field.short_title),
            line.between.join(said.danish for said in _values(field, line.values, card)),
        )
        for line, field in _lines("page").items()
        if isinstance(line, PageLine) and line.part is part
    ]


def lines_in_her_language(card: CompetenceCard) -> list[tuple[LocalizedText, list[LocalizedText]]]:
    """The same facts for her own page, each under its heading's phrase; what is not known is left out."""
    rows = [
        (LocalizedText("", "heading", line.phrase), _values(field, line.values, card))
        for line, field in _lines("page").items()
        if isinstance(line, PageLine) and line.phrase is not None
    ]
    return [(heading, kept) for heading, said in rows if (kept := [one for one in said if one.danish])]


def paper_lines(card: CompetenceCard) -> tuple[tuple[LocalizedText, tuple[LocalizedText, ...]], ...]:
    """What stands under "Hvornår og hvor" on the printed card."""
    return tuple(
        (
            LocalizedText(str(line.title or field.title), "heading" if line.phrase else "", line.phrase),
            _values(field, line.values, card),
        )
        for line, field in _lines("paper").items()
        if isinstance(line, PaperLine)
    )


def _lines(of: str) -> dict[Any, CardField]:
    """Each line once, with the first of its fields, in the order of the card."""
    lines: dict[Any, CardField] = {}
    for field in CARD_FIELDS.values():
        lines.setdefault(getattr(field, of), field)
    return lines


def _values(field: CardField, values: Values | None, card: CompetenceCard) -> tuple[LocalizedText, ...]:
    told = field.kind.in_words(getattr(card, field.column)) if values is None else values(card)
    if isinstance(told, tuple):
        return told
    return (told if isinstance(told, LocalizedText) else LocalizedText(told),)
