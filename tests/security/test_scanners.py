"""What opens links in mails before their reader does: it answers nothing, whatever kind of link it is."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for

from portal.base.database import db, transaction
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Answer, Review
from portal.web.links import SECRET_ARGUMENTS, LinkPurpose
from portal.workspaces.consents.models import Consent
from tests.factories import NOW
from tests.security.test_every_method import links, real_links, rules, scene  # noqa: F401 - fixtures
from tests.support.answering import press
from tests.support.links import links_of
from tests.support.scanner import Scanner
from tests.test_roles import Scene

Snapshot = dict[str, list[tuple[Any, ...]]]
LEFT_BY_EVERY_VISIT = ("audit", "user_sessions", "submissions", "login_")
"""Tables that say who looked or tried: beginnings of their names."""


def snapshot() -> Snapshot:
    db.session.rollback()
    return {
        table.name: sorted(map(tuple, db.session.execute(sa.select(table))), key=repr)
        for table in db.metadata.sorted_tables
        if not table.name.startswith(LEFT_BY_EVERY_VISIT)
    }


def changed(before: Snapshot) -> set[str]:
    after = snapshot()
    return {name for name in before if before[name] != after[name]}


@pytest.fixture(autouse=True)
def _proposal_waits(app: Flask, links: dict[LinkPurpose, str]) -> None:  # noqa: F811
    """The scene's proposal by link is answered: here it waits, with the others that came to nothing yet."""
    consent_id, *_more = links_of(app).read(LinkPurpose.PROPOSAL, links[LinkPurpose.PROPOSAL], at=NOW)
    with transaction():
        review = db.session.get_one(Consent, consent_id).review
        assert review is not None
        review.employer_answer, review.employer_answered_at = Answer.PENDING, None


def addresses(app: Flask, made: dict[LinkPurpose, str]) -> list[str]:
    """Every page that takes a link, with each of the links."""
    with app.test_request_context():
        return [
            url_for(rule.endpoint, **{name: token})
            for rule in rules(app)
            for name in SECRET_ARGUMENTS & rule.arguments
            if "GET" in (rule.methods or ()) and rule.arguments == {name}
            for token in made.values()
        ]


@pytest.mark.parametrize("presses", ["first", "none"])
@pytest.mark.parametrize("keeps_cookies", [False, True], ids=["no-cookies", "cookies"])
def test_a_scanner_changes_nothing_by_any_link(
    app: Flask,
    scene: Scene,  # noqa: F811
    links: dict[LinkPurpose, str],  # noqa: F811
    keeps_cookies: bool,
    presses: str,
) -> None:
    before = snapshot()
    posted = []

    for address in addresses(app, links):
        scanner = Scanner(app, keeps_cookies=keeps_cookies, presses=presses)
        scanner.visit(address)
        posted += scanner.posted

    assert changed(before) == set()
    assert len({target.split("/")[1] for target, _status in posted}) >= 4, "it found forms to press"


def test_one_that_presses_every_button_of_every_step_decides_nothing_for_good(
    app: Flask,
    scene: Scene,  # noqa: F811
    links: dict[LinkPurpose, str],  # noqa: F811
    visitor,
) -> None:
    """It answers as nobody can tell from a person. What it did is undone on the same link, within the hour."""
    proposal = f"/answers/proposal/{links[LinkPurpose.PROPOSAL]}"
    renewal = f"/openings/renewal/{links[LinkPurpose.RENEWAL]}"
    answered = {review.id: review.employer_answer for review in db.session.scalars(sa.select(Review))}
    ends = {opening.id: opening.expires_on for opening in db.session.scalars(sa.select(Opening))}
    for address in (proposal, renewal):
        Scanner(app, keeps_cookies=True, presses="every").visit(address)

    db.session.rollback()
    if any(one.employer_answered_at == NOW for one in db.session.scalars(sa.select(Review))):
        press(visitor, proposal, "take-back")
    db.session.rollback()
    if any(ends[one.id] != one.expires_on for one in db.session.scalars(sa.select(Opening))):
        press(visitor, renewal, "take-back")

    db.session.rollback()
    assert {one.id: one.employer_answer for one in db.session.scalars(sa.select(Review))} == answered
    assert {one.id: one.expires_on for one in db.session.scalars(sa.select(Opening))} == ends
    assert Answer.PENDING in answered.values()
