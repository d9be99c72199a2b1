"""Commands about where somebody is: memberships, spells, steps, arrival. Each is a new row; the old one is replaced.

What two people write of one citizen at once is written one after the other: each command holds her row first.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import PlacementForm, SpellKind
from portal.interventions.target_groups import queries
from portal.interventions.target_groups.models import (
    Arrival,
    LadderStep,
    Membership,
    MembershipEnd,
    MembershipSource,
    Spell,
    SpellProposal,
    SpellSource,
    StepPlacing,
    TargetGroup,
)
from portal.interventions.target_groups.overlaps import SpellDays, contradictions
from portal.interventions.target_groups.services import EndsBeforeItBegins
from portal.loop.citizens.models import Citizen
from portal.loop.placements.agreed import Agreed
from portal.loop.placements.models import Outcome, Placement, PlacementChange, PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.presentation import da_date

Row = TypeVar("Row", Membership, Spell, StepPlacing, Arrival)


class AnotherMunicipality(DomainError):
    message = _l("Borgeren hører til en anden kommune.")


class GroupIsArchived(DomainError):
    message = _l("Målgruppen er arkiveret. Tag den i brug igen, før nogen kommer ind i den.")


class LadderIsArchived(DomainError):
    message = _l("Trappen er arkiveret. Tag den i brug igen, før nogen får et trin på den.")


class AlreadyMember(DomainError):
    message = _l("Borgeren er allerede i målgruppen i nogle af de dage.")


class ReasonWithoutEnd(DomainError):
    message = _l("En grund hører til en sidste dag. Skriv dagen, eller tag grunden væk.")


class AlreadyReplaced(DomainError):
    """Somebody else corrected it in the meantime."""

    message = _l("En anden har rettet det samme, siden du åbnede siden. Se det nye først, og gem så igen.")


class AlreadyDecided(DomainError):
    message = _l("Der er allerede taget stilling til den periode.")


class ProgrammeWithoutBeginning(DomainError):
    message = _l("Et program med en sidste dag skal også have en første.")


class SpellsContradict(DomainError):
    """It cannot be true beside what stands; the message says which, and why."""

    def __init__(self, other: SpellDays, reason: object) -> None:
        super().__init__(
            _(
                "%(reason)s Se perioden “%(kind)s” %(days)s.",
                reason=reason,
                kind=other.kind.label,
                days=days_in_words(other.from_on, other.until_on),
            )
        )


@dataclass(frozen=True)
class SpellDetails:
    """What is known of a spell."""

    kind: SpellKind
    from_on: date
    until_on: date | None = None
    hours_per_week: float | None = None

    @property
    def period(self) -> SpellDays:
        return SpellDays(self.kind, self.from_on, self.until_on)


@dataclass(frozen=True)
class MembershipDetails:
    """From when somebody is in a group, and until when and why, where it has ended."""

    from_on: date
    until_on: date | None = None
    end_reason: MembershipEnd | None = None


@dataclass(frozen=True)
class ArrivalDetails:
    """When somebody came to the municipality, and the days of the introduction programme."""

    arrived_on: date
    programme_from: date | None = None
    programme_until: date | None = None


def days_in_words(from_on: date, until_on: date | None) -> str:
    if until_on is None:
        return _("fra %(first)s", first=da_date(from_on))
    return _("fra %(first)s til %(last)s", first=da_date(from_on), last=da_date(until_on))


# --- Memberships ---------------------------------------------------------------------------------------------


def add_member(
    group: TargetGroup,
    citizen: Citizen,
    details: MembershipDetails,
    *,
    source: MembershipSource = MembershipSource.CONSULTANT,
    by: User | None,
    at: datetime,
) -> Membership:
    """Raises GroupIsArchived, AnotherMunicipality, AlreadyMember, EndsBeforeItBegins, ReasonWithoutEnd."""
    if group.is_archived:
        raise GroupIsArchived
    if citizen.municipality_id != group.municipality_id:
        raise AnotherMunicipality
    _hold(citizen.id)
    made = _membership(group.id, citizen.id, details, source, by=by, at=at)
    audit.record("member-added", subject=made, by=by, at=at, citizen_id=citizen.id)
    return made


def correct_membership(
    membership: Membership, details: MembershipDetails, *, by: User | None, at: datetime
) -> Membership:
    """Write it anew, also to end it. Raises AlreadyReplaced, and as `add_member` of its days."""
    _hold(membership.citizen_id)
    _replace(membership, at=at)
    made = _membership(membership.group_id, membership.citizen_id, details, membership.source, by=by, at=at)
    ends = membership.until_on is None and details.until_on is not None
    action = "membership-ended" if ends else "membership-corrected"
    audit.record(action, subject=made, by=by, at=at, citizen_id=made.citizen_id)
    return made


def remove_membership(membership: Membership, *, because: str, by: User | None, at: datetime) -> None:
    """She was never in it. Raises AlreadyReplaced."""
    _hold(membership.citizen_id)
    _replace(membership, at=at, because=because)
    audit.record("membership-removed", subject=membership, by=by, at=at, citizen_id=membership.citizen_id)


def _membership(
    group_id: int,
    citizen_id: int,
    details: MembershipDetails,
    source: MembershipSource,
    *,
    by: User | None,
    at: datetime,
) -> Membership:
    _check_order(details.from_on, details.until_on)
    if details.end_reason is not None and details.until_on is None:
        raise ReasonWithoutEnd
    if queries.is_member(group_id, citizen_id, details.from_on, details.until_on):
        raise AlreadyMember
    made = Membership(
        group_id=group_id, citizen_id=citizen_id, source=source, **vars(details), **_written(by, at)
    )
    db.session.add(made)
    db.session.flush()
    return made


# --- Spells --------------------------------------------------------------------------------------------------


def add_spell(
    citizen_id: int,
    details: SpellDetails,
    *,
    source: SpellSource = SpellSource.CONSULTANT,
    by: User | None,
    at: datetime,
) -> Spell:
    """Raises EndsBeforeItBegins, SpellsContradict."""
    _hold(citizen_id)
    _check_spell(citizen_id, details)
    made = _spell(citizen_id, details, source, by=by, at=at)
    audit.record("spell-added", subject=made, by=by, at=at, citizen_id=citizen_id)
    return made


def correct_spell(
    spell: Spell,
    details: SpellDetails,
    *,
    source: SpellSource = SpellSource.CONSULTANT,
    by: User | None,
    at: datetime,
) -> Spell:
    """Write it anew, also to end it; it stays the placement's it came from.

    Raises AlreadyReplaced, EndsBeforeItBegins, SpellsContradict.
    """
    _hold(spell.citizen_id)
    _replace(spell, at=at)
    _check_spell(spell.citizen_id, details)
    form = spell.form if details.kind is spell.kind else None
    made = _spell(spell.citizen_id, details, source, form, spell.placement_id, by=by, at=at)
    audit.record("spell-corrected", subject=made, by=by, at=at, citizen_id=made.citizen_id)
    return made


def remove_spell(spell: Spell, *, because: str, by: User | None, at: datetime) -> None:
    """It never was. Raises AlreadyReplaced."""
    _hold(spell.citizen_id)
    _replace(spell, at=at, because=because)
    audit.record("spell-removed", subject=spell, by=by, at=at, citizen_id=spell.citizen_id)


def _check_spell(citizen_id: int, details: SpellDetails) -> None:
    _check_order(details.from_on, details.until_on)
    there = [SpellDays(one.kind, one.from_on, one.until_on) for one in queries.spells_of(citizen_id)]
    for other, reason in contradictions(details.period, there):
        raise SpellsContradict(other, reason)


def _spell(  # noqa: PLR0913
    citizen_id: int,
    details: SpellDetails,
    source: SpellSource,
    form: PlacementForm | None = None,
    placement_id: int | None = None,
    *,
    by: User | None,
    at: datetime,
) -> Spell:
    made = Spell(
        citizen_id=citizen_id,
        source=source,
        form=form,
        placement_id=placement_id,
        **vars(details),
        **_written(by, at),
    )
    db.session.add(made)
    db.session.flush()
    return made


# --- Spells that write themselves ------------------------------------------------------------------------------


def note_started(placement: Placement, *, by: User, at: datetime, **_more: Any) -> None:
    """Hears `events.placement_started`: the days that were agreed, whatever stood there before.

    A start is never refused by what somebody wrote of her; what contradicts it is shown to be corrected.
    """
    _write_stretches(placement, by=by, at=at)


def note_changed(
    placement: Placement, *, change: PlacementChange, by: User, at: datetime, **_more: Any
) -> None:
    """Hears `events.placement_changed`: the days and hours agreed from now on take the place of those before.

    What a consultant wrote of it herself stands, and is shown to be corrected where it contradicts.
    """
    if placement.status is not PlacementStatus.RUNNING or not change.is_of_terms:
        return
    _hold(placement.card.citizen_id)
    standing = queries.spells_of_placement(placement.id)
    if any(one.source is not SpellSource.PLACEMENT for one in standing):
        return
    stretches = {details_of(one) for one in standing}
    if stretches == set(_stretches_of(placement)):
        return
    for spell in standing:
        _replace(spell, at=at)
    _write_stretches(placement, by=by, at=at)


def _write_stretches(placement: Placement, *, by: User, at: datetime) -> None:
    citizen_id = placement.card.citizen_id
    for details in _stretches_of(placement):
        _spell(citizen_id, details, SpellSource.PLACEMENT, placement.form, placement.id, by=by, at=at)


def _stretches_of(placement: Placement) -> list[SpellDetails]:
    """A spell for each stretch of days with the same hours. On the days of a pause nobody works: they are in none."""
    kind = placement.form.traits.spell
    return [SpellDetails(kind, *stretch) for stretch in Agreed.of(placement).worked_stretches()]


def note_ended(placement: Placement, *, by: User, at: datetime, **_more: Any) -> None:
    """Hears `events.placement_ended`: its spell lasted until that day, and *ansat* proposes the next one."""
    last = placement.ended_on
    if last is None:
        return
    _hold(placement.card.citizen_id)
    _end_spells(placement, _last_worked(placement, last), by=by, at=at)
    if placement.outcome is Outcome.HIRED:
        _propose(placement, last + timedelta(days=1), at=at)


def _last_worked(placement: Placement, last: date) -> date:
    """The last day of one that ended so: in a pause it is the day before that."""
    ended = replace(Agreed.of(placement), ends_on=last).within_its_days()
    return max((until for _from, until, _hours in ended.worked_stretches()), default=last)


def _end_spells(placement: Placement, last: date, *, by: User, at: datetime) -> None:
    """The latest that had begun lasted until that day; of hours agreed for days that did not come, nothing is left."""
    standing = queries.spells_of_placement(placement.id)
    latest = max((spell.from_on for spell in standing if spell.from_on <= last), default=None)
    for spell in standing:
        is_ahead = spell.from_on > last
        if is_ahead and spell.source is SpellSource.PLACEMENT:
            _replace(spell, at=at)
        if is_ahead or spell.until_on == last:
            continue
        if spell.until_on is not None and spell.until_on < last and spell.from_on != latest:
            continue
        _replace(spell, at=at)
        details = replace(details_of(spell), until_on=last)
        _spell(spell.citizen_id, details, spell.source, spell.form, placement.id, by=by, at=at)


def _propose(placement: Placement, from_on: date, *, at: datetime) -> None:
    """A pupil's job goes on as one; all else that ends as *ansat* is ordinary work."""
    was = placement.form.traits.spell
    kind = was if was is SpellKind.LEISURE_JOB else SpellKind.ORDINARY_WORK
    db.session.add(
        SpellProposal(
            placement_id=placement.id,
            citizen_id=placement.card.citizen_id,
            kind=kind,
            from_on=from_on,
            hours_per_week=placement.hours_at_end,
            proposed_at=at,
        )
    )
    db.session.flush()


