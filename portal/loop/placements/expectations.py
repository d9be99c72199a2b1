"""What each of the three expects before the start: written unseen, then held beside the others' words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import Party
from portal.loop.placements.amounts import differ
from portal.loop.placements.blindness import EVERYBODY, readable, writable
from portal.loop.placements.models import ASPECTS, Expectation, Placement, PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.permissions import Scope

OWN_PARTY: Final[Mapping[Scope, Party]] = {
    Scope.CITIZEN: Party.CITIZEN,
    Scope.EMPLOYER: Party.EMPLOYER,
    Scope.MUNICIPALITY: Party.CONSULTANT,
}
"""Which party to a placement somebody speaks for."""

TITLES: Final = {
    "purpose": _l("Formål"),
    "time_frame": _l("Tidsperspektiv"),
    "development": _l("Faglig udvikling"),
}


class ExpectationsMissing(DomainError):
    """Not all three parties have said what they expect; `parties` are those who have not."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self.parties = tuple(parties)
        names = ", ".join(str(party.label) for party in self.parties)
        super().__init__(
            _("Forløbet kan ikke starte endnu. Der mangler forventninger fra: %(names)s.", names=names)
        )


class ExpectationsStand(DomainError):
    message = _l(
        "Forløbet er begyndt. Forventningerne står, som de blev aftalt; brug en opfølgning til ændringer."
    )


class PersonNotShown(DomainError):
    """The employer may no longer know who it is, so it says nothing about her either."""

    message = _l(
        "Virksomheden kan ikke længere se, hvem forløbet handler om. Ring til kommunen, hvis det er en fejl."
    )


class OwnWordsFirst(DomainError):
    """Whoever writes for another has read it, so the consultant's own are written before that."""

    message = _l(
        "Skriv først konsulentens egne forventninger. Så kan du skrive for de andre, uden at det præger dine."
    )


class WrittenByThemselves(DomainError):
    """Nobody writes over what she may not read."""

    message = _l(
        "De har selv skrevet deres forventninger. Ordene er lukkede, til alle tre har skrevet, og kan kun rettes "
        "af dem selv."
    )


def stated_by(placement: Placement) -> frozenset[Party]:
    return frozenset(said.party for said in placement.expectations)


def missing_expectations(placement: Placement) -> tuple[Party, ...]:
    """Who has not yet said what she expects, in the order of the form."""
    return tuple(party for party in Party if party not in stated_by(placement))


def may_still_write(placement: Placement) -> bool:
    return placement.status is PlacementStatus.PLANNED


def readable_to(reader: Party, placement: Placement) -> frozenset[Party]:
    """Whose words somebody of the party may read now."""
    return readable(reader, stated_by(placement), may_still_write=may_still_write(placement))


def writable_by(writer: Party, placement: Placement) -> frozenset[Party]:
    """For whom somebody of the party may write now."""
    if not may_still_write(placement):
        return frozenset()
    by_own_hand = {said.party for said in placement.expectations if not is_written_for(said)}
    return writable(writer, stated_by(placement), by_own_hand)


def is_written_for(said: Expectation) -> bool:
    """Whether the consultant wrote it down for the party."""
    return OWN_PARTY.get(said.recorded_by.scope) is not said.party


def state_expectation(
    placement: Placement, *, party: Party, words: Mapping[str, str], by: User, at: datetime
) -> Expectation:
    """Write down, or before the start change, what one party expects: words for each of ASPECTS.

    Changed after all three could read each other's, the first words are kept beside.
    Raises ExpectationsStand after the start, OwnWordsFirst, WrittenByThemselves. Source: docs/rules.md#expectations
    """
    db.session.refresh(placement, ["status", "expectations"], with_for_update={"of": Placement})
    _require_open(placement, party, OWN_PARTY[by.scope])
    said = next((one for one in placement.expectations if one.party is party), None)
    if said is None:
        said = Expectation(party=party, stated_at=at, recorded_by=by, **words)
        placement.expectations.append(said)
    elif said.words == dict(words):
        return said
    else:
        _change(said, words, is_open=stated_by(placement) == EVERYBODY, by=by, at=at)
        ask_anew(placement)
    audit.record("expectation-stated", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    return said


def _require_open(placement: Placement, party: Party, writer: Party) -> None:
    if not may_still_write(placement):
        raise ExpectationsStand
    if party in writable_by(writer, placement):
        return
    raise WrittenByThemselves if Party.CONSULTANT in stated_by(placement) else OwnWordsFirst


def _change(said: Expectation, words: Mapping[str, str], *, is_open: bool, by: User, at: datetime) -> None:
    if is_open and said.changed_at is None:
        said.changed_at = at
        said.first_purpose, said.first_time_frame, said.first_development = said.words.values()
    said.purpose, said.time_frame, said.development = (words[name] for name in ASPECTS)
    said.stated_at, said.recorded_by = at, by


def ask_anew(placement: Placement) -> None:
    """Words or an agreement that the settled ones rest on are others now: each yes was to the old ones."""
    if placement.settlement is not None:
        placement.settlement.confirmations.clear()
        placement.settlement.version += 1


@dataclass(frozen=True)
class Aspect:
    """One of the three things all parties are asked, with the words that may be read side by side."""

    name: str
    title: object
    words: Mapping[Party, str | None]

    @property
    def differs(self) -> bool:
        """Whether two parties name different amounts (weeks, hours, tasks): worth a talk, not an error."""
        return differ([words for words in self.words.values() if words])


def comparison(placement: Placement, reader: Party) -> list[Aspect]:
    """What the parties expect side by side, as far as the reader may see."""
    shown = readable_to(reader, placement)
    stated = {said.party: said for said in placement.expectations if said.party in shown}
    return [
        Aspect(name, TITLES[name], {party: getattr(stated.get(party), name, None) for party in Party})
        for name in ASPECTS
    ]


def in_her_file(reader: Party) -> sa.ColumnElement[bool]:
    """Which rows of expectations somebody of the party may take out in a file: the table of blindness.py as SQL."""
    others = sa.orm.aliased(Expectation)
    has_all = (
        sa.select(sa.func.count(others.id))
        .where(others.placement_id == Expectation.placement_id)
        .correlate(Expectation)
        .scalar_subquery()
    )
    placed = (
        sa.select(Placement.status)
        .where(Placement.id == Expectation.placement_id)
        .correlate(Expectation)
        .scalar_subquery()
    )
    return sa.or_(placed != PlacementStatus.PLANNED, has_all == len(EVERYBODY), Expectation.party == reader)


def words_of(form: Any) -> dict[str, str]:
    return {name: form[name].data for name in ASPECTS}
