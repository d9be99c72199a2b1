import pytest
from flask import Flask
from sqlalchemy import select

from portal.base.database import db, transaction
from portal.base.terms import SkillArea
from portal.shared.skills import queries
from portal.shared.skills.models import Skill, SkillCategory
from portal.shared.skills.services import (
    LabelTaken,
    SkillDetails,
    TitleDetails,
    new_version,
    put_skill,
    put_title,
    understand,
    understand_all,
)
from tests.factories import NOW, skill

BAKER = TitleDetails("bager", "Baker", SkillArea.KOEKKEN, ("bagersvend",))


def put(name: str, *synonyms: str) -> bool:
    return put_skill(SkillDetails(name, "English", SkillArea.KOEKKEN, SkillCategory.FAGLIG), synonyms, at=NOW)


def test_a_synonym_is_understood_as_its_skill(app: Flask) -> None:
    understood = understand("jeg kan snitte grønt")

    assert understood.skill_id == skill("skære og klargøre grøntsager").id
    assert understood.name == "skære og klargøre grøntsager"


def test_what_is_not_known_stands_in_its_own_words(app: Flask) -> None:
    understood = understand("stemme xylofoner")

    assert (understood.skill_id, understood.name, understood.confidence) == (None, None, 1.0)


def test_a_doubtful_word_is_a_question_not_an_answer(app: Flask) -> None:
    [understood] = understand_all(["gulvvaks og mop"])

    assert understood.skill_id is None


def test_no_text_is_no_error(app: Flask) -> None:
    assert understand_all([]) == []
    assert understand("").skill_id is None


def test_putting_the_same_skill_twice_changes_nothing(app: Flask) -> None:
    with transaction():
        assert put("rulle sushi", "sushi", "maki")
        assert not put("rulle sushi", "sushi", "maki")
        assert put("rulle sushi", "sushi")


def test_a_new_word_is_understood_from_the_next_version(app: Flask) -> None:
    before = queries.vocabulary_version()
    assert understand("rulle sushi").skill_id is None
    with transaction():
        put("rulle sushi", "sushi")
        new_version("sushi", NOW)

    assert queries.vocabulary_version() > before
    assert understand("sushi").name == "rulle sushi"


def test_a_word_belongs_to_one_skill(app: Flask) -> None:
    with pytest.raises(LabelTaken), transaction():
        put("noget nyt", "snitte grønt")


def test_the_name_of_another_skill_is_no_synonym(app: Flask) -> None:
    with pytest.raises(LabelTaken), transaction():
        put("noget nyt", "Køkkenhygiejne")


def test_titles_are_put_once(app: Flask) -> None:
    with transaction():
        assert put_title(BAKER, at=NOW)
        assert not put_title(BAKER, at=NOW)


def test_cards_are_offered_no_conditions_and_no_other_languages(app: Flask) -> None:
    conditions = select(Skill.name).where(Skill.category == SkillCategory.STILLINGSBETINGELSE)
    missing = set(queries.phrases()) - set(queries.phrases_for_cards())

    assert missing - set(db.session.scalars(conditions)) == {
        "engelsk", "arabisk", "farsi eller dari", "tigrinya", "somali", "kurmanji", "ukrainsk",
        "tyrkisk", "kurdisk", "russisk", "polsk", "rumænsk", "pashto", "thai", "tysk",
    }  # fmt: skip
    assert missing >= set(db.session.scalars(conditions)) > set()


def test_the_lexicon_is_built_once_per_version(app: Flask) -> None:
    assert queries.book() is queries.book()
