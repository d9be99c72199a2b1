"""What a citizen would like to work with is for her and her consultant: no employer is told, on no page, in no file.

The wish is said in words that stand nowhere else, and once as a task that the opening asks for as well.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.cards.fields import SharedField
from portal.loop.cards.models import WishedWork
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.reviews.models import Answer, Review
from portal.shared.outbox.models import Mail
from portal.web.links import LinkPurpose
from portal.workspaces.consents.models import ConsentPurpose
from tests import factories
from tests.client import PortalClient
from tests.security.test_consent import everything_he_can_read, kept_addresses
from tests.support.links import links_of

pytestmark = pytest.mark.slow

CANARY = "flextrafikchauffør"
TASK = "skære og klargøre grøntsager"
LABEL = "Ønsker</span>"
"""The tag that stands before it for a consultant; hours are wished for as well."""
SAID = (CANARY, LABEL, "ønsker borgeren", "ønsker du at arbejde", "gerne arbejde med")


@pytest.fixture
def story(app: Flask) -> dict[str, Any]:
    employer = factories.make_employer("Bos Køkken")
    citizen = factories.make_citizen("Zahrabibi", with_login=True)
    card = factories.make_card(citizen, goal="")
    factories.make_wish(card, CANARY)
    with transaction():
        karin = factories.user("karin@kommune.example")
        wish = WishedWork(
            card_id=card.id, skill_id=factories.skill(TASK).id, said_at=factories.NOW, by_id=karin.id
        )
        db.session.add(wish)
    match = factories.make_match(factories.make_opening(employer, places=2, must=[TASK]), card)
    return {
        "employer": employer,
        "citizen": citizen,
        "card": card,
        "match": match,
        "bo": factories.owner_of(employer),
    }


def _proposed(story: dict[str, Any]) -> tuple[Review, Placement | None]:
    return factories.make_review(story["match"], citizen_answer=Answer.YES), None


def _agreed(story: dict[str, Any]) -> tuple[Review, Placement | None]:
    yes = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    review = factories.make_review(story["match"], **yes)
    return review, factories.make_placement(review)


def _assessed(story: dict[str, Any]) -> tuple[Review, Placement | None]:
    yes = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    review = factories.make_review(story["match"], **yes)
    placement = factories.make_placement(
        review, status=PlacementStatus.RUNNING, starts_on=factories.TODAY - timedelta(days=7)
    )
    factories.make_sheet(placement)
    return review, placement


def by_links(app: Flask, story: dict[str, Any], review: Review) -> str:
    """The pages that open without an account, with every field that she may allow."""
    everything = [field.value for field in SharedField]
    shown = factories.make_consent(story["card"], story["employer"], fields=everything)
    asked = factories.make_consent(story["card"], story["employer"], review=review, fields=everything)
    ends = factories.NOW.replace(year=factories.NOW.year + 1)
    sign, visitor = links_of(app).sign, PortalClient(app)
    assert asked.purpose is ConsentPurpose.PROPOSAL
    paths = (
        f"/consents/shared/{sign(LinkPurpose.CARD, shown.id, expires_at=ends)}",
        f"/answers/proposal/{sign(LinkPurpose.PROPOSAL, asked.id, expires_at=ends)}",
    )
    answers = [visitor.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200]
    return "".join(answer.get_data(as_text=True) for answer in answers)


@pytest.mark.parametrize("stage", [_proposed, _agreed, _assessed])
def test_no_employer_is_told_what_she_would_like(
    app: Flask, story: dict[str, Any], stage: Callable[..., tuple[Review, Placement | None]]
) -> None:
    review, placement = stage(story)
    assert '"wished": true' in str(story["match"].result).replace("'", '"').replace("True", "true")

    read = everything_he_can_read(app, story, also=kept_addresses(review, placement))
    read += by_links(app, story, review)
    mails = db.session.scalars(sa.select(Mail))
    read += "".join(f"{mail.subject} {mail.body}" for mail in mails)

    assert "Zahrabibi" in read
    assert TASK in read
    for secret in SAID:
        assert secret not in read, secret


def test_her_consultant_and_she_herself_are_told(app: Flask, story: dict[str, Any]) -> None:
    karin = PortalClient(app, factories.user("karin@kommune.example"))

    assert CANARY in karin.get(f"/cards/{story['card'].id}").words
    listed = karin.get(f"/matches/opening/{story['match'].opening_id}")
    assert LABEL in listed.get_data(as_text=True)
    assert CANARY in PortalClient(app, story["citizen"].user).get("/mine/jobs").words
