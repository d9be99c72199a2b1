"""Pages of openings: the list, one opening, and its form."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import check_version, db, transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.terms import Industry, PlacementForm, TaskKind
from portal.loop.employers import queries as employers
from portal.loop.employers.models import Employer, EmployerStatus, Workplace
from portal.loop.employers.people_queries import is_still_there
from portal.loop.openings import queries, services
from portal.loop.openings.findings import law_of
from portal.loop.openings.forms import OpeningForm, WordsLookForm, values_of
from portal.loop.openings.lines import LINES_MORE
from portal.loop.openings.models import Opening, OpeningStatus, PromiseState
from portal.loop.openings.proposals import FIND
from portal.loop.openings.renewals import renewal_open_until, take_back_renewal
from portal.shared.skills.queries import phrases
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.link_answers import pressed, show_first_step, ticket_for, whom_to_call
from portal.web.links import LinkPurpose, opened_by
from portal.web.listing import Sorts, all_rows, fill, read_listing, table_file, wants_file
from portal.web.permissions import Action, Scope, requires

bp = Blueprint("openings", __name__, url_prefix="/openings")

SORTS = Sorts(
    {
        "created": [Opening.created_at, Opening.id],
        "title": [alphabetical(Opening.title), Opening.id],
        "employer": [alphabetical(Employer.name), Opening.id],
        "starts": [Opening.starts_on, Opening.id],
        "expires": [Opening.expires_on, Opening.id],
        "free": [Opening.places - Opening.filled, Opening.id],
        "answer": [Opening.answer_due_at, Opening.id],
    },
    default="created",
    descending=True,
)

SAVES = ("publish", "draft", "save")
"""Values of the form's buttons that end it; with the answers to its questions it goes on where it was stopped."""

ANSWERED = "answered"
"""The button that answers what was asked before anything was to be saved."""

STATUS_TAGS = {
    OpeningStatus.DRAFT: "neutral",
    OpeningStatus.PUBLISHED: "success",
    OpeningStatus.PAUSED: "warning",
    OpeningStatus.FILLED: "info",
    OpeningStatus.EXPIRED: "warning",
    OpeningStatus.WITHDRAWN: "neutral",
}

_COLUMNS = [
    (_l("Titel"), lambda opening: opening.title),
    (_l("Virksomhed"), lambda opening: opening.employer.name),
    (_l("Arbejdssted"), lambda opening: opening.workplace.name),
    (_l("Form"), lambda opening: opening.form.label),
    (_l("Fag"), lambda opening: opening.industry.label),
    (_l("Pladser"), lambda opening: opening.places),
    (_l("Besat"), lambda opening: opening.filled),
    (_l("Timer om ugen"), lambda opening: opening.hours_per_week),
    (_l("Første dag"), lambda opening: opening.starts_on),
    (_l("Sidste dag"), lambda opening: opening.ends_on),
    (_l("Postnummer"), lambda opening: opening.postcode),
    (_l("Status"), lambda opening: opening.status_on(clock.today()).label),
    (_l("Udløber"), lambda opening: opening.expires_on),
    (_l("Svar lovet senest"), lambda opening: opening.answer_due_at),
    (_l("Svaret"), lambda opening: opening.answered_at),
]


@bp.get("/")
@requires(Action.READ_OPENINGS)
def index() -> Response:
    today = clock.today()
    listing = read_listing(SORTS, filters=("status", "form", "industry", "answer"))
    statement = queries.opening_list(
        current_user, today=today, at=clock.now(), words=listing.q, **listing.filters
    )
    if wants_file():
        return table_file("aabninger", _COLUMNS, all_rows(listing, statement, SORTS))
    fill(listing, statement, SORTS)
    return render_page(
        "openings/index.html",
        fragment="opening_list",
        listing=listing,
        today=today,
        tags=STATUS_TAGS,
        statuses=OpeningStatus.choices(),
        forms=PlacementForm.choices(),
        industries=Industry.choices(),
        promises=PromiseState.choices(),
        own_employer=current_user.scope is Scope.EMPLOYER,
    )


