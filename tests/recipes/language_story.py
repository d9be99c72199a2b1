"""Told in a portal that speaks an eighth language, Vietnamese: her page, her paper and the reviewers' list speak it."""

from typing import Final

from flask import Flask

from portal.base.terms import Language
from portal.loop.cards.paper import LocalizedText, _Printer
from portal.loop.cards.queries import second_language
from portal.loop.citizens.models import Citizen
from tests.client import PortalClient
from tests.factories import make_card, make_citizen, user
from tests.support.recipes import toy_portal

TOY: Final = Language("vi")


def she_chooses_it_herself(app: Flask, her: Citizen) -> None:
    assert PortalClient(app, her.user).post("/mine/language", {"language": "vi"}).status_code == 303


def her_page_speaks_it(app: Flask, her: Citizen) -> None:
    page = PortalClient(app, her.user).get("/mine/").page

    assert page.html is not None
    assert page.html["lang"] == "vi"
    assert page.select_one("#goal h2").get_text() == "vi My goal"  # type: ignore[union-attr]


def her_paper_speaks_it(app: Flask, her: Citizen) -> None:
    hours = LocalizedText("op til 30 timer om ugen", "heading", "hours_up_to", {"hours": "30"})

    both = _Printer(second_language(TOY, only_reviewed=False)).both(hours)

    assert both == {"da": "op til 30 timer om ugen", "other": "vi up to 30 hours a week", "mark": True}


def reviewers_find_it(app: Flask, her: Citizen) -> None:
    words = PortalClient(app, user("karin@kommune.example")).get("/skills/translations?language=vi").words

    assert "Tiếng Việt" in words
    assert "vi " in words


def main() -> None:
    with toy_portal() as app:
        her = make_citizen("Lan", with_login=True)
        make_card(her, goal="Jeg vil bage brød.", hours_max=30)
        for seen in (she_chooses_it_herself, her_page_speaks_it, her_paper_speaks_it, reviewers_find_it):
            seen(app, her)


if __name__ == "__main__":
    main()
