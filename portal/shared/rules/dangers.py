"""What somebody under 18 may not do, or not alone, as the words of tasks hint at it.

Source: docs/rules.md#fritidsjob
"""

from enum import StrEnum, auto


class Danger(StrEnum):
    """What a young person may not do, or not alone."""

    ALCOHOL = auto()
    CHEMICALS = auto()
    MACHINES = auto()
    ALONE = auto()
    LIFTS = auto()

    @property
    def list_key(self) -> str:
        """Its list of words in the book of rules."""
        return f"danger-{self.value}"
