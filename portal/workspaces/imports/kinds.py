"""What each kind of file holds: its headings, how a cell under each is understood, and the typed row that comes out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.folding import case_key
from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    Industry,
    LabelledEnum,
    PlacementForm,
    SkillArea,
    SpellKind,
)
from portal.base.texts import without_unseen
from portal.interventions.cohorts.language import HOURS_OF_A_MONTH
from portal.interventions.target_groups.models import MembershipEnd
from portal.loop.cards.fields import CARD_FIELDS, CardField, CsvColumn
from portal.loop.cards.value_kinds import (
    FreeText,
    HomePostcode,
    Ladder,
    NumberChoice,
    OneOf,
    SeveralOf,
    ValueKind,
    WeeklyHours,
    WholeNumber,
    YesNo,
)
from portal.shared.skills.models import SkillCategory, SkillLadder
from portal.shared.skills.pictograms import pictograms
from portal.shared.skills.relations import all_above
from portal.shared.skills.services import UnknownPictogram
from portal.workspaces.imports import cells
from portal.workspaces.imports.layout import letters_of
from portal.workspaces.imports.marks import WARNINGS, check_cell, check_letters
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.reader import Row, UnreadableFile, UploadedTable, fold_heading
from portal.workspaces.imports.refusals import CellMark

DEFAULT_TASK_LEVEL = 2
CELLS_NAMED = 10
"""Addresses in a warning."""


class FirstStatus(LabelledEnum):
    """What becomes of an opening in the file: only what says so is published."""

    DRAFT = "draft", _l("Kladde")
    PUBLISHED = "published", _l("Opslået"), ("slået op", "udgivet")


@dataclass(frozen=True)
class Column:
    """One heading. A cell left empty gives `default`, unless the column is `needed`."""

    key: str
    heading: str
    parse: cells.Parse
    aliases: tuple[str, ...] = ()
    needed: bool = True
    default: Any = None
    page_word: LazyString | str = ""
    """What the pages call it, when they use another word; it is a heading too."""
    stays_without: bool = False
    """A file without the column says nothing of it (None): what is stored stays."""

    @property
    def names(self) -> set[str]:
        return {fold_heading(str(name)) for name in (self.heading, self.page_word, *self.aliases) if name}


@dataclass(frozen=True)
class RowError:
    """What is wrong, where the reader of the file finds it. `heading` is empty when it is about the whole row."""

    line: int
    heading: str
    reason: str
    cell: str = ""
    """The address in a workbook: C7."""

    @property
    def where(self) -> str:
        return ", ".join(part for part in (self.heading, self.cell) if part)


@dataclass(frozen=True)
class EmployerRow:
    cvr: str
    p_number: str
    name: str
    industry: Industry
    address: str
    postcode: str
    full_time_staff: Decimal
    heads: int | None
    """None: the file says nothing of it."""
    contact_name: str
    contact_email: str
    contact_phone: str


@dataclass(frozen=True)
class OpeningRow:
    cvr: str
    p_number: str
    title: str
    form: PlacementForm
    industry: Industry | None
    places: int
    hours_per_week: float
    starts_on: date
    ends_on: date | None
    postcode: str | None
    danish_speaking: int
    danish_reading: int
    danish_use: str
    must: tuple[tuple[str, int], ...]
    nice: tuple[tuple[str, int], ...]
    learn: tuple[tuple[str, int], ...]
    description: str
    visible_to_neighbours: bool
    status: FirstStatus


@dataclass(frozen=True)
class CardRow:
    case_reference: str
    first_name: str
    last_name: str
    born: date | int | None
    """The day, or the year alone. None: the file says nothing of it, as of the year in a column of its own."""
    birth_year: int | None
    skills: tuple[tuple[str, int], ...]
    facts: Mapping[str, Any]
    """What the row says of the card's own fields, by the key of their column."""

    @classmethod
    def of(cls, **values: Any) -> "CardRow":
        facts = {csv.key: values.pop(csv.key) for csv in CARD_COLUMNS}
        return cls(**values, facts=facts)

    def __getitem__(self, key: str) -> Any:
        return self.facts[key] if key in self.facts else getattr(self, key)


@dataclass(frozen=True)
class MembershipRow:
    """Somebody in a target group; no `until_on`: she still is."""

    case_reference: str
    group: str
    from_on: date
    until_on: date | None
    end_reason: MembershipEnd | None


