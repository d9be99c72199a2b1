"""What a room says about itself, in its `room.py`; `application.py` collects it.

To add a room is to write it, and one line in the list of `application.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from blinker import Signal
from flask import Blueprint, Flask, current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base.events import Provider
from portal.web.forgetting import Forgetting
from portal.web.holdings import Holding, HoldsNobody
from portal.web.measures import MeasureSpec
from portal.web.permissions import Action

Chore = Callable[[datetime], object]
"""Something to be done every few minutes, whoever does it and however often: the worker opens its transaction."""

HOME = 0
TOOLS = 100
"""Positions in the menu: first home, then the loop in its order, and from here what is beside it."""


NUMBER = {"id": _l("Nummer")}
"""What a table's own key is called."""


@dataclass(frozen=True)
class MenuLink:
    """A room's place in the menu of every role that may open the page.

    `only` leaves out the roles that may not do this too, `unless` those that may. Of two links to one page a role
    gets the first.
    """

    label: LazyString
    page: str
    position: int
    only: Action | None = None
    unless: Action | None = None


@dataclass(frozen=True)
class Within:
    """A page that the menu does not name (None: each of the room's), and the link it is reached by, if any.

    The first whose link stands in the reader's menu counts.
    """

    link: str | None
    page: str | None = None
    only: Action | None = None


@dataclass(frozen=True)
class Grant:
    """The rows that are shown to whoever may do one of the actions, as far as her scope goes; others see none."""

    rows: Callable[[Any], sa.Select[Any]]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class PersonalTable:
    """A table with rows about a citizen, and what it and its columns are called in all that is stored about her.

    Which rows are hers, and which go when she is erased, the foreign keys say (citizens/footprint.py).
    `phrase` is the heading's phrase in her language, as kind and key; None: Danish only.
    """

    name: str
    title: LazyString
    columns: dict[str, LazyString]
    phrase: tuple[str, str] | None = None


@dataclass(frozen=True)
class Room:
    """All that the rest of the portal has to know of a room."""

    pages: tuple[Blueprint, ...] = ()
    menu: tuple[MenuLink, ...] = ()
    within: tuple[Within, ...] = ()
    hears: tuple[tuple[Signal, Callable[..., Any]], ...] = ()
    """Signals of lower rooms, and what the room does then."""
    answers: tuple[tuple[Provider[Any], Callable[..., Any]], ...] = ()
    """What lower rooms ask, and how the room answers."""
    chores: tuple[Chore, ...] = ()
    grants: tuple[Grant, ...] = ()
    """The queries that decide whose rows somebody gets; `test_rooms.py` tries them on every role."""
    measures: tuple[MeasureSpec, ...] = ()
    """What goals may count of the room's records."""
    personal: tuple[PersonalTable, ...] = ()
    holds: tuple[Holding, ...] = ()
    """What it holds of people, for the record of `docs/privacy.md` and the page on privacy."""
    nobody: tuple[HoldsNobody, ...] = ()
    forgets: tuple[Forgetting, ...] = ()
    """What goes when it has had its time (flask purge-expired)."""

    def owns(self, page: str) -> bool:
        return page.partition(".")[0] in {blueprint.name for blueprint in self.pages}

    def open(self, app: Flask) -> None:
        """Serve the room's pages, and connect it with the rooms below it."""
        for blueprint in self.pages:
            app.register_blueprint(blueprint)
        for signal, listener in self.hears:
            signal.connect(listener)
        for provider, answer in self.answers:
            provider.answered_by(answer)


class Rooms(Sequence[Room]):
    """The rooms of one application, in the order of the loop."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self._rooms = tuple(rooms)

    def __getitem__(self, index: Any) -> Any:
        return self._rooms[index]

    def __len__(self) -> int:
        return len(self._rooms)

    def __iter__(self) -> Iterator[Room]:
        return iter(self._rooms)

    @property
    def chores(self) -> tuple[Chore, ...]:
        return tuple(chore for room in self for chore in room.chores)

    @property
    def measures(self) -> tuple[MeasureSpec, ...]:
        return tuple(measure for room in self for measure in room.measures)

    @property
    def holds(self) -> tuple[Holding, ...]:
        return tuple(holding for room in self for holding in room.holds)

    @property
    def nobody(self) -> tuple[HoldsNobody, ...]:
        return tuple(told for room in self for told in room.nobody)

    @property
    def forgets(self) -> tuple[Forgetting, ...]:
        return tuple(forgetting for room in self for forgetting in room.forgets)

    @property
    def menu(self) -> tuple[MenuLink, ...]:
        return tuple(link for room in self for link in room.menu)

    @property
    def personal(self) -> dict[str, PersonalTable]:
        return {table.name: table for room in self for table in room.personal}


def rooms() -> Rooms:
    """The rooms of the running application."""
    found: Rooms = current_app.extensions["rooms"]
    return found