@bp.get("/<int:opening_id>")
@requires(Action.READ_OPENINGS)
def detail(opening_id: int) -> Response:
    opening = queries.opening_for(current_user, opening_id, on=clock.today())
    return _detail_page(opening, WordsLookForm(formdata=None))


def _detail_page(opening: Opening, look: WordsLookForm, *, status: int = 200) -> Response:
    state = opening.status_on(clock.today())
    return render_page(
        "openings/detail.html",
        fragment="opening_detail",
        status=status,
        look=look,
        opening=opening,
        state=state,
        tags=STATUS_TAGS,
        kinds=list(TaskKind),
        steps=_steps(opening, state),
        now=clock.now(),
        employer_active=opening.employer.status is EmployerStatus.ACTIVE,
        law=law_of(opening, on=clock.today(), for_employer=current_user.scope is Scope.EMPLOYER),
        may_look=_may_look(opening),
    )


def _may_look(opening: Opening) -> bool:
    """Whether the reader answers for the municipality that looks after the employer."""
    own = opening.municipality_id == current_user.municipality_id
    return own and current_user.may(Action.REVIEW_MATCH)


@bp.post("/<int:opening_id>/words-look")
@requires(Action.REVIEW_MATCH)
def acknowledge_wording(opening_id: int) -> Any:
    """A consultant lets the marked words stand."""
    opening = queries.editable_opening_for(current_user, opening_id)
    form = WordsLookForm()
    if not form.validate():
        return _detail_page(opening, form, status=422)
    with transaction():
        services.acknowledge_wording(opening, note=form.note.data or "", by=current_user, at=clock.now())
    flash(_("Du har set på teksten. Den kan blive stående."), "success")
    return redirect(url_for("openings.detail", opening_id=opening_id), 303)


def _steps(opening: Opening, status: OpeningStatus) -> set[str]:
    """What the reader may do with the opening as it stands."""
    own = current_user.scope is Scope.EMPLOYER or current_user.municipality_id == opening.municipality_id
    if not own or not current_user.may(Action.REGISTER_OPENING):
        return set()
    steps = {"copy"}
    if status is not OpeningStatus.WITHDRAWN:
        steps |= {"edit", "withdraw"}
    if status is OpeningStatus.DRAFT:
        steps.add("publish")
    if status is OpeningStatus.PUBLISHED:
        steps.add("pause")
    if status is OpeningStatus.PAUSED:
        steps.add("resume")
    if services.can_be_renewed(opening, clock.today()):
        steps.add("renew")
    return steps


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.REGISTER_OPENING)
def new() -> Any:
    workplaces = _workplaces()
    if not workplaces:
        return _no_workplace()
    form = OpeningForm(workplaces=workplaces, workplace_id=request.args.get("workplace", type=int))
    unsaved = _unsaved_answer(form, _municipality_of(form, workplaces))
    if unsaved is not None:
        return unsaved
    try:
        with transaction():
            opening = _create(form)
    except DomainError as refusal:
        return _form_page(form, status=409, refusal=refusal)
    flash(_saved_message(opening), "success")
    return leave_to(url_for("openings.detail", opening_id=opening.id))


def _workplaces() -> list[Workplace]:
    return list(db.session.scalars(employers.workplaces_for(current_user)))


def _municipality_of(form: OpeningForm, workplaces: list[Workplace]) -> int:
    """Whose words the tasks are written in: those of where the post is, as far as that is said."""
    chosen = next((place for place in workplaces if place.id == form.workplace_id.data), workplaces[0])
    return chosen.employer.municipality_id


def _no_workplace() -> Any:
    if current_user.scope is Scope.EMPLOYER:
        return redirect(url_for("posting.index"), 303)  # she may write a draft until the employer is approved
    flash(_("Der er ingen virksomheder med et arbejdssted endnu."), "info")
    return redirect(url_for("employers.index"), 303)


