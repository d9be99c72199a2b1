"""What a sheet has beside its values: formulas, merged and hidden cells, a filter. Runs in a child process.

openpyxl does not tell of these when it reads cell by cell, so they are noted while the parts are examined.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from portal.workspaces.imports.refusals import MAX_COLUMNS, FileRemark

MOST_NAMED: Final = 20
"""Rows, columns or cells that a remark names; of more it says how many."""

_MOST_MERGED: Final = 20_000
_REF: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def place_of(letters: str) -> int:
    """0 for A, 26 for AA."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def letters_of(place: int) -> str:
    """A for 0, AA for 26."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class SheetLayout:
    """Fed with the elements of one sheet as they come."""

    def __init__(self, parser: Any = None) -> None:
        self._parser = parser
        self._told: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            "row": self._row_begun,
            "c": self._cell_begun,
            "f": self._formula_begun,
            "v": self._value_begun,
            "is": self._text_begun,
            "col": self._column_begun,
            "mergeCell": self._merge_begun,
            "autoFilter": self._filter_begun,
        }
        self._row = self._place = 0
        self._is_formula = self._is_text = False
        self._merged: dict[int, list[tuple[int, range]]] = defaultdict(list)
        self._how_many_merged = self._asked = 0
        self._open: list[tuple[int, range]] = []
        self.formulas: set[tuple[int, int]] = set()
        self.formula_rows: set[int] = set()
        self.with_value: set[tuple[int, int]] = set()
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[str] = []
        self.cells = 0
        self.has_filter = False

    def begun(self, element: str, attributes: Mapping[str, str]) -> None:
        """An element of the sheet begins."""
        told = self._told.get(element)
        if told is not None:
            told(attributes)

    def ended(self, element: str) -> None:
        """It ends: what stands in a value is over."""
        if element == "v" and self._parser is not None:
            self._parser.CharacterDataHandler = None

    def covered(self, row: int) -> Sequence[range]:
        """The columns of the row that are merged into another cell. Rows are asked for one after the other."""
        while self._asked < row:  # rows without content are not asked for
            self._asked += 1
            self._open += self._merged.pop(self._asked, [])
        self._open = [each for each in self._open if each[0] >= row]
        return [columns for _last, columns in self._open]

    def _row_begun(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isdigit() and len(number) < 8 else self._row + 1
        self._place = -1
        if attributes.get("hidden") in ("1", "true"):
            self.hidden_rows.append(self._row)

    def _cell_begun(self, attributes: Mapping[str, str]) -> None:
        found = _REF.fullmatch(attributes.get("r", ""))
        self._place = place_of(found[1]) if found else self._place + 1
        self._is_formula, self._is_text = False, attributes.get("t") == "str"

    def _formula_begun(self, _attributes: Mapping[str, str]) -> None:
        self._is_formula = True
        self.formulas.add((self._row, self._place))
        self.formula_rows.add(self._row)
        if self._is_text:  # an empty text is a result too
            self.with_value.add((self._row, self._place))

    def _value_begun(self, _attributes: Mapping[str, str]) -> None:
        self.cells += 1
        if self._is_formula and self._parser is not None:
            self._parser.CharacterDataHandler = self._valued

    def _text_begun(self, _attributes: Mapping[str, str]) -> None:
        self.cells += 1

    def _valued(self, text: str) -> None:
        if text.strip():
            self.with_value.add((self._row, self._place))

    def _column_begun(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("hidden") not in ("1", "true"):
            return
        first, last = (attributes.get(name, "") for name in ("min", "max"))
        if first.isdigit() and last.isdigit() and len(first + last) < 12:
            for place in range(int(first) - 1, min(int(last), MAX_COLUMNS)):
                self.hidden_columns.append(letters_of(place))

    def _merge_begun(self, attributes: Mapping[str, str]) -> None:
        ends = [_REF.fullmatch(part) for part in attributes.get("ref", "").split(":")]
        self._how_many_merged += 1
        if len(ends) == 2 and ends[0] and ends[1] and self._how_many_merged <= _MOST_MERGED:
            columns = range(place_of(ends[0][1]), place_of(ends[1][1]) + 1)
            self._merged[int(ends[0][2])].append((int(ends[1][2]), columns))

    def _filter_begun(self, _attributes: Mapping[str, str]) -> None:
        self.has_filter = True


def remarks(
    sheets: Sequence[Any], read: Any, layouts: Mapping[str, SheetLayout], comments: Sequence[str]
) -> list[list[Any]]:
    """What whoever sends the file must know of it, each with its facts."""
    layout = layouts.get(read._worksheet_path, SheetLayout())
    filled = [
        one for one in sheets if one is not read and layouts.get(one._worksheet_path, SheetLayout()).cells
    ]
    found = {
        FileRemark.OTHER_SHEETS: [one.title for one in filled if one.sheet_state == "visible"],
        FileRemark.HIDDEN_SHEETS: [one.title for one in filled if one.sheet_state != "visible"],
        FileRemark.HIDDEN_ROWS: [str(row) for row in layout.hidden_rows],
        FileRemark.HIDDEN_COLUMNS: layout.hidden_columns,
        FileRemark.FILTER: ["1"] if layout.has_filter and layout.hidden_rows else [],
        FileRemark.COMMENTS: list(comments),
    }
    return [
        [remark.value, read.title[:60], [name[:60] for name in names[:MOST_NAMED]], len(names)]
        for remark, names in found.items()
        if names
    ]
