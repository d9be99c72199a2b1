"""What is agreed about a placement by day, and what was changed in it, in words."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.base.terms import PlacementForm
from portal.loop.placements.models import ChangeKind, Placement, PlacementChange
from portal.web.presentation import da_date, da_number


def hours_in_words(placement: Placement) -> str:
    """The hours of the first day, and from which day they are others."""
    later = [
        _("%(hours)s fra den %(day)s", hours=da_number(float(hours)), day=_day(since))
        for since, hours in placement.later_hours
    ]
    return ", ".join([da_number(placement.hours_per_week), *later])


def pauses_in_words(placement: Placement) -> str:
    return ", ".join(_period(first, last) for first, last in placement.pauses)


def change_in_words(change: PlacementChange) -> str:
    """As its history tells it, whoever reads; why it was changed stands beside it, for those who may read that."""
    return _SAID[change.kind](change, change.before, change.after)


def _extended(_change: PlacementChange, before: dict[str, Any], after: dict[str, Any]) -> str:
    return _(
        "Forløbet er forlænget fra %(before)s til %(after)s.",
        before=_day(before["ends_on"]),
        after=_day(after["ends_on"]),
    )


def _moved(change: PlacementChange, before: dict[str, Any], after: dict[str, Any]) -> str:
    said = []
    if "starts_on" in after:
        said.append(
            _(
                "Første dag er flyttet fra %(before)s til %(after)s.",
                before=_day(before["starts_on"]),
                after=_day(after["starts_on"]),
            )
        )
    if "ends_on" in after:
        said.append(
            _(
                "Sidste dag er flyttet fra %(before)s til %(after)s.",
                before=_day(before["ends_on"]),
                after=_day(after["ends_on"]),
            )
        )
    return " ".join(said) or str(change.kind.label)


def _hours(change: PlacementChange, _before: dict[str, Any], after: dict[str, Any]) -> str:
    later = after.get("later_hours") or []
    hours = next((one for since, one in later if since == change.from_on.isoformat()), None)
    return _(
        "%(hours)s timer om ugen fra den %(day)s.",
        hours=da_number(float(hours if hours is not None else after.get("hours_per_week", 0))),
        day=da_date(change.from_on),
    )


def _tasks(change: PlacementChange, _before: dict[str, Any], after: dict[str, Any]) -> str:
    words = "; ".join(after.get("tasks", "").splitlines())
    return _("Opgaver fra den %(day)s: %(tasks)s", day=da_date(change.from_on), tasks=words)


def _paused(_change: PlacementChange, before: dict[str, Any], after: dict[str, Any]) -> str:
    new = [one for one in after["pauses"] if one not in before["pauses"]]
    return _("Pause %(period)s.", period=", ".join(_period(first, last) for first, last in new))


def _resumed(change: PlacementChange, _before: dict[str, Any], _after: dict[str, Any]) -> str:
    return _("Pausen er slut. Første dag igen er den %(day)s.", day=da_date(change.from_on))


def _continued(change: PlacementChange, _before: dict[str, Any], after: dict[str, Any]) -> str:
    return _(
        "Forløbet fortsætter fra den %(day)s som: %(form)s.",
        day=da_date(change.from_on),
        form=PlacementForm(after["form"]).label,
    )


def _withdrawn(_change: PlacementChange, _before: dict[str, Any], after: dict[str, Any]) -> str:
    """With the days that hold again, where the days had been changed."""
    said = [_("En ændring er taget tilbage.")]
    if "starts_on" in after:
        said.append(_("Første dag er igen den %(day)s.", day=_day(after["starts_on"])))
    if "ends_on" in after:
        said.append(_("Sidste dag er igen den %(day)s.", day=_day(after["ends_on"])))
    return " ".join(said)


def _talk_moved(_change: PlacementChange, before: dict[str, Any], after: dict[str, Any]) -> str:
    return _(
        "Opfølgningen er flyttet fra %(before)s til %(after)s.",
        before=_day(before["due_on"]),
        after=_day(after["due_on"]),
    )


def _talk_cancelled(_change: PlacementChange, before: dict[str, Any], _after: dict[str, Any]) -> str:
    return _("Opfølgningen den %(day)s er aflyst.", day=_day(before["due_on"]))


_SAID = {
    ChangeKind.EXTENDED: _extended,
    ChangeKind.MOVED: _moved,
    ChangeKind.HOURS: _hours,
    ChangeKind.TASKS: _tasks,
    ChangeKind.PAUSED: _paused,
    ChangeKind.RESUMED: _resumed,
    ChangeKind.CONTINUED: _continued,
    ChangeKind.WITHDRAWN: _withdrawn,
    ChangeKind.FOLLOW_UP_MOVED: _talk_moved,
    ChangeKind.FOLLOW_UP_CANCELLED: _talk_cancelled,
}


def _day(iso: str) -> str:
    return da_date(date.fromisoformat(iso))


def _period(first: str, last: str) -> str:
    return _("fra %(first)s til %(last)s", first=_day(first), last=_day(last))
