"""Writers of where people are: who is in a target group, and periods of work, education, support.

A row is known by whom it is about, what, and its first day. What stands otherwise is written anew by the room's own
commands, so that what was known before can still be told. Source: docs/adr/030-the-ledger.md
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.alphabet import alphabet_key
from portal.base.database import db
from portal.base.folding import case_key
from portal.interventions.target_groups import situations
from portal.interventions.target_groups.models import (
    Membership,
    MembershipSource,
    Spell,
    SpellSource,
    TargetGroup,
)
from portal.interventions.target_groups.overlaps import SpellDays, contradictions
from portal.interventions.target_groups.queries import standing
from portal.loop.citizens import merging
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.workspaces.imports.effects import RowEffect, RowRefused
from portal.workspaces.imports.kinds import MembershipRow, SpellRow, UnderstoodRow
from portal.workspaces.imports.models import ImportKind

NO_SUCH_CITIZEN = _l("Der er ingen borger med det sagsnummer i kommunen.")

Told = TypeVar("Told", MembershipRow, SpellRow)
Stored = TypeVar("Stored", Membership, Spell)


def citizens_by_case(municipality_id: int, rows: Sequence[UnderstoodRow]) -> dict[str, Citizen]:
    """The citizens whose case numbers stand in the rows, however they are written there."""
    keys = {case_key(understood.row.case_reference) for understood in rows}
    written = {understood.row.case_reference for understood in rows}
    found = db.session.scalars(
        sa.select(Citizen)
        .where(
            Citizen.municipality_id == municipality_id,
            sa.or_(Citizen.case_key.in_(keys), Citizen.case_reference.in_(written)),
        )
        .order_by(Citizen.case_key.is_not(None))  # of two that clashed of old the one with the key counts
    )
    stand = {case_key(citizen.case_reference): citizen for citizen in found}
    return merging.by_old_cases(municipality_id, keys - stand.keys()) | stand


class WriterAboutCitizens:
    """What writers have in common whose rows are about a citizen who is there."""

    kind: ImportKind

    def __init__(self, rows: Sequence[UnderstoodRow], *, municipality_id: int, today: date) -> None:
        self._rows, self._municipality_id, self._today = rows, municipality_id, today
        self.load()

    def load(self) -> None:
        self._citizens = citizens_by_case(self._municipality_id, self._rows)

    def citizen_of(self, row: Any) -> Citizen:
        citizen = self._citizens.get(case_key(row.case_reference))
        if citizen is None:
            raise RowRefused("case_reference", str(NO_SUCH_CITIZEN))
        return citizen

    def finish(self, *, changed: int, at: datetime) -> None:
        return


class _SituationWriter(WriterAboutCitizens, Generic[Told, Stored]):
    """What the two have in common: their days."""

    table: type[Stored]

    def load(self) -> None:
        super().load()
        self._there: dict[int, list[Stored]] = defaultdict(list)
        ids = [citizen.id for citizen in self._citizens.values()]
        rows = sa.select(self.table).where(self.table.citizen_id.in_(ids), standing(self.table))
        for row in db.session.scalars(rows.order_by(self.table.from_on, self.table.id)):
            self._there[row.citizen_id].append(row)

    def _check_days(self, row: Told) -> None:
        if row.from_on > self._today:
            raise RowRefused("from_on", _("Den første dag ligger i fremtiden."))
        if row.until_on is not None and row.until_on < row.from_on:
            raise RowRefused("until_on", _("Den sidste dag ligger før den første."))


class MembershipWriter(_SituationWriter[MembershipRow, Membership]):
    """Who is in a target group from when; the group is known by its name."""

    kind = ImportKind.MEMBERSHIPS
    table = Membership

    def load(self) -> None:
        super().load()
        groups = sa.select(TargetGroup).where(TargetGroup.municipality_id == self._municipality_id)
        self._groups = {group.name.casefold(): group for group in db.session.scalars(groups)}
        self._told: dict[tuple[int, int], list[MembershipRow]] = defaultdict(list)

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        row: MembershipRow = understood.row
        citizen, group = self.citizen_of(row), self._group(row)
        self._check_days(row)
        if row.end_reason is not None and row.until_on is None:
            raise RowRefused("end_reason", str(situations.ReasonWithoutEnd.message))
        there = self._same(citizen, group, row)
        others = [
            (one.from_on, one.until_on)
            for one in self._there[citizen.id]
            if one.group_id == group.id and one is not there
        ]
        told = self._told[citizen.id, group.id]
        if any(
            _overlap(row, first, last)
            for first, last in [*others, *((it.from_on, it.until_on) for it in told)]
        ):
            raise RowRefused("from_on", str(situations.AlreadyMember.message))
        told.append(row)
        if there is None:
            return RowEffect.NEW
        same = (there.until_on, there.end_reason) == (row.until_on, row.end_reason)
        return RowEffect.UNCHANGED if same else RowEffect.CHANGED

    def write(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> None:
        row: MembershipRow = understood.row
        citizen, group = self.citizen_of(row), self._group(row)
        details = situations.MembershipDetails(row.from_on, row.until_on, row.end_reason)
        there = self._same(citizen, group, row)
        if there is None:
            situations.add_member(group, citizen, details, source=MembershipSource.IMPORT, by=by, at=at)
        else:
            situations.correct_membership(there, details, by=by, at=at)

    def _group(self, row: MembershipRow) -> TargetGroup:
        group = self._groups.get(row.group.casefold())
        if group is None:
            names = ", ".join(
                sorted((one.name for one in self._groups.values() if not one.is_archived), key=alphabet_key)
            )
            reason = _(
                "Kommunen har ingen målgruppe, der hedder det. Vælg mellem: %(names)s.", names=names or "–"
            )
            raise RowRefused("group", reason)
        if group.is_archived:
            raise RowRefused("group", str(situations.GroupIsArchived.message))
        return group

    def _same(self, citizen: Citizen, group: TargetGroup, row: MembershipRow) -> Membership | None:
        return next(
            (
                one
                for one in self._there[citizen.id]
                if one.group_id == group.id and one.from_on == row.from_on
            ),
            None,
        )


class SpellWriter(_SituationWriter[SpellRow, Spell]):
    """Periods of people. One that a placement wrote is the placement's to change."""

    kind = ImportKind.SPELLS
    table = Spell

    def load(self) -> None:
        super().load()
        self._told: dict[int, list[SpellDays]] = defaultdict(list)

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        row: SpellRow = understood.row
        citizen = self.citizen_of(row)
        self._check_days(row)
        there = self._same(citizen, row)
        if there is not None and _as_stored(there) == (row.until_on, row.hours_per_week):
            return RowEffect.UNCHANGED
        if there is not None and there.source is SpellSource.PLACEMENT:
            reason = _(
                "Perioden kommer fra et forløb i portalen. Ret forløbet, eller ret perioden på borgerens side."
            )
            raise RowRefused("from_on", reason)
        days = SpellDays(row.kind, row.from_on, row.until_on)
        beside = [
            SpellDays(one.kind, one.from_on, one.until_on)
            for one in self._there[citizen.id]
            if one is not there
        ]
        for other, why in contradictions(days, [*beside, *self._told[citizen.id]]):
            raise RowRefused("kind", str(situations.SpellsContradict(other, why).message))
        self._told[citizen.id].append(days)
        return RowEffect.NEW if there is None else RowEffect.CHANGED

    def write(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> None:
        row: SpellRow = understood.row
        citizen = self.citizen_of(row)
        details = situations.SpellDetails(row.kind, row.from_on, row.until_on, row.hours_per_week)
        there = self._same(citizen, row)
        if there is None:
            situations.add_spell(citizen.id, details, source=SpellSource.IMPORT, by=by, at=at)
        else:
            situations.correct_spell(there, details, source=SpellSource.IMPORT, by=by, at=at)

    def _same(self, citizen: Citizen, row: SpellRow) -> Spell | None:
        return next(
            (one for one in self._there[citizen.id] if one.kind is row.kind and one.from_on == row.from_on),
            None,
        )


def _as_stored(spell: Spell) -> tuple[date | None, float | None]:
    return spell.until_on, spell.hours_per_week


def _overlap(row: MembershipRow, first: date, last: date | None) -> bool:
    return row.from_on <= (last or date.max) and first <= (row.until_on or date.max)
