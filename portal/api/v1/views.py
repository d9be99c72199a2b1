"""The doors to what is no person's: openings, employers, partnerships, and figures with what is behind them.

The docstring of a view is what the document says of it: its first line in the list, the rest below.
"""

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import joinedload, selectinload

from portal.api.tokens.models import TokenScope
from portal.api.v1.document import described
from portal.api.v1.doors import bp, door, note_look, reader, without_token
from portal.api.v1.figures import figure_shape, lines_behind
from portal.api.v1.paging import cut, page_of
from portal.api.v1.shapes import (
    EmployerRefShape,
    EmployerShape,
    EmployersShape,
    FigureLinesShape,
    FigureShape,
    FiguresShape,
    NothingAsked,
    OpeningsAsked,
    OpeningShape,
    OpeningsShape,
    OpeningTaskShape,
    PageAsked,
    PartnershipShape,
    PartnershipsShape,
    WorkplaceShape,
)
from portal.base import clock
from portal.base.database import db
from portal.ledger.goals import divided, table
from portal.ledger.goals import queries as goals
from portal.loop.employers.models import Employer, Workplace
from portal.loop.employers.queries import employers_seen_by
from portal.loop.openings.models import Opening, OpeningStatus, OpeningTask
from portal.loop.openings.queries import opening_list
from portal.loop.partnerships.counting import PartnershipStanding, standing_on
from portal.loop.partnerships.models import Partnership
from portal.loop.partnerships.queries import visible_partnerships
from portal.web.permissions import Action, requires


@bp.get("/openapi.json")
@requires(Action.PUBLIC)
@without_token
def openapi() -> Response:
    """The document itself tells nobody anything that is not in docs/api.md."""
    return jsonify(described())


# --- Openings -------------------------------------------------------------------------------------------------


@door("/openings", TokenScope.OPENINGS, OpeningsShape)
def openings(query: OpeningsAsked) -> OpeningsShape:
    """The municipality's openings, a page at a time

    Those of its own employers, without drafts and without what neighbours share.
    """
    found, onward = page_of(_openings(query.status or ""), Opening.id, query)
    note_look("api-openings-read")
    return OpeningsShape(items=[_opening(one) for one in found], next=onward)


@door("/openings/<int:opening_id>", TokenScope.OPENINGS, OpeningShape)
def opening(opening_id: int, query: NothingAsked) -> OpeningShape:
    """One opening"""
    found = db.session.scalars(_openings().where(Opening.id == opening_id)).unique().one()
    note_look("api-openings-read", subject=found)
    return _opening(found)


def _openings(status: str = "") -> Any:
    return (
        opening_list(reader(), today=clock.today(), status=status)
        .where(Opening.municipality_id == reader().municipality_id, Opening.status != OpeningStatus.DRAFT)
        .options(selectinload(Opening.tasks).joinedload(OpeningTask.skill), selectinload(Opening.conditions))
    )


def _opening(opening: Opening) -> OpeningShape:
    return OpeningShape(
        id=opening.id,
        title=opening.title,
        description=opening.description,
        status=opening.status_on(clock.today()),
        form=opening.form,
        industry=opening.industry,
        employer=employer_ref(opening.employer),
        workplace=_workplace(opening.workplace),
        places=opening.places,
        free_places=opening.free_places,
        hours_per_week=opening.hours_per_week,
        starts_on=opening.starts_on,
        ends_on=opening.ends_on,
        expires_on=opening.expires_on,
        postcode=opening.postcode,
        danish_speaking=opening.danish_speaking,
        danish_reading=opening.danish_reading,
        danish_use=opening.danish_use,
        shifts=opening.asked_shifts,
        weekdays=opening.asked_weekdays,
        working_times=opening.working_times,
        tasks=[
            OpeningTaskShape(
                text=task.text,
                kind=task.kind,
                level=task.level,
                skill=task.skill.name if task.skill else None,
            )
            for task in opening.tasks
        ],
        conditions=[condition.name for condition in opening.conditions],
        published_at=opening.published_at,
        answer_due_at=opening.answer_due_at,
        answered_at=opening.answered_at,
    )


def employer_ref(employer: Any) -> EmployerRefShape:
    return EmployerRefShape(id=employer.id, name=employer.name, cvr=employer.cvr)


def _workplace(workplace: Workplace) -> WorkplaceShape:
    return WorkplaceShape(
        id=workplace.id,
        name=workplace.name,
        p_number=workplace.p_number,
        address=workplace.address,
        postcode=workplace.postcode,
    )


