"""Mette chooses which efforts Halsnæs uses; what is not chosen is nowhere, and what it holds is kept."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import Effort
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.web.rooms import rooms
from tests import factories
from tests.client import PortalClient

ClientFor = Callable[[User | None], PortalClient]


ALWAYS_THERE = {"tasks"}
"""Panels of what is no effort."""


def sections_beside(client: PortalClient, page: str) -> set[str]:
    """What the panels of a record's page tell, by the sections' ids."""
    links = [str(link["href"]) for link in client.get(page).page.select("[id^=panels-] a")]
    return {str(one["id"]) for link in links for one in client.get(link).page.select("main section[id]")}


def switch(client: PortalClient, *efforts: Effort) -> int:
    return client.post("/efforts/switch", {"efforts": [effort.value for effort in efforts]}).status_code


def test_what_is_not_used_is_nowhere(client_for: ClientFor, mette: User, karin: User) -> None:
    placement = factories.make_placement()
    pages = [
        f"/placements/{placement.id}",
        f"/reviews/match/{placement.review.match_id}",
        f"/employers/{placement.opening.employer_id}",
        f"/citizens/{placement.card.citizen_id}",
    ]
    used = [sections_beside(client_for(karin), page) for page in pages]

    assert switch(client_for(mette)) == 303

    unused = [sections_beside(client_for(karin), page) for page in pages]
    assert any(sections - ALWAYS_THERE for sections in used)
    assert all(sections <= ALWAYS_THERE for sections in unused)
    assert "Lederen vælger" in client_for(karin).get("/efforts/").words


def test_the_rooms_of_an_effort_close_and_open(client_for: ClientFor, mette: User, karin: User) -> None:
    fronts = {room.effort: room.front for room in rooms() if room.effort and room.front}
    for effort, front in fronts.items():
        url = next(rule.rule for rule in client_for(None).app.url_map.iter_rules() if rule.endpoint == front)
        others = [one for one in Effort if one is not effort]

        switch(client_for(mette), *others)
        closed = client_for(karin).get(url).status_code
        switch(client_for(mette), *others, effort)

        assert (closed, client_for(karin).get(url).status_code) == (404, 200), effort


def test_the_choice_is_in_the_log(client_for: ClientFor, mette: User) -> None:
    switch(client_for(mette), Effort.COURSES)
    switch(client_for(mette), Effort.COURSES)

    lines = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "efforts-switched")).all()
    assert [line.change for line in lines] == [
        "Slået fra: Hold, Pakker og trin, Mentorer, Unge 13-17 år, Efter ansættelsen"
    ]


@pytest.mark.parametrize("sent", ["golf", "cohorts "])
def test_an_effort_that_is_none_is_said(client_for: ClientFor, mette: User, sent: str) -> None:
    answer = client_for(mette).post("/efforts/switch", {"efforts": [sent]})

    assert answer.status_code == 422
    assert mette.municipality is not None
    assert len(mette.municipality.efforts) == len(Effort)
