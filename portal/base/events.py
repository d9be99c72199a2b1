"""What travels upwards: signals by which a lower room tells an upper one, and providers by which it asks one.

Signals are sent inside the transaction, with the changed record as sender and `at` (UTC moment). A provider has one
answer. Rooms say in their `room.py` what they hear and answer; `application.py` connects them.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from blinker import Namespace

from portal.base.terms import Language

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

citizen_took_back = _signals.signal("citizen-took-back")
"""A citizen undid her yes to a proposal before anybody built on it. Sent with the review and who did (`by`)."""

access_ending = _signals.signal("access-ending")
"""A consent, a citizen's yes, a contact person or an account is about to end. Sent with the row as it still stands."""

access_resumed = _signals.signal("access-resumed")
"""An account that was closed is open again. Sent with the user."""

placement_planned = _signals.signal("placement-planned")
"""A placement was agreed on: the employer is told. Sent with the placement."""

placement_cancelled = _signals.signal("placement-cancelled")
"""A placement was called off before it began: the employer is told. Sent with the placement."""

placement_changed = _signals.signal("placement-changed")
"""Something was agreed anew in a placement. Sent with the placement, the `change` and who made it (`by`)."""

placement_started = _signals.signal("placement-started")
"""A placement has begun: what she is in from that day is known. Sent with the placement and who noted it (`by`)."""

placement_ended = _signals.signal("placement-ended")
"""A placement is over, with its outcome and last day. Sent with the placement and who noted it (`by`)."""

showing_ended = _signals.signal("showing-ended")
"""A citizen may no longer be shown to employers: what lets one see her ends. Sent with the citizen and who said so
(`by`)."""

citizen_passive = _signals.signal("citizen-passive")
"""A citizen was set passive (or erased): her open suggestions close."""

citizen_active = _signals.signal("citizen-active")
"""A citizen was set active again: her card takes part in the matching."""

erasure_begins = _signals.signal("erasure-begins")
"""A citizen is about to be erased and all her rows still stand: whoever must keep a sum of them reads them now.

Sent before `citizen_erasing`, which may still refuse: then nothing of this stays either.
"""

citizen_erasing = _signals.signal("citizen-erasing")
"""A citizen is about to be erased: upper rooms delete their rows, or raise a DomainError to refuse.

Sent with `again=True` when a restored backup brought her back: then nobody may refuse.
"""

employer_active = _signals.signal("employer-active")
"""An employer is back: its openings take part in the matching again."""

employer_added = _signals.signal("employer-added")
"""A consultant let an employer in, or took it in herself. Sent with the employer, `by` and `at`."""

citizens_merged = _signals.signal("citizens-merged")
"""Two citizens became one, and all rows of both are hers. Sent with the one who stays and `gone_id`."""

employers_merged = _signals.signal("employers-merged")
"""Two employers became one. Sent with the one that stays, `gone_id` (the key that is nobody's any more) and `at`."""

employer_passive = _signals.signal("employer-passive")
"""An employer was set passive: the open suggestions to its openings close."""

neighbours_parted = _signals.signal("neighbours-parted")
"""An agreement between two municipalities got an end: open suggestions between them close from that day."""

vocabulary_changed = _signals.signal("vocabulary-changed")
"""A skill gained or lost wordings. Sent with the skill and a WordingsMoved; listeners answer with a Renewal."""

language_of: Provider[Language | None] = Provider("language-of")
"""The language that a user reads; None: Danish. Only of citizens the portal knows another."""

municipality_of_citizen: Provider[int | None] = Provider("municipality-of-citizen")
"""The id of the municipality that looks after a citizen (her id); None for one who is erased."""

cards_by_citizen: Provider[sa.FromClause] = Provider("cards-by-citizen")
"""Rows with `id`, `citizen_id`, `number` and `next_step` of every card."""

cards_at_work: Provider[sa.Select[int]] = Provider("cards-at-work")
"""Ids of a municipality's cards (its id) whose citizens have a placement that is planned or running."""

hindrance_of_showing: Provider[Any] = Provider("hindrance-of-showing")
"""Why no employer may be shown a citizen (her id) on a day (`on`), as a DomainError; None: nothing hinders it."""

hindrances_of_start: Provider[list[Any]] = Provider("hindrances-of-start")
"""What else keeps a placement from beginning, as findings of the rules: asked with its case and their book."""

papers_outdated_at: Provider[datetime | None] = Provider("papers-outdated-at")
"""When a change made what was told about a placement elsewhere outdated; None: it was not, or was sent again since."""


class TypicalAnswer(NamedTuple):
    """A municipality, and how soon its employers typically hear from it, in words."""

    municipality: str
    words: str


typical_answers: Provider[dict[int, TypicalAnswer]] = Provider("typical-answers")
"""By municipality id, as of a moment, in the order of the names; nothing of those with too few answers."""


class DraftLine(NamedTuple):
    """An opening that nobody has posted yet."""

    id: int
    title: str


drafts_of_employer: Provider[list[DraftLine]] = Provider("drafts-of-employer")
"""What stands ready at an employer (its id) and is not posted: imported, or written and left."""

last_talks: Provider[sa.Subquery] = Provider("last-talks")
"""Of employers (a select of ids) each with the last day (`on`) on which the municipality spoke with it, to join."""

is_planned: Provider[sa.ColumnElement[bool]] = Provider("is-planned")
"""Whether a placement was planned from the review whose id the column holds."""


class PlaceWorked(NamedTuple):
    """A workplace, and the last day she is known to have been there."""

    name: str
    last_on: date


employer_name_of: Provider[str | None] = Provider("employer-name-of")
"""What the employer is called that a user signs in for; None while her registration pends."""

sign_in_page_of: Provider[Any] = Provider("sign-in-page-of")
"""The page where a user signs in again in her own language, with what she typed sealed in the form that is given; None
for who reads Danish."""

managed_users: Provider[dict[int, str]] = Provider("managed-users")
"""Of the ids of users those whose pages a user (the first argument) may open, with their names."""

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


class KnownGrounds(NamedTuple):
    """What is known of somebody that the law of a placement asks: None where nobody has written it."""

    readiness: Any
    """Of the rules' Readiness."""
    arrived_on: date | None


grounds_known_of: Provider[KnownGrounds] = Provider("grounds-known-of")
"""What is known of a citizen (her id) on a day (`on`): a plan begins with it."""


class WayStep(NamedTuple):
    """A step of somebody's way towards a job, and where she is with it: in Danish, and the phrase of her page."""

    number: int
    name: str
    state: str
    phrase: tuple[str, str]


way_of: Provider[tuple[WayStep, ...]] = Provider("way-of")
"""The steps of the way that a citizen (her id) is on, the first first; none where she is on none."""


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

works_for: Provider[frozenset[int]] = Provider("works-for")
"""The users whose cases a user looks after on a day (`user`, `on`): she herself, and those who are away."""

team_works_for: Provider[frozenset[int]] = Provider("team-works-for")
"""The users whose cases a user's team looks after on a day (`user`, `on`): hers, her colleagues', and those away."""

has_team: Provider[Any] = Provider("has-team")
"""Whether a user (`user`) has chosen colleagues as her team, in SQL: a page asks it with what else it reads."""
