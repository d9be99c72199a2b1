"""create_app(): configuration, extensions, hooks, and the rooms in the order of the loop."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from babel.support import NullTranslations
from flask import Flask, current_app, g, url_for
from flask_babel import Babel, Domain
from flask_babel.speaklater import LazyString
from flask_login import current_user
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter
from whitenoise import WhiteNoise

from portal import __version__, cli, security
from portal.api.tokens.room import room as tokens
from portal.api.v1.room import room as doors
from portal.base import catalogues
from portal.base.database import MAX_ID, db
from portal.base.discretion import keep_values_out_of_logs
from portal.base.terms import Language
from portal.config import is_behind_unknown_proxy, load_configuration
from portal.interventions.aftercare.room import room as aftercare
from portal.interventions.cohorts.room import room as cohorts
from portal.interventions.courses.room import room as courses
from portal.interventions.efforts.room import room as efforts
from portal.interventions.mentoring.room import room as mentoring
from portal.interventions.pathways.room import room as pathways
from portal.interventions.target_groups.room import room as target_groups
from portal.interventions.young.room import room as young
from portal.ledger.comparison.room import room as comparison
from portal.ledger.fairness.room import room as fairness
from portal.ledger.goals import measures
from portal.ledger.goals.room import room as goals
from portal.ledger.status.room import room as status
from portal.loop.assessments.room import room as assessments
from portal.loop.cards.room import room as cards
from portal.loop.cards.translator import Translator
from portal.loop.citizens.room import room as citizens
from portal.loop.employers.queries import municipality_of_employer
from portal.loop.employers.register import HttpRegister
from portal.loop.employers.room import room as employers
from portal.loop.matches.room import room as matches
from portal.loop.notes.room import room as notes
from portal.loop.openings.room import room as openings
from portal.loop.partnerships.room import room as partnerships
from portal.loop.placements.room import room as placements
from portal.loop.reviews.room import room as reviews
from portal.shared.accounts.models import Municipality
from portal.shared.accounts.queries import municipalities
from portal.shared.accounts.room import room as accounts
from portal.shared.accounts.secrets import Passwords
from portal.shared.audit.room import room as audit
from portal.shared.neighbours.room import room as neighbours
from portal.shared.outbox.room import room as outbox
from portal.shared.outbox.worker import Inside
from portal.shared.rules.room import room as rules
from portal.shared.skills.room import room as skills
from portal.web import error_pages, navigation, presentation, reading
from portal.web.permissions import Action, may, requires
from portal.web.rooms import Beside, Room, Rooms
from portal.web.rooms import rooms as rooms_of_now
from portal.workspaces.amendments.room import room as amendments
from portal.workspaces.answers.room import room as answers
from portal.workspaces.consents.room import room as consents
from portal.workspaces.contacts.room import room as contacts
from portal.workspaces.curation.room import room as curation
from portal.workspaces.employer_pages.room import room as employer_pages
from portal.workspaces.erasure import room as erasure
from portal.workspaces.handover.room import room as handover
from portal.workspaces.home.room import room as home
from portal.workspaces.imports.room import room as imports
from portal.workspaces.meetings.room import room as meetings
from portal.workspaces.merging.room import room as merging
from portal.workspaces.mine.room import room as mine
from portal.workspaces.operation.room import room as operation
from portal.workspaces.posting.room import room as posting
from portal.workspaces.quality.room import room as quality
from portal.workspaces.saved_filters.room import room as saved_filters
from portal.workspaces.search.room import room as search
from portal.workspaces.tasks.room import room as tasks
from portal.workspaces.teams.room import room as teams
from portal.workspaces.vitas.room import room as vitas

ROOMS = (
    home,
    accounts,
    outbox,
    audit,
    neighbours,
    rules,
    skills,
    employers,
    openings,
    citizens,
    notes,
    cards,
    matches,
    posting,
    curation,
    reviews,
    consents,
    contacts,
    answers,
    quality,
    placements,
    assessments,
    amendments,
    vitas,
    tasks,
    handover,
    teams,
    saved_filters,
    meetings,
    employer_pages,
    search,
    partnerships,
    target_groups,
    cohorts,
    courses,
    pathways,
    mentoring,
    aftercare,
    young,
    efforts,
    goals,
    status,
    comparison,
    fairness,
    imports,
    mine,
    merging,
    erasure,
    operation,
    tokens,
    doors,
)
"""To add a room is to write it, and its line here: all else stands in its `room.py`."""

MIGRATIONS = str(Path(__file__).parent / "migrations")
ONE_HOUR = 3600


class IdConverter(IntegerConverter):
    """A key in a URL: a larger one than any column holds is simply not found."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": MAX_ID, **kwargs})


