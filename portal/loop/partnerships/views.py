"""Pages of partnerships."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.clock import danish_day_end
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import Industry
from portal.loop.employers.models import Employer
from portal.loop.partnerships import counting, queries, services
from portal.loop.partnerships.counting import (
    EventKind,
    PartnershipCondition,
    PartnershipStanding,
    StandingKind,
)
from portal.loop.partnerships.explaining import explained
from portal.loop.partnerships.forms import (
    AssignConsultantForm,
    CountingDayForm,
    EndPartnershipForm,
    SignForm,
)
from portal.loop.partnerships.models import Partnership
from portal.shared.accounts import queries as accounts
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, all_rows, fill, read_listing, table_file, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("partnerships", __name__, url_prefix="/partnerships")

SORTS = Sorts(
    {
        "employer": [alphabetical(Employer.name), Partnership.id],
        "industry": [Employer.industry, alphabetical(Employer.name), Partnership.id],
        "signed_on": [Partnership.signed_on, Partnership.id],
        "ends_on": [Partnership.ends_on, Partnership.id],
    },
    default="employer",
)

NOBODY = 0
"""Value of "none chosen" in a select of people or employers."""


@bp.get("/")
@requires(Action.READ_PARTNERSHIPS)
def index() -> Response:
    """The municipality's partnerships and how each stands today."""
    listing = read_listing(SORTS, filters=("standing", "industry"))
    standings = {
        standing.partnership.id: standing
        for standing in counting.standing_on(current_user.municipality_id, clock.today())
    }
    kinds = [standing.kind for standing in standings.values()]
    statement = queries.listed(current_user.municipality_id, _chosen(standings, listing.filters["standing"]))
    if listing.filters["industry"] in set(Industry):
        statement = statement.where(Employer.industry == Industry(listing.filters["industry"]))
    if listing.q:
        statement = queries.searched(statement, listing.q)
    if wants_file():
        return table_file("partnerskaber", _columns(standings), all_rows(listing, statement, SORTS))
    fill(listing, statement, SORTS)
    return render_page(
        "partnerships/index.html",
        fragment="partnership_list",
        listing=listing,
        standings=standings,
        totals=[(kind, kinds.count(kind)) for kind in StandingKind],
        standing_choices=StandingKind.choices(),
        industries=Industry.choices(),
        today=clock.today(),
    )


def _chosen(standings: dict[int, PartnershipStanding], kind: str) -> list[int]:
    return [
        key for key, standing in standings.items() if kind not in set(StandingKind) or standing.kind == kind
    ]


def _columns(standings: dict[int, PartnershipStanding]) -> list[tuple[Any, Callable[[Partnership], Any]]]:
    def held(condition: PartnershipCondition) -> Callable[[Partnership], bool]:
        return lambda partnership: standings[partnership.id].holds[condition]

    return [
        (_("Virksomhed"), lambda partnership: partnership.employer.name),
        (_("CVR-nummer"), lambda partnership: partnership.employer.cvr),
        (_("Fag"), lambda partnership: partnership.employer.industry.label),
        (_("Underskrevet"), lambda partnership: partnership.signed_on),
        (_("Sidste dag"), lambda partnership: partnership.ends_on),
        (_("Status"), lambda partnership: standings[partnership.id].kind.label),
        *[(condition.label, held(condition)) for condition in PartnershipCondition],
        (
            _("Konsulent"),
            lambda partnership: ", ".join(user.name for user in standings[partnership.id].consultants),
        ),
    ]


@bp.get("/<int:partnership_id>")
@requires(Action.READ_PARTNERSHIPS)
def detail(partnership_id: int) -> Response:
    """One partnership: the agreement, the four conditions today, and the events behind them."""
    form = AssignConsultantForm(formdata=None, data={"from_on": clock.today()})
    return _show_detail(
        partnership_id, form, EndPartnershipForm(formdata=None, data={"ends_on": clock.today()})
    )


