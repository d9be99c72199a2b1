"""The main navigation: the rooms' links that a role may open, in the order of the loop."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import LazyString

from portal.base.terms import Effort
from portal.web.permissions import Role, action_of, may
from portal.web.rooms import HOME, TOOLS, MenuLink, rooms


@dataclass(frozen=True)
class NavItem:
    label: LazyString
    url: str
    active: bool


def items_for(role: Role | None, uses: Callable[[Effort | None], bool]) -> list[NavItem]:
    """The links of a role, with the one that leads to the page of the request marked active.

    `uses`: whether the reader's municipality has switched an effort on.
    """
    if role is None:
        return []
    menu = menu_of(role, uses)
    active = link_to(request.endpoint or "", role, {link.page for link in menu})
    return [NavItem(link.label, url_for(link.page), link.page == active) for link in menu]


def menu_of(role: Role, uses: Callable[[Effort | None], bool] = lambda _effort: True) -> list[MenuLink]:
    shown: dict[str, MenuLink] = {}
    for link in rooms().menu_where(uses):
        if _is_shown(link, role):
            shown.setdefault(link.page, link)
    backwards = role.traits.reads_loop_backwards

    def place(link: MenuLink) -> int:
        in_loop = HOME < link.position < TOOLS
        return TOOLS - link.position if backwards and in_loop else link.position

    return sorted(shown.values(), key=place)


def _is_shown(link: MenuLink, role: Role) -> bool:
    action = action_of(current_app.view_functions[link.page])
    also = link.only is None or may(role, link.only)
    elsewhere = link.unless is not None and may(role, link.unless)
    return action is not None and may(role, action) and also and not elsewhere


def link_to(page: str, role: Role, menu: set[str]) -> str | None:
    """The link of the menu by which the page is reached: itself, what its room says, or its room's own link."""
    room = next((room for room in rooms() if room.owns(page)), None)
    if page in menu or room is None:
        return page
    said = [one for one in room.within if one.page == page] or [
        one for one in room.within if one.page is None and (one.only is None or may(role, one.only))
    ]
    own = [] if any(one.link is None for one in said) else [link.page for link in room.menu]
    return next((link for link in [*(one.link for one in said), *own] if link in menu), None)
