"""Twenty people fill the last place at the same moment: one gets it, the others a clear message."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from portal.base.database import db
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient

RIVALS = 20


@pytest.mark.both_engines
def test_the_last_place_has_one_winner(app: Flask, karin: User) -> None:
    opening = factories.make_opening(places=1)
    reviews = [
        factories.make_review(
            factories.make_match(opening, factories.make_card()),
            citizen_answer=Answer.YES,
            employer_answer=Answer.YES,
        ).id
        for _ in range(RIVALS)
    ]
    clients = [PortalClient(app, karin) for _ in range(RIVALS)]
    ready = Barrier(RIVALS)

    def plan(client: PortalClient, review_id: int) -> tuple[int, str]:
        ready.wait()
        answer = client.post(
            f"/placements/plan/{review_id}",
            {
                "form": "praktik",
                "hours_per_week": "25",
                "starts_on": "2026-12-01",
                "ends_on": "2026-12-21",
                "act": "lab",
                "readiness": "other",
            },
        )
        return answer.status_code, answer.words

    with ThreadPoolExecutor(RIVALS) as together:
        answers = list(together.map(plan, clients, reviews))

    assert Counter(status for status, _ in answers) == {303: 1, 409: RIVALS - 1}
    losers = [words for status, words in answers if status == 409]
    assert all("plads" in words.lower() for words in losers)
    db.session.expire_all()
    assert db.session.query(Placement).count() == 1
    filled = db.session.get_one(Opening, opening.id)
    assert (filled.filled, filled.status) == (1, OpeningStatus.FILLED)
