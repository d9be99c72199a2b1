"""Two citizens who are one: everything of both stands with the one who stays, and old ways lead to her."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.interventions.target_groups.models import Membership
from portal.ledger.goals.models import FrozenFigure, FrozenLine, FrozenLinePerson
from portal.loop.cards.models import CardVersion, CompetenceCard
from portal.loop.citizens.merging import by_old_cases
from portal.loop.citizens.models import Citizen, CitizenStatus, MergedCitizen, ToldApart
from portal.loop.citizens.services import reapply_erasures
from portal.loop.matches.merging import BothDecided
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User, UserSession
from portal.web.rooms import rooms
from portal.workspaces.consents.models import Consent
from portal.workspaces.merging import services
from tests import factories
from tests.factories import NOW, TODAY
from tests.support.erasing import erase

GREENS, HYGIENE = "skære og klargøre grøntsager", "køkkenhygiejne"
YES = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}


def merge(kept: Citizen, gone: Citizen, by: User, *names: str) -> Citizen:
    kept_id = kept.id
    with transaction():
        kept, gone = (db.session.get_one(Citizen, key) for key in (kept_id, gone.id))
        services.merge(kept, gone, services.Choice(frozenset(names), "Samme person"), by=by, at=NOW)
    return db.session.get_one(Citizen, kept_id, populate_existing=True)


def ids(model, **where) -> list[int]:
    return list(db.session.scalars(sa.select(model.id).filter_by(**where).order_by(model.id)))


def test_every_column_that_leads_to_a_citizen_or_a_card_is_joined_by_its_room(app: Flask) -> None:
    """A new personal table that forgets to answer fails here."""
    leads = {
        (table.name, key.parent.name, key.column.table.name)
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("citizens", "competence_cards", "employers", "workplaces")
    }

    assert {(one.table, one.column, one.target) for one in rooms().merges} == leads


def test_all_of_both_cards_stands_on_the_kept_one(app: Flask, karin: User) -> None:
    kept, gone = factories.make_citizen("Amina"), factories.make_citizen("Aminah")
    mine = factories.make_card(kept, skills={GREENS: 2})
    hers = factories.make_card(gone, skills={HYGIENE: 3, GREENS: 1})
    one = factories.make_placement(
        factories.make_review(factories.make_match(factories.make_opening(), mine), **YES)
    )
    two = factories.make_placement(
        factories.make_review(factories.make_match(factories.make_opening(), hers), **YES)
    )
    consent = factories.make_consent(hers, factories.make_employer("Bos Køkken")).id
    gone_id, old_card_id, places = gone.id, hers.id, sorted([one.id, two.id])

    merge(kept, gone, karin)

    card = db.session.scalars(sa.select(CompetenceCard)).one()
    assert (card.id, card.number, card.citizen_id) == (mine.id, mine.number, kept.id)
    skills = sorted((line.text, line.level) for line in card.evidence)
    assert skills == sorted([(GREENS, 1), (GREENS, 2), (HYGIENE, 3)])
    assert ids(Placement, card_id=mine.id) == places
    assert ids(Consent, card_id=mine.id) == [consent]
    versions = db.session.scalars(sa.select(CardVersion.version).where(CardVersion.card_id == mine.id)).all()
    assert len(versions) == len(set(versions))
    assert max(versions) == card.version
    note = db.session.scalars(sa.select(MergedCitizen)).one()
    assert (note.old_id, note.old_card_id, note.merged_by_id) == (gone_id, old_card_id, karin.id)
    assert db.session.get(Citizen, gone_id) is None


def test_a_card_goes_along_where_the_kept_citizen_has_none(app: Flask, karin: User) -> None:
    kept = factories.make_citizen("Amina")
    card = factories.make_card(factories.make_citizen("Aminah"), skills={HYGIENE: 3})

    merge(kept, db.session.get_one(Citizen, card.citizen_id), karin)

    assert db.session.get_one(CompetenceCard, card.id).citizen_id == kept.id


def test_the_details_are_chosen(app: Flask, karin: User) -> None:
    kept = factories.make_citizen("Amina", case_reference="26/1", phone="11 11 11 11")
    gone = factories.make_citizen("Aminah", last_name="Warsame", case_reference="26/2", phone="22 22 22 22")

    one = merge(kept, gone, karin, "name", "case")

    assert (one.name, one.case_reference, one.phone) == ("Aminah Warsame", "26/2", "11 11 11 11")
    assert (one.case_key, one.name_key) == ("26/2", "aminah warsame")


@pytest.mark.parametrize(
    ("of_kept", "of_gone", "since"),
    [(900, None, None), (None, 900, None), (900, 30, 30), (30, 900, 30)],
)
def test_whoever_is_helped_under_one_of_the_numbers_is_helped(
    app: Flask, karin: User, of_kept: int | None, of_gone: int | None, since: int | None
) -> None:
    """Days since each was passive; None: she is active. What is forgotten of the passive is not forgotten of her."""
    kept, gone = (
        factories.make_citizen(
            name,
            status=CitizenStatus.PASSIVE if days else CitizenStatus.ACTIVE,
            passive_since=NOW - timedelta(days=days) if days else None,
        )
        for name, days in (("Amina", of_kept), ("Aminah", of_gone))
    )
    card = factories.make_card(gone, is_active=of_gone is None)

    one = merge(kept, gone, karin)

    assert one.status is (CitizenStatus.PASSIVE if since else CitizenStatus.ACTIVE)
    assert one.passive_since == (NOW - timedelta(days=since) if since else None)
    assert db.session.get_one(CompetenceCard, card.id).is_active is (since is None)


def test_what_the_kept_card_does_not_say_the_other_one_says(app: Flask, karin: User) -> None:
    kept, gone = factories.make_citizen("Amina"), factories.make_citizen("Aminah")
    sooner, later = NOW - timedelta(days=90), NOW - timedelta(days=3)
    factories.make_card(
        kept, hours_min=10.0, hours_max=None, shifts_yes=[], shifts_no=[], week={}, goal="", created_at=later
    )
    factories.make_card(
        gone, hours_min=25.0, hours_max=30.0, shifts_yes=["evening"], shifts_no=["night"],
        week={"monday": ["morning"]}, goal="Et job i et køkken", created_at=sooner, counts_from_at=sooner,
    )  # fmt: skip

    merge(kept, gone, karin)

    card = db.session.scalars(sa.select(CompetenceCard)).one()
    assert (card.hours_min, card.hours_max) == (10.0, None)
    assert (card.shifts_yes, card.shifts_no) == (["evening"], ["night"])
    assert (card.week, card.goal) == ({"monday": ["morning"]}, "Et job i et køkken")
    assert (card.created_at, card.counts_from_at) == (sooner, sooner)


@pytest.mark.parametrize("chosen", [(), ("case",)])
def test_a_file_with_either_case_number_means_her(app: Flask, karin: User, chosen: tuple[str, ...]) -> None:
    kept = factories.make_citizen("Amina", case_reference="26/1")
    gone = factories.make_citizen("Aminah", case_reference="26/2")

    one = merge(kept, gone, karin, *chosen)

    by_old = by_old_cases(one.municipality_id, ["26/1", "26/2"])
    assert {one.case_key, *by_old} == {"26/1", "26/2"}
    assert {found.id for found in by_old.values()} == {one.id}


def test_an_erasure_is_of_both_who_became_one(app: Flask, karin: User) -> None:
    """A backup from before the merge has two rows of hers."""
    kept, gone = factories.make_citizen("Amina"), factories.make_citizen("Aminah")
    stranger = factories.make_citizen("Selam").id
    columns = [column.name for column in Citizen.__table__.columns]
    rows = [{name: getattr(one, name) for name in columns} for one in (kept, gone)]
    one = merge(kept, gone, karin)
    erase(one)

    with transaction():
        db.session.execute(sa.insert(Citizen), rows)
    journal = app.config["JOURNAL"]
    with transaction():
        assert reapply_erasures(contents=journal.read(), keys=journal.keys, at=NOW) == 2

    assert ids(Citizen) == [stranger]


def test_memberships_that_overlap_become_one_and_both_stay_told(app: Flask, karin: User) -> None:
    kept, gone = factories.make_citizen("Amina"), factories.make_citizen("Aminah")
    group = factories.make_target_group()
    factories.make_membership(group, kept, from_on=date(2026, 3, 1), until_on=date(2026, 6, 1))
    factories.make_membership(group, gone, from_on=date(2026, 1, 1), until_on=date(2026, 4, 1))
    factories.make_membership(group, gone, from_on=date(2026, 8, 1))

    merge(kept, gone, karin)

    rows = db.session.scalars(sa.select(Membership).order_by(Membership.from_on, Membership.id)).all()
    stand = [(row.from_on, row.until_on) for row in rows if row.replaced_at is None]
    assert stand == [(date(2026, 1, 1), date(2026, 6, 1)), (date(2026, 8, 1), None)]
    assert {row.citizen_id for row in rows} == {kept.id}
    assert len(rows) == 4


def test_a_frozen_figure_and_its_lines_stay_as_they_are(app: Flask, karin: User) -> None:
    kept, gone = factories.make_citizen("Amina"), factories.make_citizen("Aminah")
    goal = factories.make_goal()
    with transaction():
        figure = FrozenFigure(
            goal_id=goal.id, municipality_id=goal.municipality_id, on=TODAY, lines=2, amount=2, known=2,
            unknown_out_of=0, rule="Et kort tæller.", frozen_at=NOW,
        )  # fmt: skip
        db.session.add(figure)
        db.session.flush()
        lines = [
            FrozenLine(figure_id=figure.id, amount=1, is_known=True, quarter_on=TODAY) for _each in range(2)
        ]
        db.session.add_all(lines)
        db.session.flush()
        for line, people in ((lines[0], (kept,)), (lines[1], (gone,))):
            db.session.add_all(FrozenLinePerson(line_id=line.id, citizen_id=one.id) for one in people)

    merge(kept, gone, karin)

    assert db.session.scalar(sa.select(FrozenFigure.amount)) == 2
    people = db.session.execute(sa.select(FrozenLinePerson.line_id, FrozenLinePerson.citizen_id)).all()
    assert sorted(people) == sorted((line.id, kept.id) for line in lines)


def test_two_decisions_about_one_opening_are_not_made_one(app: Flask, karin: User) -> None:
    kept, gone = factories.make_citizen("Amina"), factories.make_citizen("Aminah")
    opening = factories.make_opening()
    for person in (kept, gone):
        factories.make_review(factories.make_match(opening, factories.make_card(person)))

    with pytest.raises(BothDecided):
        merge(kept, gone, karin)

    assert db.session.scalar(sa.select(sa.func.count(Citizen.id))) == 2


def test_of_two_suggestions_the_decided_one_stays(app: Flask, karin: User) -> None:
    kept, gone = factories.make_citizen("Amina"), factories.make_citizen("Aminah")
    opening = factories.make_opening()
    factories.make_match(opening, factories.make_card(kept))
    decided = factories.make_review(factories.make_match(opening, factories.make_card(gone))).match_id

    merge(kept, gone, karin)

    assert ids(Match, status=MatchStatus.DECIDED) == [decided]


def test_of_two_logins_one_stays_and_the_other_opens_nothing(app: Flask, karin: User) -> None:
    kept, gone = (factories.make_citizen(name, with_login=True) for name in ("Amina", "Aminah"))
    old_user = gone.user_id
    with transaction():
        db.session.add(
            UserSession(
                user_id=old_user,
                secret_hash="z" * 64,
                opened_at=NOW,
                last_seen_at=NOW,
                device="Firefox på Linux",
            )
        )

    one = merge(kept, gone, karin)

    assert one.user_id == kept.user_id
    assert db.session.get(User, old_user) is None
    assert db.session.scalars(sa.select(UserSession)).all() == []


def test_whom_either_was_told_apart_from_stays_another(app: Flask, karin: User) -> None:
    kept, gone, other = (factories.make_citizen(name) for name in ("Amina", "Aminah", "Hodan"))
    factories.make_told_apart(kept, gone)
    factories.make_told_apart(gone, other)

    merge(kept, gone, karin)

    told = db.session.scalars(sa.select(ToldApart)).one()
    assert {told.citizen_id, told.other_id} == {kept.id, other.id}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (2, 1, 0), (1, 2, 0)])
def test_both_may_have_been_told_apart_from_the_same_one(
    app: Flask, karin: User, order: tuple[int, int, int]
) -> None:
    people = [factories.make_citizen(name) for name in ("Amina", "Aminah", "Hodan")]
    for one, another in ((0, 1), (0, 2), (1, 2)):
        factories.make_told_apart(people[one], people[another])
    kept, gone, other = (people[place] for place in order)

    merge(kept, gone, karin)

    told = db.session.scalars(sa.select(ToldApart)).one()
    assert {told.citizen_id, told.other_id} == {kept.id, other.id}


def test_the_page_shows_both_asks_and_leads_old_addresses_to_her(client_for, karin: User) -> None:
    kept = factories.make_citizen("Amina", last_name="Warsame", phone="11 11 11 11")
    gone = factories.make_citizen("Amina", last_name="Warsame", phone="22 22 22 22", case_reference="26/777")
    card, old_card = factories.make_card(kept), factories.make_card(gone)
    client = client_for(karin)

    start = client.get(f"/citizens/{kept.id}/merge/")
    address = f"/citizens/{kept.id}/merge/{gone.id}"
    assert start.page.select_one(f"a[href='{address}']")
    assert client.post(f"/citizens/{kept.id}/merge/", {"number": "26-777"}).location == address
    page = client.get(address)
    assert "kan ikke fortrydes" in page.words
    seen = {"version": kept.version, "gone_version": gone.version}
    sent = {"phone": "gone", "case": "kept", "reason": "Samme person", **seen}
    refused = client.post(address, sent)
    assert (refused.status_code, db.session.get(Citizen, gone.id) is not None) == (422, True)
    assert refused.page.select_one("[name=reason]")["value"] == "Samme person"

    gone_id, old_card_id = gone.id, old_card.id
    done = client.post(address, {**sent, "sure": "y"})

    assert done.status_code == 303
    assert client.post(address, {**sent, "sure": "y"}).status_code == 404  # she is there no more
    assert db.session.get_one(Citizen, kept.id, populate_existing=True).phone == "22 22 22 22"
    assert client.get(f"/citizens/{gone_id}").location == f"/citizens/{kept.id}"
    assert client.get(f"/cards/{old_card_id}").location == f"/cards/{card.id}"
    taken = client.post("/citizens/new", {"case_reference": "26/777", "first_name": "Selam"})
    assert taken.page.select_one(f"a[href='/citizens/{kept.id}']")


def test_her_log_tells_of_both_and_of_the_merge(client_for, karin: User) -> None:
    kept, gone = factories.make_citizen("Amina", with_login=True), factories.make_citizen("Aminah")
    client = client_for(karin)
    client.get(f"/citizens/{gone.id}")
    seen = {"version": kept.version, "gone_version": gone.version}
    form = {"name": "kept", "case": "kept", "reason": "Samme person", "sure": "y", **seen}
    assert client.post(f"/citizens/{kept.id}/merge/{gone.id}", form).status_code == 303

    log = client_for(db.session.get_one(User, kept.user_id)).get("/citizens/looks").words

    assert "Sammenlægning af dine to sager" in log
    assert "Opslag på din sag" in log


@pytest.mark.parametrize("path", ["merge/", "merge/{other}"])
def test_a_stranger_joins_nobody(client_for, lene: User, path: str) -> None:
    one, other = factories.make_citizen("Amina"), factories.make_citizen("Aminah")

    for answer in (
        client_for(lene).get(f"/citizens/{one.id}/{path.format(other=other.id)}"),
        client_for(lene).post(f"/citizens/{one.id}/{path.format(other=other.id)}", {"sure": "y"}),
    ):
        assert answer.status_code == 404


def test_nobody_is_joined_with_somebody_of_another_municipality(client_for, karin: User) -> None:
    one, stranger = (
        factories.make_citizen("Amina"),
        factories.make_citizen("Amina", in_municipality="Fredensborg"),
    )
    client = client_for(karin)

    assert client.get(f"/citizens/{one.id}/merge/{stranger.id}").status_code == 404
    number = {"number": stranger.case_reference}
    assert client.post(f"/citizens/{one.id}/merge/", number).status_code == 422


@pytest.mark.parametrize("which", ["version", "gone_version"])
def test_what_a_colleague_changed_meanwhile_is_seen_before_two_become_one(
    client_for, karin: User, which: str
) -> None:
    kept, gone = factories.make_citizen("Amina"), factories.make_citizen("Aminah")
    changed = kept if which == "version" else gone
    client, address = client_for(karin), f"/citizens/{kept.id}/merge/{gone.id}"
    seen = {"version": kept.version, "gone_version": gone.version}
    with transaction():
        changed.phone, changed.version = "33 33 33 33", changed.version + 1
    sent = {"name": "kept", "case": "kept", "phone": "kept", "reason": "Samme person", "sure": "y", **seen}

    refused = client.post(address, sent)

    assert refused.status_code == 409
    assert "33 33 33 33" in refused.words
    now = {name: refused.page.select_one(f"[name={name}]")["value"] for name in seen}
    assert client.post(address, {**sent, **now}).status_code == 303
