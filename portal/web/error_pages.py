"""What every error looks like over HTTP: a page for a browser, a message in place for htmx; as the reader reads."""

import sqlite3
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NoResultFound,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException

from portal.base.database import db
from portal.base.errors import DomainError, OnlyShownAgain, TooManyAttempts, Unavailable
from portal.base.journal import JournalUnwritable
from portal.web.htmx import wants_fragment
from portal.web.links import LinkExpired, LinkUnknown
from portal.web.reading import as_read, in_readers_language
from portal.web.request_log import note_fault
from portal.web.rooms import rooms
from portal.web.sealed_posts import is_shown_again, words_sent

RETRY_AFTER_SECONDS = 5

Teller = Callable[[int, str], Response]
"""Answers with a status, and with what it is called in Danish."""

REFUSED = frozenset({409, 422, 429})
"""The answers to a form that was not taken; `portal.js` knows the same."""


def register(app: Flask) -> None:
    """Connect every kind of error with its answer."""
    app.after_request(_name_error_in_title)
    app.register_error_handler(TooManyAttempts, lambda error: answer(429, error.message))
    app.register_error_handler(Unavailable, _busy)
    app.register_error_handler(DomainError, lambda error: answer(409, error.message, advice=error.advice))
    app.register_error_handler(NoResultFound, lambda error: answer(404))
    app.register_error_handler(LinkUnknown, lambda error: answer(404))
    app.register_error_handler(LinkExpired, link_expired)
    app.register_error_handler(ObjectDeletedError, lambda error: answer(404))
    app.register_error_handler(StaleDataError, lambda error: answer(409, _("En anden har ændret det samme.")))
    app.register_error_handler(
        IntegrityError, lambda error: answer(409, _("En anden har lige gemt det samme."))
    )
    app.register_error_handler(OnlyShownAgain, lambda error: answer(409))
    app.register_error_handler(HTTPException, _http_error)
    for failure in (OperationalError, PoolTimeout, sqlite3.OperationalError, TimeoutError, JournalUnwritable):
        app.register_error_handler(failure, _unavailable)
    app.register_error_handler(DBAPIError, _database_refused)
    app.register_error_handler(500, lambda error: answer(500))


def tell_beneath(extensions: dict[str, Any], prefix: str, teller: Teller) -> None:
    """Beneath the prefix `teller` says what went wrong, whatever it was: a machine reads no page.

    `extensions`: the application's.
    """
    extensions.setdefault("error_tellers", {})[prefix] = teller


def _teller() -> Teller | None:
    tellers: dict[str, Teller] = current_app.extensions.get("error_tellers", {})
    return next((teller for prefix, teller in tellers.items() if request.path.startswith(prefix)), None)


def _name_error_in_title(response: Response) -> Response:
    """A reader who hears the title first hears that the form was not taken. `portal.js` does it for a fragment."""
    if response.status_code not in REFUSED or response.mimetype != "text/html":
        return response
    if wants_fragment() or is_shown_again():
        return response
    page = response.get_data(as_text=True)
    with in_readers_language():
        response.set_data(page.replace("<title>", f"<title>{_('Fejl')}: ", 1))
    return response


def link_expired(error: LinkExpired, **said: Any) -> Response:
    """Ours, and too old. Where the rooms say so, its owner may have a new one in a mail."""
    if error.purpose in rooms().anew:
        words = _("Du kan få et nyt. Vi sender det i en mail til den eller dem, det gamle var til.")
        return answer(410, _("Linket er for gammelt."), advice=words, new_link=error)
    return answer(410, **said)


