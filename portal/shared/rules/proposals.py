"""How many open proposals an employer has at one time, by its size: so few that each is answered. No database.

Source: docs/rules.md#proposal-cap
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from portal.shared.rules.book import Numbers

SIZES: Final = ("proposals-medium-from", "proposals-large-from")
"""From how many full-time persons an employer is medium, and large."""
CAPS: Final = ("proposals-open-small", "proposals-open-medium", "proposals-open-large")


@dataclass(frozen=True)
class ProposalCap:
    """The number, and the full-time persons at all the employer's workplaces that it follows from."""

    most: int
    staff: Decimal


def proposal_cap(staff: Decimal, numbers: Numbers) -> ProposalCap:
    """Raises RuleMissing."""
    size = sum(staff >= numbers[key] for key in SIZES)
    return ProposalCap(numbers.whole(CAPS[size]), staff)
