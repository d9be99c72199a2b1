"""R20: what a step of a package taught has been seen at a workplace before the next step begins.

Source: docs/rules.md#packages
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.base.terms import SKILL_LEVELS
from portal.shared.rules.findings import Finding, Verdict, judged

REFERENCE = _l("Branchepakker: niveauet er nået, før det næste trin begynder (LG Insight og Vejle Kommune)")


@dataclass(frozen=True)
class AskedLevel:
    """A skill that a step taught, the level to reach, and the best that a workplace has seen; None: nobody saw it."""

    skill: str
    wanted: int
    seen: int | None

    @property
    def is_reached(self) -> bool:
        return self.seen is not None and self.seen >= self.wanted


def levels_seen(asked: Sequence[AskedLevel]) -> Finding:
    """R20: the levels of the step before have been observed; the consultant may go on with a reason all the same."""
    missing = [one for one in asked if not one.is_reached]
    return judged(
        "R20",
        str(REFERENCE),
        holds=not missing,
        ok=_l("Det, trinnet før skulle lære, er set på en arbejdsplads."),
        broken=_l(
            "Det er ikke set på en arbejdsplads endnu: %(skills)s.",
            skills=", ".join(f"{one.skill} ({str(SKILL_LEVELS[one.wanted]).lower()})" for one in missing),
        ),
        remedy=_l(
            "Få det set i forløbet, og skriv det på vurderingsarket. Eller skriv, hvorfor trinnet begynder nu."
        ),
        verdict=Verdict.WARNING,
    )
