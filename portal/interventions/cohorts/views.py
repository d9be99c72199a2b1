"""Pages of groups: the list, one made from a kind, a group with its sessions and people, and who leads it."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.interventions.cohorts import queries, services
from portal.interventions.cohorts.forms import CohortForm, CohortLeaderForm, SessionForm
from portal.interventions.cohorts.models import Cohort, CohortKind, CohortSession, EnrolmentState
from portal.interventions.target_groups.members import masked
from portal.interventions.target_groups.names import NotNeutral
from portal.interventions.target_groups.services import EndsBeforeItBegins
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("cohorts", __name__, url_prefix="/cohorts")

COHORT_SORTS = Sorts(
    {
        "name": [alphabetical(Cohort.name), Cohort.id],
        "kind": [alphabetical(CohortKind.name), Cohort.id],
        "first_on": [Cohort.first_on, Cohort.id],
        "last_on": [Cohort.last_on, Cohort.id],
    },
    default="first_on",
    descending=True,
)


def sees_persons() -> bool:
    return bool(current_user.may(Action.RECORD_EFFORTS))


def number_in_words(count: int) -> str:
    return str(count) if sees_persons() else masked(count)


@bp.get("/")
@requires(Action.READ_EFFORTS)
def index() -> Response:
    """The municipality's groups, with how many places are taken."""
    today = clock.today()
    listing = read_listing(COHORT_SORTS, filters=("kind", "when"))
    statement = queries.cohort_list(
        current_user,
        today,
        words=listing.q,
        kind=listing.filters["kind"],
        when=listing.filters["when"],
    )
    rows = wanted_rows(listing, statement, COHORT_SORTS)
    if wants_file():
        return table_file("hold", _columns(), rows)
    return render_page(
        "cohorts/index.html",
        fragment="cohort_list",
        listing=listing,
        kinds=[(one.id, one.name) for one in queries.kinds_for(current_user.municipality_id)],
        times=[
            (queries.AHEAD, _("Begynder senere")),
            (queries.OVER, _("Sluttet")),
            (queries.ALL, _("Alle")),
        ],
        in_words=number_in_words,
        today=today,
    )


def _columns() -> list[tuple[Any, Any]]:
    return [
        (_("Hold"), lambda row: row.Cohort.name),
        (_("Slags"), lambda row: row.Cohort.kind.name),
        (_("Første dag"), lambda row: row.Cohort.first_on),
        (_("Sidste dag"), lambda row: row.Cohort.last_on),
        (_("Sted"), lambda row: row.Cohort.place),
        (_("Samarbejde med"), lambda row: row.Cohort.partner),
        (_("Leder"), lambda row: row.Cohort.lead.name if row.Cohort.lead else ""),
        (_("Pladser"), lambda row: row.Cohort.capacity),
        (_("På holdet"), lambda row: number_in_words(row.placed)),
        (_("Venter"), lambda row: number_in_words(row.waiting)),
    ]


