"""A placement goes on in another form: same person, same place, same yeses, one history."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.citizens.services import erase_citizen
from portal.loop.placements import services
from portal.loop.placements.models import (
    ChangeKind,
    FollowUp,
    Outcome,
    Placement,
    PlacementStatus,
)
from portal.loop.placements.queries import thread_of
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY
from tests.loop.placements.test_changes import FIRST, fresh, praktik

ClientFor = Callable[[User | None], PortalClient]
NEXT = TODAY + timedelta(days=7)
TERMS = {
    "form": "loentilskud",
    "hours_per_week": "25",
    "starts_on": str(NEXT),
    "ends_on": str(NEXT + timedelta(weeks=8)),
    "act": "integration",
    "readiness": "other",
}


def gone_on(client: PortalClient, placement: Placement, **terms: str) -> Placement:
    answer = client.post(f"/placements/{placement.id}/go-on", {**TERMS, **terms})
    assert answer.status_code == 303, answer.words
    db.session.rollback()
    return db.session.scalars(sa.select(Placement).order_by(Placement.id.desc())).first()


def test_praktik_goes_on_as_loentilskud_at_the_same_place(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    with transaction():
        db.session.add(FollowUp(placement_id=placement.id, due_on=NEXT + timedelta(days=3)))
    filled = fresh(placement).opening.filled

    new = gone_on(client_for(karin), placement)

    old = fresh(placement)
    assert (new.continues_id, new.review_id, new.form) == (old.id, old.review_id, PlacementForm.LOENTILSKUD)
    assert (old.ends_on, new.starts_on) == (NEXT - timedelta(days=1), NEXT)
    assert old.opening.filled == filled, "it is the same place"
    assert [talk.is_open for talk in old.follow_ups] == [False]
    assert [talk.due_on for talk in new.follow_ups] == [NEXT + timedelta(days=3)]
    assert [one.kind for one in old.changes if one.is_of_terms] == [ChangeKind.CONTINUED]
    assert thread_of(new) == thread_of(old) == [old, new]


def test_all_three_read_one_history(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    new = gone_on(client_for(karin), placement)
    owner = factories.owner_of(placement.opening.employer)

    for reader in (karin, owner):
        words = client_for(reader).get(f"/placements/{new.id}").words
        assert "Forløbet i ét stræk" in words
        assert str(PlacementForm.PRAKTIK.label) in words
    told = client_for(owner).get(f"/placements/{placement.id}").words
    assert "Forløbet fortsætter fra den 25. november 2026 som: " in told


def test_weeks_that_are_used_count_in_what_comes(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    client = client_for(karin)
    terms = {**TERMS, "form": "praktik", "ends_on": str(NEXT + timedelta(weeks=11))}

    judged = client.post(f"/placements/{placement.id}/go-on/judged", terms, htmx=True)
    refused = client.post(f"/placements/{placement.id}/go-on", terms)

    assert "uger i alt" in judged.words
    assert refused.status_code == 409
    assert fresh(placement).ends_on == FIRST + timedelta(weeks=9, days=-1)
    assert fresh(placement).changes == []


def start(placement: Placement, karin: User) -> None:
    factories.make_settlement(placement)
    factories.make_ready_sheet(placement)
    with transaction():
        later = NOW + timedelta(days=7)
        services.start_placement(fresh(placement), stop_reason="Alt er i orden.", by=karin, at=later)


def test_what_was_worked_is_not_taken_back_by_going_on(client_for: ClientFor, karin: User) -> None:
    """Going on since twelve weeks ago, and calling that off, would leave a praktik of one day."""
    placement = praktik(weeks=13, starts_on=TODAY - timedelta(weeks=12))
    ends_on, since = placement.ends_on, placement.starts_on + timedelta(days=1)

    refused = client_for(karin).post(f"/placements/{placement.id}/go-on", {**TERMS, "starts_on": str(since)})

    assert refused.status_code == 409
    assert "Sidste dag kan ikke ligge før i dag" in refused.words
    assert fresh(placement).ends_on == ends_on
    assert gone_on(client_for(karin), placement, starts_on=str(TODAY)).starts_on == TODAY


def test_the_next_begins_when_the_one_before_has_ended(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    new = gone_on(client_for(karin), placement)

    with pytest.raises(services.FormerNotEnded):
        start(new, karin)


def test_calling_the_next_off_frees_no_place_and_leaves_the_review(
    client_for: ClientFor, karin: User
) -> None:
    placement = praktik(weeks=9)
    filled = placement.opening.filled
    new = gone_on(client_for(karin), placement)

    assert client_for(karin).post(f"/placements/{new.id}/cancel").status_code == 303

    assert fresh(placement).opening.filled == filled
    assert placement.review.is_called_off is False
    again = gone_on(client_for(karin), placement, starts_on=str(NEXT + timedelta(days=1)))
    assert again.continues_id == placement.id


def test_it_goes_on_once(client_for: ClientFor, karin: User) -> None:
    placement = praktik(weeks=9)
    gone_on(client_for(karin), placement)

    twice = client_for(karin).post(f"/placements/{placement.id}/go-on", {**TERMS, "form": "smaajob"})

    assert twice.status_code == 409
    assert len(thread_of(placement)) == 2


@pytest.mark.parametrize(
    ("status", "values", "said"),
    [
        (PlacementStatus.CANCELLED, {}, "Forløbet er aflyst"),
        (PlacementStatus.RUNNING, {}, "Forløbet er i gang"),
        (PlacementStatus.PLANNED, {}, "Der er planlagt et forløb"),
        (
            PlacementStatus.ENDED,
            {"ended_on": TODAY, "outcome": Outcome.COMPLETED},
            "Det sluttede den 18. november 2026.",
        ),
    ],
    ids=lambda value: str(value),
)
def test_a_match_says_what_became_of_it(
    client_for: ClientFor, karin: User, status: PlacementStatus, values: dict[str, Any], said: str
) -> None:
    placement = praktik(weeks=9, status=status, **values)
    match_id = placement.review.match_id

    assert said in client_for(karin).get(f"/reviews/match/{match_id}").words


def test_a_name_is_known_through_the_whole_thread(app: Flask, karin: User) -> None:
    placement = praktik(weeks=9, status=PlacementStatus.ENDED, ended_on=TODAY, outcome=Outcome.EXTENDED)
    with transaction():
        services.plan_placement(
            db.session.get_one(Review, placement.review_id),
            form=PlacementForm.SMAAJOB,
            hours_per_week=10,
            starts_on=NEXT,
            ends_on=NEXT + timedelta(weeks=20),
            continues=fresh(placement),
            by=karin,
            at=NOW,
        ).started_at = NOW

    assert fresh(placement).review.stay_ends_on == NEXT + timedelta(weeks=20)


def test_erasing_her_takes_the_whole_thread(app: Flask, karin: User) -> None:
    over = {"status": PlacementStatus.ENDED, "ended_on": TODAY, "outcome": Outcome.EXTENDED}
    first = praktik(weeks=9, **over)
    factories.make_placement(first.review, continues_id=first.id, **{**over, "starts_on": FIRST})
    factories.make_change(first)
    citizen = fresh(first).card.citizen

    with transaction():
        erase_citizen(citizen, by=karin, at=NOW, journal=current_app.config["JOURNAL"])

    assert db.session.scalars(sa.select(Placement)).all() == []


def test_what_is_suggested_can_be_planned_when_the_consultant_says_why(
    client_for: ClientFor, karin: User
) -> None:
    placement = praktik(weeks=9)
    client, url = client_for(karin), f"/placements/{placement.id}/go-on"
    form = client.get(url).page.select_one("#go-on-form form")
    assert form is not None
    data = {
        one["name"]: one.get("value", "") for one in form.select("input[name]") if one["type"] != "checkbox"
    }
    for choice in form.select("select[name]"):
        data[choice["name"]] = choice.select_one("option[selected]")["value"]  # type: ignore[index]

    stopped = client.post(url, data)
    planned = client.post(url, {**data, "stop_reason": "Et særligt behov."})

    assert stopped.status_code == 409
    assert stopped.page.select_one("[name=stop_reason]")
    assert planned.status_code == 303
