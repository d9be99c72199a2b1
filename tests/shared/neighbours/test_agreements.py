"""Agreements between municipalities, with their days: Drude, who runs the portal, writes them; those they bind read."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.base.database import db, transaction
from portal.loop.matches.models import ClosedReason, Match, MatchStatus
from portal.loop.matches.services import close_unshared
from portal.loop.openings import queries as openings
from portal.loop.reviews.models import DecisionReason
from portal.loop.reviews.services import OpeningNotShared, approve_match
from portal.shared.audit.models import AuditEntry
from portal.shared.neighbours import services
from portal.shared.neighbours.models import NeighbourAgreement
from portal.shared.neighbours.queries import are_neighbours, neighbour_ids
from portal.web.permissions import Role
from tests import factories
from tests.factories import NOW, TODAY

DAY = timedelta(days=1)


def standing() -> NeighbourAgreement:
    """That of Halsnæs and Fredensborg, which the tests' world begins with."""
    return db.session.scalars(sa.select(NeighbourAgreement)).one()


def homes() -> tuple[int, int]:
    return factories.municipality().id, factories.municipality("Fredensborg").id


def sees(on: date) -> list[bool]:
    """Whether Halsnæs sees Fredensborg, and the other way round."""
    here, there = homes()
    found = [db.session.scalars(neighbour_ids(one, on=on)).all() for one in (here, there)]
    assert are_neighbours(here, there, on=on) is are_neighbours(there, here, on=on) is (there in found[0])
    return [there in found[0], here in found[1]]


def end(day: date, by, today: date = TODAY) -> None:
    with transaction():
        services.end_agreement(standing(), day, by=by, at=NOW, today=today)


def gribskov():
    return factories.make_municipality("Gribskov")


def test_an_agreement_holds_both_ways_from_its_first_day_to_the_day_before_its_end(drude):
    end(TODAY + 10 * DAY, drude)

    assert sees(date(2023, 10, 31)) == [False, False]
    assert sees(date(2023, 11, 1)) == [True, True]
    assert sees(TODAY + 9 * DAY) == [True, True]
    assert sees(TODAY + 10 * DAY) == [False, False]


def test_what_has_held_is_not_changed(drude):
    with pytest.raises(services.AgreementReachesBack):
        end(TODAY - DAY, drude)
    end(TODAY, drude)

    assert sees(TODAY - DAY) == [True, True]
    assert sees(TODAY) == [False, False]
    with pytest.raises(services.AgreementIsOver):
        end(TODAY + 30 * DAY, drude)


def test_an_end_that_has_not_come_may_be_moved(drude):
    end(TODAY + 10 * DAY, drude)
    end(TODAY + 30 * DAY, drude)

    assert sees(TODAY + 29 * DAY) == [True, True]


def test_after_an_end_the_two_may_agree_anew_and_history_stays(drude):
    end(TODAY + DAY, drude)
    here, there = factories.municipality(), factories.municipality("Fredensborg")

    with pytest.raises(services.NeighboursAlready), transaction():
        services.agree(there, here, starts_on=TODAY, by=drude, at=NOW, today=TODAY)
    with transaction():
        services.agree(there, here, starts_on=TODAY + 5 * DAY, by=drude, at=NOW, today=TODAY)

    assert [sees(TODAY + days * DAY)[0] for days in (0, 1, 4, 5)] == [True, False, False, True]


def test_who_wrote_it_down_is_in_the_log(drude):
    third = gribskov()
    with transaction():
        made = services.agree(factories.municipality(), third, starts_on=TODAY, by=drude, at=NOW, today=TODAY)
    end_day = TODAY + DAY
    with transaction():
        services.end_agreement(made, end_day, by=drude, at=NOW, today=TODAY)

    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.actor_id == drude.id)).all()
    assert [entry.action for entry in entries] == ["neighbours-agreed", "neighbours-parted"]
    assert {entry.at for entry in entries} == {NOW}


def test_a_third_municipality_is_nobodys_neighbour_by_it(app):
    third = gribskov()

    assert db.session.scalars(neighbour_ids(third.id, on=TODAY)).all() == []
    assert db.session.scalars(neighbour_ids(None, on=TODAY)).all() == []


def test_the_database_keeps_one_open_agreement_for_a_pair_in_one_order(app):
    here, there = sorted(homes())
    for first, second in ((here, there), (there, here), (here, here)):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(NeighbourAgreement(first_id=first, second_id=second, starts_on=TODAY))


def test_the_end_closes_what_the_neighbour_saw(drude, lene, karin):
    employer = factories.make_employer()
    shared = factories.make_opening(employer, visible_to_neighbours=True)
    own = factories.make_match(shared)
    card = factories.make_card(factories.make_citizen("Zahra", in_municipality="Fredensborg"))
    across = factories.make_match(shared, card)
    tomorrow = TODAY + DAY

    end(tomorrow, drude)

    def seen(on: date) -> bool:
        return (
            db.session.scalar(openings.visible_openings(lene, on=on).where(openings.Opening.id == shared.id))
            is not None
        )

    suggested = openings.published_for(homes()[1], on=tomorrow)
    assert seen(TODAY)
    assert not seen(tomorrow)
    assert db.session.scalars(suggested).all() == []
    with transaction():
        assert close_unshared(NOW) == 0
    with transaction():
        assert close_unshared(NOW + DAY) == 1
    db.session.expire_all()
    assert db.session.get_one(Match, own.id).status is MatchStatus.OPEN
    assert db.session.get_one(Match, across.id).closed_reason == ClosedReason.NOT_SHARED