def create_app(overrides: Mapping[str, Any] | None = None, rooms: Sequence[Room] = ROOMS) -> Flask:
    """The application of these rooms. Raises ConfigurationError for a start that must not happen."""
    app = Flask("portal", instance_path=str(Path(__file__).resolve().parent.parent / "instance"))
    app.config.from_mapping(load_configuration(overrides))
    keep_values_out_of_logs(app)
    app.url_map.converters["int"] = IdConverter
    db.init_app(app)
    Migrate(app, db, directory=MIGRATIONS, render_as_batch=True, compare_type=True)
    _init_babel(app)
    CSRFProtect(app)
    app.extensions["passwords"] = Passwords(
        memory_kib=app.config["ARGON2_MEMORY_KIB"], rounds=app.config["ARGON2_ROUNDS"]
    )
    address = app.config["PORTAL_REGISTER_URL"]
    app.extensions["business-register"] = HttpRegister(address) if address else None
    security.register(app)
    error_pages.register(app)
    presentation.register(app)
    cli.register(app)
    app.extensions["rooms"] = Rooms(rooms)
    for room in rooms:
        room.open(app)
    requires(Action.PUBLIC)(app.view_functions["static"])
    measures.declare(app.extensions["rooms"].measures)
    _init_templates(app)
    _serve_static(app)
    _trust_proxies(app)
    _send_mails(app)
    cli.refuse_demo_in_production(app)
    return app


class SpokenCatalogue(Domain):
    """The catalogue of the language that is spoken now, read once: finding it anew for each sentence was a tenth of
    a page.

    Danish is what the sentences are written in, so an empty catalogue leaves them as they are.
    """

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._danish = catalogues.load(locale)

    def get_translations(self) -> NullTranslations:
        language = reading.spoken()
        return self._danish if language is None else reading.words_in(language)


def _init_babel(app: Flask) -> None:
    words = SpokenCatalogue(app.config["BABEL_DEFAULT_LOCALE"])
    Babel(app).domain_instance = words
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: words.get_translations().gettext(text),
        lambda one, many, count: words.get_translations().ngettext(one, many, count),
        newstyle=True,
    )


def _serve_static(app: Flask) -> None:
    """The same files the same way under every server, with a long life: their URLs carry a hash."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=app.static_folder,
        prefix="static/",
        max_age=ONE_HOUR * 24,
        allow_all_origins=False,  # no other site has any use of them
        add_headers_function=_protect_static,
    )


def _trust_proxies(app: Flask) -> None:
    """Behind nginx every request comes from it; the throttle needs the visitor's own address."""
    count = app.config["PORTAL_PROXIES"]
    if is_behind_unknown_proxy(app.config):
        app.logger.warning(
            "PORTAL_BASE_URL is https and PORTAL_PROXIES is 0: how many proxies stand in front?"
        )
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _send_mails(app: Flask) -> None:
    """`flask mail-worker` runs the same worker alone; without it each process of the server has one."""
    if app.config["PORTAL_MAIL_WORKER"] == "inside":
        inside = Inside(app, app.extensions["rooms"].chores)
        app.before_request(inside.ensure)


def _protect_static(headers: Any, _path: str, _url: str) -> None:
    """These answers pass by the hooks of `security.py`."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _init_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.finalize = _as_text
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        Action=Action,
        new_form_id=lambda: str(uuid4()),
        static_url=static_url,
        as_read=reading.as_read,
        filled=reading.filled,
        nav_items=_nav_items,
        portal_version=__version__,
    )

    @app.context_processor
    def values() -> dict[str, Any]:
        return {
            "can": _can,
            "has_panels": _has_panels,
            "nav_items": _nav_items(),
            "unit": _units()[0] if len(_units()) == 1 else None,
            "help_units": _units(),
            "translator": Translator(reading.readers_language()),
            "login_languages": Language,
            "htmx_mode": app.config["PORTAL_HTMX"],
            "htmx_cdn_url": app.config["HTMX_CDN_URL"],
            "htmx_cdn_integrity": app.config["HTMX_CDN_INTEGRITY"],
        }


def _as_text(value: Any) -> Any:
    """A lazy sentence as text: it calls itself markup, also with words in it that somebody has written."""
    return str(value) if isinstance(value, LazyString) else value


def _can(action: Action) -> bool:
    return may(current_user.role if current_user.is_authenticated else None, action)


def _has_panels(beside: str) -> bool:
    """Whether a room that is open to the reader shows something beside such a record."""
    return any(rooms_of_now().panels(Beside(beside), current_user.uses, current_user.may))


def _nav_items() -> list[navigation.NavItem]:
    if not current_user.is_authenticated:
        return []
    return navigation.items_for(current_user.role, current_user.uses)


def _units() -> list[Municipality]:
    """Whom the footer says to call: the user's municipality, her employer's, or else each that takes part."""
    if "units" not in g:
        own = None
        if current_user.is_authenticated:
            own = current_user.municipality or municipality_of_employer(current_user)
        g.units = [own] if own else municipalities()
    units: list[Municipality] = g.units
    return units


def static_url(path: str) -> str:
    """The URL of a static file with a short hash of its content, so that caches may keep it."""
    return url_for("static", filename=path, v=_content_hash(str(current_app.static_folder), path))


@lru_cache(maxsize=256)
def _content_hash(folder: str, path: str) -> str:
    file = Path(folder) / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.exists() else ""
