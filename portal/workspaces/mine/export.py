"""The three files with what is stored about her: for reading, for machines, and for Europass. docs/export.md."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import UtcDateTime, db
from portal.base.terms import LabelledEnum, Language, Party
from portal.loop.cards.fields import CARD_FIELDS, SharedField
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.footprint import tables_about_a_citizen
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit.words import ACTIONS
from portal.shared.skills.translations import PhraseKind, translated
from portal.web.paper.typesetting import clean, long_date, typeset, ymd
from portal.web.presentation import da_date, da_datetime
from portal.web.rooms import PersonalTable, rooms
from portal.workspaces.mine.europass import profile
from portal.workspaces.mine.everything import Everything, Row, everything_about

SHAPE: Final = "det-gode-match/alt-om-borgeren"
SHAPE_VERSION: Final = 1


WHO: Final[Mapping[str, LazyString]] = {
    "citizen": _l("borgeren selv"),
    "municipality": _l("kommunen"),
    "employer": _l("virksomheden"),
}


class FileKind(LabelledEnum):
    PDF = "pdf", _l("PDF")
    JSON = "json", _l("JSON")
    EUROPASS = "europass", _l("Europass (JSON-LD)")


@dataclass(frozen=True)
class File:
    ending: str
    mimetype: str
    write: Callable[[Citizen, datetime, Party], bytes]


def as_json(citizen: Citizen, at: datetime, reader: Party) -> bytes:
    """Every table with every row, keyed as in the database."""
    everything = everything_about(citizen, at, reader=reader)
    return _dumped(
        {
            "shape": SHAPE,
            "shape_version": SHAPE_VERSION,
            "made_at": at.isoformat(),
            "tables": everything.tables,
        }
    )


def as_europass(citizen: Citizen, at: datetime, reader: Party) -> bytes:
    """Her skills, languages and certificates in the terms of the European Learning Model."""
    return _dumped(profile(everything_about(citizen, at, reader=reader)))


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def as_pdf(citizen: Citizen, at: datetime, reader: Party) -> bytes:
    """All of it in Danish, with the headings in her language too."""
    everything = everything_about(citizen, at, reader=reader)
    on = danish_day(at)
    municipality = citizen.municipality
    data = {
        "title": _("Alt om %(name)s", name=clean(citizen.name)),
        "lead": _("Her står alt, hvad portalen har gemt om dig."),
        "unit": clean(f"{municipality.unit_term}, {municipality.name} Kommune, {municipality.phone}"),
        "printed": _("Udskrevet %(date)s", date=long_date(on)),
        "printed_ymd": ymd(on),
        "second": _second(citizen.language),
        "sections": [_section(table, everything, citizen.language) for table in _in_order()],
        "words": {"page": _("Side"), "of": _("af"), "none": _("Ingenting")},
        "not_reviewed": _("* Oversættelsen er ikke gennemset. Er du i tvivl, gælder den danske tekst.")
        if citizen.language
        else "",
    }
    return typeset("own-data", data, on=on)


def _second(language: Language | None) -> dict[str, str] | None:
    return {"lang": language.value, "dir": language.direction.value} if language else None


def _in_order() -> list[PersonalTable]:
    """What she and the loop left first, in its order; then her login and who looked."""
    about = {table.name for table in tables_about_a_citizen()}
    return sorted(rooms().personal.values(), key=lambda table: table.name not in about)


def _section(words: PersonalTable, everything: Everything, language: Language | None) -> dict[str, Any]:
    rows = everything.tables.get(words.name, [])
    return {
        "heading": _both(words, language),
        "rows": [
            [
                [clean(str(label)), clean(_text(words.name, column, row[column]))]
                for column, label in words.columns.items()
                if row[column] not in (None, "", [], {})
            ]
            for row in rows
        ],
    }


def _both(words: PersonalTable, language: Language | None) -> dict[str, Any]:
    kind, key = words.phrase or ("", "")
    found = translated(PhraseKind(kind), key, language) if kind and language else None
    return {
        "da": str(words.title),
        "other": clean(found.text) if found else "",
        "mark": found is not None and not found.is_reviewed,
    }


def _text(table: str, column: str, value: Any) -> str:
    """A value as somebody would say it; what only a machine can read is said to stand in the other file."""
    if table == CompetenceCard.__tablename__:
        field = CARD_FIELDS.get(column)
        return _moment(column, str(value)) if field is None else field.kind.in_words(value)
    if column == "fields":
        return ", ".join(str(SharedField(one).label) for one in value)
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, str):
        return _word(table, column, value)
    if isinstance(value, Mapping):
        return _short(value) if len(json.dumps(value)) < LONGEST_VALUE else _("Står i datafilen (JSON)")
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)


def _word(table: str, column: str, value: str) -> str:
    """The label of a code, the unit behind a key, a date; else the text itself."""
    if column == "by_id" or _leads_to_a_user(table, column):
        return str(WHO[value])
    codes = getattr(getattr(_columns(table).get(column), "type", None), "enum_class", None)
    if codes is not None and issubclass(codes, LabelledEnum):
        return str(codes(value).label)
    if column == "action":
        return str(ACTIONS.get(value, value))
    return _moment(column, value)


def _leads_to_a_user(table: str, column: str) -> bool:
    found = _columns(table).get(column)
    return found is not None and any(
        key.column.table.name == User.__tablename__ for key in found.foreign_keys
    )


def _columns(table: str) -> Mapping[str, Any]:
    return dict(db.metadata.tables[table].columns)


LONGEST_VALUE: Final = 300
"""Characters of a value with parts that are still read; longer ones are whole cards and comparisons."""


def _short(value: Row | Mapping[str, Any]) -> str:
    parts = (
        (key, ", ".join(map(str, one)) if isinstance(one, list) else str(one)) for key, one in value.items()
    )
    return "; ".join(f"{key}: {one}" for key, one in parts)


def _moment(column: str, value: str) -> str:
    if column in DAYS:
        return da_date(date.fromisoformat(value))
    if column in MOMENTS:
        return da_datetime(datetime.fromisoformat(value))
    return value


def _columns_of(kind: type[Any]) -> frozenset[str]:
    return frozenset(
        column.name
        for table in db.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, kind)
    )


DAYS: Final = _columns_of(sa.Date) | {"day"}

MOMENTS: Final = _columns_of(UtcDateTime)
"""Columns that hold a moment; `seen_at` is a workplace."""


FILES: Final[Mapping[FileKind, File]] = {
    FileKind.PDF: File("pdf", "application/pdf", as_pdf),
    FileKind.JSON: File("json", "application/json", as_json),
    FileKind.EUROPASS: File("jsonld", "application/ld+json", as_europass),
}
