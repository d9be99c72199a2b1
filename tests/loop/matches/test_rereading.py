"""Words read again with the vocabulary of today: what is foretold is what is then done, and nothing else."""

import csv
import io
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from portal.base.database import db, transaction
from portal.lexicon import fold
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.matches import rereading
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.matches.rematch import foresee
from portal.loop.matches.rereading import RereadPhrase, reread, write
from portal.loop.openings.models import Opening, OpeningTask
from portal.shared.audit.models import AuditEntry
from portal.shared.skills.models import SkillSynonym
from portal.shared.skills.services import new_version
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_opening,
    make_seen,
    make_words,
    municipality,
    skill,
)

HYGIENE = "køkkenhygiejne"
VEGETABLES = "skære og klargøre grøntsager"
OWN_WORDS = "stemme xylofoner"


_seconds = count(1)  # no two states of the vocabulary are of one moment


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Every test here calls services."""


def teach(label: str, name: str) -> None:
    """A wording comes to a skill from a file, and what is written so is left for `flask rematch`."""
    with transaction():
        db.session.execute(sa.delete(SkillSynonym).where(SkillSynonym.folded == fold(label)))
        db.session.add(SkillSynonym(skill_id=skill(name).id, label=label, folded=fold(label)))
        new_version(label, NOW + timedelta(seconds=next(_seconds)))


def home(name: str = "Halsnæs") -> int:
    return municipality(name).id


def meanings(found: list[RereadPhrase]) -> list[tuple[str, int | None, int | None]]:
    return [(one.text, one.before.skill_id, one.after.skill_id) for one in found if one.means_another]


def make_task(opening: Opening, text: str, **values: object) -> OpeningTask:
    with transaction():
        task = OpeningTask(
            **{"opening_id": opening.id, "text": text, "kind": "nice", "position": 9, **values}
        )
        db.session.add(task)
    return task


def test_what_the_words_say_today_is_taken_and_both_sides_are_new_versions() -> None:
    card, opening = make_card(skills={}), make_opening()
    line, task = make_words(card, OWN_WORDS), make_task(opening, OWN_WORDS)
    assert meanings(reread(home())) == []
    teach(OWN_WORDS, HYGIENE)

    found = reread(home())

    assert meanings(found) == [(OWN_WORDS, None, skill(HYGIENE).id)] * 2
    assert write(home(), found, now=lambda: NOW) == 2
    db.session.expire_all()
    assert line.skill_id == task.skill_id == skill(HYGIENE).id
    assert (line.guesses, task.guesses, line.confidence) == ([], [], 1.0)
    assert (card.version, opening.version) == (2, 2)
    assert meanings(reread(home())) == []
    [noted] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "phrases-reread"))
    assert noted.purpose == "2"


def test_a_wording_that_moved_takes_along_what_was_written_so() -> None:
    line = make_words(make_card(skills={}), "snitte grønt", skill_id=skill(VEGETABLES).id)
    teach("snitte grønt", HYGIENE)

    assert meanings(reread(home())) == [("snitte grønt", skill(VEGETABLES).id, skill(HYGIENE).id)]
    assert line.skill_id == skill(VEGETABLES).id


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("tunge løft", None),  # a condition never comes to a card
        ("engelsk", None),  # nor does a language,
        ("engelsk", "engelsk"),  # but one that stands there stays
    ],
)
def test_what_no_card_holds_comes_to_none_by_reading(text: str, stored: str | None) -> None:
    make_words(make_card(skills={}), text, skill_id=skill(stored).id if stored else None)

    assert meanings(reread(home())) == []


def test_what_somebody_chose_or_a_sheet_says_stays() -> None:
    card, chosen = make_card(skills={}), skill(VEGETABLES).id
    make_words(card, OWN_WORDS, skill_id=chosen, chosen=True)
    make_seen(card, OWN_WORDS, skill_id=chosen, assessment_id=7)
    make_task(make_opening(), OWN_WORDS, skill_id=chosen, chosen=True)
    teach(OWN_WORDS, HYGIENE)

    assert meanings(reread(home())) == []


def test_what_others_answered_holds_a_link_and_overrules_nobodys_own_words() -> None:
    card, meant = make_card(skills={}), skill("gulvvask og mopning").id
    make_task(make_opening(), "gulvvaks", skill_id=meant, chosen=True)
    linked, own = make_words(card, "gulvvaks", skill_id=meant), make_words(card, "gulvvaks")

    write(home(), reread(home()), now=lambda: NOW)

    db.session.expire_all()
    assert (linked.skill_id, own.skill_id) == (meant, None)
    assert own.guesses, "unsure words are weighed"


def test_what_was_edited_since_it_was_read_stays_as_edited() -> None:
    card = make_card(skills={})
    edited, chosen = make_words(card, OWN_WORDS), make_words(card, OWN_WORDS)
    teach(OWN_WORDS, HYGIENE)
    found = reread(home())
    with transaction():
        edited.text = "noget andet"
        chosen.skill_id, chosen.chosen = skill(VEGETABLES).id, True

    assert write(home(), found, now=lambda: NOW) == 0

    db.session.expire_all()
    assert (edited.skill_id, chosen.skill_id, card.version) == (None, skill(VEGETABLES).id, 1)


def test_other_municipalities_are_left_alone() -> None:
    make_words(make_card(make_citizen(in_municipality="Fredensborg"), skills={}), OWN_WORDS)
    teach(OWN_WORDS, HYGIENE)

    assert reread(home()) == []
    assert len(meanings(reread(home("Fredensborg")))) == 1


def test_a_stopped_writing_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "OWNERS_AT_ONCE", 1)
    for number in range(3):
        make_words(make_card(make_citizen(f"B{number}"), skills={}), OWN_WORDS)
    teach(OWN_WORDS, HYGIENE)

    def stop(done: int, _all: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(home(), reread(home()), now=lambda: NOW, on_progress=stop)

    assert len(meanings(reread(home()))) == 1


# --- What is foretold


def a_town_before_new_words() -> None:
    """Two towns that share an opening; by the new words one card comes over the bar, one falls, one counts more."""
    teach("blankt stål", HYGIENE)
    nearby = make_employer("Lenes Kantine", in_municipality="Fredensborg")
    make_opening(must=[HYGIENE])
    make_opening(nearby, must=[VEGETABLES], nice=[HYGIENE], visible_to_neighbours=True)
    for town in ("Halsnæs", "Fredensborg"):
        make_words(make_card(make_citizen("Over", in_municipality=town), skills={}), OWN_WORDS)
        falls = make_card(make_citizen("Falder", in_municipality=town), skills={})
        make_words(falls, "blankt stål", skill_id=skill(HYGIENE).id)
        more = make_card(make_citizen("Mere", in_municipality=town), skills={VEGETABLES: 3})
        make_words(more, OWN_WORDS)


def new_words() -> None:
    teach(OWN_WORDS, HYGIENE)
    teach("blankt stål", "borddækning")


def open_matches() -> dict[tuple[str, str], tuple[float, float]]:
    db.session.expire_all()
    found = sa.select(Match).where(Match.status == MatchStatus.OPEN)
    return {
        (str(one.opening_id), one.card.number): (one.sure, one.possible) for one in db.session.scalars(found)
    }


def everything() -> dict[str, list[tuple[object, ...]]]:
    return {
        table.name: [
            tuple(map(repr, row)) for row in db.session.execute(sa.select(table).order_by(*table.primary_key))
        ]
        for table in db.metadata.sorted_tables
    }


def flask(app: Flask, *words: str) -> str:
    runner: FlaskCliRunner = app.test_cli_runner()
    db.session.rollback()
    answer = runner.invoke(args=list(words))
    db.session.rollback()
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_what_is_foretold_is_what_is_then_done(app: Flask, tmp_path: Path) -> None:
    a_town_before_new_words()
    flask(app, "rematch")
    new_words()
    before, stored, lines = open_matches(), everything(), line_skills()

    said = flask(app, "rematch", "--dry-run", "--csv", str(tmp_path / "list.csv"))

    assert everything() == stored, "a dry run writes nothing"
    assert "Intet er ændret" in said
    rows = list(csv.DictReader(io.StringIO((tmp_path / "list.csv").read_text("utf-8-sig")), delimiter=";"))
    flask(app, "rematch")
    after, then = open_matches(), line_skills()
    pairs = {pair for pair in {*before, *after} if before.get(pair) != after.get(pair)}
    told = {(row["Åbning"], row["Kort"]): row for row in rows if row["Slags"] == "Forslag"}
    assert told.keys() == pairs
    for pair in pairs:
        assert told[pair]["Før"] == as_told(before.get(pair))
        assert told[pair]["Efter"] == as_told(after.get(pair))
    assert {bool(row["Før"]) * 2 + bool(row["Efter"]) for row in told.values()} == {1, 2, 3}
    changed = sorted(
        (card, name, then[key]) for key, (card, name) in lines.items() if then[key] != (card, name)
    )
    words = sorted(
        (row["Kort"], row["Før"], (row["Kort"], row["Efter"])) for row in rows if row["Slags"] == "Ord"
    )
    assert words == changed
    assert flask(app, "rematch", "--dry-run").startswith("Ændringer, der ville ske: 0.")


def line_skills() -> dict[int, tuple[str, str]]:
    db.session.expire_all()
    return {
        line.id: (line.card.number, line.skill.name if line.skill else "egne ord")
        for line in db.session.scalars(sa.select(SkillEvidence))
    }


def as_told(score: tuple[float, float] | None) -> str:
    return "" if score is None else f"{score[0]:.1f}–{score[1]:.1f}".replace(".", ",")


def test_the_list_names_numbers_and_no_words_of_hers_alone(app: Flask) -> None:
    card = make_card(make_citizen("Amira", last_name="Haddad"), skills={})
    make_words(card, "min datter Leyla", skill_id=skill(HYGIENE).id)

    said = flask(app, "rematch", "--dry-run")

    assert card.number in said
    assert "(kortets egne ord)" in said
    assert not any(word in said for word in ("Leyla", "Amira", "Haddad"))


def test_a_list_without_a_dry_run_is_a_mistake(app: Flask, tmp_path: Path) -> None:
    answer = app.test_cli_runner().invoke(args=["rematch", "--csv", str(tmp_path / "list.csv")])

    assert answer.exit_code == 2
    assert not (tmp_path / "list.csv").exists()


def test_nothing_new_foretells_nothing() -> None:
    make_card()
    make_opening()

    [change] = foresee(home(), on=TODAY)

    assert (change.before, change.closed_because) == (None, None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CompetenceCard)) == 1
