"""Told in a portal with a fourth trade and its first rows: they are asked, offered, ticked and printed."""

from flask import Flask

from portal.base.database import db
from portal.base.terms import Industry, SkillArea
from portal.loop.cards.queries import card_on_paper
from portal.shared.skills.models import JobTitle, Skill
from portal.workspaces.posting.models import Step
from tests.client import PortalClient
from tests.factories import TODAY, make_card, make_citizen, make_draft, make_employer, owner_of, user
from tests.support.recipes import toy_portal

TOY = Industry("butik")


def the_vocabulary_has_its_skill_and_its_title(app: Flask) -> None:
    area = SkillArea("butik")

    assert db.session.query(Skill).filter_by(area=area).one().name == "fylde varer op på hylder"
    assert db.session.query(JobTitle).filter_by(area=area).one().name == "butiksmedhjælper"


def she_says_what_she_has_done(app: Flask) -> None:
    amira = make_citizen("Amira", with_login=True)
    card = make_card(amira, wishes=["butik"])
    client, base = PortalClient(app, amira.user), f"/cards/{card.id}/tasks/butik"

    assert "Fylde varer op på hylder" in client.get(base).words
    said = {"fill-shelves-frequency": "daily", "fill-shelves-setting": "work"}
    assert client.post(base, said).status_code == 303
    assert client.post(f"{base}/summary", {}).status_code == 303
    assert "fylde varer op på hylder" in client.get("/cards/own").words.lower()


def her_paper_has_its_words(app: Flask) -> None:
    paper = card_on_paper(make_card(), url="https://kort.example.dk/1", printed_on=TODAY, trade=TOY)

    assert [word.danish for word in paper.words_of_the_trade] == ["en vare"]
    page = PortalClient(app, user("karin@kommune.example")).get(f"/cards/{make_card().id}/paper").page
    assert page.select_one("[name=words] option[value=butik]") is not None


def the_usual_post_is_ticked_beforehand(app: Flask) -> None:
    owner = owner_of(make_employer())
    draft = make_draft(owner)
    client, address = PortalClient(app, owner), f"/posting/{draft.id}"

    client.post(f"{address}/{Step.JOB.value}", {"template": "butiksmedhjælper"})

    ticked = client.get(f"{address}/{Step.TASKS.value}").page.select_one("[name=fill-shelves][checked]")
    assert ticked is not None
    assert ticked["value"] == "must"


def main() -> None:
    with toy_portal() as app:
        for seen in (
            the_vocabulary_has_its_skill_and_its_title,
            she_says_what_she_has_done,
            her_paper_has_its_words,
            the_usual_post_is_ticked_beforehand,
        ):
            seen(app)


if __name__ == "__main__":
    main()
