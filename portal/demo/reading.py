"""Reads the demo's data files into dataclasses.

A key that no class knows, one left out, or a value of the wrong kind is told with its place:
`openings.toml: opening 3: hours_per_weak is none of employer, title, ...`.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import InvalidOperation
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")

BETWEEN_PARTS = ";"
"""What stands between the parts of a cell that holds several."""
YES_OR_NO = {"yes": True, "no": False}


class BadDataFile(Exception):
    """A data file says what its reader does not understand; the message tells where."""


def read_table(file: Path, kind: type[T]) -> tuple[T, ...]:
    """Read a CSV file, a row for each object. An empty cell is what the class says where nothing is written."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, restkey="a cell beyond the last column", restval="")
        return tuple(
            _build(
                kind, {key: cell for key, cell in row.items() if cell}, f"{file.name}: line {rows.line_num}"
            )
            for row in rows
        )


def read_document(file: Path, kind: type[T]) -> T:
    """Read a TOML file as one object; its tables are the object's parts."""
    with file.open("rb") as content:
        try:
            values = tomllib.load(content)
        except tomllib.TOMLDecodeError as error:
            raise BadDataFile(f"{file.name}: {error}") from error
    return _build(kind, values, file.name)


def _build(kind: Any, values: Any, where: str) -> Any:
    hints = get_type_hints(kind)
    for key in _table(values, where):
        if key not in hints:
            raise BadDataFile(f"{where}: {key} is none of {', '.join(hints)}")
    given = {key: _convert(hints[key], value, f"{where}: {key}") for key, value in values.items()}
    for one in fields(kind):
        if one.name not in given and one.default is MISSING:
            if not _may_be_none(hints[one.name]):
                raise BadDataFile(f"{where}: {one.name} is missing")
            given[one.name] = None
    return kind(**given)


def _convert(hint: Any, value: Any, where: str) -> Any:
    if _may_be_none(hint):
        hint = next(one for one in get_args(hint) if one is not NoneType)
    if is_dataclass(hint):
        return _build(hint, value, where)
    if get_origin(hint) is tuple:
        return _convert_each(get_args(hint)[0], value, where)
    if get_origin(hint) is dict:
        of_key, of_value = get_args(hint)
        return {
            _convert(of_key, key, where): _convert(of_value, one, f"{where}: {key}")
            for key, one in _table(value, where).items()
        }
    return _convert_one(hint, value, where)


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadDataFile(f"{where}: {value!r} is no table")
    return value


def _convert_each(hint: Any, value: Any, where: str) -> tuple[Any, ...]:
    parts = value.split(BETWEEN_PARTS) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise BadDataFile(f"{where}: {value!r} is no list")
    return tuple(_convert(hint, part, f"{where} {number}") for number, part in enumerate(parts, start=1))


def _convert_one(hint: Any, value: Any, where: str) -> Any:
    """A cell of a table is text, whatever it means; a float may be written without its point."""
    if hint is bool:
        value = YES_OR_NO.get(value, value)
    elif isinstance(value, str) or (hint is float and type(value) is int):
        try:
            value = hint(value)
        except (ValueError, InvalidOperation) as error:
            raise BadDataFile(f"{where}: {value!r} is no {hint.__name__}") from error
    if type(value) is not hint:
        raise BadDataFile(f"{where}: {value!r} is no {hint.__name__}")
    return value


def _may_be_none(hint: Any) -> bool:
    return get_origin(hint) is UnionType and NoneType in get_args(hint)
