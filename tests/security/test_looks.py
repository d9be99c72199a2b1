"""ASVS 16.3: whoever reads about a person leaves a line, and without the line there is no page."""

from copy import copy
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from sqlalchemy.exc import OperationalError

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.audit.writer import GroupCommitWriter
from portal.web.permissions import Role
from tests.client import PortalClient, PortalResponse
from tests.support.crawl import Crawler
from tests.test_roles import endpoints, full_stage

pytestmark = pytest.mark.slow

AMIRA = ("Amira", "Haddad")

READERS = {
    "consultant": {
        "assessments.detail", "assessments.print_sheet", "cards.detail", "cards.edit", "cards.history",
        "cards.paper", "cards.print_card", "cards.progress", "cards.skills", "citizens.detail",
        "citizens.edit", "citizens.erase", "citizens.index", "consents.index", "consents.link",
        "consents.new", "intake.index", "intake.step", "intake.summary", "matches.best_for_card",
        "matches.best_for_opening", "matches.for_card", "matches.for_opening", "matches.unmatched_cards",
        "matches.near_misses", "matches.near_openings", "matches.suggestion", "meetings.for_match",
        "meetings.for_placement", "meetings.index", "mine.data_of", "placements.detail",
        "expectations.state", "placements.hold_follow_up", "placements.index", "placements.move_follow_up",
        "placements.plan", "reviews.detail", "reviews.match_record", "reviews.print_record",
        "reviews.queue",
    },
    "employer": {
        "assessments.detail", "assessments.print_sheet", "assessments.workplace", "placements.detail",
        "placements.index", "reviews.proposal", "reviews.proposals",
    },
    "admin": {
        "users.detail", "users.index", "audit.index",
    },
}  # fmt: skip
"""Pages that need their line. What else shows a person is found by the next test."""


def path_of(app: Flask, endpoint: str, values: dict[str, Any]) -> str:
    with app.test_request_context():
        rule = next(one for one in app.url_map.iter_rules(endpoint) if "GET" in (one.methods or ()))
        return url_for(endpoint, **{name: values[name] for name in rule.arguments})


def refuse(*_anything: object, **_options: object) -> None:
    raise OperationalError("insert", {}, Exception("database or disk is full"))


@pytest.mark.parametrize("role", READERS)
def test_V16_3_2_no_line_no_page(app, role, monkeypatch):
    own, _ = full_stage()
    browser = PortalClient(app, own.people[role])
    monkeypatch.setattr(GroupCommitWriter, "write", refuse)

    for endpoint in sorted(READERS[role]):
        path = path_of(app, endpoint, own.values)
        for query in ("", "?format=csv", "?sort=card&dir=desc"):
            for htmx in (False, True):
                answer = browser.get(path + query, htmx=htmx)
                assert answer.status_code == 503, path + query
                assert answer.headers["Retry-After"]
                assert "Content-Disposition" not in answer.headers
                assert not any(name in answer.get_data(as_text=True) for name in AMIRA)


def test_V16_3_2_every_other_page_that_names_a_person_has_left_a_line(app, karin):
    """All that Karin and Bo can reach: a page that holds a name or card number stored a look in its request."""
    own, _ = full_stage()
    for role in ("consultant", "employer", "leader"):
        browser, seen = PortalClient(app, own.people[role]), []

        def fetch(path: str, browser: PortalClient = browser, seen: list[str] = seen) -> list[str]:
            before = looks_stored()
            answer = browser.get(path)
            if shows_a_person(answer) and looks_stored() == before:
                seen.append(path)
            pages = [answer.page] if answer.mimetype == "text/html" else []
            return [str(link["href"]) for page in pages for link in page.select("a[href]")]

        Crawler(app, fetch, per_endpoint=2).walk()
        assert seen == [], f"{role} saw a person without a line"


def shows_a_person(answer: PortalResponse) -> bool:
    text = answer.get_data().decode("utf-8", "replace")
    if answer.mimetype == "text/html":
        for part in (page := copy(answer.page)).select("header, footer, nav"):
            part.decompose()  # her own name at the top is not somebody she looked up
        text = page.get_text(" ")
    return any(name in text for name in AMIRA) or any(number in text for number in card_numbers())


def card_numbers() -> list[str]:
    return list(db.session.scalars(sa.text("SELECT number FROM competence_cards")))


def looks_stored() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.is_look)) or 0


def test_V16_2_5_the_log_holds_codes_and_numbers_but_no_person(app):
    """Names, notes, search words and case numbers stay out, whatever was read or written."""
    own, _ = full_stage()
    citizen_path = f"/citizens/{own.values['citizen_id']}/edit"
    browser = PortalClient(app, own.people["consultant"])
    secrets = ["Sonjabella", "Hemmelighed", "26/55443", "Talte om benet"]
    fields = {"case_reference": secrets[2], "first_name": secrets[0], "last_name": secrets[1], "version": "1"}
    assert browser.post(citizen_path, fields).status_code == 303
    browser.get(f"/citizens/?q={secrets[0]}")
    browser.get(f"/placements/?q={secrets[1]}")
    browser.post(f"/reviews/match/{own.values['match_id']}/refuse", {"reason": "other", "words": secrets[3]})
    for endpoint, method in endpoints(app):
        if method == "GET":
            browser.get(path_of(app, endpoint, own.values))

    db.session.rollback()
    lines = db.session.execute(sa.text("SELECT * FROM audit_entries")).mappings().all()

    people = [user.name for user in db.session.scalars(sa.select(User)) if user.role is not Role.EMPLOYER]
    stored = "\n".join(str(value) for line in lines for value in line.values())
    assert len(lines) > 30
    for secret in [*secrets, *AMIRA, *people]:
        assert secret not in stored, secret


def test_V16_2_5_the_citizen_learns_which_unit_looked_and_never_which_employee(app, karin):
    own, _ = full_stage()
    PortalClient(app, karin).get(f"/cards/{own.values['card_id']}")
    mine = PortalClient(app, own.people["citizen"])

    for path in ("/citizens/looks", "/citizens/looks?format=csv"):
        text = mine.get(path).get_data(as_text=True)
        assert "Halsnæs Kommune" in text
        assert "Karin" not in text
