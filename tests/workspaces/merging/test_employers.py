"""Two employers that are one: everything of both stands with the one that stays, or a named reason says why not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.base import events
from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployersToldApart,
    MergedEmployer,
    OccupiedPlace,
    Workplace,
)
from portal.loop.employers.services import set_passive
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.workspaces.contacts.models import EmployerContact
from portal.workspaces.search.models import SearchWord
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.factories import NOW, TODAY, make_employer

ClientFor = Callable[[User | None], PortalClient]
SURE = {"reason": "Samme køkken", "sure": "y", "name": "kept", "cvr": "gone", "sector": "kept"}


def merge(client: PortalClient, kept_id: int, gone_id: int, **more: str) -> PortalResponse:
    versions = [
        db.session.scalar(sa.select(Employer.version).where(Employer.id == one)) for one in (kept_id, gone_id)
    ]
    form = {**SURE, "version": str(versions[0]), "gone_version": str(versions[1]), **more}
    return client.post(f"/employer-doubles/{kept_id}/{gone_id}", form)


def placed(employer: Employer, **values: object) -> Placement:
    """Somebody is at the employer, in an opening of its own."""
    review = factories.make_review(
        factories.make_match(factories.make_opening(employer), values.pop("card", None))
    )
    return factories.make_placement(review, **values)


@pytest.mark.both_engines
def test_all_of_both_stands_with_the_kept_one_and_old_addresses_lead_to_it(
    client_for: ClientFor, karin: User, app: object
) -> None:
    kept, gone = make_employer("Bos Køkken ApS"), make_employer("Bos Køkken", owner="Birte")
    kept_id, gone_id, gone_cvr, old_cvr = kept.id, gone.id, gone.cvr, kept.cvr
    karins = client_for(karin)
    numbers = {one.id: one.workplaces[0].p_number for one in (kept, gone)}
    assert len(set(numbers.values())) == 2
    factories.make_opening(kept)
    placement = placed(gone)
    factories.make_employer_contact(gone)
    factories.make_prospect("Bo", cvr=None)
    factories.make_partnership(gone)

    pairs = karins.get("/employer-doubles/").page.select("#double-table tbody tr")
    assert any(f"/employer-doubles/{kept_id}/{gone_id}" in str(row) for row in pairs)
    shown = karins.get(f"/employer-doubles/{kept_id}/{gone_id}")
    assert "Partnerskabsaftaler" in shown.words
    assert merge(karins, kept_id, gone_id, sure="").status_code == 422
    assert merge(karins, kept_id, gone_id).status_code == 303

    db.session.rollback()
    one = db.session.scalars(sa.select(Employer)).one()
    assert (one.id, one.name, one.cvr) == (kept_id, "Bos Køkken ApS", gone_cvr)
    assert set(db.session.scalars(sa.select(Opening.employer_id))) == {kept_id}
    assert db.session.get_one(Placement, placement.id).employer_id == kept_id
    assert db.session.scalars(sa.select(EmployerContact.employer_id)).all() == [kept_id]
    assert len(one.workplaces) == 2
    assert {person.name for person in one.contacts} == {"Bo", "Birte"}
    merged = db.session.scalars(sa.select(MergedEmployer)).one()
    assert (merged.old_id, merged.old_cvr, merged.old_name) == (gone_id, old_cvr, "Bos Køkken")
    led = karins.get(f"/employers/{gone_id}")
    assert led.status_code == 303
    assert led.headers["Location"].endswith(f"/employers/{kept_id}")
    assert karins.get(f"/employers/{kept_id}").status_code == 200


def test_two_that_are_two_are_not_suggested_again_and_may_be_one_after_all(
    client_for: ClientFor, karin: User
) -> None:
    one, other, third = (make_employer(name) for name in ("Bos Køkken ApS", "Bos Køkken A/S", "Bos Køkken"))
    karins = client_for(karin)

    def listed() -> set[tuple[int, int]]:
        forms = karins.get("/employer-doubles/").page.select("#double-table form")
        return {
            (int(key), int(of)) for form in forms for _e, key, of, _a in [str(form["action"])[1:].split("/")]
        }

    assert listed() == {(one.id, other.id), (one.id, third.id), (other.id, third.id)}
    for _twice in range(2):
        assert karins.post(f"/employer-doubles/{third.id}/{one.id}/apart").status_code == 303
    assert karins.post(f"/employer-doubles/{one.id}/{one.id}/apart").status_code == 404
    assert listed() == {(one.id, other.id), (other.id, third.id)}
    found = karins.get(f"/employer-doubles/{one.id}").page.select("main li a")
    assert [link.text for link in found if "Bos" in link.text] == ["Bos Køkken A/S", "Bos Køkken"]
    assert karins.get(f"/employer-doubles/{one.id}").words.count("det er to virksomheder") == 1

    # Whoever is another than the one that goes is another than the one that stays.
    ids = one.id, other.id, third.id
    assert merge(karins, ids[1], ids[0]).status_code == 303
    assert listed() == set()
    assert merge(karins, ids[1], ids[2]).status_code == 303
    assert db.session.scalars(sa.select(EmployersToldApart.other_id)).all() == []


def test_one_p_number_becomes_one_workplace_unless_people_are_at_both(
    client_for: ClientFor, karin: User
) -> None:
    kept, gone = make_employer("Havnens Kantine"), make_employer("Kantinen ved Havnen")
    karins, number = client_for(karin), kept.workplaces[0].p_number
    places, opening = [one.workplaces[0].id for one in (kept, gone)], factories.make_opening(gone)
    db.session.execute(sa.update(Workplace).where(Workplace.id == places[1]).values(p_number=number))
    for number_of, place in enumerate(places, start=1):
        db.session.add(
            OccupiedPlace(
                workplace_id=place,
                placement_id=number_of,
                form=PlacementForm.PRAKTIK,
                hours_per_week=37,
                starts_on=TODAY,
                ends_on=TODAY + timedelta(days=30),
            )
        )
    db.session.commit()
    ids = kept.id, gone.id

    refused = merge(karins, *ids)
    assert refused.status_code == 409
    assert str(number) in refused.words
    db.session.execute(sa.delete(OccupiedPlace).where(OccupiedPlace.workplace_id == places[0]))
    db.session.commit()
    assert merge(karins, *ids).status_code == 303

    db.session.rollback()
    assert db.session.scalars(sa.select(Workplace.id)).all() == [places[0]]
    assert db.session.scalars(sa.select(OccupiedPlace.workplace_id)).all() == [places[0]]
    assert db.session.get_one(Opening, opening.id).workplace_id == places[0]


def test_two_agreements_in_force_are_not_made_one(client_for: ClientFor, karin: User) -> None:
    kept, gone = make_employer("Kroen"), make_employer("Kroen ved Åen")
    for one in (kept, gone):
        factories.make_partnership(one)

    refused = merge(client_for(karin), kept.id, gone.id)

    assert refused.status_code == 409
    assert "partnerskabsaftale" in refused.words


def test_nobodys_weeks_at_both_are_counted_together_while_she_is_there(
    client_for: ClientFor, karin: User
) -> None:
    kept, gone = make_employer("Kroen"), make_employer("Kroen ved Åen")
    first = placed(kept)
    placed(gone, card=first.card)

    refused = merge(client_for(karin), kept.id, gone.id)

    assert refused.status_code == 409
    assert "begge steder" in refused.words


def test_whoever_waits_under_the_number_that_goes_is_answered_first(
    client_for: ClientFor, karin: User
) -> None:
    kept, gone = make_employer("Kroen"), make_employer("Kroen ved Åen")
    factories.make_registration(cvr=gone.cvr)

    assert merge(client_for(karin), kept.id, gone.id).status_code == 409


def test_one_person_known_to_both_stands_once_and_keeps_her_login(client_for: ClientFor, karin: User) -> None:
    kept, gone = make_employer("Kroen"), make_employer("Kroen ved Åen", owner=None)
    known = kept.contacts[0]
    factories.make_colleague(gone, "Bo igen", login=False).email = known.email
    db.session.commit()

    assert merge(client_for(karin), kept.id, gone.id).status_code == 303

    db.session.rollback()
    assert db.session.scalars(sa.select(ContactPerson.name)).all() == [known.name]


def found(client: PortalClient, words: str) -> list[str]:
    page = client.get("/search/", query_string={"q": words}).page
    return [str(link["href"]) for link in page.select("#found-employer ul a, #found-opening ul a")]


@pytest.mark.both_engines
def test_what_went_is_found_by_the_kept_one_and_its_number_is_nobody_elses(
    client_for: ClientFor, karin: User
) -> None:
    kept, gone = make_employer("Rosenhaven"), make_employer("Fiskerens Kro")
    kept_id, gone_id, opening, karins = kept.id, gone.id, factories.make_opening(gone), client_for(karin)

    assert merge(karins, kept_id, gone_id).status_code == 303
    ways = {f"/employers/{kept_id}", f"/openings/{opening.id}"}

    assert set(found(karins, "rosenhaven")) == ways
    assert f"/employers/{kept_id}" in found(karins, "fiskerens")
    words = sa.select(SearchWord).where(SearchWord.kind == "employer", SearchWord.record_id == gone_id)
    assert db.session.scalars(words).all() == []
    assert make_employer("Kvarterets Bageri").id not in (kept_id, gone_id)


@pytest.mark.parametrize("passive", ["kept", "gone"])
def test_what_a_passive_one_offers_is_matched_again(client_for: ClientFor, karin: User, passive: str) -> None:
    kept, gone = make_employer("Havnens Kantine"), make_employer("Kantinen ved Havnen")
    resting = {"kept": kept, "gone": gone}[passive]
    ids = kept.id, gone.id
    with transaction():
        set_passive(db.session.get_one(Employer, resting.id), by=karin, at=NOW)
    heard = []

    def hear(employer: Employer, **_more: object) -> None:
        heard.append(employer.id)

    with events.employer_active.connected_to(hear):
        assert merge(client_for(karin), *ids).status_code == 303

    assert heard == [ids[0]]
