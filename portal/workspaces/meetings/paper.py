"""The papers of one meeting: parts in, one tagged A4 PDF out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flask_babel import gettext as _

from portal.base.terms import Party
from portal.loop.assessments.paper import Fact
from portal.web.paper.typesetting import clean, typeset, ymd


@dataclass(frozen=True)
class Part:
    """One paper of the file: its kind and what that kind's document sets."""

    kind: Literal["card", "note", "expectations", "assessment"]
    content: dict[str, Any]


def render_papers(parts: Sequence[Part], *, unit: str, on: date) -> bytes:
    """All parts in one file, each from a page 1 of its own. Raises ValueError without parts."""
    if not parts:
        raise ValueError("no papers to print")
    data = {
        "title": _("Papirer til et møde"),
        "author": clean(unit),
        "printed_ymd": ymd(on),
        "parts": [{"kind": part.kind, "content": part.content} for part in parts],
    }
    return typeset("pack", data, on=on)


def expectation_data(facts: Sequence[Fact]) -> dict[str, Any]:
    """What `documents/expectations.typ` sets."""
    return {
        "title": _("Forventninger før start"),
        "facts": [[label, clean(value)] for label, value in facts],
        "parties": [str(party.label) for party in Party],
        "aspects": [
            [_("Formål"), _("Hvad skal forløbet føre til?")],
            [_("Tidsperspektiv"), _("Hvor lang tid, og hvad sker der bagefter?")],
            [_("Faglig udvikling"), _("Hvad skal læres, og hvem lærer fra sig?")],
        ],
        "words": {
            "intro": _("Hver skriver sit. Er der forskel, så tal om det, før forløbet begynder."),
            "signers": [_("Borger"), _("Virksomhed"), _("Konsulent")],
            "date_and_name": _("dato og underskrift"),
            "footer": _("Konsulenten skriver arket ind i portalen. Skriv ikke om helbred."),
        },
    }
