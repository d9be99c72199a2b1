"""Why she was proposed, in her language: the match's own lines, said with phrases that were translated beforehand."""

from collections.abc import Iterable
from datetime import date

from portal.base.terms import SkillSource
from portal.loop.cards.translator import Translator
from portal.loop.matches.sentences import Result, for_citizen, read
from portal.matching import Basis, Kind, Line, TaskVerdict

_SEEN = {
    SkillSource.OWN: ("reason", "your_own_words"),
    SkillSource.CONSULTANT: ("reason", "seen_by_consultant"),
    SkillSource.CONSULTANT_ONLY: ("reason", "only_consultant"),
    SkillSource.EMPLOYER: ("reason", "seen_at_a_workplace"),
    SkillSource.COURSE: ("reason", "from_a_course"),
}


def reasons(result: Result, translator: Translator) -> list[str]:
    """The sentences of `sentences.for_citizen`, part by part, for `Translator.marked`."""
    if translator.language is None:
        return for_citizen(result)
    suggestion = read(result)
    held = [line for line in suggestion.lines if line.verdict is TaskVerdict.HAS]
    return [
        *(translator.say("reason", "you_can", task=_held(line, translator)) for line in held),
        *_listed("you_wish", [line for line in suggestion.lines if line.wished], translator),
        *_listed("learn_here", suggestion.teaches, translator),
        *_listed("not_known_yet", suggestion.unknown, translator),
    ]


def _listed(key: str, lines: Iterable[Line], translator: Translator) -> list[str]:
    tasks = translator.listed(_task(line.text, translator) for line in lines)
    return [translator.say("reason", key, tasks=tasks)] if tasks else []


def _task(text: str, translator: Translator) -> str:
    """A task in the vocabulary's words has a translation; in an employer's own words it stays as written."""
    return translator.say("skill", text, translator.quoted(text))


def _held(line: Line, translator: Translator) -> str:
    task = _task(line.text, translator)
    said = [part for part in (_level(line.level, translator), _seen(line, translator)) if part]
    if line.level is not None and line.level < line.asked_level and line.kind is not Kind.LEARN:
        said.append(translator.say("reason", "asked_level", level=_level(line.asked_level, translator)))
    if line.basis is not Basis.SAME and line.card_text and line.card_text != line.text:
        said.insert(0, translator.say("reason", "card_says", words=_task(line.card_text, translator)))
    return f"{task} – {translator.listed(said)}" if said else task


def _level(level: int | None, translator: Translator) -> str:
    return "" if level is None else translator.say("level", level)


def _seen(line: Line, translator: Translator) -> str:
    if line.source is None:
        return ""
    if line.source == SkillSource.EMPLOYER and line.seen_at:
        who = translator.say("reason", "seen_at_workplace", workplace=translator.quoted(line.seen_at))
    else:
        who = translator.say(*_SEEN[SkillSource(line.source)])
    if not line.seen_on:
        return who
    return translator.say(
        "reason", "said_in_month", who=who, month=translator.month(date.fromisoformat(line.seen_on[:10]))
    )
