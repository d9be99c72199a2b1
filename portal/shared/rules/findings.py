"""What a check says: one shape for every rule of the law."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError
from portal.base.terms import LabelledEnum


class Verdict(LabelledEnum):
    """A stop can only be passed with a consultant's recorded reason, and a final one not at all."""

    OK = "ok", _l("I orden")
    WARNING = "warning", _l("Advarsel")
    STOP = "stop", _l("Stop")


PAPERS = "VITAS"
"""Stands where the number of a rule does: not the law, but the order of the work in a municipality."""


@dataclass(frozen=True)
class Finding:
    """One rule held against one case, in plain Danish."""

    rule: str
    """Its number in docs/rules.md#checks, R1-R16."""
    verdict: Verdict
    sentence: Any
    reference: str
    """Where the law says so."""
    remedy: Any = ""
    """What would make it ok."""
    is_final: bool = False
    """The law knows no exception: as a stop it cannot be passed, whatever the reason."""
    since: date | None = None
    """The first day that it is about, where that is not the first day of the work."""
    topic: str = ""
    """What of a rule it judges, where that grows with the days and is told once: how long something lasts."""
    is_question: bool = False
    """It only asks for something that nobody has said; who cannot know it yet is not asked. As a stop it is answered,
    never passed."""

    def said_from(self, day: date) -> "Finding":
        """The same, said of the days from then on; what names a later day keeps it."""
        return self if self.since and self.since >= day else replace(self, since=day)

    @property
    def is_stop(self) -> bool:
        return self.verdict is Verdict.STOP

    @property
    def can_be_passed(self) -> bool:
        return self.is_stop and not self.is_final and not self.is_question

    @property
    def matter(self) -> tuple[str, str]:
        return matter_of(self.rule, str(self.sentence))

    @property
    def is_ok(self) -> bool:
        return self.verdict is Verdict.OK

    def as_row(self) -> dict[str, str]:
        """As it is kept beside a decision."""
        return {
            "rule": self.rule,
            "verdict": self.verdict.value,
            "sentence": str(self.sentence),
            "reference": self.reference,
            "since": self.since.isoformat() if self.since else "",
        }

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> "Finding":
        """As it was said when the decision was taken."""
        since = row.get("since")
        return cls(
            row["rule"],
            Verdict(row["verdict"]),
            row["sentence"],
            row["reference"],
            since=date.fromisoformat(since) if since else None,
        )


def matter_of(rule: str, sentence: str) -> tuple[str, str]:
    """What a finding is about, whatever its numbers: a period that grew by a week is what it was."""
    return rule, re.sub(r"\d+\. [a-zæøå]+ \d{4}|\d+(?:[.,]\d+)*", "#", sentence)


def joined(days: Sequence[Sequence[Finding]]) -> list[Finding]:
    """What several stretches of days say, each matter once with each verdict: from the first day it is said of.

    What is in order on some of the days only is not said to be, and what grows with the days is told as of the last.
    """
    always = set.intersection(*({one.matter for one in found if one.is_ok} for found in days))
    kept: dict[tuple[object, ...], Finding] = {}
    for found in days:
        for one in found:
            if one.topic:
                topic = (one.rule, one.topic)
                kept[topic] = _stricter(kept[topic], one) if topic in kept else one
            elif not one.is_ok:
                kept.setdefault((one.matter, one.verdict, one.is_final), one)
            elif one.matter in always:
                kept[one.matter, one.verdict] = replace(one, since=None)
    return list(kept.values())


def _stricter(before: Finding, after: Finding) -> Finding:
    """The stricter of two of one topic; of two alike the later, which says the whole, from the earlier's day."""
    if worst([before, after]) is not after.verdict:
        return before
    if before.verdict is not after.verdict:
        return after
    return replace(after, since=before.since, is_final=before.is_final or after.is_final)


def worst(findings: Iterable[Finding]) -> Verdict:
    """The strictest of the verdicts; nothing said is in order."""
    return max((one.verdict for one in findings), key=list(Verdict).index, default=Verdict.OK)


def judged(  # noqa: PLR0913 - what is said either way stands together
    rule: str,
    reference: str,
    *,
    holds: bool,
    ok: Any,
    broken: Any,
    remedy: Any,
    verdict: Verdict = Verdict.STOP,
    is_final: bool = False,
) -> Finding:
    """Ok with its sentence when the rule holds, else the verdict with what is wrong and what would mend it."""
    if holds:
        return Finding(rule, Verdict.OK, ok, reference)
    return Finding(rule, verdict, broken, reference, remedy, is_final)


class StopsStand(DomainError):
    """A rule says stop and nobody has said why it may be passed. `findings` are the stops."""

    def __init__(self, findings: list[Finding]) -> None:
        said = " ".join(str(one.sentence) for one in findings)
        super().__init__(
            _l(
                "Reglerne siger stop. %(said)s Skriv, hvorfor det alligevel er i orden, eller ret det.",
                said=said,
            )
        )
        self.findings = findings


class StopIsFinal(DomainError):
    """A rule that knows no exception says stop. `findings` are those stops."""

    def __init__(self, findings: list[Finding]) -> None:
        said = " ".join(f"{one.sentence} {one.remedy}" for one in findings)
        super().__init__(_l("Reglerne giver ingen undtagelse her. %(said)s", said=said))
        self.findings = findings


def refuse_final_stops(findings: Iterable[Finding]) -> None:
    """Raises StopIsFinal when a stop cannot be passed."""
    final = [one for one in stops(findings) if one.is_final]
    if final:
        raise StopIsFinal(final)


def require_override(findings: Iterable[Finding], *, reason: str) -> None:
    """Raises StopIsFinal, or StopsStand when there is a stop and no reason for passing it."""
    standing = stops(findings)
    refuse_final_stops(standing)
    if standing and not reason.strip():
        raise StopsStand(standing)


def stops(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.is_stop]


def open_questions(findings: Iterable[Finding]) -> list[Finding]:
    """The stops that only an answer takes away."""
    return [one for one in stops(findings) if one.is_question]


def not_ok(findings: Iterable[Finding]) -> list[Finding]:
    """All but those in order, the stops first."""
    return sorted((one for one in findings if not one.is_ok), key=lambda one: not one.is_stop)


def as_rows(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Those that need care, as they are kept beside a decision."""
    return [finding.as_row() for finding in not_ok(findings)]


def as_warnings(findings: Iterable[Finding]) -> list[Finding]:
    """As an employer reads them: it is warned, and the municipality decides."""
    return [replace(one, verdict=Verdict.WARNING) if one.is_stop else one for one in findings]
