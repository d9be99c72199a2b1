"""The page on which the leader freezes a figure before the portal does."""

from collections.abc import Callable
from uuid import uuid4

import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import Measure
from portal.ledger.goals.models import FrozenFigure
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.support.goals import set_goal

ClientFor = Callable[[User | None], PortalClient]
LAST_YEAR = 2025


def test_the_leader_freezes_a_figure_before_the_portal_does(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    client = client_for(mette)
    page = client.get(f"/goals/{goal.id}/freeze").page
    assert "15. januar 2026" in page.get_text()

    answer = client.post(f"/goals/{goal.id}/freeze", {"note": "Udvalget mødes i dag."})

    assert answer.status_code == 303
    assert db.session.scalars(sa.select(FrozenFigure.goal_id)).one() == goal.id


def test_a_reason_is_asked_for(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)

    answer = client_for(mette).post(f"/goals/{goal.id}/freeze", {"note": ""})

    assert answer.status_code == 422
    assert answer.page.select_one("#note-error")


def test_a_goal_whose_time_runs_has_no_form_but_the_reason(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED, 2026)
    client = client_for(mette)

    assert not client.get(f"/goals/{goal.id}/freeze").page.select("form #note")
    assert client.post(f"/goals/{goal.id}/freeze", {"note": "Nu"}).status_code == 409
    assert not db.session.scalars(sa.select(FrozenFigure)).all()


def test_only_the_leader_of_the_place_freezes(client_for: ClientFor, karin: User, mette: User) -> None:
    ours, theirs = set_goal(Measure.HIRED, LAST_YEAR), set_goal(Measure.HIRED, LAST_YEAR, place="Fredensborg")

    assert client_for(karin).get(f"/goals/{ours.id}/freeze").status_code == 403
    assert client_for(mette).post(f"/goals/{theirs.id}/freeze", {"note": "Nu"}).status_code == 404


def test_pressing_twice_freezes_once(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED, LAST_YEAR)
    client, form_id = client_for(mette), str(uuid4())

    one, other = (
        client.post(f"/goals/{goal.id}/freeze", {"note": "Udvalget mødes i dag."}, form_id=form_id)
        for _click in range(2)
    )

    assert (one.status_code, one.location) == (303, other.location)
    assert len(db.session.scalars(sa.select(FrozenFigure)).all()) == 1
