"""Pages of home."""

from typing import Any

from flask import Blueprint, current_app, jsonify, render_template
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from portal.base import clock
from portal.base.terms import Industry, Measure
from portal.ledger.goals.figures import blocks, days_of
from portal.ledger.goals.queries import goals_of
from portal.loop.employers.queries import own_employer, registration_of
from portal.loop.partnerships.counting import StandingKind, standing_on_days
from portal.loop.partnerships.measures import evidence_of
from portal.shared.accounts.queries import municipalities
from portal.shared.accounts.signing_in import DEVICE_COOKIE
from portal.shared.accounts.throttle import UNKNOWN_PROXY
from portal.shared.rules.queries import in_force_in_words
from portal.web.holdings import groups, rule_keys
from portal.web.permissions import Action, FrontPage, requires
from portal.web.presentation import in_a_row
from portal.web.rooms import rooms
from portal.workspaces.answers.response import response_times
from portal.workspaces.home import queries
from portal.workspaces.quality.figures import last_months

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Action.PUBLIC)
def index() -> Any:
    if not current_user.is_authenticated:
        return render_template("home/landing.html", trades=in_a_row([one.label for one in Industry]))
    return FRONT_PAGES[current_user.role.traits.front_page]()


def _consultants_page() -> str:
    today, now = clock.today(), clock.now()
    return render_template(
        "home/consultant.html",
        day=queries.consultants_day(current_user, today, now),
        unanswered=queries.unanswered_openings(current_user, today),
        calls=queries.employers_to_phone(current_user),
        today=today,
        now=now,
    )


def _leaders_page() -> str:
    today, municipality = clock.today(), current_user.municipality
    goals = goals_of(municipality.id)
    counted = days_of(Measure.PARTNERSHIPS, municipality, goals, today)
    days = standing_on_days(municipality.id, {today, *counted})
    read = {Measure.PARTNERSHIPS: evidence_of(municipality.id, days)}
    standings = days[today]
    return render_template(
        "home/leader.html",
        today=today,
        goals=[block.now for block in blocks(municipality, goals, today, read)],
        counts=[standing for standing in standings if standing.counts],
        nearly=[standing for standing in standings if standing.kind is StandingKind.NEARLY],
        open_places=queries.open_places(municipality.id, today),
        response=response_times(municipality.id, last_months(today, 6), at=clock.now()).total,
    )


def _administrators_page() -> str:
    return render_template(
        "home/admin.html",
        day=queries.administrators_day(current_user),
        unknown_proxy=current_app.extensions.get(UNKNOWN_PROXY, False),
    )


def _operators_page() -> str:
    return render_template(
        "home/operator.html",
        day=queries.operators_day(),
        unknown_proxy=current_app.extensions.get(UNKNOWN_PROXY, False),
    )


def _employers_page() -> str:
    employer = own_employer(current_user)
    if employer is None:
        return render_template("home/awaiting.html", wish=registration_of(current_user))
    today = clock.today()
    return render_template(
        "home/employer.html",
        employer=employer,
        day=queries.employers_day(current_user, today),
        unanswered=queries.unanswered_openings(current_user, today),
        now=clock.now(),
    )


def _citizens_page() -> str:
    return render_template("home/citizen.html", day=queries.citizens_day(current_user))


FRONT_PAGES = {
    FrontPage.DAYS_WORK: _consultants_page,
    FrontPage.GOALS: _leaders_page,
    FrontPage.USERS: _administrators_page,
    FrontPage.INSTALLATION: _operators_page,
    FrontPage.OWN_EMPLOYER: _employers_page,
    FrontPage.OWN_CARD: _citizens_page,
}


@bp.get("/healthz")
@requires(Action.PUBLIC)
def healthz() -> Any:
    """For the watchman of the server: 503 when the portal cannot do its work."""
    try:
        current, wanted = queries.schema_state()
    except (SQLAlchemyError, OSError):
        current_app.logger.exception("the database does not answer")
        return jsonify(status="unavailable", database="unavailable"), 503
    ready = current == wanted
    body = {
        "status": "ok" if ready else "schema",
        "database": "ok",
        "schema": current,
        "schema_wanted": wanted,
    }
    return jsonify(body), 200 if ready else 503


@bp.get("/was")
@requires(Action.PUBLIC)
def accessibility_statement() -> Any:
    """The accessibility statement, at the short address that the law's guidance names."""
    return render_template("home/accessibility_statement.html", units=municipalities())


@bp.get("/privatliv")
@requires(Action.PUBLIC)
def privacy() -> Any:
    """What is promised to people; who sees what and how long stand where the rooms declare them."""
    holdings, home = rooms().holds, current_user.municipality if current_user.is_authenticated else None
    numbers = in_force_in_words(rule_keys(holdings), clock.today(), home.id if home else None)
    return render_template(
        "home/privacy.html",
        units=municipalities(),
        cookie_name=current_app.config["SESSION_COOKIE_NAME"],
        device_cookie=DEVICE_COOKIE,
        groups=groups(holdings, numbers, current_app.config),
    )
