"""What every list has: search words, sorting, paging, files. One object that views fill and templates read."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Response, current_app, request, url_for
from flask_babel import gettext as _

from portal.base import clock
from portal.base.clock import DANISH_TIME
from portal.base.database import db
from portal.base.texts import one_line, visible
from portal.web.downloads import download
from portal.web.paper.workbooks import XLSX, CellKind, Sheet, SheetColumn, workbook
from portal.web.presentation import da_date

SEARCH_LENGTH = 200
MAX_PAGE = 100_000
CSV_LIMIT = 20_000
"""Rows in one export; more than any municipality's list, and bounded in memory."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Listing:
    """One page of a list, with the links that change it. `sorts` maps a public key to columns."""

    endpoint: str
    values: Mapping[str, Any]
    filters: dict[str, str]
    q: str
    sort: str
    descending: bool
    page: int
    per_page: int
    total: int = 0
    items: Sequence[Any] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        return 0 if self.total == 0 else (self.page - 1) * self.per_page + 1

    @property
    def last(self) -> int:
        return min(self.total, self.page * self.per_page)

    @property
    def filters_active(self) -> bool:
        return bool(self.q or any(self.filters.values()))

    @property
    def clear_url(self) -> str:
        return url_for(self.endpoint, **self.values)

    @property
    def chosen(self) -> str:
        """The filters and the order as a query, without words of a search; "" where no filter is chosen."""
        filters = {name: value for name, value in self.filters.items() if value}
        if not filters:
            return ""
        return urlencode({**filters, "sort": self.sort, "dir": "desc" if self.descending else "asc"})

    @property
    def file_url(self) -> str:
        return self._url(format="csv")

    def url_for_page(self, page: int) -> str:
        return self._url(page=page)

    def url_for_sort(self, key: str) -> str:
        descending = not self.descending if key == self.sort else False
        return self._url(sort=key, dir="desc" if descending else "asc")

    def url_for(self, **changes: Any) -> str:
        """The list with something about it changed, for an order that no heading offers."""
        return self._url(**changes)

    def _url(self, **changes: Any) -> str:
        query: dict[str, Any] = {"q": self.q, "sort": self.sort, "dir": "desc" if self.descending else "asc"}
        query.update(self.filters)
        query.update(changes)
        return url_for(self.endpoint, **self.values, **{key: value for key, value in query.items() if value})


@dataclass(frozen=True)
class Sorts:
    """The orders a list offers: public key -> columns; every order ends in a unique column."""

    columns: Mapping[str, Sequence[Any]]
    default: str
    descending: bool = False


def clean_text(text: str | None, length: int = SEARCH_LENGTH) -> str:
    """A query value that no database trips over, in one line: bounded, stripped, without signs that nobody sees."""
    return visible(one_line(text or "")).strip()[:length]


def read_listing(sorts: Sorts, filters: Iterable[str] = ()) -> Listing:
    """The list's state from the request's query; unknown sort keys and pages fall back to the default."""
    args = request.args
    sort = args.get("sort", "")
    known = sort in sorts.columns
    direction = args.get("dir", "") if known else ""
    return Listing(
        endpoint=request.endpoint or "",
        values=dict(request.view_args or {}),
        filters={name: clean_text(args.get(name)) for name in filters},
        q=clean_text(args.get("q")),
        sort=sort if known else sorts.default,
        descending=direction == "desc" if direction else (sorts.descending if not known else False),
        page=_page_number(args.get("page", "")),
        per_page=current_app.config["PER_PAGE"],
    )


def _page_number(text: str) -> int:
    """From 1 to MAX_PAGE; anything else is the first page."""
    known = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_PAGE))
    return int(text) if known and 0 < int(text) <= MAX_PAGE else 1


def fill(
    listing: Listing, statement: sa.Select[Any], sorts: Sorts, *, counted: sa.Select[Any] | None = None
) -> Listing:
    """Run the statement for one page: two SQL statements, whatever the number of rows.

    `counted` has as many rows, without what is joined only to be shown. `db.paginate` would count without it, take no
    rows of several columns, and read a page beyond the last in vain before it knows how many there are.
    """
    rows = statement if counted is None else counted
    counted = sa.select(sa.func.count()).select_from(rows.order_by(None).subquery())
    listing.total = db.session.scalar(counted) or 0
    listing.page = min(listing.page, listing.pages)
    ordered = statement.order_by(None).order_by(*_order(listing, sorts))
    window = ordered.limit(listing.per_page).offset((listing.page - 1) * listing.per_page)
    listing.items = _rows(window)
    return listing


