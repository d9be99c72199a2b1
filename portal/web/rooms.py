"""What a room says about itself, in its `room.py`; `application.py` collects it.

To add a room is to write it, and one line in the list of `application.py`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

import sqlalchemy as sa
from blinker import Signal
from flask import Blueprint, Flask, current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base.events import Provider
from portal.base.terms import Effort, Party
from portal.web.agenda import AgendaKind
from portal.web.finding import Findable, FindKind
from portal.web.forgetting import Forgetting
from portal.web.holdings import Holding, HoldsNobody
from portal.web.links import LinkPurpose
from portal.web.measures import MeasureSpec
from portal.web.permissions import Action
from portal.web.timeline import Chapter

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
    when_used: bool = False
    """Only where the municipality has switched any effort on."""


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
    shown: Callable[[Party], sa.ColumnElement[bool]] | None = None
    """Which of her rows a file holds already, by who takes it out; None: all of them."""
    passing: Mapping[str, str] = field(default_factory=dict)
    """Columns that are read for as long as an answer can be taken back, each with the one of that answer's moment."""


@dataclass(frozen=True)
class Joining:
    """A column that leads to what may stand here twice, and what its room does when two become one.

    Its rows are pointed to the one who stays. `join` comes before that, with the keys of the one who stays and the one
    who goes: it takes out or changes what cannot stand twice, or raises a DomainError to refuse.
    """

    table: str
    column: str
    target: str
    """The table it leads to: "citizens" or "competence_cards", "employers" or "workplaces"."""
    join: Callable[[int, int, datetime], None] | None = None


@dataclass(frozen=True)
class Anew:
    """What a link that is too old opened and still may open: its page, who writes, until when a new one lasts."""

    endpoint: str
    arg: str
    """The page, and the part of its address that the link is."""
    record: Any
    unit: Any
    expires_at: datetime
    addresses: frozenset[str]
    """Who may have it today, in small letters: an address that has left since the old one was mailed gets none."""


OffersAnew = Callable[[tuple[int | str, ...], datetime], Anew]
"""By what the link is about. Raises a DomainError that says what is over."""


class Beside(StrEnum):
    """What a panel is about: the record whose page shows it."""

    CITIZEN = auto()
    PLACEMENT = auto()
    MATCH = auto()
    EMPLOYER = auto()
    COOPERATION = auto()  # an employer, at the head of its page: what stands open with it
    HERS = auto()  # the citizen, on her own page in her language


@dataclass(frozen=True)
class Panel:
    """A part of a lower room's page that shows what this room knows of its record.

    `values` gets the record, as its reader may see it, and the reader; it answers with what the template calls
    `shown`, or with None where the room has nothing to say to her.
    """

    beside: Beside
    template: str
    values: Callable[[Any, Any], Mapping[str, Any] | None]
    only: Action | None = None
    """Only to whoever may do this."""


@dataclass(frozen=True)
class PanelShown:
    """A panel with what it says of one record."""

    template: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Room:
    """All that the rest of the portal has to know of a room."""

    pages: tuple[Blueprint, ...] = ()
    effort: Effort | None = None
    """What it is part of: its pages, links and panels are there where the municipality has switched it on."""
    front: str | None = None
    """The page by which the list of efforts leads into the room."""
    panels: tuple[Panel, ...] = ()
    menu: tuple[MenuLink, ...] = ()
    within: tuple[Within, ...] = ()
    hears: tuple[tuple[Signal, Callable[..., Any]], ...] = ()
    """Signals of lower rooms, and what the room does then."""
    answers: tuple[tuple[Provider[Any], Callable[..., Any]], ...] = ()
    """What lower rooms ask, and how the room answers."""
    chores: tuple[Chore, ...] = ()
    anew: Mapping[LinkPurpose, OffersAnew] = field(default_factory=dict)
    """Links of the room that their owner may have sent anew (shared/outbox/anew.py)."""
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
    merges: tuple[Joining, ...] = ()
    """How its rows become one citizen's; a test finds every column that no room names."""
    agenda: tuple[AgendaKind, ...] = ()
    """What it gives the consultants to do on a day: lines of their front page and of their calendar."""
    finds: tuple[Findable, ...] = ()
    """What the search field finds of its records."""
    chapters: tuple[Chapter, ...] = ()
    """What it says in a citizen's timeline."""

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
        self._efforts = {page.name: room.effort for room in self._rooms for page in room.pages}

    def __getitem__(self, index: Any) -> Any:
        return self._rooms[index]

    def __len__(self) -> int:
        return len(self._rooms)

    def __iter__(self) -> Iterator[Room]:
        return iter(self._rooms)

    def effort_of(self, page: str) -> Effort | None:
        """What the page is part of; None: it is open in every municipality."""
        return self._efforts.get(page.partition(".")[0])

    def panels(
        self, beside: Beside, uses: Callable[[Effort | None], bool], may: Callable[[Action], bool]
    ) -> Iterator[Panel]:
        """What the rooms that are open to the reader show beside such a record, in their order."""
        return (
            panel
            for room in self
            if uses(room.effort)
            for panel in room.panels
            if panel.beside is beside and (panel.only is None or may(panel.only))
        )

    def agenda(self, uses: Callable[[Effort | None], bool]) -> tuple[AgendaKind, ...]:
        """The kinds of lines of the rooms that are open to the reader."""
        return tuple(kind for room in self if uses(room.effort) for kind in room.agenda)

    def shown_beside(self, beside: Beside, record: Any, reader: Any, *, home: Any) -> list[PanelShown]:
        """The panels of a record that have something to say to its reader.

        `home`: the record's municipality. Employers and citizens belong to none themselves, so theirs says nothing.
        """

        def uses(effort: Effort | None) -> bool:
            return bool(reader.uses(effort) and home.uses(effort))

        said = [
            (panel.template, panel.values(record, reader)) for panel in self.panels(beside, uses, reader.may)
        ]
        return [PanelShown(template, values) for template, values in said if values is not None]

    @property
    def anew(self) -> dict[LinkPurpose, OffersAnew]:
        return {purpose: offer for room in self for purpose, offer in room.anew.items()}

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
    def merges(self) -> tuple[Joining, ...]:
        return tuple(joining for room in self for joining in room.merges)

    def chapters(self, reader: Any) -> tuple[Chapter, ...]:
        """Of the rooms that are open to the reader, those whose pages she may open."""
        return tuple(
            chapter
            for room in self
            if reader.uses(room.effort)
            for chapter in room.chapters
            if reader.may(chapter.action)
        )

    @property
    def finds(self) -> tuple[Findable, ...]:
        """In the order of their kinds."""
        kinds = list(FindKind)
        found = [findable for room in self for findable in room.finds]
        return tuple(sorted(found, key=lambda one: kinds.index(one.kind)))

    @property
    def menu(self) -> tuple[MenuLink, ...]:
        return tuple(link for room in self for link in room.menu)

    def menu_where(self, uses: Callable[[Effort | None], bool]) -> tuple[MenuLink, ...]:
        """The links of the rooms that are open in a municipality."""
        any_used = any(uses(effort) for effort in Effort)
        links = (link for room in self if uses(room.effort) for link in room.menu)
        return tuple(link for link in links if any_used or not link.when_used)

    @property
    def personal(self) -> dict[str, PersonalTable]:
        return {table.name: table for room in self for table in room.personal}


def rooms() -> Rooms:
    """The rooms of the running application."""
    found: Rooms = current_app.extensions["rooms"]
    return found
