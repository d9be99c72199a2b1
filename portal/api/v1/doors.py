"""What every door does: it asks for a token, counts, writes down who looked, and is described in the document."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, current_app, g, request
from flask_babel import gettext as _

from portal.api.tokens.models import ApiToken, TokenScope, TokenState
from portal.api.tokens.queries import token_by_secret
from portal.api.tokens.services import mark_of_use, minute_of
from portal.api.v1 import problems
from portal.api.v1.document import answers_of, document
from portal.api.v1.problems import DoorClosed
from portal.api.v1.reader import SystemReader
from portal.base import clock
from portal.base.database import db
from portal.shared.audit import refusals, viewing
from portal.shared.audit.refusals import Refusal
from portal.web import error_pages
from portal.web.permissions import Action, requires

PREFIX: Final = "/api/v1"

bp = Blueprint("doors", __name__, url_prefix=PREFIX)
bp.register_error_handler(DoorClosed, problems.refused)
bp.record(lambda state: error_pages.tell_beneath(state.app.extensions, f"{PREFIX}/", problems.told))

KEYS: Final = {
    "opening_id": "The opening's number.",
    "employer_id": "The employer's number.",
    "goal_id": "The goal's number, which is its figure's too.",
}

View = Callable[..., Any]


def door(path: str, scope: TokenScope, gives: type) -> Callable[[View], View]:
    """Serve a view to tokens with the scope; its docstring is what the document says of it."""

    def open_to(view: View) -> View:
        described = document.validate(
            resp=answers_of(gives),
            security={"token": [scope.value]},
            tags=(scope.value,),
            operation_id=view.__name__,
            path_parameter_descriptions=KEYS,
        )(view)
        described.opened_by = scope
        bp.get(path, endpoint=view.__name__)(requires(Action.PUBLIC)(described))
        return view

    return open_to


def without_token(view: View) -> View:
    """Mark a view that tells of the doors and of nothing behind them."""
    view.needs_no_token = True  # type: ignore[attr-defined]
    return view


@bp.before_request
def _let_in() -> None:
    """Deny by default: a view without a scope is open to no token. Raises DoorClosed."""
    view = current_app.view_functions[str(request.endpoint)]
    if getattr(view, "needs_no_token", False):
        return
    scope: TokenScope | None = getattr(view, "opened_by", None)
    token = _token_shown()
    if scope is None or scope not in token.scopes:
        refusals.note(Refusal("api-refused", subject=token, page=str(request.endpoint)))
        needed = f"The token needs the scope “{scope}”." if scope else None
        raise DoorClosed(
            403, _("Det har systemet ikke adgang til"), needed, headers=_challenge("insufficient_scope")
        )
    _count(token)
    g.reader = SystemReader(token)


def reader() -> Any:
    """Who reads: the queries ask it what they ask a user."""
    return g.reader


def _token_shown() -> ApiToken:
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise DoorClosed(
            401, _("Systemet mangler en nøgle"), "Send “Authorization: Bearer TOKEN”.", headers=_challenge()
        )
    token = token_by_secret(secret.strip())
    if token is None or token.state_on(clock.today()) is not TokenState.OPEN:
        refusals.note(Refusal("api-refused", subject=token, page=str(request.endpoint)))
        raise DoorClosed(
            401,
            _("Systemets nøgle virker ikke"),
            "The token is unknown, ended or expired.",
            headers=_challenge("invalid_token"),
        )
    return token


def _challenge(error: str | None = None) -> dict[str, str]:
    says = f', error="{error}"' if error else ""
    return {"WWW-Authenticate": f'Bearer realm="Det gode match"{says}'}


def _count(token: ApiToken) -> None:
    """So many in one minute; what is refused is not counted. Some that come at the same moment may be let in beyond."""
    now = clock.now()
    most = current_app.config["API_REQUESTS_A_MINUTE"]
    if token.minute_at == minute_of(now) and token.asked_in_minute >= most:
        detail = f"{most} requests in one minute are answered. Wait for the next."
        raise DoorClosed(429, _("For mange opslag"), detail, headers={"Retry-After": str(60 - now.second)})
    db.session.info.setdefault("marks", []).append(mark_of_use(token.id, now))


def note_look(
    action: str, *, subject: Any = None, citizen_id: int | None = None, purpose: str | None = None
) -> None:
    """The line of a read, stored before the answer leaves; about the token itself where it is about no one record."""
    viewing.record_view(
        action,
        subject or reader().token,
        citizen_id=citizen_id,
        purpose=purpose or _("Opslag fra et andet system"),
        system=reader(),
    )
