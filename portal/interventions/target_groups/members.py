"""Reads of groups as their reader may see them: how many are in one, who, where each is, and who might come in.

A day is asked about by what is known today; who may not see persons gets numbers of the last quarter's end.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload

from portal.base import events
from portal.base.database import db
from portal.base.quarters import last_quarter_end, quarter_of
from portal.base.terms import FEWEST_PEOPLE, SpellKind
from portal.interventions.target_groups.models import (
    LadderStep,
    Membership,
    Spell,
    SpellProposal,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.interventions.target_groups.queries import covering, placed_on, standing
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.loop.citizens.queries import citizens_found, citizens_seen_by
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import OPEN
from portal.shared.accounts.models import User
from portal.web.permissions import Action, Scope
from portal.web.presentation import da_date
from portal.web.searching import found

UNKNOWN: Final = "unknown"
"""Of the filter that asks where somebody is: nobody has written it."""

NOW, ENDED, ALL = "now", "ended", "all"
"""Of the filter that asks when somebody is a member."""

QUARTERS_SHOWN: Final = 4


# --- Groups --------------------------------------------------------------------------------------------------


def visible_groups(user: User) -> sa.Select[TargetGroup]:
    """The municipality's own."""
    statement = sa.select(TargetGroup)
    if user.scope_of(Action.READ_TARGET_GROUPS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(TargetGroup.municipality_id == user.municipality_id)


def group_for(user: User, group_id: int) -> TargetGroup:
    """Raises NoResultFound for another municipality's."""
    statement = visible_groups(user).where(TargetGroup.id == group_id)
    return db.session.scalars(statement.options(joinedload(TargetGroup.created_by))).one()


def group_list(user: User, on: date, *, words: str = "", state: str = "") -> sa.Select[Any]:
    """Rows of TargetGroup, `members` on the day, and how many of them something is `known` of."""
    statement = visible_groups(user).add_columns(
        members_of(on).label("members"), members_of(on, known=True).label("known")
    )
    if words:
        statement = statement.where(found(words, TargetGroup.name, TargetGroup.sentence))
    if state != ALL:
        statement = statement.where(TargetGroup.archived_at.is_not(None) == (state == "archived"))
    return statement


def members_of(on: date, *, known: bool = False) -> sa.ScalarSelect[int]:
    """How many are in the group of the row on the day; with `known` only those with a spell that day."""
    member = Membership.__table__.alias()
    statement = sa.select(sa.func.count(sa.distinct(member.c.citizen_id))).where(
        member.c.group_id == TargetGroup.id, standing(member.c), covering(member.c, on)
    )
    if known:
        statement = statement.where(_has_spell(member.c.citizen_id, on))
    return statement.correlate(TargetGroup).scalar_subquery()


def _has_spell(citizen_id: Any, on: date, kind: SpellKind | None = None) -> sa.Exists:
    spell = Spell.__table__.alias()
    statement = sa.exists().where(spell.c.citizen_id == citizen_id, standing(spell.c), covering(spell.c, on))
    return statement.where(spell.c.kind == kind) if kind is not None else statement


@dataclass(frozen=True)
class SpellCoverage:
    """Of how many members something is known on a day."""

    members: int
    known: int

    @property
    def unknown(self) -> int:
        return self.members - self.known


def coverage_of(group: TargetGroup, on: date) -> SpellCoverage:
    statement = sa.select(members_of(on), members_of(on, known=True)).where(TargetGroup.id == group.id)
    return SpellCoverage(*db.session.execute(statement.select_from(TargetGroup)).one())


def members_at_quarter_ends(group: TargetGroup, on: date) -> list[tuple[date, int]]:
    """How many were in it at the last quarters' ends, the latest first."""
    ends = [last_quarter_end(on)]
    while len(ends) < QUARTERS_SHOWN:
        ends.append(quarter_of(ends[-1]) - timedelta(days=1))
    counts = db.session.execute(
        sa.select(*(members_of(end).label(f"on_{place}") for place, end in enumerate(ends)))
        .select_from(TargetGroup)
        .where(TargetGroup.id == group.id)
    ).one()
    return list(zip(ends, counts, strict=True))


def masked(count: int) -> str:
    """A number of people for somebody who may not see who they are."""
    return _("under %(fewest)s", fewest=FEWEST_PEOPLE) if 0 < count < FEWEST_PEOPLE else str(count)


def masked_parts(whole: int, parts: Sequence[int]) -> list[str]:
    """Numbers that are part of one that is told beside them: none where a small one could be worked out from it."""
    rest = whole - sum(parts)
    if whole >= FEWEST_PEOPLE and any(0 < number < FEWEST_PEOPLE for number in (*parts, rest)):
        return [_("ikke vist") if part else "0" for part in parts]
    return [masked(part) for part in parts]


# --- Members -------------------------------------------------------------------------------------------------


def visible_memberships(user: User) -> sa.Select[Membership]:
    """Those that stand, in the municipality's groups."""
    statement = sa.select(Membership).join(Membership.group).where(standing(Membership))
    if user.scope_of(Action.READ_SITUATIONS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(TargetGroup.municipality_id == user.municipality_id)


def membership_for(user: User, group_id: int, membership_id: int) -> Membership:
    """Raises NoResultFound for another municipality's, or for a row that was replaced."""
    statement = visible_memberships(user).where(
        Membership.id == membership_id, Membership.group_id == group_id
    )
    return db.session.scalars(
        statement.options(
            contains_eager(Membership.group),
            joinedload(Membership.citizen),
            joinedload(Membership.recorded_by),
        )
    ).one()


def member_list(
    user: User, group: TargetGroup, on: date, *, words: str = "", when: str = "", where: str = ""
) -> sa.Select[Any]:
    """Rows of Membership, Citizen, `card_id` and `card_number`."""
    cards = events.cards_by_citizen()
    statement = (
        visible_memberships(user)
        .where(Membership.group_id == group.id)
        .join(Membership.citizen)
        .outerjoin(cards, cards.c.citizen_id == Citizen.id)
        .add_columns(Citizen, cards.c.id.label("card_id"), cards.c.number.label("card_number"))
    )
    if when == ENDED:
        statement = statement.where(Membership.until_on < on)
    elif when != ALL:
        statement = statement.where(covering(Membership, on))
    if words:
        statement = statement.where(citizens_found(words, cards.c.number))
    if where == UNKNOWN:
        return statement.where(~_has_spell(Citizen.id, on))
    if where in set(SpellKind):
        return statement.where(_has_spell(Citizen.id, on, SpellKind(where)))
    return statement


def candidate_list(
    user: User, group: TargetGroup, on: date, *, words: str = "", suggested: bool = False
) -> sa.Select[Any]:
    """Rows of Citizen and `card_number`: active and not in the group on the day; `suggested` by the group's ages."""
    cards = events.cards_by_citizen()
    member = Membership.__table__.alias()
    inside = sa.exists().where(
        member.c.group_id == group.id,
        member.c.citizen_id == Citizen.id,
        standing(member.c),
        covering(member.c, on),
    )
    statement = (
        citizens_seen_by(user)
        .where(Citizen.status == CitizenStatus.ACTIVE, ~inside)
        .outerjoin(cards, cards.c.citizen_id == Citizen.id)
        .add_columns(cards.c.number.label("card_number"))
    )
    if words:
        statement = statement.where(citizens_found(words, cards.c.number))
    return statement.where(_of_ages(group, on)) if suggested else statement


def candidates(user: User, citizen_ids: Iterable[int]) -> list[Citizen]:
    """Of these the citizens that the user may see, by name."""
    statement = citizens_seen_by(user).where(Citizen.id.in_(set(citizen_ids)))
    return list(db.session.scalars(statement.order_by(Citizen.sort_name, Citizen.id)))


def _of_ages(group: TargetGroup, on: date) -> sa.ColumnElement[bool]:
    """Whoever may be of the group's ages on the day; of whom only the year is known, both ages of the year."""
    held: list[sa.ColumnElement[bool]] = [sa.true()]
    if group.age_from is not None:
        latest = on - relativedelta(years=group.age_from)
        held.append(sa.or_(Citizen.born_on <= latest, Citizen.birth_year <= latest.year))
    if group.age_until is not None:
        too_old = on - relativedelta(years=group.age_until + 1)
        held.append(sa.or_(Citizen.born_on > too_old, Citizen.birth_year >= too_old.year))
    return sa.and_(*held)


# --- Where somebody is -----------------------------------------------------------------------------------------


@dataclass
class Whereabouts:
    """What is known of somebody on a day, and what the loop has for her."""

    spells: list[Spell] = field(default_factory=list)
    steps: list[LadderStep] = field(default_factory=list)
    placement: Placement | None = None
    """The one that is planned or running; of several, the one that begins first."""
    proposal: SpellProposal | None = None

    @property
    def kinds(self) -> list[SpellKind]:
        """Each kind once, in the order of the list of kinds."""
        found = {spell.kind for spell in self.spells}
        return [kind for kind in SpellKind if kind in found]


def whereabouts(citizen_ids: Sequence[int], on: date) -> dict[int, Whereabouts]:
    """By citizen, in four statements whatever their number."""
    found = {citizen_id: Whereabouts() for citizen_id in citizen_ids}
    spells = sa.select(Spell).where(Spell.citizen_id.in_(found), standing(Spell), covering(Spell, on))
    for spell in db.session.scalars(spells.order_by(Spell.from_on, Spell.id)):
        found[spell.citizen_id].spells.append(spell)
    for citizen_id, placings in _placings(found).items():
        found[citizen_id].steps = [placing.step for placing in placed_on(placings, on)]
    for citizen_id, placement in _open_placements(found):
        found[citizen_id].placement = found[citizen_id].placement or placement
    for proposal in db.session.scalars(waiting_proposals().where(SpellProposal.citizen_id.in_(found))):
        found[proposal.citizen_id].proposal = found[proposal.citizen_id].proposal or proposal
    return found


def _placings(citizen_ids: Iterable[int]) -> dict[int, list[StepPlacing]]:
    statement = (
        sa.select(StepPlacing)
        .join(StepPlacing.step)
        .join(LadderStep.ladder)
        .where(StepPlacing.citizen_id.in_(citizen_ids), standing(StepPlacing))
        .options(contains_eager(StepPlacing.step).contains_eager(LadderStep.ladder))
        .order_by(StepPlacing.from_on.desc(), StepPlacing.id.desc())
    )
    found: dict[int, list[StepPlacing]] = defaultdict(list)
    for placing in db.session.scalars(statement):
        found[placing.citizen_id].append(placing)
    return found


def _open_placements(citizen_ids: Iterable[int]) -> Sequence[Any]:
    statement = (
        sa.select(CompetenceCard.citizen_id, Placement)
        .join(Placement.card)
        .where(CompetenceCard.citizen_id.in_(citizen_ids), Placement.status.in_(OPEN))
        .order_by(Placement.starts_on, Placement.id)
    )
    return db.session.execute(statement).all()


def waiting_proposals() -> sa.Select[SpellProposal]:
    """Spells after a placement that nobody has confirmed or dismissed, the oldest first."""
    return (
        sa.select(SpellProposal)
        .where(SpellProposal.decided_at.is_(None))
        .order_by(SpellProposal.from_on, SpellProposal.id)
    )


def proposals_seen_by(user: User) -> sa.Select[SpellProposal]:
    """Those that wait in the user's municipality."""
    statement = waiting_proposals().join(SpellProposal.citizen)
    if user.scope_of(Action.READ_SITUATIONS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(Citizen.municipality_id == user.municipality_id)


@dataclass(frozen=True)
class NextStep:
    """What the loop has for somebody now, in words, and the page where it is done."""

    words: str
    endpoint: str
    key: str
    value: int


def next_step(citizen_id: int, card_id: int | None, where: Whereabouts) -> NextStep:
    """Confirm what a placement led to, follow the placement, look at suggestions, or make a card first."""
    if where.proposal is not None:
        return NextStep(_("Bekræft arbejdet efter forløbet"), "situations.detail", "citizen_id", citizen_id)
    if where.placement is not None:
        begun = where.placement.started_at is not None
        words = (
            _(
                "%(form)s til %(day)s",
                form=where.placement.form.traits.short,
                day=da_date(where.placement.ends_on),
            )
            if begun
            else _(
                "%(form)s fra %(day)s",
                form=where.placement.form.traits.short,
                day=da_date(where.placement.starts_on),
            )
        )
        return NextStep(words, "placements.detail", "placement_id", where.placement.id)
    if card_id is not None:
        return NextStep(_("Se forslag"), "matches.for_card", "card_id", card_id)
    return NextStep(_("Lav et kompetencekort"), "citizens.detail", "citizen_id", citizen_id)


# --- Ladders -------------------------------------------------------------------------------------------------


def visible_ladders(user: User) -> sa.Select[WorkLadder]:
    """The municipality's own."""
    statement = sa.select(WorkLadder)
    if user.scope_of(Action.READ_TARGET_GROUPS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(WorkLadder.municipality_id == user.municipality_id)


def ladders_of(user: User, *, in_use: bool = False) -> list[WorkLadder]:
    """Those in use first, by name."""
    statement = visible_ladders(user).options(joinedload(WorkLadder.steps))
    if in_use:
        statement = statement.where(WorkLadder.archived_at.is_(None))
    order = (WorkLadder.archived_at.is_not(None), WorkLadder.name, WorkLadder.id)
    return list(db.session.scalars(statement.order_by(*order)).unique())


def ladder_for(user: User, ladder_id: int) -> WorkLadder:
    """Raises NoResultFound for another municipality's."""
    statement = visible_ladders(user).where(WorkLadder.id == ladder_id)
    return db.session.scalars(statement.options(joinedload(WorkLadder.steps))).unique().one()


def people_on_steps(ladders: Sequence[WorkLadder], on: date) -> dict[int, int]:
    """How many stand on each step on the day, by step."""
    ids = [ladder.id for ladder in ladders]
    later, later_step = StepPlacing.__table__.alias(), LadderStep.__table__.alias()
    passed = (
        sa.exists()
        .where(
            later.c.citizen_id == StepPlacing.citizen_id,
            standing(later.c),
            later.c.from_on <= on,
            later.c.from_on > StepPlacing.from_on,
            later_step.c.id == later.c.step_id,
            later_step.c.ladder_id == LadderStep.ladder_id,
        )
        .correlate(StepPlacing, LadderStep)
    )
    statement = (
        sa.select(StepPlacing.step_id, sa.func.count(sa.distinct(StepPlacing.citizen_id)))
        .join(StepPlacing.step)
        .where(LadderStep.ladder_id.in_(ids), standing(StepPlacing), StepPlacing.from_on <= on, ~passed)
        .group_by(StepPlacing.step_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
