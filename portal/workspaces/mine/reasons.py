"""Why she was proposed, in her language: the match's own lines, said with phrases that were translated beforehand."""

from collections.abc import Iterable
from datetime import date

from portal.base.terms import SkillSource
from portal.loop.matches.sentences import Result, for_citizen, read
from portal.matching import Basis, Kind, Line, Verdict
from portal.workspaces.mine.speech import Speech

_SEEN = {
    SkillSource.OWN: "your_own_words",
    SkillSource.CONSULTANT: "seen_by_consultant",
    SkillSource.CONSULTANT_ONLY: "only_consultant",
    SkillSource.EMPLOYER: "seen_at_a_workplace",
}


def reasons(result: Result, speech: Speech) -> list[str]:
    """The sentences of `sentences.for_citizen`, part by part."""
    if speech.language is None:
        return for_citizen(result)
    suggestion = read(result)
    held = [line for line in suggestion.lines if line.verdict is Verdict.HAS]
    return [
        *(speech.say("reason", "you_can", task=_held(line, speech)) for line in held),
        *_listed("learn_here", suggestion.teaches, speech),
        *_listed("not_known_yet", suggestion.unknown, speech),
    ]


def _listed(key: str, lines: Iterable[Line], speech: Speech) -> list[str]:
    tasks = speech.listed(_task(line.text, speech) for line in lines)
    return [speech.say("reason", key, tasks=tasks)] if tasks else []


def _task(text: str, speech: Speech) -> str:
    """A task in the vocabulary's words has a translation; in a firm's own words it stays as the firm wrote it."""
    return speech.say("skill", text, text)


def _held(line: Line, speech: Speech) -> str:
    task = _task(line.text, speech)
    said = [part for part in (_level(line.level, speech), _seen(line, speech)) if part]
    if line.level is not None and line.level < line.asked_level and line.kind is not Kind.LEARN:
        said.append(speech.say("reason", "asked_level", level=_level(line.asked_level, speech)))
    if line.basis is not Basis.SAME and line.card_text and line.card_text != line.text:
        said.insert(0, speech.say("reason", "card_says", words=_task(line.card_text, speech)))
    return f"{task} – {speech.listed(said)}" if said else task


def _level(level: int | None, speech: Speech) -> str:
    return "" if level is None else speech.say("level", level)


def _seen(line: Line, speech: Speech) -> str:
    if line.source is None:
        return ""
    if line.source == SkillSource.EMPLOYER and line.seen_at:
        who = speech.say("reason", "seen_at_workplace", workplace=line.seen_at)
    else:
        who = speech.say("reason", _SEEN[SkillSource(line.source)])
    if not line.seen_on:
        return who
    return speech.say(
        "reason", "said_in_month", who=who, month=speech.month(date.fromisoformat(line.seen_on[:10]))
    )
