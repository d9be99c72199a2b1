"""Which skill is a kind of which: what is refused, what the matcher is told, and the curator's page."""

from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.base.database import db, transaction
from portal.base.terms import SkillArea
from portal.shared.accounts.models import User
from portal.shared.skills import queries, services
from portal.shared.skills.models import Skill, SkillCategory, SkillLadder, skill_relations
from portal.shared.skills.relations import (
    HELD_IS_BROADER,
    HELD_IS_NARROWER,
    AboveItself,
    RelationsInCircle,
    all_above,
    circle_through,
    likeness,
)
from portal.shared.skills.services import SkillDetails, UnknownPictogram
from tests.client import PortalClient
from tests.factories import NOW, skill

CLEANING, FLOORS, STAIRS = range(3)


def make(name: str) -> Skill:
    details = SkillDetails(name, name, SkillArea.RENGOERING, SkillCategory.FAGLIG)
    with transaction():
        return services.add_skill(details, by=None, at=NOW)[0]


def relate(name: str, broader: str, by: User) -> None:
    with transaction():
        services.add_broader(skill(name), skill(broader), by=by, at=NOW)


def asked_and_held(asked: str, held: str) -> float:
    return queries.relations().get((skill(asked).id, skill(held).id), 0)


@pytest.fixture
def house(app: Flask, karin: User) -> User:
    """Rengøring, gulve and trapper under it, and stentrapper under trapper."""
    for name in ("alt arbejde med gulve", "vask af alle trapper", "vask af stentrapper", "bonede gulve"):
        make(name)
    relate("bonede gulve", "alt arbejde med gulve", karin)
    relate("vask af alle trapper", "alt arbejde med gulve", karin)
    relate("vask af stentrapper", "vask af alle trapper", karin)
    return karin


def test_the_matcher_is_told_what_is_broader_and_narrower(house: User) -> None:
    assert asked_and_held("alt arbejde med gulve", "bonede gulve") == HELD_IS_NARROWER
    assert asked_and_held("alt arbejde med gulve", "vask af stentrapper") == HELD_IS_NARROWER
    assert asked_and_held("bonede gulve", "alt arbejde med gulve") == HELD_IS_BROADER
    assert asked_and_held("vask af stentrapper", "alt arbejde med gulve") == 0, (
        "too far above to say anything"
    )
    assert asked_and_held("bonede gulve", "vask af alle trapper") == 0, "two kinds of one thing"


def test_what_is_taken_back_is_told_no_longer(house: User) -> None:
    with transaction():
        services.remove_broader(skill("bonede gulve"), skill("alt arbejde med gulve"), by=house, at=NOW)

    assert asked_and_held("alt arbejde med gulve", "bonede gulve") == 0


def test_the_same_relation_twice_is_one(house: User) -> None:
    before = queries.vocabulary_version()

    relate("bonede gulve", "alt arbejde med gulve", house)

    assert queries.vocabulary_version() == before


@pytest.mark.parametrize(
    ("name", "broader", "error", "said"),
    [
        ("bonede gulve", "bonede gulve", AboveItself, "sig selv"),
        (
            "alt arbejde med gulve",
            "vask af stentrapper",
            RelationsInCircle,
            "alt arbejde med gulve → vask af stentrapper → vask af alle trapper → alt arbejde med gulve",
        ),
    ],
)
def test_no_skill_comes_above_itself(
    house: User, name: str, broader: str, error: type[services.DomainError], said: str
) -> None:
    before = db.session.execute(sa.select(skill_relations)).all()

    with pytest.raises(error) as refusal:
        relate(name, broader, house)

    assert said in str(refusal.value.message)
    assert db.session.execute(sa.select(skill_relations)).all() == before


def test_the_database_knows_that_nothing_is_above_itself(app: Flask) -> None:
    one = skill("køkkenhygiejne").id

    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.insert(skill_relations).values(skill_id=one, broader_id=one))


def test_what_is_removed_leaves_no_relation(house: User) -> None:
    with transaction():
        services.remove_skill(skill("vask af alle trapper"), by=house, at=NOW)

    assert skill("vask af stentrapper").broader == []
    assert [one.name for one in skill("alt arbejde med gulve").narrower] == ["bonede gulve"]