def fill_from(listing: Listing, rows: Sequence[Any]) -> Listing:
    """One page of rows that stand in memory, in the order they have."""
    listing.total = len(rows)
    listing.page = min(listing.page, listing.pages)
    start = (listing.page - 1) * listing.per_page
    listing.items = rows[start : start + listing.per_page]
    return listing


def all_rows(listing: Listing, statement: sa.Select[Any], sorts: Sorts) -> Sequence[Any]:
    """The same rows without paging, for an export."""
    return _rows(statement.order_by(None).order_by(*_order(listing, sorts)).limit(CSV_LIMIT))


def wanted_rows(
    listing: Listing, statement: sa.Select[Any], sorts: Sorts, *, counted: sa.Select[Any] | None = None
) -> Sequence[Any]:
    """What the answer will show: every row in a file, or those of the page. They are known before the page is made."""
    if wants_file():
        return all_rows(listing, statement, sorts)
    return fill(listing, statement, sorts, counted=counted).items


def _rows(statement: sa.Select[Any]) -> Sequence[Any]:
    """Entities when the statement selects one, rows when it selects several columns."""
    result = db.session.execute(statement)
    if len(statement.column_descriptions) > 1:
        return result.all()
    return [row[0] for row in result.unique().all()]


def _order(listing: Listing, sorts: Sorts) -> list[sa.ColumnElement[Any]]:
    columns = sorts.columns[listing.sort]
    return [column.desc() if listing.descending else column.asc() for column in columns]


def wants_file() -> bool:
    """Whether the list is asked for as a file, of either kind."""
    return request.args.get("format") in ("csv", "xlsx")


def table_file(
    name: str, columns: Sequence[tuple[Any, Callable[[Any], Any]]], rows: Iterable[Any]
) -> Response:
    """The file that was asked for. `columns` are pairs of heading and a function from row to value."""
    headings = [str(heading) for heading, _value in columns]
    cells = [[value(row) for _heading, value in columns] for row in rows]
    if request.args.get("format") == "xlsx":
        return download(f"{name}.xlsx", _workbook(name, headings, cells), XLSX)
    return download(f"{name}.csv", _csv(headings, cells), "text/csv")


def _csv(headings: Sequence[str], cells: Iterable[Sequence[Any]]) -> str:
    """What Danish Excel opens by double click: UTF-8 with BOM, semicolons, decimal commas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    for row in cells:
        writer.writerow([safe_cell(value) for value in row])
    return "\ufeff" + buffer.getvalue()


def _workbook(name: str, headings: Sequence[str], cells: Sequence[Sequence[Any]]) -> bytes:
    """One sheet; numbers and days are such, so that they can be summed and sorted."""
    kinds = [_kind([row[at] for row in cells]) for at in range(len(headings))]
    columns = [SheetColumn(heading, kind) for heading, kind in zip(headings, kinds, strict=True)]
    rows = [
        [text_of(value) if kind is CellKind.TEXT else value for value, kind in zip(row, kinds, strict=True)]
        for row in cells
    ]
    lead = _("Hentet %(day)s", day=da_date(clock.today()))
    return workbook(name, [Sheet(name, lead, columns, rows)], creator=_("Det gode match"))


def _kind(values: Iterable[Any]) -> CellKind:
    found = {type(value) for value in values if value is not None}
    for types, kind in _KINDS:
        if found and found <= types:
            return kind
    return CellKind.TEXT


_KINDS = (({int}, CellKind.PLAIN), ({int, float}, CellKind.DECIMAL), ({date}, CellKind.DATE))
"""What all cells of a column are, and how it is written then."""


def safe_cell(value: Any) -> str:
    """A cell as text; one that a spreadsheet would run as a formula is quoted as text."""
    text = text_of(value)
    is_text = not isinstance(value, bool | datetime | date | int | float)
    return "'" + text if is_text and text.startswith(_FORMULA_STARTS) else text


def text_of(value: Any) -> str:
    """A cell as Danes write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return value.astimezone(DANISH_TIME).strftime("%d-%m-%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, int | float):
        return str(value).replace(".", ",")
    return str(value).replace("\x00", "")