def note_course(citizen_id: int, first: date, last: date, *, by: User, at: datetime) -> Spell:
    """Write the days she was on a course; as a placement's, they are never refused by what stood there before."""
    _check_order(first, last)
    _hold(citizen_id)
    made = _spell(citizen_id, SpellDetails(SpellKind.ACTIVITY, first, last), SpellSource.COURSE, by=by, at=at)
    audit.record("spell-added", subject=made, by=by, at=at, citizen_id=citizen_id)
    return made


def details_of(spell: Spell) -> SpellDetails:
    return SpellDetails(spell.kind, spell.from_on, spell.until_on, spell.hours_per_week)


def confirm_proposal(proposal: SpellProposal, details: SpellDetails, *, by: User, at: datetime) -> Spell:
    """It is so, from this day and with these hours. Raises AlreadyDecided, and as `add_spell`."""
    _hold(proposal.citizen_id)
    db.session.refresh(proposal)
    if proposal.decided_at is not None:
        raise AlreadyDecided
    made = add_spell(proposal.citizen_id, details, by=by, at=at)
    proposal.decided_at, proposal.decided_by_id, proposal.spell_id = at, by.id, made.id
    audit.record("spell-proposal-confirmed", subject=proposal, by=by, at=at, citizen_id=proposal.citizen_id)
    return made