@dataclass(frozen=True)
class SpellRow:
    """A period of somebody's; no `until_on`: it lasts."""

    case_reference: str
    kind: SpellKind
    from_on: date
    until_on: date | None
    hours_per_week: float | None


@dataclass(frozen=True)
class LanguageHoursRow:
    """Hours at the language school in a month, which is known by its first day."""

    case_reference: str
    month_on: date
    planned: int
    attended: int


@dataclass(frozen=True)
class WordRow:
    """A skill or, with the category "stilling", a job title. None: the file says nothing of it."""

    area: SkillArea
    category: SkillCategory | None
    name: str
    synonyms: tuple[str, ...]
    english: str
    broader: tuple[str, ...] | None
    ladder: SkillLadder | None
    pictogram: str | None
    """Empty: none is to show it."""
    tasks: tuple[tuple[str, int], ...] | None

    @classmethod
    def of(cls, **values: Any) -> "WordRow":
        if values["ladder"] == USUAL:
            category = values["category"]
            values["ladder"] = None if category is None else category.usual_ladder
        return cls(**values)


USUAL: Final = ""
"""The ladder that goes without saying: the usual one of the category."""

TITLE = "stilling"

_CVR = Column("cvr", "CVR", cells.cvr, ("CVR nr",), page_word="CVR-nummer")
_P_NUMBER = Column("p_number", "P-nummer", cells.p_number, ("P nr", "Produktionsenhed"))
_CASE = Column("case_reference", "Sagsnummer", cells.case_reference, ("Sagsnr", "Sag"))
_POSTCODE_NAMES = ("Postnr", "Post nr")


_HOURS_OF_A_MONTH = cells.whole_number(0, 744, HOURS_OF_A_MONTH)


def _category(cell: str) -> LabelledEnum | None:
    return None if fold_heading(cell) == TITLE else cells.one_of(SkillCategory)(cell)


def _spell_kind(cell: str) -> LabelledEnum:
    """What nobody knows is no period: then the row is left out."""
    if fold_heading(cell) in _NOT_KNOWN:
        raise cells.CellError(_("Det, ingen ved, er ingen periode. Slet rækken, eller skriv, hvad det er."))
    return cells.one_of(SpellKind)(cell)


_NOT_KNOWN: Final = frozenset(map(fold_heading, ("ved ikke", "ukendt", "?", "-", "ingen")))

NEVER_TOLD: Final = frozenset(
    fold_heading(heading)
    for heading in [
        "ydelse",
        "ydelsestype",
        "ydelsesart",
        "forsørgelse",
        "forsørgelsesgrundlag",
        "kontanthjælp",
        "diagnose",
        "helbred",
        "sygdom",
        "sygemelding",
        "misbrug",
        "køn",
        "oprindelse",
        "herkomst",
        "nationalitet",
        "statsborgerskab",
        "religion",
        "kriminalitet",
        "straf",
        "cpr",
        "cpr-nummer",
        "cpr nr",
    ]
)
"""Headings of what the portal does not hold of people in groups; a file with one is not taken in."""


def _pictogram(cell: str) -> str:
    name = cells.text(40)(cell)
    if name not in pictograms():
        raise cells.CellError(str(UnknownPictogram(name).message))
    return name


_LEVEL_TASKS = cells.levelled(1, 4, DEFAULT_TASK_LEVEL)

_READ = [(field.csv, field) for field in CARD_FIELDS.values() if field.csv is not None]
CARD_COLUMNS: Mapping[CsvColumn, tuple[CardField, ...]] = {
    csv: tuple(field for of, field in _READ if of is csv) for csv, _field in _READ
}
"""What of a card stands in the file: each column with the fields that one cell of it fills."""


PARSERS: Mapping[type[ValueKind], Callable[[Any], cells.Parse]] = {
    FreeText: lambda kind: cells.text(kind.longest),
    Ladder: lambda kind: cells.level(dict(kind.rungs)),
    OneOf: lambda kind: cells.one_of(kind.terms),
    SeveralOf: lambda kind: cells.several_of(kind.terms),
    NumberChoice: lambda kind: cells.whole_number(kind.least, kind.most),
    WholeNumber: lambda kind: cells.whole_number(kind.least, kind.most, kind.unit),
    WeeklyHours: lambda _kind: cells.hours_span,
    HomePostcode: lambda _kind: cells.postcode,
    YesNo: lambda _kind: cells.yes_no,
}
"""How a cell is understood, for each kind of field that a file can hold."""