GRAPHS = st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=3), max_size=7)


@given(GRAPHS, st.integers(0, 6))
def test_a_circle_is_found_exactly_where_something_is_above_itself(
    broader: dict[int, list[int]], start: int
) -> None:
    circle = circle_through(start, broader)

    assert bool(circle) == (start in set(all_above(start, broader)))
    for one, above in pairwise(circle):
        assert above in broader[one]
    assert not circle or circle[0] == circle[-1] == start


def test_by_two_ways_above_is_above_once() -> None:
    diamond = {STAIRS: [FLOORS, CLEANING], FLOORS: [CLEANING]}

    assert list(all_above(STAIRS, diamond)) == [FLOORS, CLEANING]
    assert likeness(diamond)[STAIRS, CLEANING] == HELD_IS_BROADER


@pytest.mark.parametrize("category", SkillCategory)
def test_a_new_skill_has_the_usual_ladder_of_its_category(app: Flask, category: SkillCategory) -> None:
    with transaction():
        made, _ = services.add_skill(
            SkillDetails("noget nyt", "x", SkillArea.FAELLES, category), by=None, at=NOW
        )

    assert made.ladder is category.usual_ladder


def test_a_picture_must_be_one_that_there_is(app: Flask, karin: User) -> None:
    details = SkillDetails("noget nyt", "x", SkillArea.FAELLES, SkillCategory.FAGLIG, pictogram="rumraket")

    with pytest.raises(UnknownPictogram) as refusal, transaction():
        services.add_skill(details, by=karin, at=NOW)

    assert "rumraket" in str(refusal.value.message)


# --- The curator's page


def test_karin_puts_a_skill_under_another_and_takes_it_back(client_for, karin: User) -> None:
    client: PortalClient = client_for(karin)
    broader, narrower = make("alt arbejde med gulve").id, make("bonede gulve").id

    found = client.get(f"/skills/{narrower}?q=arbejde med gulve").page
    assert found.select_one(f"form[action='/skills/{narrower}/broader/{broader}']")
    assert client.post(f"/skills/{narrower}/broader/{broader}").status_code == 303
    assert client.get(f"/skills/{broader}").page.select_one(f"#narrower a[href='/skills/{narrower}']")
    again = client.get(f"/skills/{narrower}?q=arbejde med gulve").page
    assert again.select_one("#broader-table")
    assert not again.select(f"form[action$='/broader/{broader}']")

    refused = client.post(f"/skills/{broader}/broader/{narrower}")
    assert refused.status_code == 409
    assert "i ring" in refused.page.select_one("#skill").text

    assert client.post(f"/skills/{narrower}/broader/{broader}/remove").status_code == 303
    assert not client.get(f"/skills/{narrower}").page.select("#broader-table")


def test_karin_says_how_well_is_told_and_what_shows_it(client_for, karin: User) -> None:
    client: PortalClient = client_for(karin)
    url = f"/skills/{skill('køkkenhygiejne').id}"
    data = {
        "name": "køkkenhygiejne", "english": "Kitchen hygiene", "area": "koekken", "category": "faglig",
        "ladder": "bevis", "pictogram": "wash-pots",
    }  # fmt: skip

    def send(**values: str) -> int:
        version = client.get(url).page.select_one("[name=version]")["value"]
        return client.post(url, {**data, "version": version, **values}).status_code

    assert send(pictogram="rumraket") == 422
    assert send(ladder="stige") == 422
    assert send() == 303
    db.session.expire_all()
    assert (skill("køkkenhygiejne").ladder, skill("køkkenhygiejne").pictogram) == (
        SkillLadder.BEVIS,
        "wash-pots",
    )
    assert (
        client.get(url)
        .page.select_one("svg.pictogram use")["href"]
        .startswith("/static/pictograms/wash-pots.svg")
    )
    assert send(pictogram="") == 303
    db.session.expire_all()
    assert skill("køkkenhygiejne").pictogram is None