def dismiss_proposal(proposal: SpellProposal, *, by: User, at: datetime) -> None:
    """Nothing came of it. Raises AlreadyDecided."""
    _hold(proposal.citizen_id)
    db.session.refresh(proposal)
    if proposal.decided_at is not None:
        raise AlreadyDecided
    proposal.decided_at, proposal.decided_by_id = at, by.id
    audit.record("spell-proposal-dismissed", subject=proposal, by=by, at=at, citizen_id=proposal.citizen_id)


# --- Steps and arrival -----------------------------------------------------------------------------------------


def place_on_step(
    citizen: Citizen, step: LadderStep, *, from_on: date, by: User | None, at: datetime
) -> StepPlacing:
    """It holds until she is placed anew on the same ladder; a second one of the same day corrects the first.

    Raises AnotherMunicipality, LadderIsArchived.
    """
    if step.ladder.municipality_id != citizen.municipality_id:
        raise AnotherMunicipality
    if step.ladder.is_archived:
        raise LadderIsArchived
    _hold(citizen.id)
    for placing in queries.placings_of(citizen.id):
        if placing.step.ladder_id == step.ladder_id and placing.from_on == from_on:
            _replace(placing, at=at)
    made = StepPlacing(citizen_id=citizen.id, step_id=step.id, from_on=from_on, **_written(by, at))
    db.session.add(made)
    audit.record("step-placed", subject=made, by=by, at=at, citizen_id=citizen.id)
    return made