# --- A group -------------------------------------------------------------------------------------------------


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def new() -> Response:
    """First the kind, then a form that holds what the kind begins with."""
    kinds = queries.kinds_for(current_user.municipality_id)
    kind = next((one for one in kinds if str(one.id) == request.args.get("kind")), None)
    if kind is None:
        return render_page("cohorts/kinds.html", fragment="content", kinds=kinds)
    form = CohortForm()
    if not form.is_submitted():
        return _form_page(CohortForm.from_kind(kind, _first_values(kind)), kind=kind)
    _offer(form)
    if not form.validate():
        return _form_page(form, kind=kind, status=422)
    try:
        with transaction():
            cohort = services.create_cohort(kind, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _form_page(form, kind=kind, status=409, refusal=_beside_a_field(form, error))
    flash(_("Holdet er oprettet med sine mødegange."), "success")
    return leave_to(url_for("cohorts.detail", cohort_id=cohort.id))


def _first_values(kind: CohortKind) -> dict[str, Any]:
    """From the first of the next month, for as long as the kind lasts."""
    today = clock.today()
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return {
        "name": _("%(kind)s %(month)s-%(year)s", kind=kind.name, month=first.month, year=first.year),
        "first_on": first,
        "last_on": first + timedelta(weeks=kind.weeks, days=-1),
        "lead_id": current_user.id,
    }


@bp.route("/<int:cohort_id>/edit", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def edit(cohort_id: int) -> Response:
    cohort = queries.cohort_for(current_user, cohort_id)
    form = CohortForm()
    if not form.is_submitted():
        return _form_page(CohortForm.of(cohort), cohort=cohort)
    _offer(form)
    if not form.validate():
        return _form_page(form, cohort=cohort, status=422)
    try:
        with transaction():
            services.edit_cohort(
                cohort, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(cohort.version)
        return _form_page(form, cohort=cohort, status=409, refusal=error)
    except DomainError as error:
        return _form_page(form, cohort=cohort, status=409, refusal=_beside_a_field(form, error))
    flash(_("Holdet er gemt."), "success")
    return leave_to(url_for("cohorts.detail", cohort_id=cohort_id))


def _offer(form: CohortForm) -> None:
    leads = queries.those_who_lead(current_user.municipality_id)
    form.offer(
        [(one.id, one.name) for one in leads],
        [(one.id, one.name) for one in queries.own_groups(current_user)],
    )


def _beside_a_field(form: CohortForm, error: DomainError) -> DomainError | None:
    """Put what was refused where it can be mended; None when it stands there."""
    places = {
        NotNeutral: form.name,
        services.CohortNameTaken: form.name,
        EndsBeforeItBegins: form.last_on,
        services.CohortTooLong: form.last_on,
        services.FewerThanPlaced: form.capacity,
    }
    field = places.get(type(error))
    if field is None:
        return error
    field.errors = [*field.errors, str(error.message)]
    return None


def _form_page(
    form: CohortForm,
    *,
    cohort: Cohort | None = None,
    kind: CohortKind | None = None,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    _offer(form)
    return render_page(
        "cohorts/form.html",
        fragment="content",
        status=status,
        form=form,
        cohort=cohort,
        kind=kind,
        refusal=refusal.message if refusal else None,
    )


@bp.get("/<int:cohort_id>")
@requires(Action.READ_EFFORTS)
def detail(cohort_id: int) -> Response:
    """Its sessions and, for who may see persons, who is on it; for others how many."""
    cohort, today = queries.cohort_for(current_user, cohort_id), clock.today()
    rows = queries.enrolments(cohort.id)
    sessions = queries.sessions_of(cohort.id)
    counts = queries.presence_counts(cohort.id)
    page: dict[str, Any] = {
        "cohort": cohort,
        "sessions": sessions,
        "counts": counts,
        "today": today,
        "in_words": number_in_words,
    }
    if not sees_persons():
        return render_page(
            "cohorts/numbers.html",
            fragment="content",
            **page,
            placed=_on_it(rows, today, cohort),
            waiting=sum(one.state is EnrolmentState.WAITING for one in rows),
        )
    people = {one.citizen_id for one in rows}
    purpose = _("Liste over borgere")
    if wants_file():
        record_view("cohort-exported", cohort, citizen_id=None, purpose=purpose, people=people)
        return table_file("hold-fremmoede", _person_columns(cohort.id), rows)
    record_view("cohort-read", cohort, citizen_id=None, purpose=purpose, people=people)
    return render_page(
        "cohorts/detail.html",
        fragment="content",
        **page,
        rows=rows,
        shares=_shares(cohort.id),
        placed=_on_it(rows, today, cohort),
        leaders=queries.leaders_of(cohort.id),
        file_url=url_for("cohorts.detail", cohort_id=cohort_id, format="csv"),
    )


def _on_it(rows: list[Any], today: date, cohort: Cohort) -> int:
    day = min(max(today, cohort.first_on), cohort.last_on)
    return sum(
        one.state is EnrolmentState.PLACED
        and one.from_on <= day
        and (one.until_on is None or one.until_on >= day)
        for one in rows
    )


def _shares(cohort_id: int) -> dict[int, int | None]:
    return {
        person: queries.share_present(told) for person, told in queries.presence_by_person(cohort_id).items()
    }


def _person_columns(cohort_id: int) -> list[tuple[Any, Any]]:
    shares = _shares(cohort_id)
    return [
        (_("Nummer"), lambda row: row.number),
        (_("Navn"), lambda row: row.citizen.name),
        (_("Sagsnummer"), lambda row: row.citizen.case_reference),
        (_("Plads eller venteliste"), lambda row: row.state.label),
        (_("Hvad holdet skal føre til"), lambda row: row.reason.label),
        (_("Fra"), lambda row: row.from_on),
        (_("Sidste dag"), lambda row: row.until_on),
        (_("Gik videre til"), lambda row: row.exit.label if row.exit else ""),
        (_("Fremmøde i procent"), lambda row: shares.get(row.citizen_id)),
    ]


# --- Sessions ------------------------------------------------------------------------------------------------


@bp.route("/<int:cohort_id>/sessions/new", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def new_session(cohort_id: int) -> Response:
    """One besides the weekly times."""
    cohort = queries.cohort_for(current_user, cohort_id)
    form = SessionForm()
    form.offer(cohort)
    if not form.is_submitted():
        return _session_page(cohort, None, form)
    if not form.validate():
        return _session_page(cohort, None, form, status=422)
    try:
        with transaction():
            services.add_session(cohort, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _session_page(cohort, None, form, status=409, refusal=error)
    flash(_("Mødegangen er lagt ind."), "success")
    return leave_to(url_for("cohorts.detail", cohort_id=cohort_id))


@bp.route("/<int:cohort_id>/sessions/<int:cohort_session_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def session(cohort_id: int, cohort_session_id: int) -> Response:
    """Move it, or give it another theme or teacher."""
    cohort = queries.cohort_for(current_user, cohort_id)
    row = queries.session_of(cohort, cohort_session_id)
    form = SessionForm(obj=row)
    form.offer(cohort)
    if not form.is_submitted():
        return _session_page(cohort, row, form)
    if not form.validate():
        return _session_page(cohort, row, form, status=422)
    try:
        with transaction():
            services.change_session(
                row, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(row.version)
        return _session_page(cohort, row, form, status=409, refusal=error)
    except DomainError as error:
        return _session_page(cohort, row, form, status=409, refusal=error)
    flash(_("Mødegangen er gemt."), "success")
    return leave_to(url_for("cohorts.detail", cohort_id=cohort_id))


def _session_page(
    cohort: Cohort,
    row: CohortSession | None,
    form: SessionForm,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    return render_page(
        "cohorts/session.html",
        fragment="content",
        status=status,
        cohort=cohort,
        row=row,
        form=form,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:cohort_id>/sessions/<int:cohort_session_id>/cancel")
@requires(Action.RECORD_EFFORTS)
def cancel_session(cohort_id: int, cohort_session_id: int) -> Any:
    cohort = queries.cohort_for(current_user, cohort_id)
    row = queries.session_of(cohort, cohort_session_id)
    with transaction():
        services.cancel_session(row, by=current_user, at=clock.now())
    flash(_("Mødegangen er aflyst."), "success")
    return redirect(url_for("cohorts.detail", cohort_id=cohort_id), 303)


@bp.post("/<int:cohort_id>/sessions/<int:cohort_session_id>/reopen")
@requires(Action.RECORD_EFFORTS)
def reopen_session(cohort_id: int, cohort_session_id: int) -> Any:
    cohort = queries.cohort_for(current_user, cohort_id)
    row = queries.session_of(cohort, cohort_session_id)
    with transaction():
        services.reopen_session(row, by=current_user, at=clock.now())
    flash(_("Mødegangen er på planen igen."), "success")
    return redirect(url_for("cohorts.detail", cohort_id=cohort_id), 303)


# --- Who leads it --------------------------------------------------------------------------------------------


@bp.route("/<int:cohort_id>/leaders", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def leaders(cohort_id: int) -> Response:
    """Let a group leader see names and attendance, once she was told of her duty of confidentiality."""
    cohort = queries.cohort_for(current_user, cohort_id)
    people = queries.those_who_lead(current_user.municipality_id, only_by_grant=True)
    days = {"from_on": max(cohort.first_on, clock.today()), "until_on": cohort.last_on}
    form = CohortLeaderForm(data=days)
    form.user_id.choices = [("", _("Vælg")), *((one.id, one.name) for one in people)]
    if not form.is_submitted():
        return _leaders_page(cohort, form, people)
    if not form.validate():
        return _leaders_page(cohort, form, people, status=422)
    leader = next(one for one in people if one.id == form.user_id.data)
    try:
        with transaction():
            services.let_lead(cohort, leader, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _leaders_page(cohort, form, people, status=409, refusal=error)
    flash(_("Holdlederen ser nu holdets navne og fremmøde i perioden."), "success")
    return leave_to(url_for("cohorts.leaders", cohort_id=cohort_id))


def _leaders_page(
    cohort: Cohort,
    form: CohortLeaderForm,
    people: list[Any],
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    return render_page(
        "cohorts/leaders.html",
        fragment="content",
        status=status,
        cohort=cohort,
        form=form,
        people=people,
        accesses=queries.leaders_of(cohort.id),
        today=clock.today(),
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:cohort_id>/leaders/<int:grant_id>/end")
@requires(Action.RECORD_EFFORTS)
def end_leader(cohort_id: int, grant_id: int) -> Any:
    cohort = queries.cohort_for(current_user, cohort_id)
    grant = queries.leader_of(cohort, grant_id)
    with transaction():
        services.end_lead(grant, by=current_user, at=clock.now())
    flash(_("Holdlederen ser ikke længere holdet."), "success")
    return redirect(url_for("cohorts.leaders", cohort_id=cohort_id), 303)
