"""What travels upwards: signals by which a lower room tells an upper one, and providers by which it asks one.

Signals are sent inside the transaction, with the changed record as sender and `at` (UTC moment). A provider has one
answer. Rooms say in their `room.py` what they hear and answer; `application.py` connects them.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from blinker import Namespace

Answer = TypeVar("Answer")


class Provider(Generic[Answer]):
    """A question that a lower room asks and an upper room answers; the lower one knows no more of it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._answer: Callable[..., Answer] | None = None

    def answered_by(self, answer: Callable[..., Answer]) -> None:
        self._answer = answer

    def __call__(self, *args: Any, **kwargs: Any) -> Answer:
        if self._answer is None:
            raise LookupError(f"no room answers {self._name}")
        return self._answer(*args, **kwargs)


_signals = Namespace()

opening_changed = _signals.signal("opening-changed")
"""An opening was published, edited, paused or closed: its suggestions are renewed or closed."""

card_changed = _signals.signal("card-changed")
"""A card's skills, wishes or conditions changed: its suggestions are renewed."""

citizen_agreed = _signals.signal("citizen-agreed")
"""A citizen said yes to a proposal: the employer is told. Sent with the review, `via` and who wrote it down (`by`)."""

citizen_withdrew = _signals.signal("citizen-withdrew")
"""A citizen took her yes to a proposal back. Sent with the review."""

access_ending = _signals.signal("access-ending")
"""A consent, a citizen's yes, a contact person or an account is about to end. Sent with the row as it still stands."""

access_resumed = _signals.signal("access-resumed")
"""An account that was closed is open again. Sent with the user."""

placement_planned = _signals.signal("placement-planned")
"""A placement was agreed on: the employer is told. Sent with the placement."""

placement_cancelled = _signals.signal("placement-cancelled")
"""A placement was called off before it began: the employer is told. Sent with the placement."""

citizen_passive = _signals.signal("citizen-passive")
"""A citizen was set passive (or erased): her open suggestions close."""

citizen_active = _signals.signal("citizen-active")
"""A citizen was set active again: her card takes part in the matching."""

citizen_erasing = _signals.signal("citizen-erasing")
"""A citizen is about to be erased: upper rooms delete their rows, or raise a DomainError to refuse.

Sent with `again=True` when a restored backup brought her back: then nobody may refuse.
"""

employer_active = _signals.signal("employer-active")
"""An employer is back: its openings take part in the matching again."""

employer_passive = _signals.signal("employer-passive")
"""An employer was set passive: the open suggestions to its openings close."""

neighbours_parted = _signals.signal("neighbours-parted")
"""An agreement between two municipalities got an end: open suggestions between them close from that day."""

vocabulary_changed = _signals.signal("vocabulary-changed")
"""A skill gained or lost wordings. Sent with the skill and a WordingsMoved; listeners answer with a Renewal."""

municipality_of_citizen: Provider[int | None] = Provider("municipality-of-citizen")
"""The id of the municipality that looks after a citizen (her id); None for one who is erased."""

cards_by_citizen: Provider[sa.FromClause] = Provider("cards-by-citizen")
"""Rows with `id`, `citizen_id` and `number` of every card: who has one, and what it is called."""

cards_at_work: Provider[sa.Select[int]] = Provider("cards-at-work")
"""Ids of a municipality's cards (its id) whose citizens have a placement that is planned or running."""

hindrances_of_start: Provider[list[Any]] = Provider("hindrances-of-start")
"""What else keeps a placement from beginning, as findings of the rules: asked with its case and their book."""

is_planned: Provider[sa.ColumnElement[bool]] = Provider("is-planned")
"""Whether a placement was planned from the review whose id the column holds."""


class PlaceWorked(NamedTuple):
    """A workplace, and the last day she is known to have been there."""

    name: str
    last_on: date


employer_name_of: Provider[str | None] = Provider("employer-name-of")
"""What the employer is called that a user signs in for; None while her registration pends."""

citizens_behind: Provider[set[int]] = Provider("citizens-behind")
"""The citizens that records are about: a table's name and keys of its rows. Of users, those who sign in as citizens."""

wordings_confirmed: Provider[dict[str, int]] = Provider("wordings-confirmed")
"""Of folded wordings those that people of a municipality (its id) said the same of when asked: wording -> skill id."""


class Closing(NamedTuple):
    """Days of every year on which municipal offices are closed, and the first and last day on which that holds."""

    days: frozenset[tuple[int, int]]
    """Month and day."""
    first: date
    last: date | None
    """None while it stands."""


office_closings: Provider[tuple[Closing, ...]] = Provider("office-closings")
"""On which days municipal offices are closed by agreement, year after year, past and to come."""

places_worked: Provider[list[PlaceWorked]] = Provider("places-worked")
"""The workplaces of a card's placements (its id) that had begun by a day (`by`), whatever anybody saw there."""


class WordingsMoved(NamedTuple):
    """What is written with exactly these (folded) wordings is to be linked to a skill, or freed of it.

    `at_once` is how many records of each kind are to be matched anew within the request.
    """

    added: frozenset[str]
    removed: frozenset[str]
    at_once: int


class Renewal(NamedTuple):
    """How many records with a changed meaning were matched anew at once, and how many are left for `rematch`."""

    now: int = 0
    later: int = 0


stops_of_matches: Provider[dict[int, list[Any]]] = Provider("stops_of_matches")
"""Match id -> the stops (rules' Finding) that a decision on it would meet today, of `matches`, `on` a day, with what is
`known` of the rules."""