def _card_columns(kinds: Callable[[ValueKind], bool]) -> Iterator[Column]:
    for csv, (field, *others) in CARD_COLUMNS.items():
        kind = field.kind
        if kinds(kind):
            empty = (None, *(None for _other in others)) if others else _EMPTY.get(type(kind))
            page_word = csv.page_word or field.title
            yield Column(
                csv.key, csv.heading, PARSERS[type(kind)](kind), csv.aliases, False, empty, page_word
            )


def _is_own_words(kind: ValueKind) -> bool:
    return isinstance(kind, FreeText)


_EMPTY: Mapping[type[ValueKind], Any] = {FreeText: "", SeveralOf: ()}
"""What an empty cell gives, where it is not None."""

COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.EMPLOYERS: (
        _CVR,
        _P_NUMBER,
        Column("name", "Navn", cells.text(120), ("Virksomhed", "Firmanavn", "Virksomhedsnavn")),
        Column("industry", "Branche", cells.one_of(Industry), page_word="Fag"),
        Column("address", "Adresse", cells.text(120), ("Vej",)),
        Column("postcode", "Postnummer", cells.postcode, _POSTCODE_NAMES),
        Column(
            "full_time_staff",
            "Årsværk",
            cells.number(0, 100_000),
            ("Ansatte", "Fuldtidsansatte", "Fuldtidspersoner"),
            page_word="Ansatte omregnet til fuldtid",
        ),
        Column(
            "heads",
            "Personer",
            cells.whole_number(0, 100_000),
            ("Antal personer", "Hoveder"),
            needed=False,
            page_word="Hvor mange personer arbejder her",
        ),
        Column("contact_name", "Kontakt", cells.text(120), page_word="Kontaktperson"),
        Column("contact_email", "E-mail", cells.email, ("Mail", "Mailadresse")),
        Column("contact_phone", "Telefon", cells.phone, ("Tlf", "Telefonnummer")),
    ),
    ImportKind.OPENINGS: (
        _CVR,
        _P_NUMBER,
        Column("title", "Titel", cells.text(120), ("Stilling",)),
        Column("form", "Form", cells.one_of(PlacementForm), ("Type",)),
        Column("industry", "Branche", cells.one_of(Industry), needed=False, page_word="Fag"),
        Column(
            "places",
            "Pladser",
            cells.whole_number(1, 99),
            ("Antal",),
            needed=False,
            default=1,
            page_word="Antal pladser",
        ),
        Column("hours_per_week", "Timer", cells.hours, ("Ugentlige timer",), page_word="Timer om ugen"),
        Column("starts_on", "Start", cells.day, ("Startdato", "Fra"), page_word="Første dag"),
        Column("ends_on", "Slut", cells.day, ("Slutdato", "Til"), needed=False, page_word="Sidste dag"),
        Column("postcode", "Postnummer", cells.postcode, _POSTCODE_NAMES, needed=False),
        Column(
            "danish_speaking",
            "Dansk mundtligt",
            cells.level(DANISH_SPEAKING_LEVELS),
            ("Dansk tale",),
            needed=False,
            default=0,
            page_word="Tale og forstå dansk",
        ),
        Column(
            "danish_reading",
            "Dansk skriftligt",
            cells.level(DANISH_READING_LEVELS),
            ("Dansk læsning",),
            needed=False,
            default=0,
            page_word="Læse dansk",
        ),
        Column(
            "danish_use",
            "Dansk bruges til",
            cells.text(300),
            ("Hvad bruges dansk til",),
            needed=False,
            default="",
            page_word="Hvad skal dansk bruges til",
        ),
        Column("must", "Skal kunne", _LEVEL_TASKS, ("Krav",), needed=False, default=()),
        Column("nice", "Godt at kunne", _LEVEL_TASKS, ("Ønsker",), needed=False, default=()),
        Column("learn", "Kan læres", _LEVEL_TASKS, ("Kan læres her",), needed=False, default=()),
        Column(
            "description",
            "Beskrivelse",
            cells.text(2000),
            ("Tekst",),
            needed=False,
            default="",
            page_word="Mere om pladsen",
        ),
        Column(
            "visible_to_neighbours",
            "Nabokommuner",
            cells.yes_no,
            ("Vis for nabokommuner",),
            needed=False,
            default=False,
            page_word="Nabokommunerne må også se åbningen",
        ),
        Column("status", "Status", cells.one_of(FirstStatus), needed=False, default=FirstStatus.DRAFT),
    ),
    ImportKind.CARDS: (
        _CASE,
        Column("first_name", "Fornavn", cells.text(80)),
        Column("last_name", "Efternavn", cells.text(80), needed=False, default=""),
        Column("born", "Fødselsdato", cells.birth, ("Født", "Født den"), needed=False),
        Column(
            "birth_year",
            "Fødselsår",
            cells.birth_year,
            ("Født i år",),
            needed=False,
            page_word="Fødselsår, hvis datoen ikke kendes",
        ),
        *_card_columns(lambda kind: not _is_own_words(kind)),
        Column(
            "skills",
            "Færdigheder",
            cells.levelled(0, 4, None),
            ("Kompetencer", "Kan"),
            needed=False,
            default=(),
        ),
        *_card_columns(_is_own_words),
    ),
    ImportKind.MEMBERSHIPS: (
        _CASE,
        Column("group", "Målgruppe", cells.text(80), ("Gruppe",)),
        Column("from_on", "Fra", cells.day, ("Startdato", "Medlem fra"), page_word="Første dag"),
        Column(
            "until_on", "Til", cells.day, ("Slutdato", "Medlem til"), needed=False, page_word="Sidste dag"
        ),
        Column(
            "end_reason",
            "Grund",
            cells.one_of(MembershipEnd),
            ("Afgangsgrund",),
            needed=False,
            page_word="Hvorfor det sluttede",
        ),
    ),
    ImportKind.SPELLS: (
        _CASE,
        Column("kind", "Slags", _spell_kind, ("Periode", "Status"), page_word="Hvad det er"),
        Column("from_on", "Fra", cells.day, ("Startdato",), page_word="Første dag"),
        Column("until_on", "Til", cells.day, ("Slutdato",), needed=False, page_word="Sidste dag"),
        Column(
            "hours_per_week",
            "Timer",
            cells.hours,
            ("Ugentlige timer",),
            needed=False,
            page_word="Timer om ugen",
        ),
    ),
    ImportKind.LANGUAGE_HOURS: (
        _CASE,
        Column("month_on", "Måned", cells.month, ("Dato", "Periode")),
        Column("planned", "Planlagt", _HOURS_OF_A_MONTH, ("Planlagte timer",), page_word="Planlagte timer"),
        Column("attended", "Fremmødt", _HOURS_OF_A_MONTH, ("Fremmøde",), page_word="Fremmødte timer"),
    ),
    ImportKind.VOCABULARY: (
        Column("area", "sector", cells.one_of(SkillArea), ("Område",), page_word=_l("Fag")),
        Column("category", "category", _category, ("Kategori",), page_word=_l("Slags")),
        Column("name", "canonical_da", cells.text(120), ("Ord",), page_word=_l("Navn")),
        Column(
            "synonyms",
            "synonyms_da",
            cells.labels,
            ("Synonymer",),
            needed=False,
            default=(),
            page_word=_l("Andre ord"),
        ),
        Column("english", "english", cells.text(120), needed=False, default="", page_word=_l("Engelsk")),
        Column(
            "broader",
            "broader",
            cells.labels,
            needed=False,
            default=(),
            stays_without=True,
            page_word=_l("Hører under"),
        ),
        Column(
            "ladder",
            "ladder",
            cells.one_of(SkillLadder),
            needed=False,
            default=USUAL,
            stays_without=True,
            page_word=_l("Trin"),
        ),
        Column(
            "pictogram",
            "pictogram",
            _pictogram,
            ("Piktogram",),
            needed=False,
            default="",
            stays_without=True,
            page_word=_l("Billede"),
        ),
        Column(
            "tasks",
            "tasks",
            cells.levelled(1, 4, None),
            needed=False,
            default=(),
            stays_without=True,
            page_word=_l("Opgaver"),
        ),
    ),
}