# --- Employers ------------------------------------------------------------------------------------------------


@door("/employers", TokenScope.EMPLOYERS, EmployersShape)
def employers(query: PageAsked) -> EmployersShape:
    """The employers that the municipality looks after, a page at a time

    With their workplaces and without the people there.
    """
    found, onward = page_of(_employers(), Employer.id, query)
    note_look("api-employers-read")
    return EmployersShape(items=[_employer(one) for one in found], next=onward)


@door("/employers/<int:employer_id>", TokenScope.EMPLOYERS, EmployerShape)
def employer(employer_id: int, query: NothingAsked) -> EmployerShape:
    """One employer"""
    found = db.session.scalars(_employers().where(Employer.id == employer_id)).one()
    note_look("api-employers-read", subject=found)
    return _employer(found)


def _employers() -> Any:
    return employers_seen_by(reader()).options(selectinload(Employer.workplaces))


def _employer(employer: Employer) -> EmployerShape:
    return EmployerShape(
        id=employer.id,
        cvr=employer.cvr,
        name=employer.name,
        status=employer.status,
        industry=employer.industry,
        sector=employer.sector,
        approved_at=employer.approved_at,
        workplaces=[_workplace(one) for one in sorted(employer.workplaces, key=lambda one: one.id)],
    )


# --- Partnerships ---------------------------------------------------------------------------------------------


@door("/partnerships", TokenScope.PARTNERSHIPS, PartnershipsShape)
def partnerships(query: PageAsked) -> PartnershipsShape:
    """The municipality's partnerships, a page at a time

    Each with whether it counts today as lasting cooperation, and what is missing where it does not. An employer counts
    once: of several agreements the one that matters today.
    """
    statement = visible_partnerships(reader()).options(joinedload(Partnership.employer))
    found, onward = page_of(statement, Partnership.id, query)
    standings = {one.partnership.id: one for one in standing_on(reader().municipality_id, clock.today())}
    note_look("api-partnerships-read")
    return PartnershipsShape(items=[_partnership(one, standings.get(one.id)) for one in found], next=onward)


def _partnership(partnership: Partnership, standing: PartnershipStanding | None) -> PartnershipShape:
    """`standing`: None where another agreement of the employer's is the one that matters."""
    return PartnershipShape(
        id=partnership.id,
        employer=employer_ref(partnership.employer),
        signed_on=partnership.signed_on,
        ends_on=partnership.ends_on,
        counts=standing is not None and standing.counts,
        missing=standing.missing if standing is not None else [],
    )


# --- Figures --------------------------------------------------------------------------------------------------


@door("/figures", TokenScope.FIGURES, FiguresShape)
def figures(query: PageAsked) -> FiguresShape:
    """The municipality's goals with their figures as of today, a page at a time

    As its leader sees them: what could tell of single citizens is hidden.
    """
    today, among = clock.today(), goals.goals_of(reader().municipality_id)
    asked = sorted((goal for goal in among if goal.id > query.after), key=lambda goal: goal.id)
    page, onward = cut(asked[: query.limit + 1], query, lambda goal: goal.id)
    rows = table.rows_of(reader().municipality, list(page), today, today, among=among)
    note_look("api-figures-read")
    shapes = [figure_shape(row.figure) for row in divided.rows_told(rows, among, today)]
    return FiguresShape(items=shapes, next=onward)


@door("/figures/<int:goal_id>", TokenScope.FIGURES, FigureShape)
def figure(goal_id: int, query: NothingAsked) -> FigureShape:
    """One goal with its figure"""
    today, among = clock.today(), goals.goals_of(reader().municipality_id)
    goal = goals.one_of(among, goal_id)
    rows = table.rows_of(reader().municipality, [goal], today, today, among=among)
    note_look("api-figures-read", subject=goal)
    [row] = divided.rows_told(rows, among, today)
    return figure_shape(row.figure)


@door("/figures/<int:goal_id>/lines", TokenScope.FIGURES, FigureLinesShape)
def figure_lines(goal_id: int, query: PageAsked) -> FigureLinesShape:
    """What is behind a figure

    Employers one by one, a page at a time; people added up by form, where small numbers are hidden.
    """
    today, among = clock.today(), goals.goals_of(reader().municipality_id)
    goal = goals.one_of(among, goal_id)
    page = divided.page_told(
        table.opened(reader().municipality, goal, today, today, among=among), among, today
    )
    note_look("api-figures-read", subject=goal)
    return lines_behind(page, among, today, query)
