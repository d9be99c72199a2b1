"""A sheet on paper: blank with a code on every line, or filled in as all three get it. Values in, one A4 PDF out."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.assessments.codes import code_of
from portal.assessments.models import Assessment, AssessmentLine
from portal.paper.typesetting import clean, long_date, typeset, ymd
from portal.terms import SKILL_LEVELS


def render_sheet(sheet: Assessment, *, printed_on: date) -> bytes:
    """The sheet as PDF/UA-1: with crosses to set while it is open, with the answers once it is closed."""
    return typeset("sheets", sheet_data(sheet, printed_on=printed_on), on=printed_on)


def sheet_data(sheet: Assessment, *, printed_on: date) -> dict[str, Any]:
    """What `documents/sheet.typ` sets."""
    placement = sheet.placement
    opening = placement.opening
    filled = not sheet.is_open
    facts = [
        (_("Borger"), f"{placement.card.citizen.first_name} ({placement.card.number})"),
        (_("Arbejdsplads"), f"{opening.workplace.name}, {opening.employer.name}"),
        (_("Plads"), f"{opening.title}, {placement.form.label}"),
        (
            _("Periode"),
            _(
                "%(first)s til %(last)s",
                first=long_date(placement.starts_on),
                last=long_date(placement.ends_on),
            ),
        ),
    ]
    if sheet.assessed_on:
        facts.append((_("Talte sammen"), long_date(sheet.assessed_on)))
    return {
        "title": str(sheet.kind.label),
        "printed_ymd": ymd(printed_on),
        "filled": filled,
        "facts": [[label, clean(value)] for label, value in facts],
        "levels": [f"{level} {label}" for level, label in SKILL_LEVELS.items()],
        "lines": [_line(line) for line in sheet.lines],
        "comment": clean(sheet.citizen_comment),
        "withdrawn": _("Vurderingen er trukket tilbage: %(why)s", why=clean(sheet.withdrawn_because))
        if sheet.withdrawn_at
        else "",
        "words": _words(),
    }


def _line(line: AssessmentLine) -> dict[str, Any]:
    notes = [clean(note) for note in (line.employer_note, line.consultant_note) if note]
    return {
        "code": code_of(line.id),
        "task": clean(line.task_text[:1].upper() + line.task_text[1:]),
        "level": "" if line.level is None else str(SKILL_LEVELS[line.level]),
        "employer": _level(line.employer_level),
        "consultant": _level(line.consultant_level),
        "note": " · ".join(notes),
    }


def _level(level: int | None) -> str:
    return "–" if level is None else str(level)


def _words() -> dict[str, Any]:
    return {
        "author": _("Det gode match"),
        "intro": _("Sæt ét kryds ud for hver opgave. 0 betyder kun, at opgaven ikke er prøvet her."),
        "code": _("Kode"),
        "task": _("Opgave"),
        "note": _("Bemærkning"),
        "agreed": _("Vurdering"),
        "employer": _("Arbejdsplads"),
        "consultant": _("Konsulent"),
        "comment": _("Borgerens egen kommentar"),
        "filled_by": _("Udfyldt af (navn)"),
        "signers": [_("Borger"), _("Arbejdsplads"), _("Konsulent")],
        "date_and_name": _("dato og underskrift"),
        "footer": _("Koderne bruges, når arket tastes ind. Skriv ikke om helbred."),
    }