_ROW_MAKERS: Mapping[ImportKind, Callable[..., Any]] = {
    ImportKind.EMPLOYERS: EmployerRow,
    ImportKind.OPENINGS: OpeningRow,
    ImportKind.CARDS: CardRow.of,
    ImportKind.MEMBERSHIPS: MembershipRow,
    ImportKind.SPELLS: SpellRow,
    ImportKind.LANGUAGE_HOURS: LanguageHoursRow,
    ImportKind.VOCABULARY: WordRow.of,
}


@dataclass(frozen=True)
class UnderstoodRow:
    """One row that makes sense by itself, with the line it stands on."""

    line: int
    row: Any


@dataclass(frozen=True)
class Checked:
    """A whole file, read but not yet compared with what is stored."""

    kind: ImportKind
    table: UploadedTable
    rows: tuple[UnderstoodRow, ...]
    errors: tuple[RowError, ...]
    unknown_headings: tuple[str, ...]
    places: Mapping[str, int]
    """Where each column stands, from 0."""
    warnings: tuple[str, ...] = ()
    """What was read, but must be looked after."""

    def error_at(self, line: int, key: str, reason: str) -> RowError:
        """Something wrong with the cell of that column; without a key it is the whole row."""
        heading = next((column.heading for column in COLUMNS[self.kind] if column.key == key), "")
        return RowError(line, heading, reason, _address(self.table, self.places.get(key), line))


