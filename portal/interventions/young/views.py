"""Pages of the yearly count without names, and of a parent's yes."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock, events
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import FEWEST_PEOPLE
from portal.interventions.target_groups.members import masked
from portal.interventions.young import queries, services
from portal.interventions.young.forms import NewTallyForm, ParentsYesForm, TallyForm
from portal.interventions.young.models import ParentsYesVia, YoungPlace, YoungPlaceKind, YoungTally
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("young", __name__, url_prefix="/young")

SORTS = Sorts(
    {
        "year": [YoungTally.year, YoungTally.id],
        "place": [alphabetical(YoungPlace.name), YoungTally.id],
    },
    default="year",
    descending=True,
)


@bp.get("/")
@requires(Action.READ_EFFORTS)
def index() -> Response:
    """Each place and year with its numbers; for the leader too few to tell are not told."""
    listing = read_listing(SORTS, filters=("year", "kind"))
    statement = queries.tally_list(current_user, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    if wants_file():
        return table_file("unge", _columns(), rows)
    return render_page(
        "young/index.html",
        fragment="tally_list",
        listing=listing,
        years=[(year, str(year)) for year in queries.years_of(current_user)],
        kinds=YoungPlaceKind.choices(),
        told=_told,
        total=_total,
        fewest=FEWEST_PEOPLE,
    )


def _told(number: int) -> str:
    return str(number) if current_user.may(Action.RECORD_EFFORTS) else masked(number)


def _total(tally: YoungTally) -> str:
    """Not where it would tell a number that is not told."""
    parts = (tally.has_job, tally.wants_job, tally.wants_none, tally.unknown)
    hides = any(0 < part < FEWEST_PEOPLE for part in parts)
    return _("ikke vist") if hides and not current_user.may(Action.RECORD_EFFORTS) else str(tally.total)


def _columns() -> list[tuple[Any, Any]]:
    return [
        (_("År"), lambda row: row.year),
        (_("Sted"), lambda row: row.place.name),
        (_("Slags"), lambda row: row.place.kind.label),
        (_("Har et fritidsjob"), lambda row: _told(row.has_job)),
        (_("Ønsker et fritidsjob"), lambda row: _told(row.wants_job)),
        (_("Ønsker ikke et fritidsjob"), lambda row: _told(row.wants_none)),
        (_("Ved ikke"), lambda row: _told(row.unknown)),
        (_("I alt"), _total),
        (_("Talt den"), lambda row: row.counted_on),
    ]


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def new() -> Response:
    """Count a place."""
    places = queries.places_of(current_user.municipality_id)
    form = NewTallyForm(places=places, today=clock.today(), data={"counted_on": clock.today(), "place_id": 0})
    if not form.is_submitted():
        return _form_page(form, None)
    if not form.validate():
        return _form_page(form, None, status=422)
    chosen = next((one for one in places if one.id == form.place_id.data), None)
    try:
        with transaction():
            place = chosen or services.place_named(
                current_user.municipality_id, YoungPlaceKind(form.kind.data), form.name.data or ""
            )
            services.count_young(place, form.numbers, by=current_user, at=clock.now())
    except services.AlreadyCounted as error:
        counted = queries.standing_tally(place.id, form.numbers.counted_on.year)
        return _form_page(form, None, status=409, refusal=error, counted=counted)
    except DomainError as error:
        return _form_page(form, None, status=409, refusal=error)
    flash(_("Optællingen er gemt."), "success")
    return leave_to(url_for("young.index"))


@bp.route("/<int:tally_id>/correct", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def correct(tally_id: int) -> Response:
    """Other numbers for the same place and year; what stood is kept."""
    tally = queries.tally_for(current_user, tally_id)
    form = TallyForm(obj=tally, today=clock.today())
    if not form.is_submitted():
        return _form_page(form, tally)
    if not form.validate():
        return _form_page(form, tally, status=422)
    try:
        with transaction():
            services.correct_count(tally, form.numbers, by=current_user, at=clock.now())
    except DomainError as error:
        return _form_page(form, tally, status=409, refusal=error)
    flash(_("Optællingen er rettet."), "success")
    return leave_to(url_for("young.index"))


def _form_page(
    form: TallyForm,
    tally: YoungTally | None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
    counted: YoungTally | None = None,
) -> Response:
    """`counted`: what stands already for the place and year that were chosen."""
    return render_page(
        "young/form.html",
        fragment="content",
        status=status,
        form=form,
        tally=tally,
        refusal=refusal.message if refusal else None,
        counted=counted,
    )


# --- A parent's yes --------------------------------------------------------------------------------------------


@bp.route("/parents/<int:citizen_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def parents(citizen_id: int) -> Response:
    """Whether a parent said yes, and a form to write it down."""
    citizen = citizen_for(current_user, citizen_id)
    form = ParentsYesForm(today=clock.today())
    if not form.is_submitted():
        return _parents_page(citizen, form)
    if not form.validate():
        return _parents_page(citizen, form, status=422)
    try:
        with transaction():
            services.note_parents_yes(
                citizen,
                said_on=form.said_on.data,
                via=ParentsYesVia(form.via.data),
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _parents_page(citizen, form, status=409, refusal=error)
    flash(_("Ja'et er noteret. Kortet kan vises for en virksomhed, når borgeren selv siger ja."), "success")
    return leave_to(url_for("young.parents", citizen_id=citizen_id))


@bp.post("/parents/<int:citizen_id>/withdraw")
@requires(Action.RECORD_EFFORTS)
def withdraw(citizen_id: int) -> Any:
    """The parent takes the yes back."""
    citizen = citizen_for(current_user, citizen_id)
    with transaction():
        services.withdraw_parents_yes(citizen, by=current_user, at=clock.now())
    flash(_("Ja'et er trukket tilbage. Ingen virksomhed ser kortet mere."), "success")
    return leave_to(url_for("young.parents", citizen_id=citizen_id))


def _parents_page(
    citizen: Citizen, form: ParentsYesForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    return render_page(
        "young/parents.html",
        fragment="content",
        status=status,
        citizen=citizen,
        form=form,
        given=queries.parents_yes_of(citizen.id),
        is_needed=queries.is_under_age(citizen, clock.today()),
        refusal=refusal.message if refusal else None,
    )


def beside_citizen(citizen: Any, reader: Any) -> dict[str, Any] | None:
    """Of somebody under 18 whether a parent said yes, and the card on paper, which helps to apply."""
    if not reader.may(Action.RECORD_EFFORTS) or not queries.is_under_age(citizen, clock.today()):
        return None
    cards = events.cards_by_citizen()
    return {
        "citizen_id": citizen.id,
        "given": queries.parents_yes_of(citizen.id),
        "card_id": queries.card_id_of(citizen.id, cards),
    }
