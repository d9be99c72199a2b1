"""What every error looks like over HTTP: a Danish page for a browser, a message in place for htmx."""

import sqlite3
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
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
from portal.base.errors import DomainError, TooManyAttempts, Unavailable
from portal.base.journal import JournalUnwritable
from portal.web.htmx import wants_fragment
from portal.web.links import LinkExpired, LinkUnknown

RETRY_AFTER_SECONDS = 5


def register(app: Flask) -> None:
    """Connect every kind of error with its answer."""
    app.register_error_handler(TooManyAttempts, lambda error: answer(429, str(error.message)))
    app.register_error_handler(Unavailable, _busy)
    app.register_error_handler(DomainError, lambda error: answer(409, str(error.message)))
    app.register_error_handler(NoResultFound, lambda error: answer(404))
    app.register_error_handler(LinkUnknown, lambda error: answer(404))
    app.register_error_handler(LinkExpired, lambda error: answer(410))
    app.register_error_handler(ObjectDeletedError, lambda error: answer(404))
    app.register_error_handler(StaleDataError, lambda error: answer(409, _("En anden har ændret det samme.")))
    app.register_error_handler(
        IntegrityError, lambda error: answer(409, _("En anden har lige gemt det samme."))
    )
    app.register_error_handler(CSRFError, _without_token)
    app.register_error_handler(HTTPException, _http_error)
    for failure in (OperationalError, PoolTimeout, sqlite3.OperationalError, TimeoutError, JournalUnwritable):
        app.register_error_handler(failure, _unavailable)
    app.register_error_handler(DBAPIError, _database_refused)
    app.register_error_handler(500, lambda error: answer(500))


def _without_token(_error: CSRFError) -> Response:
    db.session.info["no_token"] = True  # security.py writes it down: another site may have sent it
    return answer(400, _("Siden var åben for længe. Prøv igen."))


def answer(
    status: int, reason: str | None = None, *, advice: str | None = None, way: tuple[str, str] | None = None
) -> Response:
    """The page or the message for a status, with the reason when there is one, and what to do about it.

    `way` is the button that does it: its words and its address.
    """
    title, usual = _words(status)
    advice = advice or usual
    if wants_fragment():
        body = _unframed("errors/message.html", status=status, title=title, text=reason or advice)
        response = make_response(body, status)
        response.headers["HX-Push-Url"] = "false"
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        words = {"status": status, "title": title, "reason": reason, "advice": advice, "way": way}
        if status >= 500:
            body = _unframed("errors/unavailable.html", **words)
        else:
            try:
                body = render_template("errors/error.html", **words)
            except SQLAlchemyError:  # the frame asks who is signed in, and the database is away
                db.session.rollback()
                return answer(503)
        response = make_response(body, status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.vary.add("HX-Request")
    return response


def _unframed(template: str, **words: Any) -> str:
    """Without the frame's context, which asks the database who is signed in: that may be what is down."""
    return current_app.jinja_env.get_template(template).render(**words)


def _words(status: int) -> tuple[str, str]:
    known = {
        400: (_("Det kunne ikke læses"), _("Gå tilbage, genindlæs siden og prøv igen.")),
        403: (_("Det har du ikke adgang til"), _("Log ind med en anden bruger, eller spørg kommunen.")),
        404: (_("Siden findes ikke"), _("Måske er den flyttet, eller du har ikke adgang til den.")),
        405: (_("Det kan siden ikke"), _("Gå til forsiden, og prøv derfra.")),
        409: (
            _("Det kan ikke lade sig gøre lige nu"),
            _("Gå tilbage, og genindlæs siden. Så ser du, hvordan det står nu."),
        ),
        410: (_("Linket virker ikke længere"), _("Bed om et nyt.")),
        413: (_("Filen er for stor"), _("Vælg en fil på højst 5 MB.")),
        422: (_("Noget mangler at blive rettet"), _("Ret felterne, og prøv igen.")),
        429: (_("For mange forsøg"), _("Vent lidt, og prøv igen.")),
        500: (_("Der gik noget galt hos os"), _("Prøv igen. Bliver det ved, så ring til kommunen.")),
        503: (_("Portalen har travlt"), _("Vent lidt, og prøv igen. Det, du har gemt, er der stadig.")),
    }
    return known.get(status, (_("Det kunne ikke lade sig gøre"), _("Gå til forsiden, og prøv derfra.")))


def _http_error(error: HTTPException) -> Any:
    if error.response is not None or (error.code or 500) < 400:
        return error
    return answer(error.code or 500)


def _busy(error: Unavailable) -> Response:
    """A child process was busy, took too long or died: the next one may not."""
    db.session.rollback()
    current_app.logger.error("answered 503: %s, %s", type(error).__name__, getattr(error, "bound", ""))
    return answer(503, str(error.message))


def _unavailable(error: Exception) -> Response:
    """The database is locked, full or away: come back soon. Nothing needs a restart."""
    db.session.rollback()
    current_app.logger.error("answered 503: %s", error)
    return answer(503)


def _database_refused(error: DBAPIError) -> Response:
    """A value the database cannot hold is the sender's mistake, not ours."""
    db.session.rollback()
    if error.connection_invalidated:
        return answer(503)
    if isinstance(error, DataError):
        return answer(400, _("Noget af det, der blev sendt, kan ikke gemmes."))
    raise error
