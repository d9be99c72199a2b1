"""What is wrong with a cell before anybody asks what it says: broken letters, and cells that are not what they seem."""

import re
from collections.abc import Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.workspaces.imports.cells import CellError, Takes
from portal.workspaces.imports.code_pages import broken, repaired
from portal.workspaces.imports.refusals import CellMark

_LONGEST_SHOWN: Final = 40
_SHORTENED: Final = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
"""A long number as a spreadsheet shows it, and as a CSV file keeps it: 1,23E+11."""
_ERROR_WORDS: Final = re.compile(
    r"#(?:REF!|REFERENCE!|N/A|I/T|NAME\?|NAVN\?|VALUE!|VÆRDI!|DIV/0!|DIVISION/0!|NUM!|NULL!|NUL!|SPILL!|OVERLØB!|CALC!"
    r"|BEREGN!)|#{3,}",
    re.IGNORECASE,
)
"""What a spreadsheet shows where there is no value, in English and Danish, and where a column is too narrow."""
_MOST_DIGITS: Final = 15
_WHOLE: Final = re.compile(r"-?\d+")

_NEVER: Final[Mapping[CellMark, LazyString]] = {
    CellMark.ERROR: _l("Der står en fejl fra regnearket: %(value)s. Ret formlen, eller skriv værdien."),
    CellMark.NO_VALUE: _l(
        "Der står en formel, og dens resultat er ikke gemt. Åbn filen i Excel, gem den igen, eller skriv værdien."
    ),
    CellMark.TIME: _l("Cellen er et klokkeslæt (%(value)s). Skriv den som tekst eller tal."),
    CellMark.PERCENT: _l("Cellen er i procent. Skriv et almindeligt tal, fx 20."),
    CellMark.MONEY: _l("Cellen er et beløb. Skriv et almindeligt tal, fx 20."),
    CellMark.COVERED: _l("Cellen er flettet med en anden. Ophæv fletningen, og skriv værdien i hver celle."),
}

_ONLY_IN: Final[Mapping[CellMark, tuple[Takes, LazyString]]] = {
    CellMark.DATE: (
        Takes.DAY,
        _l("Cellen er en dato (%(value)s). Gør den til tekst i Excel, og skriv det, der skal stå."),
    ),
    CellMark.MOMENT: (
        Takes.DAY,
        _l("Cellen er en dato (%(value)s). Gør den til tekst i Excel, og skriv det, der skal stå."),
    ),
    CellMark.BOOLEAN: (
        Takes.YES_NO,
        _l("Cellen er sand eller falsk. Gør den til tekst i Excel, og skriv det, der skal stå."),
    ),
}


def check_cell(cell: str, told: str, takes: Takes) -> None:
    """Raises CellError for a cell that nobody may read on, whatever its column is."""
    for mark in map(CellMark, told):
        if mark in _NEVER:
            raise CellError(str(_NEVER[mark]) % {"value": cell[:_LONGEST_SHOWN]})
        if mark in _ONLY_IN and _ONLY_IN[mark][0] is not takes:
            raise CellError(str(_ONLY_IN[mark][1]) % {"value": cell[:_LONGEST_SHOWN]})
        if mark is CellMark.NUMBER and takes is Takes.TEXT:
            _check_number_as_text(cell)
    if _ERROR_WORDS.fullmatch(cell.strip()):
        raise CellError(str(_NEVER[CellMark.ERROR]) % {"value": cell.strip()[:_LONGEST_SHOWN]})
    if takes is Takes.TEXT and _SHORTENED.fullmatch(cell):
        raise CellError(
            _(
                "“%(value)s” er et langt tal, som regnearket har forkortet. Gør cellen til tekst, og skriv det hele.",
                value=cell[:_LONGEST_SHOWN],
            )
        )
    check_letters(cell)


def _check_number_as_text(cell: str) -> None:
    """A whole number that keeps all its digits may be a text; zeros before it are gone, which the page says."""
    if not _WHOLE.fullmatch(cell) or len(cell) > _MOST_DIGITS:
        raise CellError(
            _(
                "Cellen er et tal (%(value)s), så noget kan være tabt. Gør den til tekst, og skriv det igen.",
                value=cell[:_LONGEST_SHOWN],
            )
        )


def check_letters(text: str) -> None:
    """Raises CellError for letters that were lost or changed on the way."""
    word = broken(text)
    if word is None:
        return
    right = repaired(word)
    shown = word[:_LONGEST_SHOWN]
    if right is None:
        raise CellError(_("“%(value)s”: bogstaver er gået tabt på vejen. Skriv ordet igen.", value=shown))
    raise CellError(
        _("“%(value)s”: bogstaverne er ændret på vejen. Skriv “%(right)s”.", value=shown, right=right)
    )


WARNINGS: Final[Mapping[CellMark, LazyString]] = {
    CellMark.FORMULA: _l("Formler: deres gemte resultat er brugt (%(cells)s)."),
    CellMark.MOMENT: _l("Datoer med klokkeslæt: klokkeslættet bruges ikke (%(cells)s)."),
    CellMark.NUMBER: _l(
        "Tal i en kolonne med tekst: nuller forrest kan være faldet væk. Se efter, at de er rigtige (%(cells)s)."
    ),
}
"""What is read, but said over the preview."""
