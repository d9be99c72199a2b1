"""Pages of whoever leads a group: its sessions, who came, and the list on paper. Nothing else of anybody."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.interventions.cohorts import attendance as commands
from portal.interventions.cohorts import queries
from portal.interventions.cohorts.forms import AttendanceForm, AttendanceNumbersForm
from portal.interventions.cohorts.models import Cohort, CohortEnrolment, CohortSession, Presence
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires

bp = Blueprint("cohort_attendance", __name__, url_prefix="/cohorts")


@bp.get("/<int:cohort_id>/led")
@requires(Action.LEAD_COHORT)
def led(cohort_id: int) -> Response:
    """The sessions, each with the way to who came."""
    today = clock.today()
    cohort = queries.led_cohort(current_user, cohort_id, today)
    return render_page(
        "cohorts/led.html",
        fragment="content",
        cohort=cohort,
        sessions=queries.sessions_of(cohort.id),
        counts=queries.presence_counts(cohort.id),
        today=today,
    )


@bp.route("/<int:cohort_id>/sessions/<int:cohort_session_id>/attendance", methods=["GET", "POST"])
@requires(Action.LEAD_COHORT)
def attendance(cohort_id: int, cohort_session_id: int) -> Response:
    """One choice for each who was expected, all saved at once."""
    cohort, row = _session(cohort_id, cohort_session_id)
    expected = queries.expected_at(row)
    form = AttendanceForm()
    if not form.is_submitted():
        return _page(cohort, row, expected, None)
    if not form.validate():
        return _page(cohort, row, expected, form, status=422)
    try:
        with transaction():
            commands.record_attendance(
                row,
                form.told(expected),
                seen_version=form.seen_version,
                by=current_user,
                at=clock.now(),
            )
    except StaleVersion as error:
        form.accept_version(row.version)
        return _page(cohort, row, expected, form, status=409, refusal=error)
    except DomainError as error:
        return _page(cohort, row, expected, form, status=409, refusal=error)
    flash(_("Fremmødet er gemt."), "success")
    return leave_to(url_for("cohort_attendance.led", cohort_id=cohort_id))


@bp.post("/<int:cohort_id>/sessions/<int:cohort_session_id>/numbers")
@requires(Action.LEAD_COHORT)
def numbers(cohort_id: int, cohort_session_id: int) -> Response:
    """From the printed list: only the numbers of who was away."""
    cohort, row = _session(cohort_id, cohort_session_id)
    expected = queries.expected_at(row)
    form = AttendanceNumbersForm()
    if not form.validate():
        return _page(cohort, row, expected, None, typed=form, status=422)
    try:
        told = commands.by_numbers(expected, *form.numbers)
        with transaction():
            commands.record_attendance(
                row, told, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(row.version)
        return _page(cohort, row, expected, None, typed=form, status=409, refusal=error)
    except DomainError as error:
        return _page(cohort, row, expected, None, typed=form, status=409, refusal=error)
    flash(_("Fremmødet er gemt."), "success")
    return leave_to(url_for("cohort_attendance.led", cohort_id=cohort_id))


@bp.get("/<int:cohort_id>/sessions/<int:cohort_session_id>/list")
@requires(Action.LEAD_COHORT)
def paper(cohort_id: int, cohort_session_id: int) -> Response:
    """The list with numbers and boxes, to be printed."""
    cohort, row = _session(cohort_id, cohort_session_id)
    expected = queries.expected_at(row)
    _note(cohort, expected)
    return render_page(
        "cohorts/paper.html",
        fragment="content",
        cohort=cohort,
        row=row,
        expected=expected,
        presences=list(Presence),
    )


def _session(cohort_id: int, cohort_session_id: int) -> tuple[Cohort, CohortSession]:
    cohort = queries.led_cohort(current_user, cohort_id, clock.today())
    return cohort, queries.session_of(cohort, cohort_session_id)


def _note(cohort: Cohort, expected: list[CohortEnrolment]) -> None:
    people = [one.citizen_id for one in expected]
    record_view("cohort-read", cohort, citizen_id=None, purpose=_("Liste over borgere"), people=people)


def _page(  # noqa: PLR0913
    cohort: Cohort,
    row: CohortSession,
    expected: list[CohortEnrolment],
    form: AttendanceForm | None,
    *,
    typed: AttendanceNumbersForm | None = None,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    _note(cohort, expected)
    there = {citizen: one.presence for citizen, one in queries.attendance_at(row.id).items()}
    all_present = request.args.get("all") == "1"
    return render_page(
        "cohorts/attendance.html",
        fragment="attendance",
        status=status,
        cohort=cohort,
        row=row,
        expected={str(one.id): one for one in expected},
        form=form or AttendanceForm.of(row, expected, there, all_present=all_present),
        typed=typed or AttendanceNumbersForm(formdata=None, data={"version": row.version}),
        presences=list(Presence),
        is_open=not row.is_cancelled and row.on_day <= clock.today(),
        refusal=refusal.message if refusal else None,
    )
