"""A sheet on paper: blank with a code on every line, or filled in as all three get it. Values in, one A4 PDF out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.base.terms import SKILL_LEVELS
from portal.loop.assessments.models import Assessment, AssessmentKind, AssessmentLine, TurnedOut
from portal.loop.placements.models import Placement
from portal.loop.placements.settling import before_start
from portal.web.paper.codes import code_of
from portal.web.paper.typesetting import clean, long_date, typeset, ymd

Fact = tuple[str, str]
"""A label and its value; an empty value is a line to write on."""


def render_sheet(sheet: Assessment, *, printed_on: date) -> bytes:
    """The sheet as PDF/UA-1: with crosses to set while it is open, with the answers once it is closed."""
    return typeset("sheets", sheet_data(sheet, printed_on=printed_on), on=printed_on)


def sheet_data(sheet: Assessment, *, printed_on: date) -> dict[str, Any]:
    """What `documents/sheet.typ` sets."""
    facts = facts_of(sheet.placement)
    if sheet.assessed_on:
        day = (
            _("Dato for samtalen")
            if sheet.kind is AssessmentKind.MIDWAY and not sheet.lapsed
            else _("Sluttede")
        )
        facts.append((day, long_date(sheet.assessed_on)))
    return _data(str(sheet.kind.label), facts, [_line(line) for line in sheet.lines], printed_on) | {
        "aspects": _aspects(sheet),
        "filled": not sheet.is_open,
        "coded": sheet.is_open,
        "comment": clean(sheet.citizen_comment),
        "notice": _notice(sheet),
    }


def _aspects(sheet: Assessment) -> list[dict[str, str]]:
    """What was settled or expected before the start, and on the last sheet whether it became so."""
    if sheet.kind is not AssessmentKind.END:
        return []
    found = []
    for name, (title, words) in before_start(sheet.placement).items():
        said = sheet.aspect_of(name)
        how = [str(said.turned_out.label), *([said.words] if said.words else [])] if said else []
        found.append({"title": str(title), "words": clean(words), "said": clean(": ".join(how))})
    return found


def _notice(sheet: Assessment) -> str:
    """Why what the sheet says does not count, if it does not."""
    if sheet.lapsed:
        return _("Forløbet sluttede, før arket var færdigt. Intet af det er sat på kompetencekortet.")
    if sheet.withdrawn_at:
        return _("Vurderingen er trukket tilbage: %(why)s", why=clean(sheet.withdrawn_because))
    return ""


def blank_data(tasks: Sequence[str], facts: Sequence[Fact], *, printed_on: date) -> dict[str, Any]:
    """A sheet to talk from before one is opened: no codes, so nothing of it is ever typed in."""
    lines = [{"code": "", "task": _task(task)} for task in tasks]
    return _data(_("Vurdering af opgaverne"), facts, lines, printed_on)


def facts_of(placement: Placement) -> list[Fact]:
    """Whose placement it is, where, as what and when."""
    opening, card = placement.opening, placement.card
    first, last = long_date(placement.starts_on), long_date(placement.ends_on)
    return [
        (_("Borger"), f"{card.citizen.first_name} ({card.number})"),
        (_("Arbejdsplads"), f"{opening.workplace.name}, {opening.employer.name}"),
        (_("Plads"), f"{opening.title}, {placement.form.label}"),
        (_("Periode"), _("%(first)s til %(last)s", first=first, last=last)),
    ]


def _data(
    title: str, facts: Sequence[Fact], lines: Sequence[dict[str, Any]], printed_on: date
) -> dict[str, Any]:
    return {
        "title": title,
        "printed_ymd": ymd(printed_on),
        "filled": False,
        "coded": False,
        "facts": [[label, clean(value)] for label, value in facts],
        "levels": [f"{level} {label}" for level, label in SKILL_LEVELS.items()],
        "lines": lines,
        "aspects": [],
        "comment": "",
        "notice": "",
        "words": _words(),
    }


def _line(line: AssessmentLine) -> dict[str, Any]:
    notes = [clean(note) for note in (line.employer_note, line.consultant_note) if note]
    return {
        "code": code_of(line.id),
        "task": _task(line.task_text),
        "level": _agreed(line),
        "employer": _level(line.employer_level),
        "consultant": _level(line.consultant_level),
        "note": " · ".join(notes),
    }


def _agreed(line: AssessmentLine) -> str:
    if not line.level:
        return "" if line.level is None else str(SKILL_LEVELS[0])
    said = str(SKILL_LEVELS[line.level])
    return said if line.seen_by_workplace else _("%(level)s (kun\xa0konsulenten)", level=said)


def _task(text: str) -> str:
    return clean(text[:1].upper() + text[1:])


def _level(level: int | None) -> str:
    return "–" if level is None else str(level)


def _words() -> dict[str, Any]:
    return {
        "author": _("Det gode match"),
        "intro": _("Sæt ét kryds ud for hver opgave. 0 betyder kun, at opgaven ikke er prøvet her."),
        "code": _("Kode"),
        "task": _("Opgave"),
        "note": _("Bemærkning"),
        "expected": _("Det var aftalt eller ventet før start"),
        "turned_out": _("Blev det sådan?"),
        "ways": [str(one.label) for one in TurnedOut],
        "agreed": _("Vurdering"),
        "employer": _("Arbejdsplads"),
        "consultant": _("Konsulent"),
        "comment": _("Borgerens egen kommentar"),
        "filled_by": _("Udfyldt af (navn)"),
        "signers": [_("Borger"), _("Arbejdsplads"), _("Konsulent")],
        "date_and_name": _("dato og underskrift"),
        "codes": _("Koderne bruges, når arket tastes ind."),
        "footer": _("Skriv ikke om helbred."),
    }
