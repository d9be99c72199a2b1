"""The front page of each role, and the pages every public site has."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import __version__
from portal.base.database import db, transaction
from portal.loop.placements.models import FollowUp
from portal.web.permissions import Role
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import TODAY


def _numbers(page) -> dict[str, str]:
    return {
        tile.select_one(".figure-label").text: tile.select_one(".figure-value").find(
            string=True, recursive=True
        )
        for tile in page.select(".figure-tile")
    }


@pytest.mark.parametrize("path", ["/", "/was", "/privatliv", "/login", "/login/code"])
def test_anybody_may_read_the_public_pages(visitor, path):
    page = visitor.get(path).page

    assert page.select_one("footer a[href='/was']")


def test_the_small_print_names_the_version_whose_changes_stand_first(visitor):
    changes = (Path(__file__).parents[3] / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+) – \d{1,2}\. [a-z]+ \d{4}$", changes, re.MULTILINE)

    assert newest is not None
    assert newest[1] == __version__
    assert visitor.get("/").page.select_one(".site-footer-version").text == f"Det gode match {__version__}"


def test_the_statements_name_whom_to_call(visitor):
    for path in ("/was", "/privatliv"):
        assert factories.municipality().phone in visitor.get(path).words


def test_the_landing_page_leads_everyone_on(visitor):
    page = visitor.get("/").page

    for path in ("/login", "/login/code", "/employers/register"):
        assert page.select_one(f"main a[href='{path}']")


def test_karins_day_counts_what_waits_and_links_to_it(client_for, karin):
    factories.make_match()
    placement = factories.make_placement()
    with transaction():
        db.session.add(FollowUp(placement_id=placement.id, due_on=TODAY))

    page = client_for(karin).get("/").page

    numbers = _numbers(page)
    assert numbers["Forslag"] == "1"
    assert numbers["Opfølgninger"] == "1"
    assert page.select_one("a[href='/reviews/']")


def test_every_figure_equals_the_list_it_opens(client_for, karin):
    factories.make_match()
    factories.make_placement()
    browser = client_for(karin)

    for tile in browser.get("/").page.select(".figure-tile a"):
        shown = int(tile.find(string=True, recursive=False))
        listed = browser.get(tile["href"])
        assert listed.status_code == 200, tile["href"]
        rows = len(listed.page.select("main tbody tr, main .list-card, main .desk-row"))
        assert rows >= shown if "sort=" in tile["href"] else rows == shown, tile["href"]


def test_each_role_has_its_own_front_page(client_for, karin, mette, admin):
    employer = factories.make_employer()
    citizen = factories.make_citizen(with_login=True)
    owner = factories.owner_of(employer)
    person = factories.db.session.get(type(owner), citizen.user_id)

    titles = {client_for(user).get("/").page.h1.text.strip() for user in (karin, mette, owner, person)}

    assert len(titles) == 4
    assert client_for(admin).get("/").status_code == 200


def test_an_employer_that_awaits_approval_is_told_so(client_for):
    waiting = factories.make_user("Vera", Role.EMPLOYER, email="vera@firma.dk", in_municipality=None)

    assert client_for(waiting).get("/").page.select_one(".alert-info")


@pytest.mark.parametrize("who", ["karin", "mette", "admin"])
def test_a_front_page_costs_few_statements(request, app, who):
    browser = PortalClient(app, request.getfixturevalue(who))
    factories.make_placement()

    with counted_statements(app) as statements:
        assert browser.get("/").status_code == 200

    assert len(statements) <= 12


def test_health_tells_the_state_of_database_and_schema(visitor):
    answer = visitor.get("/healthz")

    assert answer.status_code == 200
    assert answer.json["schema"] == answer.json["schema_wanted"]


def test_health_is_503_when_the_schema_is_old(app, visitor):
    def say(version: str) -> str:
        with db.engine.begin() as connection:
            before = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
            connection.execute(
                sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version}
            )
        return str(before)

    current = say("000")
    try:
        answer = visitor.get("/healthz")
    finally:
        say(current)  # the stage's reset leaves this table alone

    assert answer.status_code == 503
    assert answer.json["database"] == "ok"


def test_the_footer_says_whom_to_call(client_for, visitor, karin):
    own, neighbour = factories.municipality().phone, factories.municipality("Fredensborg").phone
    employer = factories.owner_of(factories.make_employer())
    waiting = factories.make_user("Gitte Ravn", Role.EMPLOYER, in_municipality=None)
    factories.make_registration("Fredensborg", user_id=waiting.id)

    def phones(browser) -> list[str]:
        return [link.text for link in browser.get("/").page.select("footer a[href^='tel:']")]

    assert set(phones(visitor)) == {own, neighbour}
    assert phones(client_for(karin)) == [own]
    assert phones(client_for(employer)) == [own]
    assert phones(client_for(waiting)) == [neighbour]


def test_the_menu_marks_the_room_a_page_belongs_to(client_for, karin):
    match = factories.make_match()
    browser = client_for(karin)

    def marked(path: str) -> list[str]:
        return [link.text for link in browser.get(path).page.select("nav a[aria-current]")]

    assert marked(f"/cards/{match.card_id}") == ["Borgere"]
    assert marked(f"/matches/opening/{match.opening_id}") == ["Forslag"]
    assert marked("/employers/registrations") == ["Virksomheder"]
    assert marked("/was") == []
