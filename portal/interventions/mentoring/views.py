"""Pages of the corps: who is in it and who is free, and finding a mentor for somebody."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import db, transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.recorded_days import RecordedAhead
from portal.base.terms import FEWEST_PEOPLE
from portal.interventions.mentoring import queries, services
from portal.interventions.mentoring.forms import MentorAgreementForm, MentorForm
from portal.interventions.mentoring.models import Mentor, MentorOrigin
from portal.interventions.target_groups.members import masked
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for
from portal.loop.employers.queries import employers_seen_by
from portal.loop.placements.queries import OPEN
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, clean_text, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("mentoring", __name__, url_prefix="/mentors")

SORTS = Sorts(
    {
        "name": [alphabetical(Mentor.name), Mentor.id],
        "hours": [Mentor.hours_per_week, Mentor.id],
        "origin": [Mentor.origin, Mentor.id],
    },
    default="name",
)


@bp.get("/")
@requires(Action.READ_EFFORTS)
def index() -> Response:
    """The corps and who is free; for who may not see names, how many."""
    today = clock.today()
    if not current_user.may(Action.RECORD_EFFORTS):
        return render_page(
            "mentoring/numbers.html",
            fragment="content",
            numbers=queries.numbers_of(current_user.municipality_id, today),
            masked=masked,
            fewest=FEWEST_PEOPLE,
            today=today,
        )
    listing = read_listing(SORTS, filters=("state", "origin"))
    statement = queries.mentor_list(current_user, today, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    if wants_file():
        return table_file("mentorer", _columns(), rows)
    return render_page(
        "mentoring/index.html",
        fragment="mentor_list",
        listing=listing,
        states=[
            (queries.FREE, _("Har ledige timer")),
            (queries.BUSY, _("Har ingen ledige timer")),
            (queries.ARCHIVED, _("Arkiverede")),
        ],
        origins=MentorOrigin.choices(),
        a_little=queries.A_LITTLE,
    )


def _columns() -> list[tuple[Any, Any]]:
    return [
        (_("Mentor"), lambda row: row.Mentor.name),
        (_("Kommer fra"), lambda row: row.Mentor.comes_from),
        (_("Sprog ud over dansk"), lambda row: row.Mentor.languages),
        (_("Timer om ugen"), lambda row: row.Mentor.hours_per_week),
        (_("Ledige timer"), lambda row: max(0.0, row.Mentor.hours_per_week - row.taken)),
        (_("E-mail"), lambda row: row.Mentor.email),
        (_("Telefon"), lambda row: row.Mentor.phone),
        (_("Pålæg om tavshedspligt"), lambda row: row.Mentor.pledged_on),
    ]


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def new() -> Response:
    form = _form()
    if not form.is_submitted():
        return _form_page(form, None)
    if not form.validate():
        return _form_page(form, None, status=422)
    with transaction():
        mentor = services.add_mentor(
            current_user.municipality_id, form.details, by=current_user, at=clock.now()
        )
    flash(_("%(name)s er i korpset.", name=mentor.name), "success")
    return leave_to(url_for("mentoring.detail", mentor_id=mentor.id))


@bp.get("/<int:mentor_id>")
@requires(Action.RECORD_EFFORTS)
def detail(mentor_id: int) -> Response:
    """A mentor, and what is agreed."""
    mentor, today = queries.mentor_for(current_user, mentor_id), clock.today()
    statement = queries.agreement_list(current_user, today, mentor_id=mentor.id)
    agreements = db.session.scalars(
        statement.order_by(queries.MentorAgreement.from_on.desc(), queries.MentorAgreement.id.desc())
    ).all()
    record_view(
        "mentor-agreements-listed",
        mentor,
        citizen_id=None,
        purpose=_("Liste over borgere"),
        people=(one.citizen_id for one in agreements),
    )
    return render_page(
        "mentoring/detail.html", fragment="content", mentor=mentor, agreements=agreements, today=today
    )


@bp.route("/<int:mentor_id>/edit", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def edit(mentor_id: int) -> Response:
    mentor = queries.mentor_for(current_user, mentor_id)
    form = _form(mentor)
    if not form.is_submitted():
        return _form_page(form, mentor)
    if not form.validate():
        return _form_page(form, mentor, status=422)
    try:
        with transaction():
            services.edit_mentor(
                mentor, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(mentor.version)
        return _form_page(form, mentor, status=409, refusal=error)
    except services.PledgeAfterAgreement as error:
        form.pledged_on.errors = [*form.pledged_on.errors, str(error.message)]
        return _form_page(form, mentor, status=409)
    except DomainError as error:
        return _form_page(form, mentor, status=409, refusal=error)
    flash(_("Mentoren er gemt."), "success")
    return leave_to(url_for("mentoring.detail", mentor_id=mentor_id))


def _form(mentor: Mentor | None = None) -> MentorForm:
    employers = db.session.scalars(employers_seen_by(current_user)).all()
    return MentorForm(obj=mentor, employers=employers, today=clock.today())


def _form_page(
    form: MentorForm, mentor: Mentor | None, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    return render_page(
        "mentoring/form.html",
        fragment="content",
        status=status,
        form=form,
        mentor=mentor,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:mentor_id>/archive")
@requires(Action.RECORD_EFFORTS)
def archive(mentor_id: int) -> Any:
    mentor = queries.mentor_for(current_user, mentor_id)
    with transaction():
        services.archive_mentor(mentor, by=current_user, at=clock.now())
    flash(_("Mentoren er arkiveret. Telefon og e-mail er slettet."), "success")
    return redirect(url_for("mentoring.detail", mentor_id=mentor_id), 303)


@bp.post("/<int:mentor_id>/reopen")
@requires(Action.RECORD_EFFORTS)
def reopen(mentor_id: int) -> Any:
    mentor = queries.mentor_for(current_user, mentor_id)
    with transaction():
        services.reopen_mentor(mentor, by=current_user, at=clock.now())
    flash(_("Mentoren er i brug igen."), "success")
    return redirect(url_for("mentoring.detail", mentor_id=mentor_id), 303)


# --- A mentor for somebody -------------------------------------------------------------------------------------


@bp.get("/for/<int:citizen_id>")
@requires(Action.RECORD_EFFORTS)
def find(citizen_id: int) -> Response:
    """Whom to ask: those who speak a language of hers first, then those who are free."""
    citizen = _citizen(citizen_id)
    words = clean_text(request.args.get("q"))
    return render_page(
        "mentoring/find.html",
        fragment="offered_list",
        citizen=citizen,
        words=words,
        offered=queries.offered_to(current_user, citizen, clock.today(), words=words),
        placement=request.args.get("placement", type=int),
    )


@bp.route("/<int:mentor_id>/for/<int:citizen_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def propose(mentor_id: int, citizen_id: int) -> Response:
    """What the mentor is asked to help with."""
    mentor, citizen = queries.mentor_for(current_user, mentor_id), _citizen(citizen_id)
    placements, today = queries.open_placements(current_user, citizen), clock.today()
    chosen = next((one for one in placements if one.id == request.args.get("placement", type=int)), None)
    asked: dict[str, Any] = {"placement_id": chosen.id if chosen else 0, "from_on": today}
    if chosen:
        asked |= {"from_on": max(today, chosen.starts_on), "until_on": chosen.ends_on}
    form = MentorAgreementForm(placements=placements, today=today, data=asked)
    if not form.is_submitted():
        return _propose_page(mentor, citizen, form)
    if not form.validate():
        return _propose_page(mentor, citizen, form, status=422)
    try:
        with transaction():
            agreement = services.propose_mentor(
                mentor, citizen, form.details, by=current_user, at=clock.now()
            )
    except DomainError as error:
        return _propose_page(mentor, citizen, form, status=409, refusal=_beside_a_field(form, error))
    flash(_("Aftalen er skrevet. Den gælder, når mentoren siger ja."), "success")
    return leave_to(url_for("mentor_agreements.detail", mentor_agreement_id=agreement.id))


def _citizen(citizen_id: int) -> Citizen:
    citizen = citizen_for(current_user, citizen_id)
    record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    return citizen


def _beside_a_field(form: MentorAgreementForm, error: DomainError) -> DomainError | None:
    """Put what was refused where it can be mended; None when it stands there."""
    places = {
        services.AgreementBackwards: form.until_on,
        services.AlreadyMentored: form.from_on,
        RecordedAhead: form.citizen_agreed_on,
    }
    field = places.get(type(error))
    if field is None:
        return error
    field.errors = [*field.errors, str(error.message)]
    return None


def _propose_page(
    mentor: Mentor,
    citizen: Citizen,
    form: MentorAgreementForm,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    return render_page(
        "mentoring/propose.html",
        fragment="content",
        status=status,
        mentor=mentor,
        citizen=citizen,
        form=form,
        refusal=refusal.message if refusal else None,
    )


# --- Beside a record -------------------------------------------------------------------------------------------


def beside_citizen(citizen: Any, reader: Any) -> dict[str, Any] | None:
    """Her mentors, to whoever runs the efforts."""
    if not reader.may(Action.RECORD_EFFORTS):
        return None
    return _shown(queries.agreements_of(reader, citizen_id=citizen.id), citizen.id, None)


def beside_placement(placement: Any, reader: Any) -> dict[str, Any] | None:
    """The mentors of a placement, to whoever runs the efforts: the firm and she read it elsewhere."""
    if not reader.may(Action.RECORD_EFFORTS):
        return None
    agreements = queries.agreements_of(reader, placement_id=placement.id)
    if not agreements and placement.status not in OPEN:
        return None
    return _shown(agreements, placement.card.citizen_id, placement.id)


def _shown(agreements: Any, citizen_id: int, placement_id: int | None) -> dict[str, Any]:
    today: date = clock.today()
    return {"agreements": agreements, "today": today, "citizen_id": citizen_id, "placement_id": placement_id}


def hers(citizen: Any, _reader: Any) -> dict[str, Any] | None:
    """Her mentor's first name, what is agreed, and how to reach a mentor who said yes to that."""
    agreements = queries.hers_now(citizen.id, clock.today())
    return {"agreements": agreements} if agreements else None
