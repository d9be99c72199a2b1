"""Told in a portal with a sixth role, the mentor: she has an account, a front page, a menu, and what she may read."""

from flask import Flask

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.web.permissions import Role
from tests.client import PortalClient
from tests.factories import (
    make_card,
    make_citizen,
    make_match,
    make_placement,
    make_review,
    municipality,
    user,
)
from tests.support.recipes import toy_portal

EMAIL = "nina@kommune.example"


def an_administrator_makes_her_account(app: Flask) -> None:
    ali = PortalClient(app, user("admin@kommune.example"))
    typed = {
        "name": "Nina Mentor",
        "email": EMAIL,
        "role": "mentor",
        "municipality_id": str(municipality("Halsnæs").id),
    }

    made = ali.post("/users/new", typed)

    assert made.status_code == 303, made.words

    assert user(EMAIL).role is Role("mentor")


def her_portal_holds_what_she_may_open(app: Flask) -> None:
    placement = make_placement(make_review(make_match(card=make_card(make_citizen("Amira")))))
    nina = PortalClient(app, db.session.query(User).filter_by(email=EMAIL).one())

    front = nina.get("/")

    assert "Mentorens overblik" in front.words
    menu = [str(link["href"]) for link in front.page.select("nav[aria-label] ul a")]
    assert menu == ["/", "/citizens/", "/placements/"]
    assert nina.get(f"/placements/{placement.id}").status_code == 200
    assert [nina.get(path).status_code for path in ("/goals/", "/users/new", "/openings/")] == [403] * 3


def a_neighbours_citizen_does_not_exist_for_her(app: Flask) -> None:
    stranger = make_citizen("Selam", in_municipality="Fredensborg")

    assert PortalClient(app, user(EMAIL)).get(f"/citizens/{stranger.id}").status_code == 404


def main() -> None:
    with toy_portal() as app:
        for seen in (
            an_administrator_makes_her_account,
            her_portal_holds_what_she_may_open,
            a_neighbours_citizen_does_not_exist_for_her,
        ):
            seen(app)


if __name__ == "__main__":
    main()
