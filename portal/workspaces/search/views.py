"""Pages of searching: what was found, and what a field offers while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.shared.audit.viewing import record_view
from portal.web.finding import SearchHit
from portal.web.htmx import render_page
from portal.web.listing import Listing, Sorts, read_listing
from portal.web.permissions import Action, requires
from portal.web.rooms import rooms
from portal.workspaces.search import queries
from portal.workspaces.search.pages import pages_found

bp = Blueprint("search", __name__, url_prefix="/search")

BEST_FIRST: Final = Sorts({"best": ()}, default="best")
PAGES: Final = "page"
"""The portal's own pages, as a kind beside those of records."""
_FIRST: Final = 5
_WHILE_TYPING: Final = 3


@dataclass(frozen=True)
class HitGroup:
    """What was found of one kind."""

    kind: str
    label: Any
    hits: list[SearchHit]
    total: int


@bp.get("/")
@requires(Action.SEARCH)
def index() -> Response:
    """Everything the reader may see, the first of each kind; of one kind all, page by page."""
    listing = read_listing(BEST_FIRST, filters=("kind",))
    found = _of_one_kind(listing) if listing.filters["kind"] else _of_all_kinds(listing.q)
    _log_people(found)
    return render_page(
        "search/index.html",
        fragment="search_results",
        listing=listing,
        searched_words=listing.q,
        groups=[_group(one) if isinstance(one, queries.FoundRecords) else one for one in found],
    )


@bp.get("/hints")
@requires(Action.SEARCH)
def hints() -> Response:
    """What fits so far, and is nobody's name: people are shown to whoever asks by Enter, and that is a look."""
    listing = read_listing(BEST_FIRST)
    groups = [_pages(listing.q, _WHILE_TYPING)] if listing.q else []
    groups += [_group(one) for one in _found(listing.q, _WHILE_TYPING, while_typing=True)]
    groups = [group for group in groups if group.total]
    return render_page(
        "search/hints.html",
        fragment="search_hints",
        offers_on_page=True,  # alone in a browser, they stand on the page and not below the field
        searched_words=listing.q,
        groups=groups,
    )


def _of_all_kinds(words: str) -> list[Any]:
    if not words:
        return []
    groups: list[Any] = [_pages(words, _FIRST), *_found(words, _FIRST)]
    return [group for group in groups if group.total]


def _of_one_kind(listing: Listing) -> list[Any]:
    """And the listing's numbers."""
    kind = listing.filters["kind"]
    if kind == PAGES:
        group = _pages(listing.q, listing.per_page)
        listing.total = group.total
        return [group] if group.total else []
    findable = next((one for one in rooms().finds if one.kind == kind), None)
    if findable is None:
        return []
    found = _page_of(findable, listing)
    if not found.total and listing.page > 1:
        listing.page = 1
        found = _page_of(findable, listing)
    listing.total = found.total
    return [found] if found.total else []


def _page_of(findable: Any, listing: Listing) -> queries.FoundRecords:
    return queries.found(
        findable,
        listing.q,
        reader=current_user,
        on=clock.today(),
        limit=listing.per_page,
        offset=(listing.page - 1) * listing.per_page,
    )


def _found(words: str, limit: int, *, while_typing: bool = False) -> list[queries.FoundRecords]:
    return [
        queries.found(
            findable,
            words,
            reader=current_user,
            on=clock.today(),
            limit=limit,
            with_people=not while_typing,
        )
        for findable in rooms().finds
        if findable.while_typing or not while_typing
    ]


def _group(found: queries.FoundRecords) -> HitGroup:
    kind = found.findable.kind
    hits = [_with_who(found.findable.shown(one), found.who.get(one.id, ())) for one in found.records]
    return HitGroup(kind.value, kind.label, hits, found.total)


def _with_who(hit: SearchHit, names: Sequence[str]) -> SearchHit:
    if not names:
        return hit
    told = _("kontakt: %(names)s", names=", ".join(names))
    return replace(hit, note=", ".join(filter(None, (hit.note, told))))


def _pages(words: str, most: int) -> HitGroup:
    found = pages_found(words, current_user)
    return HitGroup(PAGES, _("Sider"), found[:most], len(found))


def _log_people(found: list[Any]) -> None:
    """Exactly those whom the page shows."""
    people = {
        one.findable.person(record)
        for one in found
        if isinstance(one, queries.FoundRecords) and one.findable.person
        for record in one.records
    }
    if people:
        record_view(
            "people-found",
            current_user.municipality,
            citizen_id=None,
            purpose=_("Liste over borgere"),
            people=sorted(people),
        )