def _show_detail(
    partnership_id: int,
    consultant_form: AssignConsultantForm,
    end_form: EndPartnershipForm,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    partnership = queries.partnership_for(current_user, partnership_id)
    consultant_form.consultant_id.choices = _consultants(_("Vælg konsulent"))
    day_form = CountingDayForm(request.args, meta={"csrf": False})
    today, asked = clock.today(), day_form.on.data if request.args.get("on") and day_form.validate() else None
    day = asked or today
    if day > today:
        day_form.on.errors, day, asked = [_("Vælg en dag, der ikke ligger efter i dag.")], today, None
    standing, then = counting.standing_now_and_then(partnership, day, danish_day_end(day))
    return render_page(
        "partnerships/detail.html",
        fragment="partnership_detail",
        status=status,
        partnership=partnership,
        standing=standing,
        then=then,
        conditions=explained(standing, then),
        asked=asked,
        day_form=day_form,
        refusal=refusal,
        consultant_form=consultant_form,
        end_form=end_form,
        today=today,
        placements=EventKind.PLACEMENT,
    )


def _consultants(none_label: str) -> list[tuple[int, str]]:
    named = accounts.consultants(current_user.municipality_id)
    return [(NOBODY, none_label), *[(user.id, user.name) for user in named]]


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIPS)
def new() -> Response:
    """Record a signed agreement."""
    form = SignForm(data=_sign_defaults() if request.method != "POST" else None)
    partners = queries.possible_partners(current_user, on=clock.today())
    form.employer_id.choices = [
        (NOBODY, _("Vælg virksomhed")),
        *[(employer.id, employer.name) for employer in partners],
    ]
    form.consultant_id.choices = _consultants(_("Ikke valgt endnu"))
    if request.method != "POST":
        return _show_new(form)
    if not form.validate():
        return _show_new(form, status=422)
    try:
        with transaction():
            partnership = _sign(form)
    except DomainError as error:
        return _show_new(form, status=409, refusal=error)
    flash(_("Partnerskabet er registreret."), "success")
    return leave_to(url_for("partnerships.detail", partnership_id=partnership.id))


def _sign_defaults() -> dict[str, Any]:
    return {
        "signed_on": clock.today(),
        "consultant_id": current_user.id,
        "employer_id": request.args.get("employer", NOBODY, type=int),
    }


def _sign(form: SignForm) -> Partnership:
    consultant_id = form.consultant_id.data
    return services.sign_partnership(
        queries.partner_for(current_user, form.employer_id.data, on=clock.today()),
        municipality_id=current_user.municipality_id,
        consultant=accounts.user(consultant_id) if consultant_id else None,
        signed_on=form.signed_on.data,
        note=form.note.data or "",
        by=current_user,
        at=clock.now(),
    )


def _show_new(form: SignForm, *, status: int = 200, refusal: DomainError | None = None) -> Response:
    return render_page(
        "partnerships/new.html", fragment="partnership_form", status=status, form=form, refusal=refusal
    )


@bp.post("/<int:partnership_id>/end")
@requires(Action.MANAGE_PARTNERSHIPS)
def end(partnership_id: int) -> Any:
    partnership = queries.partnership_for(current_user, partnership_id)
    form = EndPartnershipForm()
    blank = AssignConsultantForm(formdata=None, data={"from_on": clock.today()})
    if not form.validate():
        return _show_detail(partnership_id, blank, form, status=422)
    try:
        with transaction():
            services.end_partnership(partnership, ends_on=form.ends_on.data, by=current_user, at=clock.now())
    except DomainError as error:
        return _show_detail(partnership_id, blank, form, status=409, refusal=error)
    flash(_("Aftalens sidste dag er gemt."), "success")
    return redirect(url_for("partnerships.detail", partnership_id=partnership_id), 303)


@bp.post("/<int:partnership_id>/consultant")
@requires(Action.MANAGE_PARTNERSHIPS)
def name_consultant(partnership_id: int) -> Any:
    partnership = queries.partnership_for(current_user, partnership_id)
    form = AssignConsultantForm()
    form.consultant_id.choices = _consultants(_("Vælg konsulent"))
    blank = EndPartnershipForm(formdata=None, data={"ends_on": clock.today()})
    if not form.validate():
        return _show_detail(partnership_id, form, blank, status=422)
    try:
        with transaction():
            services.name_consultant(
                partnership,
                accounts.user(form.consultant_id.data),
                from_on=form.from_on.data,
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _show_detail(partnership_id, form, blank, status=409, refusal=error)
    flash(_("Konsulenten er navngivet."), "success")
    return redirect(url_for("partnerships.detail", partnership_id=partnership_id), 303)
