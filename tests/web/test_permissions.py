"""A role is what the table says of it: given other traits there, the same person has another portal.

The recipe of CONTRIBUTING.md: a role is an entry in permissions.py and, when no front page fits, a page of its own.
"""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.shared.accounts.models import User
from portal.shared.accounts.queries import consultants
from portal.web.permissions import GRANTS, ROLES, Action, FrontPage, Role, RoleTraits, Scope, roles_made_by
from portal.workspaces.home.views import FRONT_PAGES
from tests import factories
from tests.client import PortalClient

Clients = Callable[[User | None], PortalClient]

MENTOR = RoleTraits(
    scope=Scope.MUNICIPALITY,
    front_page=FrontPage.GOALS,
    made_by=frozenset({Role.CONSULTANT}),
    may=frozenset({Action.READ_CITIZENS, Action.READ_CARD, Action.READ_PLACEMENTS}),
)


def give(role: Role, traits: RoleTraits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLES, role, traits)
    for action in Action:
        others = GRANTS[action] - {role}
        granted = action in traits.may or action in (Action.PUBLIC, Action.SIGNED_IN)
        monkeypatch.setitem(GRANTS, action, others | {role} if granted else others)


@pytest.fixture
def mentor(mette: User, monkeypatch: pytest.MonkeyPatch) -> User:
    """Mette, whose role is made a mentor's: she reads the municipality's citizens, cards and placements."""
    give(mette.role, MENTOR, monkeypatch)
    return mette


def test_every_role_has_its_traits_and_every_front_page_is_a_roles() -> None:
    assert set(ROLES) == set(Role)
    assert {traits.front_page for traits in ROLES.values()} == set(FRONT_PAGES) == set(FrontPage)


def test_a_mentors_menu_holds_what_she_may_open_and_each_opens(mentor: User, client_for: Clients) -> None:
    browser = client_for(mentor)

    links = [str(link["href"]) for link in browser.get("/").page.select("nav[aria-label] ul a")]

    assert links == ["/", "/citizens/", "/placements/"]
    assert [browser.get(link).status_code for link in links] == [200, 200, 200]
    assert browser.get("/goals/").status_code == 403


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)  # no database decides this
def test_a_mentor_is_offered_no_link_to_what_she_may_not_open(mentor: User, client_for: Clients) -> None:
    """Every page she comes to by links from her menu, among a citizen with a card and a placement, and one without."""
    factories.make_placement(factories.make_review(factories.make_match(card=factories.make_card())))
    factories.make_citizen("Selam")
    browser = client_for(mentor)

    answered: dict[str, int] = {}
    to_open = ["/citizens/", "/placements/"]
    while to_open:
        url = to_open.pop()
        if url in answered:
            continue
        response = browser.get(url)
        answered[url] = response.status_code
        if response.mimetype == "text/html":
            links = response.page.select("main a[href^='/']")
            to_open += [str(link["href"]).partition("#")[0] for link in links if "?" not in str(link["href"])]

    assert {url: code for url, code in answered.items() if code != 200} == {}
    assert {"/citizens/1", "/cards/1", "/cards/1/history", "/placements/1"} <= set(answered)


def test_a_mentor_reads_her_municipalitys_cards_and_changes_none(mentor: User, client_for: Clients) -> None:
    ours, theirs = (
        factories.make_card(),
        factories.make_card(factories.make_citizen("Selam", in_municipality="Fredensborg")),
    )
    browser = client_for(mentor)

    assert browser.get(f"/cards/{ours.id}").status_code == 200
    assert browser.get(f"/cards/{ours.id}/edit").status_code == 403
    assert browser.get(f"/cards/{theirs.id}").status_code == 404
    assert mentor.unit_name == "Halsnæs Kommune"


def test_whoever_makes_mentors_is_offered_them(mentor: User) -> None:
    assert roles_made_by(Role.CONSULTANT) == [Role.EMPLOYER, Role.CITIZEN, mentor.role]
    assert mentor.role not in roles_made_by(Role.ADMIN)


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.CITIZEN, Role.CONSULTANT])
def test_a_role_that_looks_after_citizens_is_found_among_those_who_do(
    app: Flask, mette: User, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the name of the role, which stays the leader's."""
    assert mette not in consultants(mette.municipality_id or 0)

    give(mette.role, ROLES[role], monkeypatch)

    found = mette in consultants(mette.municipality_id or 0)
    assert found is (Action.MANAGE_CITIZENS in ROLES[role].may)
