"""A settlement that waits reminds whoever is missing: the employer by mail, her on her page, the consultant I dag."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Language, Party
from portal.loop.placements.models import Expectation, Placement, PlacementStatus
from portal.loop.placements.settled import SettlementConfirmation
from portal.loop.reviews.models import Answer
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import Mail
from portal.web.links import LinkPurpose
from portal.workspaces.answers.settlement_reminders import remind_of_settlements
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY


class Waiting:
    """Amira, who reads Tigrinya, begins at Bo's in six weeks."""

    def __init__(self, app: Any) -> None:
        employer = factories.make_employer()
        citizen = factories.make_citizen("Amira", with_login=True, language=Language("ti"))
        review = factories.make_review(
            factories.make_match(factories.make_opening(employer), factories.make_card(citizen)),
            citizen_answer=Answer.YES,
            employer_answer=Answer.YES,
        )
        days = {"starts_on": TODAY + timedelta(days=42), "ends_on": TODAY + timedelta(days=70)}
        self.placement = factories.make_placement(review, planned_at=NOW, **days)
        assert citizen.user is not None
        self.amira = PortalClient(app, citizen.user)
        self.karin = PortalClient(app, factories.user("karin@kommune.example"))

    def expect(self, but: Party | None = None) -> None:
        factories.state_expectations(self.placement)
        with transaction():
            db.session.execute(sa.delete(Expectation).where(Expectation.party == but))

    def settle(self, but: Party) -> None:
        factories.make_settlement(self.placement, time_frame="8 uger")
        with transaction():
            db.session.execute(sa.delete(SettlementConfirmation).where(SettlementConfirmation.party == but))

    def hers(self) -> str:
        found = self.amira.get("/mine/").page.select_one("#waiting")
        return found.get_text() if found else ""


@pytest.fixture
def waiting(app: Any, karin: Any) -> Waiting:
    return Waiting(app)


def reminded(days: int) -> int:
    with transaction():
        return remind_of_settlements(NOW + timedelta(days=days))


def the_link() -> Link:
    mail = db.session.scalars(sa.select(Mail)).one()
    return Link.read(mail.links["open"])


def test_an_employer_whose_words_are_missing_is_reminded_once(waiting: Waiting) -> None:
    waiting.expect(but=Party.EMPLOYER)

    assert [reminded(days) for days in (0, 6, 7, 8, 14)] == [0, 0, 1, 0, 0]
    link = the_link()
    assert (link.endpoint, link.values["party"]) == ("expectations.state", "employer")


def test_an_employer_whose_yes_is_missing_is_reminded_once_of_each_wording(waiting: Waiting) -> None:
    waiting.settle(but=Party.EMPLOYER)

    assert [reminded(days) for days in (6, 7, 8)] == [0, 1, 0]
    assert the_link().purpose == LinkPurpose.SETTLEMENT
    with transaction():
        settlement = db.session.get_one(Placement, waiting.placement.id).settlement
        assert settlement is not None
        settlement.version, settlement.written_at = 2, NOW + timedelta(days=9)
    assert [reminded(days) for days in (9, 14, 16, 17)] == [0, 0, 1, 0]


@pytest.mark.parametrize("but", [Party.CITIZEN, Party.CONSULTANT])
def test_an_employer_that_has_answered_is_left_alone(waiting: Waiting, but: Party) -> None:
    waiting.settle(but=but)

    assert reminded(30) == 0


@pytest.mark.parametrize("status", [PlacementStatus.RUNNING, PlacementStatus.CANCELLED])
def test_nobody_is_reminded_of_what_has_begun_or_is_off(waiting: Waiting, status: PlacementStatus) -> None:
    waiting.expect(but=Party.EMPLOYER)
    with transaction():
        row = db.session.get_one(Placement, waiting.placement.id)
        row.status, row.started_at = status, NOW

    assert reminded(30) == 0
    assert waiting.hers() == ""


def test_she_reads_on_her_page_what_waits_for_her_in_her_language(waiting: Waiting) -> None:
    waiting.expect(but=Party.CITIZEN)
    assert "እንታይ ከም እትጽበዩ ጽሓፉ" in waiting.hers()

    waiting.settle(but=Party.CITIZEN)
    with transaction():
        db.session.add(
            Expectation(
                placement_id=waiting.placement.id, party=Party.CITIZEN, purpose="Job", time_frame="8 uger",
                development="Brød", stated_at=NOW, recorded_by_id=factories.user("karin@kommune.example").id,
            )
        )  # fmt: skip
    assert "ኣብ እንታይ ከም እትሰማምዑ" in waiting.hers()

    with transaction():
        settlement = db.session.get_one(Placement, waiting.placement.id).settlement
        assert settlement is not None
        settlement.confirmations.append(
            SettlementConfirmation(party=Party.CITIZEN, how="page", said_on=TODAY, recorded_at=NOW)
        )
    assert waiting.hers() == ""


@pytest.mark.parametrize(
    ("missing", "days", "shown"),
    [
        ("words", 5, False),
        ("words", 8, True),
        ("settled", 8, True),
        ("yes", 5, False),
        ("yes", 8, True),
        ("", 8, False),
    ],
)
def test_the_consultant_sees_it_where_her_day_begins(
    waiting: Waiting, frozen_clock: Any, missing: str, days: int, shown: bool
) -> None:
    waiting.expect(but=Party.CITIZEN if missing == "words" else None)
    if missing == "yes":
        waiting.settle(but=Party.CITIZEN)
    elif not missing:
        factories.make_settlement(waiting.placement)
    ago = NOW - timedelta(days=days)
    with transaction():
        row = db.session.get_one(Placement, waiting.placement.id)
        row.planned_at = ago
        for said in row.expectations:
            said.stated_at = ago
        if row.settlement:
            row.settlement.written_at = ago

    figure = waiting.karin.get("/").page.select_one("a[href*='settlement=waiting']")
    listed = waiting.karin.get("/placements/?settlement=waiting").page.select("#placement-list tbody tr")

    assert (figure is not None, len(listed)) == (shown, int(shown))
