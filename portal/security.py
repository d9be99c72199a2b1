"""What surrounds every request: who is signed in, whether she may, and that what must be stored is stored."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask, Response, current_app, flash, make_response, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError

from portal.base import clock, events
from portal.base.database import db
from portal.base.errors import AlreadySubmitted
from portal.base.keys import KeyPurpose, LiveKeys
from portal.shared.accounts import browser_logins, half_logins, login_pages, second_factor, second_step_pages
from portal.shared.accounts import queries as accounts
from portal.shared.accounts.models import User, UserSession
from portal.shared.accounts.throttle import UNKNOWN_PROXY, connection, is_nearby
from portal.shared.audit import refusals
from portal.shared.audit.refusals import Refusal, RefusalCounter
from portal.shared.audit.writer import WAIT_SECONDS, GroupCommitWriter, Statement, store_looks
from portal.web import error_pages, request_log, sealed_posts, submissions
from portal.web.downloads import take_name_off
from portal.web.htmx import wants_fragment
from portal.web.links import SECRET_ARGUMENTS
from portal.web.local_paths import safe_local_path
from portal.web.permissions import Action, action_of, may
from portal.web.rooms import rooms

MARKS_WAIT_SECONDS = 1.0
"""Nobody waits longer for marks alone: while the database is locked, pages without personal data go on."""

LOG_OUT = "accounts.logout"
"""Whose login is over has what she asks for."""

_TOUCH_SESSION = (
    sa.update(UserSession.__table__)
    .where(UserSession.__table__.c.id == sa.bindparam("session_id"))
    .values(last_seen_at=sa.bindparam("seen_at"))
)


def register(app: Flask) -> None:
    """Connect the hooks, in the order in which they run."""
    request_log.register(app)  # what begins first ends last, and sees the answer as it leaves
    app.session_interface = SignedByKeyring()
    app.config["WTF_CSRF_SECRET_KEY"] = LiveKeys(app.config["KEYS"], KeyPurpose.SESSIONS)
    manager = LoginManager(app)
    manager.session_protection = None  # our sessions live in the database
    manager.request_loader(_load_user)
    app.before_request(_read_only)
    app.before_request(_notice_proxy)
    app.before_request(_name_request)
    app.before_request(_claim_form)  # before the session is asked for: the first click may have ended it
    app.before_request(_authorize)
    app.after_request(_protect)
    app.after_request(_store_marks)  # runs before _protect: Flask calls these in reverse
    app.after_request(submissions.lead_repeat_on)
    app.context_processor(_about_the_page)
    app.register_error_handler(AlreadySubmitted, lambda error: submissions.answer_repeat())
    app.register_error_handler(CSRFError, _without_token)


class SignedByKeyring(SecureCookieSessionInterface):
    """The cookie, signed with the newest key for sessions and read with those before it."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            app.config["KEYS"].reading(KeyPurpose.SESSIONS, at=clock.now()),
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )


def writer() -> GroupCommitWriter:
    """The process's writer for this application's database."""
    extension: GroupCommitWriter | None = current_app.extensions.get("group_commit")
    if extension is None:
        extension = current_app.extensions.setdefault("group_commit", GroupCommitWriter(db.engine))
    return extension


def _load_user(_request: Any) -> User | None:
    secret = session.get("sid")
    if not isinstance(secret, str):
        return None
    config = current_app.config
    now = clock.now()
    live = accounts.live_session(
        secret, at=now, idle=config["SESSION_IDLE"], absolute=config["SESSION_ABSOLUTE"]
    )
    if live is None or _lacks_second_step(live):
        return None
    db.session.info["user_session"] = (live.id, live.last_seen_at)
    db.session.info["login_began_at"] = live.opened_at
    request_log.note_reader(live.user.role.value)
    return live.user


def _lacks_second_step(live: UserSession) -> bool:
    """A login from before a second step was demanded of her, or by a way that does not ask for it."""
    return live.second_step is None and second_factor.is_asked_of(live.user, current_app.config)


def _about_the_page() -> dict[str, Any]:
    """What every page says of itself: how long the login lasts, in seconds, and the address of an answer to a form.

    A login that was seen a moment ago is not written down as seen again: so much earlier it may end.
    """
    config, began_at = current_app.config, db.session.info.get("login_began_at")
    address, again = sealed_posts.own_address(), sealed_posts.is_shown_again()
    if began_at is None:
        return {"login_lasts": None, "own_address": address, "is_shown_again": again}
    lasts = {
        "idle": int((config["SESSION_IDLE"] - config["SESSION_TOUCH"]).total_seconds()),
        "absolute": int((began_at + config["SESSION_ABSOLUTE"] - clock.now()).total_seconds()),
    }
    return {"login_lasts": lasts, "own_address": address, "is_shown_again": again}


