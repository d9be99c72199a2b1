"""Pages of home."""

from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from portal.base import clock
from portal.base.database import transaction
from portal.base.terms import Effort, Industry, Measure
from portal.interventions.cohorts.queries import led_by, next_sessions
from portal.ledger.goals.figures import asks_of, current, figures_of
from portal.ledger.goals.queries import goals_of
from portal.loop.cards.translator import Translator, translator_for
from portal.loop.citizens.queries import citizen_of
from portal.loop.employers.queries import own_employer, registration_of
from portal.loop.partnerships.counting import StandingKind, standing_on_days
from portal.loop.partnerships.measures import lines_of
from portal.shared.accounts.queries import municipalities
from portal.shared.accounts.signing_in import DEVICE_COOKIE
from portal.shared.accounts.throttle import UNKNOWN_PROXY
from portal.shared.audit.viewing import record_view
from portal.shared.rules.queries import in_force_in_words
from portal.web.agenda import shown_citizens
from portal.web.holdings import groups, rule_keys
from portal.web.htmx import render_page
from portal.web.local_paths import safe_local_path
from portal.web.permissions import Action, FrontPage, requires
from portal.web.presentation import in_a_row
from portal.web.reading import rendered
from portal.web.rooms import rooms
from portal.web.whose import Whose, users_meant
from portal.workspaces.answers.response import in_brief, typical_answers
from portal.workspaces.handover.models import CaseCover
from portal.workspaces.handover.queries import covered_by, standing_covers
from portal.workspaces.home import agenda, queries, services
from portal.workspaces.home import quarter as quarters
from portal.workspaces.home.start import lacks_reference, start_of, start_of_installation

bp = Blueprint("home", __name__)

WEEK = "week"
"""Word of the address."""


@bp.get("/")
@requires(Action.PUBLIC)
def index() -> Any:
    if not current_user.is_authenticated:
        return render_template(
            "home/landing.html",
            trades=in_a_row([one.label for one in Industry]),
            typical=list(typical_answers(clock.now()).values()),
        )
    return FRONT_PAGES[current_user.role.traits.front_page]()


def _consultants_page() -> Response:
    """Her day or her week, and beside it what waits in the lists. Whoever is named has been seen."""
    today, now, start = clock.today(), clock.now(), start_of(current_user)
    if lacks_reference(start):
        return make_response(render_template("home/starting.html", start=start))
    (whose, team), is_week = agenda.whose_day(current_user), request.args.get("view") == WEEK
    standing = standing_covers(current_user, today)
    covered = covered_by(current_user, today, standing)
    shown = agenda.agenda_of(
        current_user,
        today,
        owners=users_meant(current_user, whose, today, covers=standing),
        week=agenda.week_wanted(request.args.get("from", ""), today) if is_week else None,
    )
    day, longest_wait = queries.consultants_day(current_user, today, now)
    people = shown_citizens(shown.lines)
    if people:
        record_view(
            "agenda-read",
            current_user.municipality,
            citizen_id=None,
            purpose=_("Liste over borgere"),
            people=people,
        )
    return render_page(
        "home/consultant.html",
        fragment="agenda",
        agenda=shown,
        is_week=is_week,
        whose=whose,
        team=team,
        names=_names(whose, shown, team, standing),
        covered={one.away_id: one for one in covered},
        away=[one for one in standing if one.away_id == current_user.id and not one.is_for_good],
        own_address=request.full_path.rstrip("?"),
        day=day,
        start=start,
        longest_wait=longest_wait,
        unanswered=queries.unanswered_openings(current_user, today),
        to_confirm=queries.work_to_confirm(current_user),
        today=today,
        now=now,
    )


def _names(
    whose: Whose, shown: agenda.Agenda, team: dict[int, str], standing: Sequence[CaseCover]
) -> dict[int, str]:
    """Of those whose the lines are, where they are not the reader's alone."""
    if whose is Whose.ALL:
        return queries.names_of(line.owner_id for line in shown.lines)
    away = {one.away_id: one.away.name for one in standing}
    return {current_user.id: current_user.name, **away, **team} if whose is Whose.TEAM else {}


