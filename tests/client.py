"""PortalClient: a browser without JavaScript that fails a test when a response breaks a house rule."""

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from io import BytesIO
from typing import Any
from uuid import uuid4

import pypdf
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from portal.base import clock, garbage
from portal.base.database import db, transaction
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import SecondStep, User
from portal.web.paper.workbooks import XLSX
from tests.support.markup import faults_of

WRITES_OF_A_GET = ("audit_entries", "audit_people", "user_sessions", "submissions", "api_tokens")
"""What a GET may write: read lines, last-seen, a form's result (after a redirect), and that a token was used."""


class PortalResponse(TestResponse):
    """A response with its page as a tree."""

    @cached_property
    def page(self) -> BeautifulSoup:
        """Read once: who takes parts out of it copies it first."""
        return BeautifulSoup(self.get_data(as_text=True), "html.parser")

    @property
    def told(self) -> str:
        """What somebody reads, in a paper or a workbook too."""
        if self.mimetype == "application/pdf":
            return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(self.data)).pages)
        if self.mimetype == XLSX:
            sheets = load_workbook(BytesIO(self.data)).worksheets
            return "\n".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)
        return self.get_data(as_text=True)

    @property
    def words(self) -> str:
        """The page as a reader sees it, white space folded."""
        return " ".join(self.page.get_text(" ").split())


class PortalClient:
    """One person at one browser. Each request runs outside the test's own application context."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.app = app
        self._browser = app.test_client()
        self._browser.response_wrapper = PortalResponse
        if user is not None:
            self.sign_in(user)

    def sign_in(self, user: User) -> None:
        """A session as login makes it, without the cost of the password and of what is shown besides."""
        with self.app.app_context(), transaction():
            found = db.session.merge(user, load=True)
            shown = SecondStep.APP if found.second_factor_since else None
            secret = accounts.open_session(found, device="Test", at=clock.now(), second_step=shown)
        with self._browser.session_transaction() as cookie:
            cookie["sid"] = secret

    def get(self, url: str, *, htmx: bool = False, **options: Any) -> PortalResponse:
        with no_writes(self.app):
            return self._send("GET", url, htmx=htmx, **options)

    def post(
        self,
        url: str,
        data: dict[str, Any] | None = None,
        *,
        htmx: bool = False,
        csrf: bool = True,
        form_id: str | None = None,
        **options: Any,
    ) -> PortalResponse:
        """Send a form as its page would: with the token and a fresh form id."""
        fields: dict[str, Any] = {"form_id": form_id or str(uuid4())}
        if csrf:
            fields["csrf_token"] = self._csrf_token()
        return self._send("POST", url, htmx=htmx, data={**fields, **(data or {})}, **options)

    def _send(self, method: str, url: str, *, htmx: bool, **options: Any) -> PortalResponse:
        headers = dict(options.pop("headers", {}))
        if htmx:
            headers["HX-Request"] = "true"
        _forget_what_was_read()
        request = contextvars.Context().run  # no outer app context: its `g` would remember another user
        response: PortalResponse = request(
            lambda: self._browser.open(url, method=method, headers=headers, **options)
        )
        _forget_what_was_read()
        garbage.collect()  # as a server does once it has answered
        check_house_rules(response, fragment=htmx)
        return response

    def _csrf_token(self) -> str:
        with self._browser.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", uuid4().hex)
        serializer = URLSafeTimedSerializer(self.app.config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token")
        return str(serializer.dumps(raw))


def _forget_what_was_read() -> None:
    """The test's own session neither blocks the request nor shows it what was true before."""
    try:
        db.session.rollback()
        db.session.expire_all()
    except RuntimeError:  # the test holds no application context
        return


@contextmanager
def no_writes(app: Flask) -> Iterator[None]:
    """Fails when a GET changes data."""
    seen: list[str] = []

    def watch(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        verb = statement.lstrip().split(" ", 1)[0].upper()
        if verb in ("INSERT", "UPDATE", "DELETE") and not any(name in statement for name in WRITES_OF_A_GET):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", watch)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", watch)
    assert not seen, f"a GET wrote: {seen}"


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that run inside, without the beginning and end of transactions."""
    seen: list[str] = []

    def watch(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        # Whoever stands on a list is named in the log by one statement more, be they one or a hundred.
        if not statement.startswith(("BEGIN", "PRAGMA", "INSERT INTO audit_people")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", watch)


def check_house_rules(response: PortalResponse, *, fragment: bool) -> None:
    """What must hold on every HTML response: guide.md section 7."""
    if response.mimetype != "text/html" or response.status_code in (204, 303, 302, 308):
        return
    if response.request.method in ("HEAD", "OPTIONS"):
        return  # without a body
    alone = not fragment and not response.headers.get("HX-Retarget")
    faults = faults_of(response.get_data(as_text=True), fragment=not alone)
    assert not faults, f"{response.request.path}: {faults}"
