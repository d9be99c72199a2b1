"""What a stored phrase is taken to mean, as its row has it and as it would be read today."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple


class StoredMeaning(NamedTuple):
    """The columns of a phrase's row: `guesses` are what it may mean while no skill is taken."""

    skill_id: int | None
    confidence: float
    guesses: tuple[tuple[int, float], ...]

    @classmethod
    def of(cls, skill_id: int | None, confidence: float, guesses: Sequence[Any]) -> "StoredMeaning":
        """JSON has no pairs: they come back as lists."""
        return cls(skill_id, confidence, tuple((skill, chance) for skill, chance in guesses))


ReadAs = Mapping[tuple[str, int], StoredMeaning]
"""What rows would mean, by table and id, where it is another than stands there."""

AS_STORED: Final[ReadAs] = MappingProxyType({})
