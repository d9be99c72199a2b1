"""Where somebody is: each change is a new row, and a past day can be told as it was known then."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.base import events
from portal.base.database import db, transaction
from portal.base.terms import PlacementForm, SpellKind
from portal.interventions.target_groups import queries, situations
from portal.interventions.target_groups.models import (
    Membership,
    MembershipEnd,
    Spell,
    SpellProposal,
    SpellSource,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.interventions.target_groups.overlaps import CONTRADICTIONS, TWO_AT_ONCE
from portal.interventions.target_groups.services import (
    EndsBeforeItBegins,
    GroupDetails,
    StepDetails,
    archive_group,
    create_group,
    create_ladder,
)
from portal.interventions.target_groups.situations import (
    AlreadyDecided,
    AlreadyMember,
    AlreadyReplaced,
    AnotherMunicipality,
    ArrivalDetails,
    GroupIsArchived,
    MembershipDetails,
    ReasonWithoutEnd,
    SpellDetails,
    SpellsContradict,
)
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.rules.law.case import Readiness
from tests import factories
from tests.factories import NOW, TODAY

LATER = NOW + timedelta(hours=1)
MARCH, JUNE, SEPTEMBER = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
WORK, SCHOOL, SELF = SpellKind.ORDINARY_WORK, SpellKind.EDUCATION, SpellKind.SELF_SUPPORTING
SUPPORTED, ACTIVITY, AWAY = SpellKind.PUBLICLY_SUPPORTED, SpellKind.ACTIVITY, SpellKind.NOT_AVAILABLE


@pytest.fixture
def amira(app) -> Citizen:
    return factories.make_citizen("Amira")


@pytest.fixture
def group(app, karin: User) -> TargetGroup:
    with transaction():
        return create_group(karin.municipality_id, GroupDetails("Målgruppe 3"), by=karin, at=NOW)


def add(amira: Citizen, kind: SpellKind, first: date, last: date | None = None, **more: float) -> Spell:
    karin = factories.user("karin@kommune.example")
    with transaction():
        return situations.add_spell(amira.id, SpellDetails(kind, first, last, **more), by=karin, at=NOW)


def days_of(citizen: Citizen) -> list[tuple[str, str, str]]:
    return sorted(
        (str(one.kind.value), str(one.from_on), str(one.until_on)) for one in queries.spells_of(citizen.id)
    )


# --- Groups --------------------------------------------------------------------------------------------------


def join(group: TargetGroup, citizen: Citizen, first: date, last: date | None = None) -> Membership:
    karin = factories.user("karin@kommune.example")
    with transaction():
        return situations.add_member(
            db.session.merge(group),
            db.session.merge(citizen),
            MembershipDetails(first, last),
            by=karin,
            at=NOW,
        )


def test_a_membership_that_ends_is_written_anew_and_the_old_row_stays(group, amira, karin):
    was = join(group, amira, MARCH)

    with transaction():
        now = situations.correct_membership(
            db.session.get_one(Membership, was.id),
            MembershipDetails(MARCH, JUNE, MembershipEnd.IN_WORK),
            by=karin,
            at=LATER,
        )

    assert [one.id for one in queries.memberships_of(amira.id)] == [now.id]
    old = db.session.get_one(Membership, was.id)
    assert (old.until_on, old.replaced_at) == (None, LATER)
    known_before = sa.select(Membership.id).where(queries.standing(Membership, NOW))
    assert db.session.scalars(known_before).all() == [was.id]


@pytest.mark.parametrize(
    ("first", "last", "is_refused"),
    [
        (MARCH, None, True),
        (JUNE, JUNE, True),  # their last day in common
        (JUNE + timedelta(days=1), None, False),
        (date(2026, 1, 1), MARCH - timedelta(days=1), False),
        (date(2026, 1, 1), MARCH, True),
    ],
)
def test_nobody_is_in_one_group_twice_on_a_day(group, amira, first, last, is_refused):
    join(group, amira, MARCH, JUNE)

    if is_refused:
        with pytest.raises(AlreadyMember):
            join(group, amira, first, last)
    else:
        join(group, amira, first, last)
        assert len(queries.memberships_of(amira.id)) == 2


def test_a_neighbours_citizen_and_an_archived_group_are_refused(group, amira, karin):
    with pytest.raises(AnotherMunicipality):
        join(group, factories.make_citizen("Selam", in_municipality="Fredensborg"), MARCH)
    with transaction():
        archive_group(db.session.merge(group), by=karin, at=NOW)
    with pytest.raises(GroupIsArchived):
        join(db.session.get_one(TargetGroup, group.id), amira, MARCH)


def test_a_reason_needs_a_last_day(group, amira, karin):
    was = join(group, amira, MARCH)

    with pytest.raises(ReasonWithoutEnd), transaction():
        situations.correct_membership(
            db.session.get_one(Membership, was.id),
            MembershipDetails(MARCH, None, MembershipEnd.MOVED),
            by=karin,
            at=LATER,
        )
    assert [one.id for one in queries.memberships_of(amira.id)] == [was.id]


# --- Spells --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", SpellKind)
@pytest.mark.parametrize("other", SpellKind)
def test_what_may_run_side_by_side_is_the_tables_to_say(app, amira, one, other):
    add(amira, one, MARCH, JUNE)

    if frozenset({one, other}) in CONTRADICTIONS:
        with pytest.raises(SpellsContradict) as refused:
            add(amira, other, JUNE)
        assert str(one.label) in str(refused.value.message)
        add(amira, other, JUNE + timedelta(days=1))
    else:
        add(amira, other, JUNE)
    assert len(queries.spells_of(amira.id)) == 2


def test_the_table_names_the_pairs_that_no_life_allows():
    pairs = {tuple(sorted(one.value for one in pair)) for pair in CONTRADICTIONS}

    assert pairs == {
        ("publicly_supported", "self_supporting"),
        ("activity", "not_available"),
        ("education",),
        ("self_supporting",),
        ("publicly_supported",),
        ("not_available",),
    }
    assert {kind.value for kind in TWO_AT_ONCE} == {"ordinary_work", "activity", "leisure_job"}


def test_a_correction_replaces_one_row_and_the_first_of_two_stands(app, amira, karin, jonas):
    was = add(amira, SCHOOL, MARCH, JUNE)

    with transaction():
        situations.correct_spell(
            db.session.get_one(Spell, was.id), SpellDetails(SCHOOL, MARCH, SEPTEMBER), by=karin, at=LATER
        )
    with pytest.raises(AlreadyReplaced), transaction():
        situations.correct_spell(
            db.session.get_one(Spell, was.id), SpellDetails(SCHOOL, MARCH, MARCH), by=jonas, at=LATER
        )

    assert days_of(amira) == [("education", "2026-03-01", "2026-09-01")]


def test_a_spell_that_never_was_is_taken_out_with_a_note_and_still_known(app, amira, karin):
    was = add(amira, SELF, MARCH)

    with transaction():
        situations.remove_spell(
            db.session.get_one(Spell, was.id), because="Gjaldt en anden", by=karin, at=LATER
        )

    gone = db.session.get_one(Spell, was.id)
    assert (gone.replaced_because, gone.replaced_at) == ("Gjaldt en anden", LATER)
    assert queries.spells_of(amira.id) == []
    assert db.session.scalars(sa.select(Spell.id).where(queries.standing(Spell, NOW))).all() == [was.id]


def test_the_last_day_is_not_before_the_first(app, amira):
    with pytest.raises(EndsBeforeItBegins):
        add(amira, WORK, JUNE, MARCH)


# --- Placements write spells ---------------------------------------------------------------------------------


def placed(amira: Citizen, form: PlacementForm = PlacementForm.PRAKTIK, **values: object) -> Placement:
    match = factories.make_match(factories.make_opening(form=form), factories.make_card(amira))
    review = factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)
    days = {"starts_on": MARCH, "ends_on": JUNE, "form": form, "hours_per_week": 12.0}
    return factories.make_placement(review, status=PlacementStatus.RUNNING, **{**days, **values})


def begin(placement: Placement, at: datetime = NOW) -> None:
    with transaction():
        events.placement_started.send(
            db.session.merge(placement), by=factories.user("karin@kommune.example"), at=at
        )


def end(placement: Placement, outcome: Outcome, ended_on: date, at: datetime = LATER) -> None:
    with transaction():
        there = db.session.merge(placement)
        there.status, there.outcome, there.ended_on = PlacementStatus.ENDED, outcome, ended_on
        db.session.flush()
        events.placement_ended.send(there, by=factories.user("karin@kommune.example"), at=at)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        (PlacementForm.PRAKTIK, ACTIVITY),
        (PlacementForm.LOENTILSKUD, ACTIVITY),
        (PlacementForm.IGU, WORK),
        (PlacementForm.SMAAJOB, WORK),
        (PlacementForm.REGULAR_JOB, WORK),
        (PlacementForm.FRITIDSJOB, SpellKind.LEISURE_JOB),
    ],
)
def test_a_placement_that_begins_writes_what_she_is_in(app, amira, form, kind):
    placement = placed(amira, form)

    begin(placement)

    (spell,) = queries.spells_of(amira.id)
    assert (spell.kind, spell.form, spell.hours_per_week, spell.source) == (
        kind,
        form,
        12.0,
        SpellSource.PLACEMENT,
    )
    assert (spell.from_on, spell.until_on, spell.placement_id) == (MARCH, JUNE, placement.id)


@pytest.mark.parametrize("ended_on", [MARCH, date(2026, 4, 10), JUNE + timedelta(days=9)])
def test_its_end_replaces_it_by_one_until_that_day(app, amira, ended_on):
    placement = placed(amira)
    begin(placement)

    end(placement, Outcome.COMPLETED, ended_on)

    (spell,) = queries.spells_of(amira.id)
    assert (spell.until_on, spell.recorded_at, spell.source) == (ended_on, LATER, SpellSource.PLACEMENT)
    assert len(db.session.scalars(sa.select(Spell)).all()) == 2
    assert db.session.scalars(sa.select(SpellProposal)).all() == []


def test_a_start_is_not_refused_by_what_somebody_wrote(app, amira):
    add(amira, AWAY, MARCH)

    begin(placed(amira))

    assert {spell.kind for spell in queries.spells_of(amira.id)} == {AWAY, ACTIVITY}


def test_two_small_jobs_may_run_at_once(app, amira):
    begin(placed(amira, PlacementForm.SMAAJOB))
    add(amira, WORK, MARCH, JUNE, hours_per_week=5)

    assert len(queries.spells_of(amira.id)) == 2


def test_ansat_proposes_work_from_the_next_day_and_a_consultant_confirms_it_once(app, amira, karin):
    placement = placed(amira)
    begin(placement)
    end(placement, Outcome.HIRED, JUNE)

    (proposal,) = db.session.scalars(sa.select(SpellProposal)).all()
    assert (proposal.kind, proposal.from_on, proposal.hours_per_week) == (
        WORK,
        JUNE + timedelta(days=1),
        12.0,
    )
    assert WORK not in {spell.kind for spell in queries.spells_of(amira.id)}  # nothing is work by itself

    with transaction():
        details = SpellDetails(WORK, JUNE + timedelta(days=3), None, 30)
        spell = situations.confirm_proposal(db.session.merge(proposal), details, by=karin, at=LATER)
    with pytest.raises(AlreadyDecided), transaction():
        situations.dismiss_proposal(db.session.get_one(SpellProposal, proposal.id), by=karin, at=LATER)

    decided = db.session.get_one(SpellProposal, proposal.id)
    assert (decided.spell_id, decided.decided_by_id) == (spell.id, karin.id)
    assert (spell.from_on, spell.hours_per_week, spell.source) == (
        JUNE + timedelta(days=3),
        30,
        SpellSource.CONSULTANT,
    )


def test_a_pupils_job_that_ends_as_ansat_proposes_one(app, amira):
    placement = placed(amira, PlacementForm.FRITIDSJOB)
    begin(placement)
    end(placement, Outcome.HIRED, JUNE)

    assert db.session.scalars(sa.select(SpellProposal.kind)).all() == [SpellKind.LEISURE_JOB]


def test_a_dismissed_proposal_leaves_no_spell(app, amira, karin):
    placement = placed(amira)
    begin(placement)
    end(placement, Outcome.HIRED, JUNE)

    with transaction():
        (proposal,) = db.session.scalars(sa.select(SpellProposal)).all()
        situations.dismiss_proposal(proposal, by=karin, at=LATER)

    assert (proposal.spell_id, proposal.decided_at) == (None, LATER)
    assert [spell.kind for spell in queries.spells_of(amira.id)] == [ACTIVITY]


# --- Steps and arrival -----------------------------------------------------------------------------------------


@pytest.fixture
def match_ladder(app, karin: User) -> WorkLadder:
    steps = [
        StepDetails("Match 5", Readiness.OTHER),
        StepDetails("Match 4", Readiness.OTHER),
        StepDetails("Match 1", Readiness.JOB_READY),
    ]
    with transaction():
        return create_ladder(karin.municipality_id, "Match", steps, by=karin, at=NOW)


def place(citizen: Citizen, ladder: WorkLadder, position: int, on: date, at: datetime = NOW) -> StepPlacing:
    karin = factories.user("karin@kommune.example")
    with transaction():
        step = db.session.merge(ladder).steps[position - 1]
        return situations.place_on_step(db.session.merge(citizen), step, from_on=on, by=karin, at=at)


def test_a_placing_holds_until_the_next_one_and_r24_reads_the_step(app, amira, match_ladder):
    place(amira, match_ladder, 2, MARCH)
    place(amira, match_ladder, 3, JUNE)

    def readiness(on: date) -> Readiness | None:
        return queries.grounds_known_of(amira.id, on=on).readiness

    assert readiness(MARCH - timedelta(days=1)) is None
    assert readiness(MARCH) is readiness(JUNE - timedelta(days=1)) is Readiness.OTHER
    assert readiness(JUNE) is Readiness.JOB_READY


def test_a_second_placing_of_one_day_corrects_the_first(app, amira, match_ladder):
    place(amira, match_ladder, 2, MARCH)
    place(amira, match_ladder, 1, MARCH, at=LATER)

    assert [one.step.name for one in queries.placings_of(amira.id)] == ["Match 5"]
    assert len(db.session.scalars(sa.select(StepPlacing)).all()) == 2


def test_an_arrival_is_written_anew_and_a_plan_begins_with_it(app, amira, karin):
    for arrived_on, at in ((MARCH, NOW), (JUNE, LATER)):
        with transaction():
            situations.note_arrival(amira.id, ArrivalDetails(arrived_on), by=karin, at=at)

    assert queries.grounds_known_of(amira.id, on=TODAY).arrived_on == JUNE
    assert queries.grounds_known_of(amira.id, on=MARCH).arrived_on is None
    assert events.grounds_known_of(amira.id, on=TODAY) == queries.grounds_known_of(amira.id, on=TODAY)