@bp.post("/desk/lines")
@requires(Action.REVIEW_MATCH)
def choose_lines() -> Any:
    """Her own, her team's or everybody's: it is remembered."""
    wanted = request.form.get("whose")
    with transaction():
        services.choose_lines(current_user, Whose(wanted) if wanted in set(Whose) else Whose.MINE)
    return redirect(safe_local_path(request.form.get("back")) or url_for("home.index"), 303)


def _leaders_page() -> str:
    today, municipality = clock.today(), current_user.municipality
    goals = current(goals_of(municipality.id), today)
    if not goals and lacks_reference(beginning := start_of(current_user)):
        return render_template("home/starting.html", start=beginning)
    asks = [ask for ask in asks_of(goals, today) if ask.measure is Measure.PARTNERSHIPS]
    days = standing_on_days(municipality.id, {today, *(ask.on for ask in asks)})
    standings = days[today]
    beside = {
        "places": queries.open_places(municipality.id, today),
        "matches": queries.any_match(municipality.id),
    }
    replies = in_brief(municipality.id, beside=beside, at=clock.now())
    return render_template(
        "home/leader.html",
        today=today,
        start=[] if replies.beside["matches"] else start_of(current_user),
        goals=figures_of(municipality, goals, today, lists=lines_of(asks, days)),
        counts=[standing for standing in standings if standing.counts],
        nearly=[standing for standing in standings if standing.kind is StandingKind.NEARLY],
        replies=replies,
    )


@bp.get("/quarter")
@requires(Action.SET_GOALS)
def quarter() -> str:
    """What a leader reads before a committee meets: numbers alone."""
    today, now = clock.today(), clock.now()
    choices = quarters.first_days(today)
    return render_template(
        "home/quarter.html",
        quarter=quarters.quarter_of(current_user, choices[1 if "before" in request.args else 0], today),
        choices=choices,
        late=quarters.late_now(current_user, today, now),
        replies=in_brief(current_user.municipality_id, beside={}, at=now),
    )


def _administrators_page() -> str:
    return render_template(
        "home/admin.html",
        day=queries.administrators_day(current_user),
        start=start_of(current_user),
        unknown_proxy=current_app.extensions.get(UNKNOWN_PROXY, False),
    )


def _operators_page() -> str:
    return render_template(
        "home/operator.html",
        day=queries.operators_day(),
        start=start_of_installation(),
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
        typical=typical_answers(clock.now()).get(employer.municipality_id),
        now=clock.now(),
    )


def _citizens_page() -> str:
    """In her language, where she has another than Danish."""
    citizen, day = citizen_of(current_user), queries.citizens_day(current_user)
    if citizen.language is None:
        return render_template("home/citizen.html", day=day)
    translator = translator_for(citizen, request.args)
    return rendered("home/hers.html", citizen=citizen, day=day, translator=translator)


def _group_leaders_page() -> str:
    """The groups she leads today, with the next session of each."""
    today = clock.today()
    cohorts = led_by(current_user, today) if current_user.uses(Effort.COHORTS) else []
    return render_template(
        "home/group_leader.html",
        cohorts=cohorts,
        sessions=next_sessions([one.id for one in cohorts], today),
        today=today,
    )


FRONT_PAGES = {
    FrontPage.OWN_COHORTS: _group_leaders_page,
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
    return render_template(
        "home/accessibility_statement.html", translator=Translator(), units=municipalities()
    )


@bp.get("/privatliv")
@requires(Action.PUBLIC)
def privacy() -> Any:
    """What is promised to people; who sees what and how long stand where the rooms declare them."""
    holdings, home = rooms().holds, current_user.municipality if current_user.is_authenticated else None
    numbers = in_force_in_words(rule_keys(holdings), clock.today(), home.id if home else None)
    return render_template(
        "home/privacy.html",
        translator=Translator(),
        units=municipalities(),
        cookie_name=current_app.config["SESSION_COOKIE_NAME"],
        device_cookie=DEVICE_COOKIE,
        groups=groups(holdings, numbers, current_app.config),
    )
