"""Pages of an employer's cooperation, who recommended whom, and the public thanks."""

from typing import Any, Final

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.loop.employers.models import Employer
from portal.loop.employers.outlook import ratio_outlooks
from portal.loop.employers.queries import employer_for, own_employer
from portal.loop.openings.views import STATUS_TAGS
from portal.loop.placements.models import Outcome
from portal.loop.reviews.queries import proposal_room
from portal.shared.audit.viewing import record_view
from portal.shared.rules.queries import rule_book
from portal.web.error_pages import answer
from portal.web.htmx import render_page
from portal.web.listing import Sorts, all_rows, csv_response, fill, read_listing, wants_csv
from portal.web.permissions import Action, Scope, requires
from portal.workspaces.employer_pages import queries

bp = Blueprint("employer_pages", __name__, url_prefix="/employer-pages")

REFERRAL_SORTS: Final = Sorts(
    {
        "new": [Employer.name, Employer.id],
        "giver": [queries.GIVER.name, Employer.id],
        "approved": [Employer.approved_at, Employer.id],
    },
    default="approved",
    descending=True,
)
REFERRAL_STATES: Final = [("counted", _l("Tæller")), ("waiting", _l("Har ikke slået noget op endnu"))]
_REFERRAL_COLUMNS: Final = [
    (_l("Ny virksomhed"), lambda row: row[0].name),
    (_l("CVR-nummer"), lambda row: row[0].cvr),
    (_l("Anbefalet af"), lambda row: row[1].name),
    (_l("Med siden"), lambda row: row[0].approved_at),
    (_l("Tæller fra"), lambda row: row.counted_at),
]


@bp.get("/own")
@requires(Action.READ_OWN_EMPLOYER)
def own() -> Any:
    employer = own_employer(current_user)
    return answer(404) if employer is None else _employer_page(employer)


@bp.get("/<int:employer_id>")
@requires(Action.READ_EMPLOYERS)
def detail(employer_id: int) -> Response:
    return _employer_page(employer_for(current_user, employer_id))


def _employer_page(employer: Employer) -> Response:
    today = clock.today()
    begun, book = queries.courses(employer), rule_book()
    numbers = book.on(today, employer.municipality_id)
    unpaid = queries.unpaid(begun, today)
    record_view(
        "firm-read",
        employer,
        citizen_id=None,
        purpose=_("Virksomhedens samarbejde med kommunen"),
        people=(one.citizen_id for one in unpaid if _may_open_card(one.municipality_id)),
    )
    return render_page(
        "employer_pages/page.html",
        fragment="employer_page",
        employer=employer,
        own=current_user.scope is Scope.EMPLOYER,
        today=today,
        outlooks=ratio_outlooks(employer.workplaces, today, book),
        openings=queries.latest_openings(employer),
        tags=STATUS_TAGS,
        proposals=proposal_room(employer.id, numbers),
        endings=queries.endings(begun),
        outcomes=list(Outcome),
        conversion=queries.conversion(begun),
        unpaid=unpaid,
        person_by_person=current_user.scope is not Scope.EMPLOYER or employer.takes_part,
        ordinary_weeks=numbers.whole("praktik-weeks"),
        may_open_card=_may_open_card,
        referrals=queries.referrals_of(employer),
    )


def _may_open_card(municipality_id: int) -> bool:
    """A consultant opens the cards of her own municipality; an employer and a leader read numbers only."""
    return current_user.may(Action.READ_CARD) and current_user.municipality_id == municipality_id


@bp.get("/referrals")
@requires(Action.READ_EMPLOYERS)
def referrals() -> Response:
    listing = read_listing(REFERRAL_SORTS, filters=("state",))
    statement = queries.referrals(current_user, words=listing.q, state=listing.filters["state"])
    if wants_csv():
        return csv_response("anbefalinger", _REFERRAL_COLUMNS, all_rows(listing, statement, REFERRAL_SORTS))
    return render_page(
        "employer_pages/referrals.html",
        fragment="referral_list",
        listing=fill(listing, statement, REFERRAL_SORTS),
        states=REFERRAL_STATES,
    )


@bp.get("/thanks")
@requires(Action.PUBLIC)
def thanks() -> str:
    return render_template("employer_pages/thanks.html", employers=queries.thanked())
