"""Which pages of the portal somebody may open, by what they are called."""

from typing import Final

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from portal.shared.accounts.models import User
from portal.web.finding import SearchHit
from portal.web.navigation import menu_of
from portal.web.permissions import action_of
from portal.web.rooms import rooms
from portal.web.searching import text_holds

_OF_HER_OWN: Final = (
    (_l("Mine login"), "accounts.sessions"),
    (_l("Mails til mig"), "outbox.mine"),
    (_l("Genvejstaster"), "accounts.shortcuts"),
    (_l("Ny borger"), "citizens.new"),
    (_l("Ny åbning"), "posting.index"),
)
"""Beside the menu: what stands in the menu of the person herself, and what is often begun."""


def pages_found(words: str, reader: User) -> list[SearchHit]:
    """In the order of the menu."""
    named = [(link.label, link.page) for link in menu_of(reader.role, reader.uses)]
    fronts = [(room.effort.label, room.front) for room in rooms() if room.effort and room.front]
    named += [one for one in fronts if reader.uses(rooms().effort_of(one[1]))]
    shown: dict[str, str] = {}
    for label, endpoint in (*named, *_OF_HER_OWN):
        action = action_of(current_app.view_functions[endpoint])
        if action is not None and reader.may(action) and text_holds(str(label), words):
            shown.setdefault(endpoint, str(label))
    return [SearchHit(label, "", url_for(endpoint)) for endpoint, label in shown.items()]