def _create(form: OpeningForm) -> Opening:
    workplace = employers.workplace_for(current_user, form.workplace_id.data)
    opening = services.create_opening(
        workplace, form.details(), form.tasks(), by=current_user, at=clock.now()
    )
    if request.form.get("step") == "publish":
        services.publish_opening(opening, by=current_user, at=clock.now(), today=clock.today())
    return opening


@bp.route("/<int:opening_id>/edit", methods=["GET", "POST"])
@requires(Action.REGISTER_OPENING)
def edit(opening_id: int) -> Any:
    opening = queries.editable_opening_for(current_user, opening_id)
    if not opening.is_editable:
        raise services.OpeningNotEditable
    own_places = [place for place in _workplaces() if place.employer_id == opening.employer_id]
    form = OpeningForm(workplaces=own_places, data=values_of(opening))
    unsaved = _unsaved_answer(form, opening.municipality_id, opening)
    if unsaved is not None:
        return unsaved
    try:
        with transaction():
            _change(opening, form)
    except StaleVersion as stale:
        form.accept_version(opening.version)
        return _form_page(form, opening, status=409, refusal=stale)
    except DomainError as refusal:
        return _form_page(form, opening, status=409, refusal=refusal)
    flash(_saved_message(opening), "success")
    return leave_to(url_for("openings.detail", opening_id=opening.id))


def _change(opening: Opening, form: OpeningForm) -> None:
    check_version(opening, form.seen_version)
    workplace = employers.workplace_for(current_user, form.workplace_id.data)
    services.edit_opening(
        opening, form.details(), form.tasks(), by=current_user, at=clock.now(), workplace=workplace
    )
    if request.form.get("step") == "publish" and opening.status is OpeningStatus.DRAFT:
        services.publish_opening(opening, by=current_user, at=clock.now(), today=clock.today())


def _unsaved_answer(
    form: OpeningForm, municipality_id: int, opening: Opening | None = None
) -> Response | None:
    """The page when nothing is to be saved: opened, more lines or proposals asked for, mistakes, or words unclear."""
    form.understand(municipality_id)
    step = request.form.get("step")
    if not form.is_submitted():
        return _form_page(form, opening)
    if form.reads_ad(step):
        answer = _proposals_answer(form, opening, municipality_id, asked_for=step == FIND)
        if answer is not None:
            return answer
    if step in ("lines", ANSWERED):
        form.add_lines(LINES_MORE if step == "lines" else 0)
        return _form_page(form, opening)
    if not form.validate() or form.open_questions:
        return _form_page(form, opening, status=422)
    return None


def _proposals_answer(
    form: OpeningForm, opening: Opening | None, municipality_id: int, *, asked_for: bool
) -> Response | None:
    """The page with what the ad and the title mean; none where nothing was found by one who pressed another button."""
    if not form.ad.validate(form):
        return _form_page(form, opening, status=422)
    form.propose_tasks(municipality_id)
    if asked_for:
        return _form_page(form, opening)
    return _form_page(form, opening, status=422) if form.found else None


