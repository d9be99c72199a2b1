"""Why a partnership counts on a day or does not, in words: one sentence for each of the four conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.base.terms import Industry
from portal.loop.partnerships.counting import (
    Event,
    EventKind,
    NamedConsultant,
    PartnershipCondition,
    PartnershipStanding,
)
from portal.web.presentation import da_date


@dataclass(frozen=True)
class ConditionInWords:
    """One condition on the day, why it holds or not, and whether the day was counted otherwise at the time."""

    condition: PartnershipCondition
    holds: bool
    because: str
    is_recorded_later: bool = False


def explained(
    standing: PartnershipStanding, then: PartnershipStanding | None = None
) -> list[ConditionInWords]:
    """In the order of the rule. `then`: the same day as it was known at its end, where that is to be told."""
    return [
        ConditionInWords(
            condition,
            holds,
            WORDS[condition](standing),
            is_recorded_later=then is not None and then.holds[condition] is not holds,
        )
        for condition, holds in standing.holds.items()
    ]


def _agreement(standing: PartnershipStanding) -> str:
    agreement = standing.partnership
    if agreement.signed_on > standing.on:
        return _("Først underskrevet %(day)s.", day=da_date(agreement.signed_on))
    if agreement.ends_on is None:
        return _("Underskrevet %(day)s, uden slutdato.", day=da_date(agreement.signed_on))
    if agreement.ends_on < standing.on:
        return _("Sidste dag var %(day)s.", day=da_date(agreement.ends_on))
    return _(
        "Underskrevet %(day)s, sidste dag er %(last)s.",
        day=da_date(agreement.signed_on),
        last=da_date(agreement.ends_on),
    )


def _trade(standing: PartnershipStanding) -> str:
    if standing.trade is None:
        return _("Virksomheden var ikke i portalen den dag, så faget er ikke kendt.")
    trade: Industry = standing.trade
    return _("%(trade)s siden %(day)s.", trade=trade.label, day=da_date(standing.trade_since))


def _active(standing: PartnershipStanding) -> str:
    period = {"first": da_date(standing.since), "last": da_date(standing.on)}
    if not standing.events:
        return _("Ingen åbning og intet forløb fra %(first)s til %(last)s.", **period)
    latest: Event = standing.events[0]
    return " ".join(
        (
            _kinds_of(standing.events),
            _(
                "Det seneste er fra %(day)s. Perioden er %(first)s til %(last)s.",
                day=da_date(latest.on),
                **period,
            ),
        )
    )


def _kinds_of(events: Sequence[Event]) -> str:
    openings = sum(event.kind is not EventKind.PLACEMENT for event in events)
    placements = len(events) - openings
    told = (
        ngettext("%(num)s åbning", "%(num)s åbninger", openings) if openings else "",
        ngettext("%(num)s forløb", "%(num)s forløb", placements) if placements else "",
    )
    return _(" og ").join(filter(None, told)) + "."


def _consultant(standing: PartnershipStanding) -> str:
    if not standing.consultants:
        return _("Ingen konsulent var navngivet den dag.")
    return " ".join(_named(one) for one in standing.consultants)


def _named(one: NamedConsultant) -> str:
    if one.until_on is None:
        return _("%(name)s fra %(day)s.", name=one.name, day=da_date(one.from_on))
    return _(
        "%(name)s fra %(day)s til %(last)s.",
        name=one.name,
        day=da_date(one.from_on),
        last=da_date(one.until_on),
    )


WORDS: Mapping[PartnershipCondition, Callable[[PartnershipStanding], str]] = {
    PartnershipCondition.AGREEMENT: _agreement,
    PartnershipCondition.TRADE: _trade,
    PartnershipCondition.ACTIVE: _active,
    PartnershipCondition.CONSULTANT: _consultant,
}
