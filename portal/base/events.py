"""The few signals by which a lower room tells an upper one. Sent inside the transaction; `application.py` connects.

Every signal is sent with the changed record as sender and `at` (UTC moment).
"""

from typing import NamedTuple

from blinker import Namespace

_signals = Namespace()

opening_changed = _signals.signal("opening-changed")
"""An opening was published, edited, paused or closed: its suggestions are renewed or closed."""

card_changed = _signals.signal("card-changed")
"""A card's skills, wishes or conditions changed: its suggestions are renewed."""

citizen_agreed = _signals.signal("citizen-agreed")
"""A citizen said yes to a proposal: the firm is told. Sent with the review, `via` and who wrote it down (`by`)."""

citizen_withdrew = _signals.signal("citizen-withdrew")
"""A citizen took her yes to a proposal back. Sent with the review."""

placement_planned = _signals.signal("placement-planned")
"""A placement was agreed on: the firm is told. Sent with the placement."""

placement_cancelled = _signals.signal("placement-cancelled")
"""A placement was called off before it began: the firm is told. Sent with the placement."""

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

vocabulary_changed = _signals.signal("vocabulary-changed")
"""A skill gained or lost wordings. Sent with the skill and a WordingsMoved; listeners answer with a Renewal."""


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