def check(kind: ImportKind, table: UploadedTable) -> Checked:
    """Understand every cell; every cell that cannot be understood becomes an error with its line and heading.

    Raises UnreadableFile when a needed heading is missing: then no row can be right.
    """
    if kind in (ImportKind.MEMBERSHIPS, ImportKind.SPELLS, ImportKind.LANGUAGE_HOURS):
        _refuse_never_told(table.headings)
    places, unknown = _places(kind, table.headings)
    rows, errors = [], []
    seen: dict[CellMark, list[str]] = {mark: [] for mark in WARNINGS}
    for row in table.rows:
        values, wrong = _values(kind, row, places, table, seen)
        if wrong:
            errors.extend(wrong)
        else:
            rows.append(UnderstoodRow(row.line, _ROW_MAKERS[kind](**values)))
    kept, repeated = _without_repeats(kind, rows)
    return Checked(kind, table, tuple(kept), tuple(errors + repeated), unknown, places, _warnings(seen))


def _warnings(seen: Mapping[CellMark, list[str]]) -> tuple[str, ...]:
    return tuple(
        str(WARNINGS[mark]) % {"cells": ", ".join(found[:CELLS_NAMED]) + ("…" if found[CELLS_NAMED:] else "")}
        for mark, found in seen.items()
        if found
    )


def _refuse_never_told(headings: Iterable[str]) -> None:
    """Raises UnreadableFile for a column about benefits, health, sex or origin, be it used or not."""
    told = [heading[:60] for heading in headings if fold_heading(heading) in NEVER_TOLD]
    if told:
        raise UnreadableFile(
            _(
                "Portalen gemmer ikke ydelser, helbred, køn, oprindelse eller CPR-numre. "
                "Slet kolonnerne, og indlæs filen igen: %(names)s.",
                names=", ".join(told),
            )
        )