def remove_placing(placing: StepPlacing, *, by: User, at: datetime) -> None:
    """She never stood there. Raises AlreadyReplaced."""
    _hold(placing.citizen_id)
    _replace(placing, at=at)
    audit.record("step-placing-removed", subject=placing, by=by, at=at, citizen_id=placing.citizen_id)


def note_arrival(citizen_id: int, details: ArrivalDetails, *, by: User | None, at: datetime) -> Arrival:
    """Write it, in place of what stood there. Raises EndsBeforeItBegins, ProgrammeWithoutBeginning."""
    if details.programme_until is not None and details.programme_from is None:
        raise ProgrammeWithoutBeginning
    if details.programme_from is not None:
        _check_order(details.programme_from, details.programme_until)
    _hold(citizen_id)
    stood = queries.arrival_of(citizen_id)
    if stood is not None:
        _replace(stood, at=at)
    made = Arrival(citizen_id=citizen_id, **vars(details), **_written(by, at))
    db.session.add(made)
    audit.record("arrival-noted", subject=made, by=by, at=at, citizen_id=citizen_id)
    return made


def remove_arrival(arrival: Arrival, *, by: User, at: datetime) -> None:
    """Nobody knows it after all. Raises AlreadyReplaced."""
    _hold(arrival.citizen_id)
    _replace(arrival, at=at)
    audit.record("arrival-removed", subject=arrival, by=by, at=at, citizen_id=arrival.citizen_id)


# --- Rows that take another's place ------------------------------------------------------------------------------


def _hold(citizen_id: int) -> None:
    """Whoever writes of the same person waits here; SQLite has one writer anyway."""
    db.session.execute(sa.select(Citizen.id).where(Citizen.id == citizen_id).with_for_update())


def _check_order(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise EndsBeforeItBegins


def _written(by: User | None, at: datetime) -> dict[str, Any]:
    return {"recorded_at": at, "recorded_by_id": by.id if by else None}


def _replace(row: Row, *, at: datetime, because: str = "") -> None:
    """Guarded, so that of two corrections at once one is told. Raises AlreadyReplaced."""
    table: Any = type(row)
    values = {"replaced_at": at, **({"replaced_because": because.strip()} if because else {})}
    statement = (
        sa.update(table)
        .where(table.id == row.id, table.replaced_at.is_(None))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(statement.returning(table.id)) is None:
        raise AlreadyReplaced
    db.session.refresh(row)
