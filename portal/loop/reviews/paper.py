"""The match record on paper: its sections in, one tagged A4 PDF out."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.loop.reviews.record import Record, Section
from portal.web.paper.typesetting import clean, long_date, typeset, ymd


def render_record(record: Record, *, unit: str, on: date) -> bytes:
    """The record as PDF/UA-1; the same record gives the same bytes."""
    return typeset("notes", record_data(record, unit=unit, on=on), on=on)


def record_data(record: Record, *, unit: str, on: date) -> dict[str, Any]:
    """What `documents/note.typ` sets."""
    return {
        "title": clean(record.title),
        "lead": clean(record.lead),
        "unit": clean(unit),
        "printed": _("Udskrevet %(date)s", date=long_date(on)),
        "printed_ymd": ymd(on),
        "sections": [_section(section) for section in record.sections],
        "words": {"page": _("Side"), "of": _("af")},
    }


def _section(section: Section) -> dict[str, Any]:
    table = section.table
    return {
        "heading": clean(section.heading),
        "facts": [[clean(label), clean(value)] for label, value in section.facts],
        "headings": [clean(one) for one in table.headings] if table else [],
        "rows": [[clean(cell) for cell in row] for row in table.rows] if table else [],
        "lines": [clean(line) for line in section.lines],
    }