def _form_page(
    form: OpeningForm,
    opening: Opening | None = None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    form.add_lines()
    step = request.form.get("step")
    return render_page(
        "openings/form.html",
        fragment="opening_form",
        status=status,
        form=form,
        opening=opening,
        refusal=refusal,
        pressed=step if step in SAVES else ANSWERED,
        phrases=phrases(),
        drafting=opening is None or opening.status is OpeningStatus.DRAFT,
    )


def _saved_message(opening: Opening) -> str:
    if opening.status is OpeningStatus.DRAFT:
        return _("Kladden er gemt. Ingen kan se den, før den er slået op.")
    return _("Åbningen er slået op. Kommunen kan nu finde forslag til den.")


@bp.post("/<int:opening_id>/publish")
@requires(Action.REGISTER_OPENING)
def publish(opening_id: int) -> Any:
    opening = queries.editable_opening_for(current_user, opening_id)
    with transaction():
        services.publish_opening(opening, by=current_user, at=clock.now(), today=clock.today())
    flash(_saved_message(opening), "success")
    return redirect(url_for("openings.detail", opening_id=opening_id), 303)


@bp.post("/<int:opening_id>/withdraw")
@requires(Action.REGISTER_OPENING)
def withdraw(opening_id: int) -> Any:
    opening = queries.editable_opening_for(current_user, opening_id)
    with transaction():
        services.withdraw_opening(opening, by=current_user, at=clock.now())
    flash(_("Åbningen er trukket tilbage."), "success")
    return redirect(url_for("openings.detail", opening_id=opening_id), 303)


@bp.post("/<int:opening_id>/pause")
@requires(Action.REGISTER_OPENING)
def pause(opening_id: int) -> Any:
    opening = queries.editable_opening_for(current_user, opening_id)
    with transaction():
        services.pause_opening(opening, by=current_user, at=clock.now(), today=clock.today())
    flash(
        _("Åbningen er sat på pause. Der kommer ingen nye forslag, før I sætter den i gang igen."), "success"
    )
    return redirect(url_for("openings.detail", opening_id=opening_id), 303)


@bp.post("/<int:opening_id>/resume")
@requires(Action.REGISTER_OPENING)
def resume(opening_id: int) -> Any:
    opening = queries.editable_opening_for(current_user, opening_id)
    with transaction():
        services.resume_opening(opening, by=current_user, at=clock.now(), today=clock.today())
    flash(_("Åbningen er i gang igen."), "success")
    return redirect(url_for("openings.detail", opening_id=opening_id), 303)


@bp.post("/<int:opening_id>/renew")
@requires(Action.REGISTER_OPENING)
def renew(opening_id: int) -> Any:
    opening = queries.editable_opening_for(current_user, opening_id)
    with transaction():
        services.renew_opening(opening, by=current_user, at=clock.now(), today=clock.today())
    flash(_("Åbningen er slået op igen."), "success")
    return redirect(url_for("openings.detail", opening_id=opening_id), 303)


@bp.route("/renewal/<renewal>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def renew_by_link(renewal: str) -> Any:
    """By the link of a mail and without an account. The second step's button renews: mail scanners follow links."""
    opening_id, expires_on, *mailed_to = opened_by(LinkPurpose.RENEWAL, renewal)
    opening = queries.opening_by_link(int(opening_id))
    if mailed_to and not is_still_there(int(mailed_to[0]), opening.employer_id):
        return error_pages.answer(410)
    was = date.fromisoformat(str(expires_on))
    answer = pressed() if request.method == "POST" else None
    if request.method != "POST":
        return _renewal_page(opening, was, step=request.args.get("answer", ""))
    try:
        with transaction():
            if answer == RENEW:
                services.renew_by_link(opening, was, at=clock.now(), today=clock.today())
            elif answer == TAKE_BACK:
                take_back_renewal(opening, was, at=clock.now())
    except DomainError as refusal:
        return _renewal_page(opening, was, refusal=refusal, status=409)
    return redirect(request.path, 303)


RENEW, TAKE_BACK = "renew", "take-back"


def _renewal_page(
    opening: Opening,
    expires_on: date,
    *,
    step: str = "",
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    until = renewal_open_until(opening, expires_on, clock.now())
    renewable = services.can_be_renewed(opening, clock.today())
    offered = TAKE_BACK if until else RENEW if renewable and opening.expires_on == expires_on else None
    if step != offered:
        show_first_step()
    return render_page(
        "openings/renewal.html",
        fragment="opening_renewal",
        status=status,
        opening=opening,
        renewed=opening.expires_on != expires_on,
        state=opening.status_on(clock.today()),
        renewable=renewable,
        until=until,
        step=step if step == offered else "",
        ticket=ticket_for(step) if step == offered else None,
        refusal=refusal,
        **whom_to_call(opening.employer.municipality),
    )