def answer(
    status: int,
    reason: object = None,
    *,
    advice: object = None,
    way: tuple[str, str] | None = None,
    new_link: LinkExpired | None = None,
) -> Response:
    """The page or the message for a status, with the reason when there is one, and what to do about it.

    `way` is the button that does it: its words and its address.
    """
    title, usual = _words(status)
    teller = _teller()
    if teller is not None:
        return teller(status, str(title))
    advice = advice or usual
    if wants_fragment():
        body = _message(status, title, reason or advice)
        response = make_response(body, status)
        response.headers["HX-Push-Url"] = "false"
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        words: dict[str, Any] = {
            "status": status,
            "title": title,
            "reason": reason,
            "advice": advice,
            "way": way,
            "new_link": new_link,
            "typed": [] if status in (400, 403) else words_sent(),
        }
        if status >= 500:
            body = _unframed("errors/unavailable.html", **words)
        else:
            try:
                body = _page(words)
            except SQLAlchemyError:  # the frame asks who is signed in, and the database is away
                db.session.rollback()
                return answer(503)
        response = make_response(body, status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.vary.add("HX-Request")
    return response


def _message(status: int, title: object, text: object) -> str:
    """What went wrong, for the message region; in Danish when it may be the database that is down."""
    danish = str(text)
    with nullcontext() if status >= 500 else in_readers_language():
        return _unframed("errors/message.html", status=status, title=title, text=_said(text, danish))


def _page(words: dict[str, Any]) -> str:
    """The page of an error as the reader reads."""
    danish = {name: str(words[name] or "") for name in ("reason", "advice")}
    with in_readers_language():
        said = {name: words[name] and _said(words[name], told) for name, told in danish.items()}
        return render_template("errors/error.html", **words | said)


def _said(told: object, danish: str) -> str:
    """A lazy sentence as it is said now; one that was said in Danish already as far as the language has it."""
    now = str(told)
    return as_read(now) if now == danish else now


def _unframed(template: str, **words: Any) -> str:
    """Without the frame's context, which asks the database who is signed in: that may be what is down."""
    return current_app.jinja_env.get_template(template).render(**words)


def _words(status: int) -> tuple[LazyString, LazyString]:
    known = {
        400: (_l("Det kunne ikke læses"), _l("Gå tilbage, genindlæs siden og prøv igen.")),
        403: (_l("Det har du ikke adgang til"), _l("Log ind med en anden bruger, eller spørg kommunen.")),
        404: (_l("Siden findes ikke"), _l("Måske er den flyttet, eller du har ikke adgang til den.")),
        405: (_l("Det kan siden ikke"), _l("Gå til forsiden, og prøv derfra.")),
        409: (
            _l("Det kan ikke lade sig gøre lige nu"),
            _l("Gå tilbage, og genindlæs siden. Så ser du, hvordan det står nu."),
        ),
        410: (_l("Linket virker ikke længere"), _l("Bed den, der sendte det, om et nyt.")),
        413: (_l("Filen er for stor"), _l("Vælg en fil på højst 5 MB.")),
        422: (_l("Noget mangler at blive rettet"), _l("Ret felterne, og prøv igen.")),
        429: (_l("For mange forsøg"), _l("Vent lidt, og prøv igen.")),
        500: (_l("Der gik noget galt hos os"), _l("Prøv igen. Bliver det ved, så ring til kommunen.")),
        503: (_l("Portalen har travlt"), _l("Vent lidt, og prøv igen. Det, du har gemt, er der stadig.")),
    }
    return known.get(status, (_l("Det kunne ikke lade sig gøre"), _l("Gå til forsiden, og prøv derfra.")))


def _http_error(error: HTTPException) -> Any:
    if error.response is not None or (error.code or 500) < 400:
        return error
    return answer(error.code or 500)


def _busy(error: Unavailable) -> Response:
    """A child process was busy, took too long or died: the next one may not."""
    db.session.rollback()
    note_fault(error)
    current_app.logger.error("answered 503: %s, %s", type(error).__name__, getattr(error, "bound", ""))
    return answer(503, str(error.message))


def _unavailable(error: Exception) -> Response:
    """The database is locked, full or away: come back soon. Nothing needs a restart."""
    db.session.rollback()
    note_fault(error)
    current_app.logger.error("answered 503: %s", error)
    return answer(503)


def _database_refused(error: DBAPIError) -> Response:
    """A value the database cannot hold is the sender's mistake, not ours."""
    db.session.rollback()
    if error.connection_invalidated:
        note_fault(error)
        return answer(503)
    if isinstance(error, DataError):
        return answer(400, _("Noget af det, der blev sendt, kan ikke gemmes."))
    raise error