def test_an_end_today_closes_at_once(drude, lene):
    card = factories.make_card(factories.make_citizen("Zahra", in_municipality="Fredensborg"))
    across = factories.make_match(factories.make_opening(visible_to_neighbours=True), card)

    end(TODAY, drude)

    db.session.expire_all()
    assert db.session.get_one(Match, across.id).status is MatchStatus.CLOSED


def test_nobody_is_proposed_across_after_the_end_and_what_was_decided_goes_on(drude, lene):
    opening = factories.make_opening(visible_to_neighbours=True, places=2)
    cards = [
        factories.make_card(factories.make_citizen(name, in_municipality="Fredensborg"))
        for name in ("Zahra", "Noor")
    ]
    decided = factories.make_review(factories.make_match(opening, cards[0]))
    late = factories.make_match(opening, cards[1])
    end(TODAY + DAY, drude)

    with pytest.raises(OpeningNotShared), transaction():
        approve_match(
            db.session.get_one(Match, late.id),
            reason=DecisionReason.GOOD_FIT,
            words="",
            by=lene,
            at=NOW + DAY,
        )

    assert decided.match.status is MatchStatus.DECIDED


# --- Pages ------------------------------------------------------------------------------------------------------


def typed(first: int, second: int, **values):
    return {"first_id": str(first), "second_id": str(second), "starts_on": "2026-12-01", **values}


def test_drude_writes_an_agreement_down(drude, client_for):
    here, new = homes()[0], gribskov().id
    client = client_for(drude)

    answer = client.post("/neighbours/new", typed(new, here))

    assert answer.status_code == 303
    rows = client.get("/neighbours/").page.select("#agreement-table tbody tr")
    assert [row.select_one("td").get_text(strip=True) for row in rows] == [
        "Gribskov – Halsnæs",
        "Fredensborg – Halsnæs",
    ]
    assert are_neighbours(here, new, on=date(2026, 12, 1))
    assert not are_neighbours(here, new, on=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("wrong", "field", "status"),
    [
        ({"second_id": "1"}, "second_id", 422),
        ({"starts_on": ""}, "starts_on", 422),
        ({"starts_on": "2026-11-17"}, "starts_on", 422),
        ({"first_id": "999999"}, "first_id", 422),
        ({"first_id": "x"}, "first_id", 422),
        ({"first_id": "9" * 40}, "first_id", 422),
        ({"second_id": "2"}, None, 409),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(drude, client_for, wrong, field, status):
    new = gribskov().id
    assert homes() == (1, 2)

    answer = client_for(drude).post("/neighbours/new", typed(1, new, **wrong))

    assert answer.status_code == status
    assert field is None or answer.page.select_one(f"[name={field}]")["aria-invalid"] == "true"


def test_drude_ends_it_with_a_date_and_a_confirmation(drude, client_for):
    client, url = client_for(drude), f"/neighbours/{standing().id}/end"

    unconfirmed = client.post(url, {"closed_from": "2026-12-01"})
    too_early = client.post(url, {"closed_from": "2026-11-17", "confirmed": "y"})
    ended = client.post(url, {"closed_from": "2026-12-01", "confirmed": "y"})

    assert [one.status_code for one in (unconfirmed, too_early, ended)] == [422, 422, 303]
    assert sees(date(2026, 11, 30)) == [True, True]
    assert sees(date(2026, 12, 1)) == [False, False]
    assert "30. november 2026" in client.get("/neighbours/").words


def test_an_agreement_that_is_over_is_not_ended_again(drude, client_for):
    end(TODAY, drude)

    answer = client_for(drude).get(f"/neighbours/{standing().id}/end")

    assert answer.status_code == 409


def test_those_it_binds_read_their_own_and_change_nothing(mette, admin, client_for):
    others = [gribskov(), factories.make_municipality("Hillerød")]
    with transaction():
        services.agree(*others, starts_on=TODAY, by=None, at=NOW, today=TODAY)
    for reader in (mette, admin):
        client = client_for(reader)
        page = client.get("/neighbours/")

        assert [
            row.select_one("td").get_text(strip=True) for row in page.page.select("#agreement-table tbody tr")
        ] == ["Fredensborg – Halsnæs"]
        changing = [str(link["href"]) for link in page.page.select("main a[href*='/neighbours/']")]
        assert changing == (["/neighbours/ask"] if reader is admin else [])
        assert client.post(f"/neighbours/{standing_of_halsnaes().id}/end", {}).status_code == 403
        assert client.post("/neighbours/new", typed(1, 2)).status_code == 403


def standing_of_halsnaes() -> NeighbourAgreement:
    here = homes()[0]
    return db.session.scalars(
        sa.select(NeighbourAgreement).where(NeighbourAgreement.first_id == here)
    ).first()


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.EMPLOYER, Role.CITIZEN])
def test_nobody_else_reads_or_writes_them(app, client_for, role):
    client = client_for(factories.make_user("Rasmus Fremmed", role))

    assert client.get("/neighbours/").status_code == 403
    assert client.post("/neighbours/new", typed(1, 2)).status_code == 403
    assert (
        client.post(
            f"/neighbours/{standing().id}/end", {"closed_from": "2026-12-01", "confirmed": "y"}
        ).status_code
        == 403
    )
    assert sees(date(2026, 12, 1)) == [True, True]


def test_lene_reads_the_shared_opening_until_the_day_it_ends(drude, lene, client_for):
    shared = factories.make_opening(visible_to_neighbours=True, title="Delt plads")
    client, url = client_for(lene), f"/openings/{shared.id}"
    before = client.get(url).status_code, "Delt plads" in client.get("/openings/").words

    end(TODAY, drude)

    assert before == (200, True)
    assert client.get(url).status_code == 404
    assert "Delt plads" not in client.get("/openings/").words
