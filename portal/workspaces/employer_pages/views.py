"""Pages of an employer's cooperation, who recommended whom, and the public thanks."""

from typing import Any, Final

from flask import Blueprint, Response, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.clock import danish_day
from portal.base.database import end_reading, transaction
from portal.base.errors import TooManyAttempts
from portal.base.texts import inert
from portal.loop.employers.forms import RecommendationForm
from portal.loop.employers.models import Employer
from portal.loop.employers.outlook import ratio_outlooks
from portal.loop.employers.queries import employer_for, own_employer
from portal.loop.employers.views import referral_link
from portal.loop.openings.views import STATUS_TAGS
from portal.loop.placements.models import Outcome
from portal.loop.reviews.queries import proposal_room
from portal.shared.accounts import throttle
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import handing
from portal.shared.rules.queries import rule_book
from portal.web.downloads import pdf_response
from portal.web.error_pages import answer
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, all_rows, fill, read_listing, table_file, wants_file
from portal.web.permissions import Action, Scope, requires
from portal.workspaces.employer_pages import queries, summary, year

bp = Blueprint("employer_pages", __name__, url_prefix="/employer-pages")

REFERRAL_SORTS: Final = Sorts(
    {
        "new": [alphabetical(Employer.name), Employer.id],
        "giver": [alphabetical(queries.GIVER.name), Employer.id],
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
    (_l("Første forløb"), lambda row: row.first_place_on),
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


@bp.get("/own/year.pdf")
@requires(Action.READ_OWN_EMPLOYER)
def own_year() -> Any:
    """The year asked for on one sheet, for the employer itself."""
    employer = own_employer(current_user)
    return answer(404) if employer is None else _year_paper(employer)


@bp.get("/<int:employer_id>/year.pdf")
@requires(Action.READ_EMPLOYERS)
def year_paper(employer_id: int) -> Any:
    """The same for the municipality, before a talk about how it went."""
    return _year_paper(employer_for(current_user, employer_id))


def _year_paper(employer: Employer) -> Any:
    today, asked = clock.today(), request.args.get("year", "")
    if asked and asked not in map(str, year.years_of(employer, today)):
        return answer(404)
    told = year.year_of(employer, int(asked or today.year), current_user, today)
    record_view(
        "firm-read",
        employer,
        citizen_id=None,
        purpose=_("Virksomhedens samarbejde med kommunen"),
        people=told.people_named,
    )
    unit = _("%(name)s Kommune", name=employer.municipality.name)
    file = year.year_data(told, unit=unit, printed=today)
    end_reading()
    return pdf_response(f"samarbejdet-{told.year}", year.render_year(file, printed=today))


def _employer_page(employer: Employer) -> Response:
    today = clock.today()
    own, book = current_user.scope is Scope.EMPLOYER, rule_book()
    begun = queries.courses(employer, today, own=own)
    numbers = book.on(today, employer.municipality_id)
    unpaid = queries.unpaid(begun, today)
    record_view(
        "firm-read",
        employer,
        citizen_id=None,
        purpose=_("Virksomhedens samarbejde med kommunen"),
        people=(one.citizen_id for one in unpaid if one.is_known or _may_open_card(one.municipality_id)),
    )
    return render_page(
        "employer_pages/page.html",
        fragment="employer_page",
        employer=employer,
        own=own,
        today=today,
        outlooks=ratio_outlooks(employer.workplaces, today, book),
        openings=queries.latest_openings(employer),
        tags=STATUS_TAGS,
        proposals=proposal_room(employer.id, numbers, only_shown=own),
        endings=queries.endings(begun),
        outcomes=list(Outcome),
        conversion=queries.conversion(begun),
        unpaid=unpaid,
        person_by_person=not own or employer.takes_part,
        ordinary_weeks=numbers.whole("praktik-weeks"),
        may_open_card=_may_open_card,
        referrals=queries.referrals_of(employer),
        years=year.years_of(employer, today),
    )


def _may_open_card(municipality_id: int) -> bool:
    """A consultant opens the cards of her own municipality; an employer and a leader read numbers only."""
    return current_user.may(Action.READ_CARD) and current_user.municipality_id == municipality_id


@bp.get("/referrals")
@requires(Action.READ_EMPLOYERS)
def referrals() -> Response:
    listing = read_listing(REFERRAL_SORTS, filters=("state",))
    statement = queries.referrals(current_user, words=listing.q, state=listing.filters["state"])
    if wants_file():
        return table_file("anbefalinger", _REFERRAL_COLUMNS, all_rows(listing, statement, REFERRAL_SORTS))
    return render_page(
        "employer_pages/referrals.html",
        fragment="referral_list",
        listing=fill(listing, statement, REFERRAL_SORTS),
        states=REFERRAL_STATES,
    )


@bp.route("/recommend", methods=["GET", "POST"])
@requires(Action.READ_OWN_EMPLOYER)
def recommend() -> Any:
    """The employer's own link, to copy or to have sent, and what came of it."""
    employer = own_employer(current_user)
    if employer is None:
        return answer(404)
    form = RecommendationForm()
    if not form.is_submitted():
        return _recommend_page(employer, form)
    if not form.validate():
        return _recommend_page(employer, form, status=422)
    link = referral_link(employer)
    handed = handing.Handed(
        link,
        _("%(name)s anbefaler kommunen til jer", name=employer.name),
        _(
            "%(name)s samarbejder med %(home)s Kommune om praktik og job og anbefaler det til jer. "
            "Tilmeld jeres virksomhed her:",
            name=inert(employer.name),
            home=employer.municipality.name,
        ),
        danish_day(link.expires_at) if link.expires_at else None,
    )
    counted = {"invitation-sender": current_user.id, "invitation-recipient": form.email.data.lower()}
    try:
        with transaction():
            throttle.count(counted, at=clock.now(), config=current_app.config)
            handing.hand_over(
                handed,
                to=form.email.data,
                unit=employer.municipality,
                about=employer,
                by=current_user,
                at=clock.now(),
            )
    except TooManyAttempts as refusal:
        form.email.errors = [refusal.message]
        return _recommend_page(employer, form, status=429)
    flash(_("Tak. Linket er sendt til %(email)s.", email=form.email.data), "success")
    return leave_to(url_for("employer_pages.recommend"))


def _recommend_page(employer: Employer, form: RecommendationForm, *, status: int = 200) -> Response:
    return render_page(
        "employer_pages/recommend.html",
        fragment="recommend_page",
        status=status,
        employer=employer,
        form=form,
        address=referral_link(employer).address(),
        sent=handing.last_handed(employer),
        referrals=queries.referrals_of(employer),
        waiting=queries.waiting_recommended(employer),
    )


@bp.get("/thanks")
@requires(Action.PUBLIC)
def thanks() -> str:
    may_recommend = current_user.is_authenticated and current_user.may(Action.READ_OWN_EMPLOYER)
    return render_template(
        "employer_pages/thanks.html", employers=queries.thanked(), may_recommend=may_recommend
    )


@bp.get("/<int:employer_id>/standing")
@requires(Action.MANAGE_EMPLOYERS)
def standing(employer_id: int) -> Response:
    """Where the cooperation stands, and who of the municipality's is there, with names."""
    employer = employer_for(current_user, employer_id)
    placements = summary.there_now(employer, current_user.municipality_id)
    record_view(
        "firm-read",
        employer,
        citizen_id=None,
        purpose=_("Virksomhedens samarbejde med kommunen"),
        people=(one.card.citizen_id for one in placements),
    )
    return render_page(
        "employer_pages/standing.html",
        fragment="cooperation",
        employer=employer,
        standing=summary.standing_of(employer, clock.today()),
        placements=placements,
    )


def beside_employer(employer: Any, reader: Any) -> dict[str, Any] | None:
    """To whoever looks after it the way to where the cooperation stands, which is read for itself."""
    return {"employer": employer} if reader.may(Action.MANAGE_EMPLOYERS) else None