def _places(kind: ImportKind, headings: tuple[str, ...]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each column stands, and the headings nobody knows."""
    by_name = {name: column.key for column in COLUMNS[kind] for name in column.names}
    places: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(headings):
        _check_heading(place, heading)
        key = by_name.get(fold_heading(heading))
        if key is None:
            unknown.append(heading or _("(uden overskrift)"))
        elif key in places:
            raise UnreadableFile(_("Overskriften “%(name)s” står der to gange.", name=heading[:60]))
        else:
            places[key] = place
    missing = [column.heading for column in COLUMNS[kind] if column.needed and column.key not in places]
    if missing:
        raise UnreadableFile(
            _(
                "Filen mangler overskrifter: %(names)s. Hent eksempelfilen, og se, hvordan de skal stå.",
                names=", ".join(missing),
            )
        )
    return places, tuple(unknown)


def _values(
    kind: ImportKind,
    row: Row,
    places: Mapping[str, int],
    table: UploadedTable,
    seen: Mapping[CellMark, list[str]],
) -> tuple[dict[str, Any], list[RowError]]:
    if len(row.cells) > len(table.headings):
        reason = _(
            "Rækken har flere felter end overskrifterne. Et felt med skilletegn skal stå i anførselstegn."
        )
        return {}, [RowError(row.line, "", reason)]
    values: dict[str, Any] = {}
    errors = []
    for column in COLUMNS[kind]:
        if column.stays_without and column.key not in places:
            values[column.key] = None
            continue
        place = places.get(column.key)
        cell = row.cells[place] if place is not None and place < len(row.cells) else ""
        told = "" if place is None else row.mark(place)
        address = _address(table, place, row.line)
        try:
            values[column.key] = _value(column, cell, told)
        except cells.CellError as problem:
            errors.append(RowError(row.line, column.heading, str(problem), address))
        else:
            _note(told, column, address, seen)
    return values, errors


def _address(table: UploadedTable, place: int | None, line: int) -> str:
    """As a workbook names a cell; a text has no such names."""
    return f"{letters_of(place)}{line}" if place is not None and table.code is None else ""


def _note(told: str, column: Column, address: str, seen: Mapping[CellMark, list[str]]) -> None:
    for mark in map(CellMark, told):
        if mark in WARNINGS and (
            mark is not CellMark.NUMBER or cells.takes(column.parse) is cells.Takes.TEXT
        ):
            seen[mark].append(address)


def _value(column: Column, cell: str, told: str) -> Any:
    check_cell(cell, told, cells.takes(column.parse))
    cell = without_unseen(cell).strip()
    if cell:
        return column.parse(cell)
    if column.needed:
        raise cells.CellError(_("Feltet er tomt."))
    return column.default


def _without_repeats(
    kind: ImportKind, rows: list[UnderstoodRow]
) -> tuple[list[UnderstoodRow], list[RowError]]:
    """A natural key may stand once in a file: of two rows about the same thing nobody knows which is right."""
    first: dict[Any, int] = {}
    kept, errors = [], []
    for understood in rows:
        key = natural_key(kind, understood.row)
        if key in first:
            reason = _("Rækken handler om det samme som linje %(line)s. Slet den ene.", line=first[key])
            errors.append(RowError(understood.line, "", reason))
        else:
            first[key] = understood.line
            kept.append(understood)
    return kept, errors


def _check_heading(place: int, heading: str) -> None:
    """Raises UnreadableFile for a heading whose letters were changed: it would only look unknown."""
    try:
        check_letters(heading)
    except cells.CellError as problem:
        raise UnreadableFile(
            _("Overskriften i kolonne %(column)s: %(problem)s", column=place + 1, problem=str(problem))
        ) from problem


def natural_key(kind: ImportKind, row: Any) -> tuple[Any, ...]:
    """What makes two rows be about the same thing, in this file or in the database."""
    if kind is ImportKind.EMPLOYERS:
        return row.cvr, row.p_number
    if kind is ImportKind.OPENINGS:
        return row.cvr, row.p_number, row.title.casefold(), row.starts_on, row.form
    if kind is ImportKind.CARDS:
        return (case_key(row.case_reference),)
    if kind is ImportKind.MEMBERSHIPS:
        return case_key(row.case_reference), row.group.casefold(), row.from_on
    if kind is ImportKind.SPELLS:
        return case_key(row.case_reference), row.kind, row.from_on
    if kind is ImportKind.LANGUAGE_HOURS:
        return case_key(row.case_reference), row.month_on
    return row.category is None, row.name.casefold()


def writing_ranks(kind: ImportKind, rows: Iterable[UnderstoodRow]) -> dict[int, int]:
    """Line -> rank: what others name is written before them, the broader skills first and the titles last."""
    if kind is not ImportKind.VOCABULARY:
        return {understood.line: 0 for understood in rows}
    words = [(understood.line, understood.row) for understood in rows]
    broader = {word.name: word.broader or () for _line, word in words if word.category is not None}
    return {
        line: len(words) if word.category is None else len(list(all_above(word.name, broader)))
        for line, word in words
    }


def shown(kind: ImportKind, row: Any) -> list[tuple[str, str]]:
    """The row as understood, heading by heading, for the preview."""
    return [(column.heading, _shown(_told(row, column.key))) for column in COLUMNS[kind]]


def _told(row: Any, key: str) -> Any:
    return row[key] if isinstance(row, CardRow) else getattr(row, key)


def _shown(value: Any) -> str:
    if value is None or value == () or value == (None, None):
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, LabelledEnum):
        return str(value.label)
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, float | Decimal):
        return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{value:f}" else f"{value:f}"
    if isinstance(value, tuple):
        return _shown_tuple(value)
    return str(value)


def _shown_tuple(value: tuple[Any, ...]) -> str:
    if len(value) == 2 and all(item is None or isinstance(item, float) for item in value):
        low, high = value
        return _("højst %(hours)s", hours=_shown(high)) if low is None else f"{_shown(low)}–{_shown(high)}"
    return ", ".join(f"{item[0]} ({item[1]})" if isinstance(item, tuple) else _shown(item) for item in value)
