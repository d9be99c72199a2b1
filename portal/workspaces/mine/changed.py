"""What was changed in a placement of hers, in her language and in few words; her consultant's are said as written."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from markupsafe import Markup

from portal.loop.cards.translator import Translator
from portal.loop.placements.models import ChangeKind, Placement, PlacementChange
from portal.web.presentation import da_number


def changes_told(placement: Placement, translator: Translator) -> list[list[Markup]]:
    """The sentences of each change, the latest first."""
    told = [list(_sentences(one, translator)) for one in reversed(placement.changes)]
    return [sentences for sentences in told if sentences]


def latest_told(placement: Placement, translator: Translator) -> list[Markup]:
    """The sentences of the latest change; [] where nothing was changed."""
    return next(iter(changes_told(placement, translator)), [])


def _sentences(change: PlacementChange, translator: Translator) -> Iterator[Markup]:
    """Which days hold now, what else is so, and why, as the consultant wrote it."""
    if change.kind is ChangeKind.WITHDRAWN:
        yield translator("page", "changed_undone")
    for name, phrase in (
        ("starts_on", ("page", "changed_first_day")),
        ("ends_on", ("page", "changed_last_day")),
    ):
        if name in change.after:
            yield translator(*phrase, date=translator.day(_day(change.after[name])))
    told = _TOLD.get(change.kind)
    if told is not None:
        yield told(change, translator)
    if change.reason:
        yield translator.written(change.reason)


def _hours(change: PlacementChange, translator: Translator) -> Markup:
    later = dict(change.after.get("later_hours", ()))
    hours = float(later.get(change.from_on.isoformat(), change.after.get("hours_per_week", 0)))
    day = translator.day(change.from_on)
    return translator("page", "changed_hours", date=day, hours=da_number(hours))


def _tasks(change: PlacementChange, translator: Translator) -> Markup:
    said = translator("page", "changed_tasks", date=translator.day(change.from_on))
    return said + " " + translator.written(change.after["tasks"])


def _pause(change: PlacementChange, translator: Translator) -> Markup:
    first, last = next(one for one in change.after["pauses"] if one not in change.before["pauses"])
    return translator(
        "page", "changed_pause", first=translator.day(_day(first)), last=translator.day(_day(last))
    )


def _back(change: PlacementChange, translator: Translator) -> Markup:
    return translator("page", "changed_back", date=translator.day(change.from_on))


def _form(change: PlacementChange, translator: Translator) -> Markup:
    return translator("page", "changed_form", date=translator.day(change.from_on))


def _talk(change: PlacementChange, translator: Translator) -> Markup:
    first, last = _day(change.before["due_on"]), _day(change.after["due_on"])
    return translator("page", "changed_talk", first=translator.day(first), last=translator.day(last))


def _talk_off(change: PlacementChange, translator: Translator) -> Markup:
    return translator("page", "changed_talk_off", date=translator.day(_day(change.before["due_on"])))


_TOLD: Final[dict[ChangeKind, Callable[[PlacementChange, Translator], Markup]]] = {
    ChangeKind.HOURS: _hours,
    ChangeKind.TASKS: _tasks,
    ChangeKind.PAUSED: _pause,
    ChangeKind.RESUMED: _back,
    ChangeKind.CONTINUED: _form,
    ChangeKind.FOLLOW_UP_MOVED: _talk,
    ChangeKind.FOLLOW_UP_CANCELLED: _talk_off,
}


def _day(iso: str) -> date:
    return date.fromisoformat(iso)
