"""What a room holds of people: why, on what basis, who sees it, and how long. Rooms declare it in `room.py`.

`docs/privacy.md` (tools/privacy.py) and the portal's page on privacy are written from it. A test finds every table
that is neither declared here nor said to hold no person, and every promise has a test by its name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum


class People(LabelledEnum):
    """Whose a holding is."""

    CITIZENS = "citizens", _l("Borgere")
    EMPLOYERS = "employers", _l("Folk i virksomhederne")
    EVERYBODY = "everybody", _l("Alle, der logger ind")
    STAFF = "staff", _l("Kommunens medarbejdere")
    HELPERS = "helpers", _l("Mentorer")


class LegalBasis(LabelledEnum):
    """What the law lets the municipality hold it for. Unverified: the municipality's own adviser must confirm it."""

    TASK = (
        "task",
        _l(
            "Databeskyttelsesforordningen artikel 6, stk. 1, litra e: kommunens opgave med at hjælpe folk i job"
        ),
    )
    DISCLOSURE = (
        "disclosure",
        _l("Artikel 6, stk. 1, litra e; og borgerens eget ja, før en virksomhed ser noget"),
    )
    PROOF = (
        "proof",
        _l("Artikel 6, stk. 1, litra c, og artikel 5, stk. 2: kommunen skal kunne vise, hvad der skete"),
    )
    SAFETY = "safety", _l("Artikel 32: sikkerhed for det, der er gemt")


@dataclass(frozen=True)
class Kept:
    """How long, in words with %(time)s where a row of the rule book or a setting says it."""

    words: LazyString
    rule: str | None = None
    setting: str | None = None
    time: timedelta | None = None
    """A time that the code itself holds to."""

    def said(self, rules: Mapping[str, str], settings: Mapping[str, Any]) -> str:
        """`rules`: the numbers in words by key, of the day that is asked about."""
        if self.rule is not None:
            return str(self.words) % {"time": rules.get(self.rule, _("0 dage"))}
        time = settings[self.setting] if self.setting is not None else self.time
        return str(self.words) % {"time": _time(time)} if time is not None else str(self.words)


def _time(time: timedelta) -> str:
    if time.days:
        return ngettext("%(num)s dag", "%(num)s dage", time.days)
    return ngettext("%(num)s time", "%(num)s timer", time.seconds // 3600)


WITH_HER: Final = Kept(_l("Til kommunen sletter alt om dig. Du kan bede om det."))
"""What goes when a citizen is erased."""

ALL_COLUMNS: Final[tuple[str, ...]] = ()
"""The whole row is about a person."""


@dataclass(frozen=True)
class Holding:
    """One thing that is held of people, and the tables it stands in. `key` names its tests."""

    key: str
    people: People
    title: LazyString
    tables: Mapping[str, tuple[str, ...]]
    """By table its columns that hold a person; ALL_COLUMNS where the row itself is about one."""
    purpose: LazyString
    basis: LegalBasis
    seen_by: LazyString
    kept: Sequence[Kept]


@dataclass(frozen=True)
class HoldsNobody:
    """Tables without a person, and why."""

    tables: tuple[str, ...]
    because: LazyString


def rule_keys(holdings: Sequence[Holding]) -> list[str]:
    """Of the rows of the rule book that the deadlines ask."""
    return sorted({kept.rule for holding in holdings for kept in holding.kept if kept.rule is not None})


def groups(
    holdings: Sequence[Holding], rules: Mapping[str, str], settings: Mapping[str, Any]
) -> list[tuple[str, list[tuple[Holding, list[str]]]]]:
    """For each kind of people its heading, and what is held of them with the deadlines in words."""
    return [
        (
            heading(people),
            [
                (one, [kept.said(rules, settings) for kept in one.kept])
                for one in sorted(holdings, key=lambda one: WITH_HER not in one.kept)  # first what is hers
                if one.people is people
            ],
        )
        for people in People
    ]


def heading(people: People) -> str:
    return {
        People.CITIZENS: _("Er du borger"),
        People.EMPLOYERS: _("Arbejder du i en virksomhed"),
        People.EVERYBODY: _("Har du et login"),
        People.STAFF: _("Arbejder du i kommunen"),
        People.HELPERS: _("Er du mentor"),
    }[people]
