"""The portal's own vocabulary comes into an installation that has made it its own."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, end_reading, transaction
from portal.base.terms import SkillArea
from portal.shared.accounts.models import User
from portal.shared.skills import queries, services
from portal.shared.skills.models import Skill, SkillCategory
from portal.shared.skills.services import SkillDetails, understand
from portal.workspaces.imports import reference
from portal.workspaces.imports.reference import RENAMED, SKILLS, TITLES, BroughtIn, Reference, bring_in
from tests.factories import NOW, make_card, make_words, skill

HEADINGS = ("sector", "category", "canonical_da", "synonyms_da", "english", "broader", "ladder", "pictogram")
VEGETABLES, HYGIENE = "skære og klargøre grøntsager", "køkkenhygiejne"
Files = Callable[..., BroughtIn]


def rows_of(name: str) -> list[dict[str, str]]:
    with (reference.FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def come(app: Flask, tmp_path: Path) -> Files:
    """Brings in the shipped files with other wordings of some skills, and with more skills and titles."""

    def bring(
        changed: dict[str, str] | None = None,
        *,
        more: tuple[dict[str, str], ...] = (),
        titles: tuple[dict[str, str], ...] = (),
        renamed: tuple[tuple[str, str], ...] = (),
    ) -> BroughtIn:
        words = {"sector": "køkken", "category": "faglig", "english": "x"}
        skills = [row | {"synonyms_da": (changed or {}).get(row["canonical_da"], row["synonyms_da"])}
                  for row in rows_of(SKILLS)]  # fmt: skip
        names = dict(renamed)
        skills = [
            row | {"canonical_da": names.get(row["canonical_da"], row["canonical_da"])} for row in skills
        ]
        write(tmp_path / SKILLS, HEADINGS, [*skills, *(words | row for row in more)])
        jobs = [words | {"category": "stilling"} | row for row in titles]
        known = [row | {"tasks": _renamed(row["tasks"], names)} for row in rows_of(TITLES)]
        write(tmp_path / TITLES, (*HEADINGS[:5], "tasks"), [*known, *jobs])
        write(tmp_path / RENAMED, ("old", "new"), [{"old": old, "new": new} for old, new in renamed])
        end_reading()
        files = Reference.read(tmp_path)
        with transaction():
            return bring_in(files, at=NOW)

    return bring


def _renamed(tasks: str, names: dict[str, str]) -> str:
    pairs = (task.rpartition(":") for task in tasks.split(";") if task)
    return ";".join(f"{names.get(name, name)}:{level}" for name, _colon, level in pairs)


def write(file: Path, headings: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, headings, restval="")
        writer.writeheader()
        writer.writerows(rows)


def words_of(name: str) -> set[str]:
    db.session.expire_all()
    return {one.label for one in skill(name).synonyms}


def add_synonym(name: str, label: str) -> None:
    with transaction():
        services.add_synonym(skill(name), label, by=None, at=NOW)


def test_the_same_files_twice_change_nothing(come: Files) -> None:
    come()
    before = queries.vocabulary_version()

    done = come()

    assert [(report.new, report.changed) for report in done.reports.values()] == [(0, 0), (0, 0)]
    assert done.kept == []
    assert queries.vocabulary_version() == before


def test_what_a_curator_added_stays_and_what_the_files_drop_goes(come: Files) -> None:
    add_synonym(HYGIENE, "blankt stål")
    line = make_words(make_card(skills={}), "snitte grønt", skill_id=skill(VEGETABLES).id)
    dropped = ";".join(words_of(VEGETABLES) - {"snitte grønt"})

    come({VEGETABLES: dropped})

    assert "blankt stål" in words_of(HYGIENE)
    assert "snitte grønt" not in words_of(VEGETABLES)
    assert line.skill_id is None
    come()
    assert "blankt stål" in words_of(HYGIENE)


def test_a_wording_that_the_files_moved_takes_along_what_was_written_so(come: Files) -> None:
    line = make_words(make_card(skills={}), "Snitte grønt", skill_id=skill(VEGETABLES).id)
    left = ";".join(words_of(VEGETABLES) - {"snitte grønt"})
    given = ";".join({*words_of(HYGIENE), "snitte grønt"})

    done = come({VEGETABLES: left, HYGIENE: given})

    assert done.kept == []
    db.session.refresh(line)
    assert line.skill_id == skill(HYGIENE).id


def test_a_wording_that_a_curator_gave_to_another_skill_is_told_and_not_taken(come: Files) -> None:
    add_synonym(HYGIENE, "blankt stål")

    done = come({VEGETABLES: "snitte grønt;blankt stål"})

    assert done.kept == [f"“blankt stål” er her et ord for “{HYGIENE}” og er ikke givet til “{VEGETABLES}”."]
    assert words_of(VEGETABLES) == {"snitte grønt"}
    assert "blankt stål" in words_of(HYGIENE)


def test_a_skill_that_a_curator_renamed_keeps_her_name_and_gets_new_words(come: Files, karin: User) -> None:
    its = skill(VEGETABLES).id
    details = SkillDetails("grøntarbejde", "Vegetables", SkillArea.KOEKKEN, SkillCategory.FAGLIG)
    with transaction():
        services.edit_skill(skill(VEGETABLES), details, seen_version=1, by=karin, at=NOW)

    done = come({VEGETABLES: "snitte grønt;rive gulerødder"})

    assert done.kept == []
    assert skill("grøntarbejde").id == its
    assert words_of("grøntarbejde") == {"snitte grønt", "rive gulerødder", VEGETABLES}
    assert db.session.scalar(sa.select(Skill).where(Skill.name == VEGETABLES)) is None


def test_a_skill_that_the_files_renamed_is_the_same_and_is_known_by_its_old_name(come: Files) -> None:
    its = skill(VEGETABLES).id
    line = make_words(make_card(skills={}), VEGETABLES, skill_id=its)

    come(renamed=((VEGETABLES, "grøntsager og rødder"),))

    assert skill("grøntsager og rødder").id == its == understand(VEGETABLES).skill_id
    db.session.refresh(line)
    assert line.skill_id == its
    done = come(renamed=((VEGETABLES, "grøntsager og rødder"),))
    assert done.reports[SKILLS].changed == 0


def test_a_new_name_that_is_a_word_for_something_else_here_is_told(come: Files) -> None:
    add_synonym(HYGIENE, "grøntsager og rødder")

    done = come(renamed=((VEGETABLES, "grøntsager og rødder"),))

    assert len(done.kept) == 2
    assert all("grøntsager og rødder" in line for line in done.kept)
    assert skill(VEGETABLES).shipped_as == VEGETABLES


def test_a_new_skill_whose_name_a_curator_uses_is_left_out_wherever_it_is_named(come: Files) -> None:
    add_synonym(HYGIENE, "kogekunst")
    more = (
        {"canonical_da": "kogekunst", "synonyms_da": "lave mad selv"},
        {"canonical_da": "koge æg", "broader": "kogekunst"},
    )
    titles = ({"canonical_da": "æggekoger", "tasks": "kogekunst:2;koge æg:3"},)

    done = come(more=more, titles=titles)

    assert done.kept == [f"“kogekunst” er her et ord for “{HYGIENE}” og er ikke givet til “kogekunst”."]
    assert skill("koge æg").broader == []
    [cook] = [one for one in queries.titles() if one.name == "æggekoger"]
    assert [(task.skill.name, task.level) for task in cook.tasks] == [("koge æg", 3)]


def test_a_curators_relation_and_picture_stay_beside_the_files(come: Files, karin: User) -> None:
    more = ({"canonical_da": "kogekunst"}, {"canonical_da": "koge æg", "broader": "kogekunst"})
    come(more=more)
    details = SkillDetails("koge æg", "x", SkillArea.KOEKKEN, SkillCategory.FAGLIG, pictogram="wash-pots")
    with transaction():
        services.edit_skill(
            skill("koge æg"), details, seen_version=skill("koge æg").version, by=karin, at=NOW
        )
        services.add_broader(skill("koge æg"), skill(HYGIENE), by=karin, at=NOW)

    done = come(more=more)

    assert done.reports[SKILLS].changed == 0
    assert [one.name for one in skill("koge æg").broader] == ["kogekunst", HYGIENE]
    assert skill("koge æg").pictogram == "wash-pots"


def test_a_curators_relation_gives_way_where_the_files_say_the_opposite(come: Files, karin: User) -> None:
    more = ({"canonical_da": "kogekunst"}, {"canonical_da": "koge æg"})
    come(more=more)
    with transaction():
        services.add_broader(skill("kogekunst"), skill("koge æg"), by=karin, at=NOW)

    come(more=({"canonical_da": "kogekunst"}, {"canonical_da": "koge æg", "broader": "kogekunst"}))

    assert [one.name for one in skill("koge æg").broader] == ["kogekunst"]
    assert skill("kogekunst").broader == []


def test_the_shipped_files_come_whole_and_their_renames_are_names_of_theirs(app: Flask) -> None:
    end_reading()
    files = Reference.read()
    names = {understood.row.name for understood in files.skills.rows}

    assert (files.skills.errors, files.titles.errors) == ((), ())
    assert set(files.renamed.values()) <= names
    assert not set(files.renamed) & names
    with transaction():
        assert bring_in(files, at=NOW).kept == []