def _read_only() -> None:
    """Only a POST changes anything: link scanners ask by HEAD, and a view takes what is no GET for its form."""
    db.session.info["reads_only"] = request.method != "POST"
    db.session.info["only_shown_again"] = sealed_posts.is_shown_again()
    if _is_head():
        request.method = "GET"


def _is_head() -> bool:
    return bool(request.environ["REQUEST_METHOD"] == "HEAD")


def _shows_nothing() -> bool:
    """A question by HEAD, OPTIONS or any other method: nobody reads the page behind it."""
    return request.environ["REQUEST_METHOD"] not in ("GET", "POST")


def _notice_proxy() -> None:
    """Behind a proxy that nobody told the portal of, all visitors are one address to it, and slow each other down."""
    if current_app.config["PORTAL_PROXIES"] or "X-Forwarded-For" not in request.headers:
        return
    if not current_app.extensions.get(UNKNOWN_PROXY) and is_nearby(request.remote_addr):
        current_app.extensions[UNKNOWN_PROXY] = True
        current_app.logger.warning(
            "X-Forwarded-For comes from %s, and PORTAL_PROXIES is 0: set it to the number of proxies in front",
            request.remote_addr,
        )


def _name_request() -> None:
    db.session.info["request_id"] = str(uuid4())


def _authorize() -> Any:
    """Deny by default: a view without a mark is open to nobody."""
    if request.endpoint is None:
        return None  # no such URL: the router's 404
    view = current_app.view_functions[request.endpoint]
    action = action_of(view)
    if action is Action.PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _to_login()
    if action is None or not may(current_user.role, action):
        return error_pages.answer(403)
    if not current_user.uses(rooms().effort_of(request.endpoint)):
        return error_pages.answer(404)  # as if the room were not there
    return None


def _to_login() -> Any:
    """To the login page, and afterwards back to the page that was asked for.

    What somebody has sent whose login is over goes along in the page itself.
    """
    had_login = "sid" in session
    if request.endpoint == LOG_OUT:
        return login_pages.signed_out()
    if request.method == "GET" and not wants_fragment() and (half := half_logins.current()):
        return redirect(second_step_pages.way_of(half.user, request.full_path.rstrip("?")), 303)
    ended = browser_logins.leave()
    if request.method == "POST" and ended is not None:
        return login_pages.with_typed(ended)
    if had_login:
        flash(_("Du har været væk længe og er logget ud. Log ind igen."), "info")
    if wants_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("accounts.login", next=_page_around_the_fragment())
        return response
    asked_for = request.full_path.rstrip("?") if request.method == "GET" else None
    reads = events.language_of(accounts.user(ended)) if ended is not None else None
    return redirect(url_for("accounts.login", next=asked_for, language=reads), 303)


def _without_token(_error: CSRFError) -> Any:
    """A form without this login's token. One that stood open in this browser since an earlier login of the same
    person comes back filled in; any other may have been sent by another site.
    """
    writer_id = browser_logins.writer_of_the_form()
    if request.endpoint == LOG_OUT and not current_user.is_authenticated and writer_id is not None:
        return login_pages.signed_out()
    if writer_id is not None:
        is_public = (
            request.endpoint and action_of(current_app.view_functions[request.endpoint]) is Action.PUBLIC
        )
        if is_public or (current_user.is_authenticated and current_user.id == writer_id):
            return sealed_posts.shown_again(sealed_posts.typed_now(writer_id), fragment=wants_fragment())
        if not current_user.is_authenticated and browser_logins.leave() == writer_id:
            return login_pages.with_typed(writer_id)
    db.session.info["no_token"] = True
    if not SECRET_ARGUMENTS.isdisjoint(request.view_args or ()):
        return _by_link_without_cookies()
    # The browser keeps what was typed: nobody who went back has lost a word.
    told = _("Siden hører til et login, der er slut. Det, du skrev, står der endnu.")
    return error_pages.answer(400, told, advice=_("Gå tilbage, kopiér det, du skrev, og genindlæs siden."))


def _by_link_without_cookies() -> Response:
    """A machine that pressed a button in a mail's page, or a person whose browser takes no cookies."""
    advice = _(
        "Det kræver en browser, der gemmer cookies. Åbn linket igen, og prøv en gang til. Virker det ikke, så ring til "
        "kommunen."
    )
    return error_pages.answer(400, _("Der er ikke svaret noget endnu."), advice=advice)


def _page_around_the_fragment() -> str | None:
    try:
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # e.g. half an IPv6 address: any client may send any header
        return None
    return safe_local_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _claim_form() -> None:
    submissions.claim(user_id=current_user.id if current_user.is_authenticated else None, at=clock.now())


