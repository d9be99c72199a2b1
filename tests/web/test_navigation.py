"""The menu of each role, against a written list; and which of its links is lit on a page that it does not name."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.shared.accounts.models import User
from portal.web import navigation
from portal.web.permissions import Role
from tests.client import PortalClient
from tests.support.databases import Stage

MENUS = {
    Role.CONSULTANT: [
        ("I dag", "home.index"),
        ("Forslag", "reviews.queue"),
        ("Uden match", "matches.unmatched_cards"),
        ("Åbninger", "openings.index"),
        ("Borgere", "citizens.index"),
        ("Virksomheder", "employers.index"),
        ("Forløb", "placements.index"),
        ("Partnerskaber", "partnerships.index"),
        ("Indsatser", "efforts.index"),
        ("Målgrupper", "target_groups.index"),
        ("Mål", "goals.index"),
        ("Ordliste", "skills.index"),
        ("Indlæs filer", "imports.index"),
    ],
    Role.LEADER: [
        ("Overblik", "home.index"),
        ("Mål", "goals.index"),
        ("Sammenlign", "comparison.index"),
        ("Målgrupper", "target_groups.index"),
        ("Indsatser", "efforts.index"),
        ("Partnerskaber", "partnerships.index"),
        ("Virksomheder", "employers.index"),
        ("Åbninger", "openings.index"),
        ("Forslagene", "quality.index"),
        ("Regler", "rules.index"),
        ("Nabokommuner", "neighbours.index"),
    ],
    Role.GROUP_LEADER: [("Overblik", "home.index")],
    Role.ADMIN: [
        ("Overblik", "home.index"),
        ("Brugere", "users.index"),
        ("Log", "audit.index"),
        ("Mails", "outbox.index"),
        ("Regler", "rules.index"),
        ("Nabokommuner", "neighbours.index"),
        ("Andre systemer", "tokens.index"),
        ("Ordliste", "skills.index"),
        ("Genberegning", "quality.runs"),
    ],
    Role.OPERATOR: [
        ("Overblik", "home.index"),
        ("Kommuner", "municipalities.index"),
        ("Brugere", "users.index"),
        ("Log", "audit.index"),
        ("Regler", "rules.index"),
        ("Nabokommuner", "neighbours.index"),
        ("Ordliste", "skills.index"),
        ("Genberegning", "quality.runs"),
        ("Indlæs filer", "imports.index"),
    ],
    Role.EMPLOYER: [
        ("Overblik", "home.index"),
        ("Åbninger", "openings.index"),
        ("Forslag", "reviews.proposals"),
        ("Forløb", "placements.index"),
        ("Virksomheden", "employers.own"),
    ],
    Role.CITIZEN: [
        ("Overblik", "home.index"),
        ("Min side", "mine.index"),
        ("Mit kort", "cards.own"),
        ("Forslag til mig", "reviews.mine"),
        ("Mine forløb", "placements.index"),
        ("Hvem har set mit kort", "citizens.looks"),
    ],
}

LIT = """
# page                        consultant               leader           employer          citizen
home.index                    home.index               home.index       home.index        home.index
home.accessibility_statement                      -                        -                -                 -
home.privacy                  -                        -                -                 -
cards.detail                  citizens.index           .                .                 cards.own
intake.index                  citizens.index           .                .                 cards.own
consents.index                citizens.index           .                .                 .
assessments.detail            placements.index         .                placements.index  placements.index
placements.detail             placements.index         .                placements.index  placements.index
meetings.index                citizens.index           .                .                 .
meetings.for_match            reviews.queue            .                .                 .
meetings.for_placement        placements.index         .                .                 .
matches.for_card              reviews.queue            .                .                 .
matches.unmatched_cards       matches.unmatched_cards  .                .                 .
matches.unmatched_openings    matches.unmatched_cards  .                .                 .
quality.weights               reviews.queue            quality.index    .                 .
curation.index                skills.index             .                .                 .
outbox.index                  home.index               .                .                 .
posting.index                 openings.index           .                openings.index    .
employer_pages.detail                  employers.index          employers.index  .                 .
employer_pages.own                     .                        .                employers.own     .
answers.calls                 home.index               .                .                 .
answers.message               openings.index           .                .                 .
answers.response              home.index               goals.index      .                 .
situations.detail             citizens.index           .                .                 .
efforts.of_citizen            citizens.index       .                    .              .
cohorts.detail                efforts.index        efforts.index        .              .
cohort_people.detail          citizens.index       .                    .              .
ladders.index                 target_groups.index      target_groups.index  .              .
target_groups.unknown         target_groups.index      .                .                 .
comparison.rate               goals.index              comparison.index .                 .
fairness.index                .                        comparison.index .                 .
near_misses.of_goal           goals.index              goals.index      .                 .
accounts.sessions             -                        -                -                 -
"""
"""A dash: no link is lit. A dot: the role does not come there."""
READERS = (Role.CONSULTANT, Role.LEADER, Role.EMPLOYER, Role.CITIZEN)


def lit_pages() -> list[tuple[str, Role, str]]:
    lines = [line.split() for line in LIT.splitlines() if line and not line.startswith("#")]
    return [
        (page, role, link)
        for page, *links in lines
        for role, link in zip(READERS, links, strict=True)
        if link != "."
    ]


@pytest.fixture
def portal(sqlite_stage: Stage) -> Flask:
    app: Flask = sqlite_stage.app
    return app


@pytest.mark.parametrize("role", Role)
def test_the_menu_of_each_role(portal: Flask, role: Role) -> None:
    with portal.app_context():
        menu = [(str(link.label), link.page) for link in navigation.menu_of(role)]

    assert menu == MENUS[role]


@pytest.mark.parametrize(("endpoint", "role", "link"), lit_pages())
def test_a_page_that_the_menu_does_not_name_lights_the_link_it_is_reached_by(
    portal: Flask, endpoint: str, role: Role, link: str
) -> None:
    menu = {link for _label, link in MENUS[role]}
    with portal.app_context():
        lit = navigation.link_to(endpoint, role, menu)

    assert (lit if lit in menu else "-") == link


@pytest.mark.parametrize(
    ("endpoint", "role", "link"),
    [
        ("users.new", Role.OPERATOR, "users.index"),
        ("users.detail", Role.ADMIN, "users.index"),
        ("municipalities.new", Role.OPERATOR, "municipalities.index"),
        ("accounts.sessions", Role.OPERATOR, None),
        ("accounts.change_password", Role.ADMIN, None),
    ],
)
def test_pages_of_users_light_users_and_ones_own_login_lights_nothing(
    portal: Flask, endpoint: str, role: Role, link: str | None
) -> None:
    with portal.app_context():
        assert navigation.link_to(endpoint, role, {page for _label, page in MENUS[role]}) == link


def test_mette_finds_the_employers_page_under_employers(
    client_for: Callable[[User | None], PortalClient], mette: User
) -> None:
    """Two lists of the leader's pages stood in one table, and Python keeps the last."""
    page = client_for(mette).get("/employer-pages/referrals").page

    assert [link.text.strip() for link in page.select("nav a[aria-current]")] == ["Virksomheder"]
