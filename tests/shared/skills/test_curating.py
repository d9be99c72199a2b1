"""Changing the vocabulary: what each command does to words, and exactly which rows follow."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.base import events
from portal.base.database import db, transaction
from portal.base.errors import StaleVersion
from portal.base.events import Renewal
from portal.base.terms import SkillArea
from portal.lexicon import fold
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.shared.accounts.models import User
from portal.shared.skills import queries, services
from portal.shared.skills.models import Skill, SkillCategory
from portal.shared.skills.services import (
    RENEWED_AT_ONCE,
    LabelEmpty,
    LabelTaken,
    SkillDetails,
    SkillInUse,
    understand,
)
from tests.client import PortalClient
from tests.factories import NOW, make_card, make_citizen, make_opening, make_words, skill

SILVER = SkillDetails("sølvpudsning", "Polishing silver", SkillArea.KOEKKEN, SkillCategory.FAGLIG)


def add(details: SkillDetails = SILVER, *synonyms: str) -> Skill:
    with transaction():
        return services.add_skill(details, synonyms=synonyms, by=None, at=NOW)[0]


def add_synonym(name: str, label: str) -> Renewal:
    with transaction():
        return services.add_synonym(skill(name), label, by=None, at=NOW)


def remove_synonym(name: str, label: str, by: User) -> Renewal:
    with transaction():
        found = next(one for one in skill(name).synonyms if one.label == label)
        return services.remove_synonym(found, by=by, at=NOW)


def edit(name: str, details: SkillDetails, by: User, seen_version: int | None = None) -> Renewal:
    with transaction():
        return services.edit_skill(skill(name), details, seen_version=seen_version, by=by, at=NOW)


@pytest.mark.parametrize(
    ("label", "error"),
    [
        ("køkkenhygiejne", LabelTaken),  # a skill's name
        ("KOEKKENHYGIEJNE", LabelTaken),
        ("snitte grønt", LabelTaken),  # a skill's other word
        ("?!", LabelEmpty),
        (" ", LabelEmpty),
    ],
)
def test_a_word_that_is_taken_or_none_is_refused(app: Flask, label: str, error: type[Exception]) -> None:
    before = queries.vocabulary_version()

    with pytest.raises(error):
        add_synonym("håndhygiejne", label)
    with pytest.raises(error):
        add(SkillDetails(label, "x", SkillArea.KOEKKEN, SkillCategory.FAGLIG))

    assert queries.vocabulary_version() == before


def test_a_word_it_has_already_changes_nothing(app: Flask) -> None:
    before = queries.vocabulary_version()

    assert add_synonym("køkkenhygiejne", "Køkkenhygiejne") == Renewal()

    assert queries.vocabulary_version() == before


def test_a_new_word_is_understood_at_once_and_no_longer_when_it_is_removed(app: Flask, karin: User) -> None:
    add_synonym("køkkenhygiejne", "blankt stål")
    line = make_words(make_card(), "Blankt stål", skill_id=skill("køkkenhygiejne").id)
    assert understand("blankt stål").name == "køkkenhygiejne"

    assert remove_synonym("køkkenhygiejne", "blankt stål", karin) == Renewal(now=1)

    assert understand("blankt stål").skill_id is None
    db.session.refresh(line)
    assert line.skill_id is None


def test_a_removed_word_leaves_what_its_writer_chose(app: Flask, karin: User) -> None:
    add_synonym("køkkenhygiejne", "blankt stål")
    line = make_words(make_card(), "blankt stål", skill_id=skill("køkkenhygiejne").id, chosen=True)

    assert remove_synonym("køkkenhygiejne", "blankt stål", karin) == Renewal()

    db.session.refresh(line)
    assert line.skill_id == skill("køkkenhygiejne").id


def test_a_new_name_keeps_the_old_one_as_another_word(app: Flask, karin: User) -> None:
    add(SILVER, "pudse sølv")
    made = skill("sølvpudsning")
    line = make_words(make_card(), "blanke gafler")

    details = SkillDetails("blanke gafler", "Shining forks", SkillArea.FAELLES, SkillCategory.FAGLIG)
    assert edit("sølvpudsning", details, karin) == Renewal(now=1)

    renamed = skill("blanke gafler")
    assert renamed.id == made.id
    assert [one.label for one in renamed.synonyms] == ["pudse sølv", "sølvpudsning"]
    assert {understand(text).skill_id for text in ("sølvpudsning", "pudse sølv", "blanke gafler")} == {
        made.id
    }
    db.session.refresh(line)
    assert line.skill_id == made.id


def test_a_name_may_change_places_with_one_of_its_words(app: Flask, karin: User) -> None:
    add(SILVER, "pudse sølv")

    edit("sølvpudsning", SkillDetails("pudse sølv", "x", SkillArea.KOEKKEN, SkillCategory.FAGLIG), karin)

    assert [one.label for one in skill("pudse sølv").synonyms] == ["sølvpudsning"]


def test_who_edits_what_another_changed_is_told(app: Flask, karin: User) -> None:
    add()
    edit("sølvpudsning", SILVER, karin, seen_version=1)

    with pytest.raises(StaleVersion):
        edit("sølvpudsning", SILVER, karin, seen_version=1)


def test_only_a_skill_that_nothing_is_linked_to_is_removed(app: Flask, karin: User) -> None:
    add(SILVER, "pudse sølv")
    line = make_words(make_card(), "pudse sølv", skill_id=skill("sølvpudsning").id)
    with pytest.raises(SkillInUse), transaction():
        services.remove_skill(skill("sølvpudsning"), by=karin, at=NOW)
    with transaction():
        db.session.delete(db.session.get_one(SkillEvidence, line.id))

    with transaction():
        services.remove_skill(skill("sølvpudsning"), by=karin, at=NOW)

    assert understand("pudse sølv").skill_id is None


# --- Exactly the rows with the phrase

PHRASES = (
    "pudse sølv",
    "Pudse sølv!",
    "PUDSE SOELV",
    "pudse sølvet",
    "sølv",
    "pudse  sølv",
    "sølv pudse",
    "x",
)
ROWS = st.lists(
    st.tuples(st.sampled_from(PHRASES), st.booleans(), st.sampled_from(("none", "same", "other"))),
    max_size=8,
)


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)  # the statement is the same on both
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, takes_away=st.booleans())
def test_exactly_the_rows_with_the_phrase_follow(
    app: Flask, rows: list[tuple[str, bool, str]], takes_away: bool
) -> None:
    same, other = skill("køkkenhygiejne"), skill("håndhygiejne")
    linked = {"none": None, "same": same.id, "other": other.id}
    card = make_card(make_citizen(), skills={})
    lines = [
        make_words(card, text, chosen=chosen, skill_id=linked[to], confidence=0.5)
        for text, chosen, to in rows
    ]
    before = [(line.skill_id, line.confidence) for line in lines]
    phrase = frozenset({fold("pudse sølv")})
    none: frozenset[str] = frozenset()
    change = events.WordingsMoved(none, phrase, 0) if takes_away else events.WordingsMoved(phrase, none, 0)

    with transaction():
        events.vocabulary_changed.send(same, change=change, at=NOW)

    for line, was, (text, chosen, to) in zip(lines, before, rows, strict=True):
        db.session.refresh(line)
        concerned = fold(text) in phrase and not chosen and (to == "same") is takes_away
        becomes = (None if takes_away else same.id, 1.0) if concerned else was
        assert (line.skill_id, line.confidence) == becomes, (text, chosen, to)


@pytest.fixture
def renewed() -> Iterator[list[int]]:
    """The cards whose suggestions were renewed."""
    seen: list[int] = []

    def note(card: CompetenceCard, **_more: object) -> None:
        seen.append(card.id)

    with events.card_changed.connected_to(note):
        yield seen


def test_many_cards_are_linked_but_only_the_first_matched_at_once(app: Flask, renewed: list[int]) -> None:
    cards = [make_card(make_citizen(f"Borger {number}"), skills={}) for number in range(RENEWED_AT_ONCE + 2)]
    with transaction():
        db.session.execute(
            sa.insert(SkillEvidence),
            [
                {
                    "card_id": card.id,
                    "text": "blankt stål",
                    "level": 2,
                    "source": "own",
                    "seen_on": NOW.date(),
                }
                for card in cards
            ],
        )

    assert add_synonym("køkkenhygiejne", "blankt stål") == Renewal(now=RENEWED_AT_ONCE, later=2)

    assert renewed == [card.id for card in cards[:RENEWED_AT_ONCE]]
    versions = db.session.scalars(sa.select(CompetenceCard.version).distinct())
    assert list(versions) == [2]


# --- Pages


def test_karin_keeps_the_words_of_a_skill(client_for, karin: User) -> None:
    client: PortalClient = client_for(karin)
    url = f"/skills/{skill('køkkenhygiejne').id}"
    assert client.get("/skills/?q=køkkenhygiejne").page.select(f"a[href='{url}']")

    assert client.post(f"{url}/synonyms", {"label": "blankt stål"}).status_code == 303
    assert client.post(f"{url}/synonyms", {"label": "snitte grønt"}).status_code == 409
    assert client.post(f"{url}/synonyms", {"label": ""}).status_code == 422
    [word] = [one.id for one in skill("køkkenhygiejne").synonyms if one.label == "blankt stål"]
    assert client.post(f"{url}/synonyms/{word}/remove").status_code == 303
    assert client.post(f"{url}/synonyms/{word}/remove").status_code == 404


def test_karin_changes_a_skill_and_is_told_when_another_did(client_for, karin: User) -> None:
    client: PortalClient = client_for(karin)
    url = f"/skills/{skill('køkkenhygiejne').id}"
    page = client.get(url).page
    data = {
        "name": "hygiejne i køkkenet",
        "english": "Kitchen hygiene",
        "area": "koekken",
        "category": "faglig",
        "ladder": "arbejde",
        "pictogram": "",
        "version": page.select_one("[name=version]")["value"],
    }

    assert client.post(url, {**data, "name": ""}).status_code == 422
    assert client.post(url, {**data, "name": "håndhygiejne"}).status_code == 409
    assert client.post(url, data).status_code == 303
    assert client.post(url, data).status_code == 409


def test_a_used_skill_is_not_removed(client_for, karin: User) -> None:
    make_opening()
    client: PortalClient = client_for(karin)

    assert client.post(f"/skills/{skill('køkkenhygiejne').id}/remove").status_code == 409
    made = add()
    assert client.post(f"/skills/{made.id}/remove").status_code == 303