def _store_marks(response: Response) -> Response:
    """Store read lines, last-seen and the form's result; without the read lines the page is not shown."""
    info = db.session.info
    if _shows_nothing():
        return _without_a_trace(response)
    looks = [line.values() for line in info.pop("looks", [])]
    marks = _marks(response)
    try:
        lines = looks + _refused(response)
        if not lines and not marks:
            return response
        statements: list[Statement] = [(store_looks, lines)] if lines else []
        db.session.rollback()  # end the read transaction before waiting for the writer
        writer().write(statements + marks, wait=WAIT_SECONDS if looks else MARKS_WAIT_SECONDS)
    except (SQLAlchemyError, TimeoutError) as error:
        current_app.logger.exception("read lines or marks could not be stored")
        if looks:
            request_log.note_fault(error)
        # Marks alone are a convenience: what the request did is stored, and its answer stands.
        return error_pages.answer(503) if looks else response
    return response


def _refused(response: Response) -> list[dict[str, Any]]:
    """The lines of what was refused: what the view noted, or else what the answer tells by itself."""
    noted: list[Refusal] = db.session.info.pop("refusals", [])
    action = _kind_of_refusal(response.status_code)
    if action is not None and not noted:
        noted.append(Refusal(action, page=_page_asked_for()))
    if not noted:
        return []
    by = current_user._get_current_object() if current_user.is_authenticated else None
    counter = current_app.extensions.setdefault("refusals", RefusalCounter())
    address, keys = connection(request.remote_addr), current_app.config["KEYS"]
    found = refusals.lines(noted, by=by, address=address, at=clock.now(), keys=keys, counter=counter)
    return [line.values() for line in found]


def _kind_of_refusal(status: int) -> str | None:
    """Addresses that are no page of ours are nobody's business, and everybody's scanner asks for them."""
    if request.endpoint in (None, "static"):
        return None
    if db.session.info.pop("no_token", False):
        return "form-refused"
    if status in (404, 410) and not SECRET_ARGUMENTS.isdisjoint(request.view_args or ()):
        return "link-refused"
    if status == 403:
        return "page-refused"
    return "record-refused" if status == 404 and current_user.is_authenticated else None


def _page_asked_for() -> str:
    """The view and the numbers in its address: words in addresses may be anybody's, and secrets."""
    numbers = [
        f"{name} {value}" for name, value in (request.view_args or {}).items() if isinstance(value, int)
    ]
    return " ".join([str(request.endpoint), *numbers])


def _without_a_trace(response: Response) -> Response:
    """The answer to such a question: nobody looked, and the page's messages wait for whoever will see it.

    Nor does it say how long the page is: that would tell whether a search found somebody.
    """
    for noted in ("looks", "refusals", "marks"):
        db.session.info.pop(noted, None)
    session.modified = False
    take_name_off(response)
    if _is_head():
        response.automatically_set_content_length = False
        del response.headers["Content-Length"]
    return response


def _marks(response: Response) -> list[Statement]:
    """Last-seen when it has grown stale, where the form led, and what the view noted."""
    info = db.session.info
    marks: list[Statement] = info.pop("marks", [])
    signed_in: tuple[int, datetime] | None = info.pop("user_session", None)
    if signed_in is not None and clock.now() - signed_in[1] > current_app.config["SESSION_TOUCH"]:
        marks.append((_TOUCH_SESSION, [{"session_id": signed_in[0], "seen_at": clock.now()}]))
    result = submissions.result_mark(response)
    if result is not None:
        marks.append(result)
    return marks


def _protect(response: Response) -> Response:
    headers = response.headers
    cdn = current_app.config["HTMX_CDN_URL"] if current_app.config["PORTAL_HTMX"] == "cdn" else ""
    headers.setdefault("Content-Security-Policy", content_security_policy(cdn))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if response.status_code >= 400:
        headers.setdefault("HX-Push-Url", "false")
    if request.endpoint != "static":
        # The cookie, not the user: asking for the user would ask the database, which may be what is down.
        # What a visitor sent stands in the answer to it: name and phone of who registers an employer.
        secret = not SECRET_ARGUMENTS.isdisjoint(request.view_args or ())
        known = "sid" in session or half_logins.COOKIE_PART in session
        # What a token opened is its owner's alone.
        opened = "Authorization" in request.headers
        private = secret or known or opened or request.method == "POST"
        headers["Cache-Control"] = "no-store" if private else "no-cache"
    return response


def content_security_policy(cdn: str) -> str:
    """Only our own files, and htmx from exactly its address when the CDN is used."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {cdn}".strip(),
            f"connect-src 'self' {cdn}".strip(),
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
