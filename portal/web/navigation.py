"""The main navigation of each role, in the order of the loop."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.web.permissions import Role

_MENU: dict[Role, tuple[tuple[LazyString, str], ...]] = {
    Role.CONSULTANT: (
        (_l("I dag"), "home.index"),
        (_l("Forslag"), "reviews.queue"),
        (_l("Uden match"), "matches.unmatched_cards"),
        (_l("Åbninger"), "openings.index"),
        (_l("Borgere"), "citizens.index"),
        (_l("Virksomheder"), "employers.index"),
        (_l("Forløb"), "placements.index"),
        (_l("Partnerskaber"), "partnerships.index"),
        (_l("Mål"), "goals.index"),
        (_l("Ordliste"), "skills.index"),
        (_l("Indlæs filer"), "imports.index"),
    ),
    Role.LEADER: (
        (_l("Overblik"), "home.index"),
        (_l("Mål"), "goals.index"),
        (_l("Partnerskaber"), "partnerships.index"),
        (_l("Virksomheder"), "employers.index"),
        (_l("Åbninger"), "openings.index"),
        (_l("Matcheren"), "quality.index"),
        (_l("Regler"), "rules.index"),
    ),
    Role.ADMIN: (
        (_l("Overblik"), "home.index"),
        (_l("Brugere"), "accounts.users"),
        (_l("Log"), "audit.index"),
        (_l("Mails"), "outbox.index"),
        (_l("Regler"), "rules.index"),
        (_l("Ordliste"), "skills.index"),
        (_l("Genberegning"), "quality.runs"),
    ),
    Role.EMPLOYER: (
        (_l("Overblik"), "home.index"),
        (_l("Åbninger"), "openings.index"),
        (_l("Forslag"), "reviews.proposals"),
        (_l("Forløb"), "placements.index"),
        (_l("Virksomheden"), "employers.own"),
    ),
    Role.CITIZEN: (
        (_l("Overblik"), "home.index"),
        (_l("Min side"), "mine.index"),
        (_l("Mit kort"), "cards.own"),
        (_l("Forslag til mig"), "reviews.mine"),
        (_l("Mine forløb"), "placements.index"),
        (_l("Hvem har set mit kort"), "citizens.looks"),
    ),
}


_ROOMS_WITHIN: dict[Role, dict[str, str]] = {
    Role.CONSULTANT: {
        "cards": "citizens.index",
        "consents": "citizens.index",
        "intake": "citizens.index",
        "assessments": "placements.index",
        "meetings": "citizens.index",
        "meetings.for_match": "reviews.queue",
        "meetings.for_placement": "placements.index",
        "matches": "reviews.queue",
        "quality": "reviews.queue",
        "matches.unmatched_openings": "matches.unmatched_cards",
        "curation": "skills.index",
        "outbox": "home.index",
        "posting": "openings.index",
        "firms": "employers.index",
        "answers": "home.index",
        "answers.message": "openings.index",
    },
    Role.LEADER: {"firms": "employers.index"},
    Role.EMPLOYER: {"firms": "employers.own", "posting": "openings.index"},
    Role.LEADER: {"answers": "goals.index"},
}
"""Rooms, and pages, that the menu does not name, and the link they are reached by."""

_BESIDE_THE_MENU = frozenset({"home.accessibility_statement", "home.privacy"})


@dataclass(frozen=True)
class NavItem:
    label: LazyString
    url: str
    active: bool


def items_for(role: Role | None) -> list[NavItem]:
    """The links of a role, with the room the request stands in marked active."""
    if role is None:
        return []
    menu = _MENU[role]
    here = request.endpoint or ""
    exact = {endpoint for _label, endpoint in menu if endpoint == here}
    room = here.partition(".")[0]
    within = _ROOMS_WITHIN.get(role, {})
    near = (
        within.get(here)
        or within.get(room)
        or next((endpoint for _label, endpoint in menu if endpoint.partition(".")[0] == room), None)
    )
    if here in _BESIDE_THE_MENU:
        near = None
    active = exact or ({near} if near else set())
    return [NavItem(label, url_for(endpoint), endpoint in active) for label, endpoint in menu]
