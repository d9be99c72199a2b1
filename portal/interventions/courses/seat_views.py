"""Pages of one run: who wishes a seat, who has one, and how it went."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import SKILL_LEVELS
from portal.interventions.courses import queries, seats
from portal.interventions.courses.forms import BOOK, SeatDayForm, SeatsForm
from portal.interventions.courses.models import CourseRun, CourseSeat, SeatStatus
from portal.interventions.target_groups.members import candidates, masked, masked_parts
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("course_seats", __name__, url_prefix="/courses")

SEAT_SORTS = Sorts(
    {
        "name": [Citizen.sort_name, CourseSeat.id],
        "since": [CourseSeat.wished_on, CourseSeat.id],
        "status": [CourseSeat.status, CourseSeat.id],
    },
    default="name",
)
CITIZEN_SORTS = Sorts({"name": [Citizen.sort_name, Citizen.id]}, default="name")


@bp.get("/runs/<int:run_id>")
@requires(Action.READ_EFFORTS)
def run(run_id: int) -> Response:
    """A run, with who is on it; for who may not see persons, how many."""
    row = queries.run_for(current_user, run_id, clock.today())
    if not current_user.may(Action.RECORD_EFFORTS):
        return _run_page(row, "courses/run_numbers.html", "content", in_words=masked)
    listing = read_listing(SEAT_SORTS, filters=("status",))
    statement = queries.seats_of_run(current_user, row, words=listing.q, status=listing.filters["status"])
    rows = wanted_rows(listing, statement, SEAT_SORTS)
    _note_people(row, rows)
    if wants_file():
        return table_file("kursuspladser", _seat_columns(), rows)
    return _run_page(
        row, "courses/run.html", "seat_list", listing=listing, statuses=SeatStatus.choices(), in_words=str
    )


def _run_page(row: CourseRun, template: str, fragment: str, **more: Any) -> Response:
    counts = queries.status_counts(row)
    taken = sum(count for status, count in counts.items() if status.takes_a_seat)
    [passed] = masked_parts(taken, [counts[SeatStatus.PASSED]])
    return render_page(
        template,
        fragment=fragment,
        run=row,
        counts=counts,
        taken=taken,
        passed_in_words=passed,
        levels=SKILL_LEVELS,
        is_ours=row.course.municipality_id == current_user.municipality_id,
        takes_in=row.takes_in(clock.today()),
        **more,
    )


def _note_people(row: CourseRun, rows: Any) -> None:
    action, purpose = (
        ("course-seats-exported", _("Liste hentet som fil"))
        if wants_file()
        else ("course-seats-listed", _("Liste over borgere"))
    )
    people = (one.Citizen.id for one in rows if one.is_ours)
    record_view(action, row, citizen_id=None, purpose=purpose, people=people)


def _seat_columns() -> list[tuple[Any, Any]]:
    def ours(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda row: read(row) if row.is_ours else ""

    return [
        (_("Navn"), ours(lambda row: row.Citizen.name)),
        (_("Sagsnummer"), ours(lambda row: row.Citizen.case_reference)),
        (_("Kort"), ours(lambda row: row.card_number)),
        (_("Kommune"), lambda row: row.home),
        (_("Status"), lambda row: row.CourseSeat.status.label),
        (_("Ønsket"), lambda row: row.CourseSeat.wished_on),
        (_("Fik plads"), lambda row: row.CourseSeat.booked_on),
        (_("Begyndte"), lambda row: row.CourseSeat.attending_from),
        (_("Bestod"), lambda row: row.CourseSeat.passed_on),
        (_("Stoppede"), lambda row: row.CourseSeat.stopped_on),
    ]


@bp.route("/runs/<int:run_id>/add", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def add(run_id: int) -> Response:
    """Several at once, from a search; who gets no seat stands as wishing for one."""
    row = queries.run_for(current_user, run_id, clock.today())
    form = _seats_form(row)
    if not form.is_submitted():
        return _add_page(row, form)
    if not form.validate():
        return _add_page(row, form, status=422)
    people = candidates(current_user, form.citizens.data or ())
    books = form.what is not None and form.what.data == BOOK
    try:
        with transaction():
            booked = _write_down(row, people, books=books)
    except DomainError as error:
        return _add_page(row, form, status=409, refusal=error)
    _tell(len(people), booked, books=books)
    return leave_to(url_for("course_seats.run", run_id=run_id))


def _seats_form(row: CourseRun) -> SeatsForm:
    """On a neighbour's run a seat can only be wished for."""
    form = SeatsForm()
    if row.course.municipality_id != current_user.municipality_id:
        del form.what
    return form


def _write_down(row: CourseRun, people: list[Citizen], *, books: bool) -> int:
    """Write everybody down; how many got a seat, as long as there were any."""
    booked, full = 0, False
    for citizen in people:
        seat = seats.wish_seat(row, citizen, by=current_user, at=clock.now())
        if books and not full:
            try:
                seats.book_seat(seat, by=current_user, at=clock.now())
            except seats.NoSeatLeft:
                full = True
                continue
            booked += 1
    return booked


def _tell(people: int, booked: int, *, books: bool) -> None:
    if booked:
        flash(ngettext("%(num)s har fået en plads.", "%(num)s har fået en plads.", booked), "success")
    if people > booked:
        words = _("%(num)s står som ønsket.", num=people - booked)
        flash(_("Der er ikke flere pladser. %(words)s", words=words) if books else words, "info")


def _add_page(
    row: CourseRun, form: SeatsForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    listing = read_listing(CITIZEN_SORTS)
    statement = queries.candidate_list(current_user, row, words=listing.q)
    rows = wanted_rows(listing, statement, CITIZEN_SORTS)
    people = (one.Citizen.id for one in rows)
    record_view("course-seats-listed", row, citizen_id=None, purpose=_("Liste over borgere"), people=people)
    return render_page(
        "courses/add.html",
        fragment="candidate_list",
        status=status,
        run=row,
        form=form,
        listing=listing,
        ticked=set(form.citizens.data or ()),
        free=row.seats - queries.seats_taken(row.id),
        takes_in=row.takes_in(clock.today()),
        refusal=refusal,
    )


@bp.route("/runs/<int:run_id>/offer/<int:citizen_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def offer(run_id: int, citizen_id: int) -> Response:
    """One person onto one run, after a look at who it is and what the run gives."""
    row = queries.run_for(current_user, run_id, clock.today())
    citizen = citizen_for(current_user, citizen_id)
    form = _seats_form(row)
    if not form.is_submitted():
        return _offer_page(row, citizen, form)
    form.citizens.data = [citizen.id]
    if not form.validate():
        return _offer_page(row, citizen, form, status=422)
    books = form.what is not None and form.what.data == BOOK
    try:
        with transaction():
            booked = _write_down(row, [citizen], books=books)
    except DomainError as error:
        return _offer_page(row, citizen, form, status=409, refusal=error)
    _tell(1, booked, books=books)
    return leave_to(url_for("course_seats.run", run_id=run_id))


def _offer_page(
    row: CourseRun,
    citizen: Citizen,
    form: SeatsForm,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    return render_page(
        "courses/offer.html",
        fragment="content",
        status=status,
        run=row,
        citizen=citizen,
        form=form,
        levels=SKILL_LEVELS,
        free=row.seats - queries.seats_taken(row.id),
        takes_in=row.takes_in(clock.today()),
        refusal=refusal.message if refusal else None,
    )


# --- A seat ----------------------------------------------------------------------------------------------------


@bp.get("/seats/<int:seat_id>")
@requires(Action.RECORD_EFFORTS)
def seat(seat_id: int) -> Response:
    """One seat, and what can happen to it now."""
    return _seat_page(queries.seat_for(current_user, seat_id))


def _seat_page(
    row: CourseSeat,
    *,
    tried: dict[str, SeatDayForm] | None = None,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    is_ours = row.citizen.municipality_id == current_user.municipality_id
    if is_ours:
        record_view("course-seat-read", row, citizen_id=row.citizen_id, purpose=_("Opslag på din sag"))
    forms = {
        key: SeatDayForm(formdata=None, **_today(), prefix=f"{key}-") for key in ("begin", "pass", "stop")
    }
    return render_page(
        "courses/seat.html",
        fragment="content",
        status=status,
        seat=row,
        run=row.run,
        is_ours=is_ours,
        gives_seats=row.run.course.municipality_id == current_user.municipality_id,
        free=row.run.seats - queries.seats_taken(row.run_id),
        levels=SKILL_LEVELS,
        forms={**forms, **(tried or {})},
        refusal=refusal.message if refusal else None,
    )


def _today() -> dict[str, Any]:
    return {"today": clock.today(), "data": {"on": clock.today()}}


@bp.post("/seats/<int:seat_id>/book")
@requires(Action.RECORD_EFFORTS)
def book_seat(seat_id: int) -> Any:
    """Only who holds the run gives its seats."""
    row = queries.seat_for(current_user, seat_id)
    queries.own_run_for(current_user, row.run_id, clock.today())
    try:
        with transaction():
            seats.book_seat(row, by=current_user, at=clock.now())
    except DomainError as error:
        return _seat_page(queries.seat_for(current_user, seat_id), status=409, refusal=error)
    flash(_("Pladsen er givet."), "success")
    return redirect(url_for("course_seats.run", run_id=row.run_id), 303)


@bp.post("/seats/<int:seat_id>/begin")
@requires(Action.RECORD_EFFORTS)
def begin_seat(seat_id: int) -> Any:
    row = queries.own_seat_for(current_user, seat_id)
    return _on_a_day(row, "begin", seats.begin_seat, _("Det er skrevet, at kurset er begyndt."))


@bp.post("/seats/<int:seat_id>/pass")
@requires(Action.RECORD_EFFORTS)
def pass_seat(seat_id: int) -> Any:
    row = queries.own_seat_for(current_user, seat_id)
    done = _("Kurset er bestået. Det står på kompetencekortet, og forslagene er regnet igen.")
    return _on_a_day(row, "pass", seats.pass_seat, done)


@bp.post("/seats/<int:seat_id>/stop")
@requires(Action.RECORD_EFFORTS)
def stop_seat(seat_id: int) -> Any:
    row = queries.seat_for(current_user, seat_id)
    return _on_a_day(row, "stop", seats.stop_seat, _("Pladsen er fri igen."))


def _on_a_day(row: CourseSeat, key: str, act: Callable[..., None], done: str) -> Any:
    form = SeatDayForm(today=clock.today(), prefix=f"{key}-")
    if not form.validate():
        return _seat_page(row, tried={key: form}, status=422)
    seat_id, on = row.id, form.on.data
    try:
        with transaction():
            act(row, on, by=current_user, at=clock.now())
    except DomainError as error:
        row = queries.seat_for(current_user, seat_id)
        return _seat_page(row, tried={key: form}, status=409, refusal=error)
    flash(done, "success")
    return redirect(url_for("course_seats.seat", seat_id=seat_id), 303)
