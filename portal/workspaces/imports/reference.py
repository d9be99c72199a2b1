"""The portal's own vocabulary brought into an installation that has made it its own.

Skills are known by what the files called them when they came, so that a curator's name for one stays. A wording that
the files have moved moves, and what was written so moves with it; a wording that a curator gave stays where she gave
it, and where the files give it to another skill, that is told. The same files twice change nothing.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from portal.base.clock import danish_day
from portal.base.database import db, end_reading, transaction
from portal.lexicon import fold
from portal.shared.rules.services import load_reference_rules
from portal.shared.skills import services as skills
from portal.shared.skills import tasks
from portal.shared.skills.models import Skill, SkillSynonym
from portal.shared.skills.relations import circle_through
from portal.workspaces.imports import services
from portal.workspaces.imports.kinds import Checked, UnderstoodRow, WordRow
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.services import Report

FOLDER: Final = tasks.FILE.parent
SKILLS, TITLES, RENAMED = "skills.csv", "titles.csv", "renamed.csv"


@dataclass(frozen=True)
class Reference:
    """The files as they were read, before any transaction. `renamed` is old name -> new name."""

    skills: Checked
    titles: Checked
    renamed: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "Reference":
        """Raises UnreadableFile."""
        with (folder / RENAMED).open(encoding="utf-8", newline="") as lines:
            renamed = {row["old"]: row["new"] for row in csv.DictReader(lines)}
        checked = [
            services.read_file(ImportKind.VOCABULARY, (folder / name).read_bytes())
            for name in (SKILLS, TITLES)
        ]
        return cls(checked[0], checked[1], renamed)


@dataclass
class BroughtIn:
    """What became of each file, and what was left as a curator has it."""

    reports: dict[str, Report] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Loaded:
    """What an installation was brought: how many of the law's rows, and what became of the files of words."""

    rules: int
    words: BroughtIn


def load(now: Callable[[], datetime]) -> Loaded:
    """Bring the law's rows and the vocabulary in, each in a transaction of its own; again it changes nothing."""
    with transaction():
        rules = load_reference_rules(now())
    end_reading()
    files = Reference.read()
    with transaction():
        brought = bring_in(files, at=now())
    return Loaded(rules, brought)


def bring_in(reference: Reference, *, at: datetime) -> BroughtIn:
    """Bring the files in, in the running transaction. Raises BadRows."""
    done = BroughtIn()
    _rename(reference.renamed, done, at=at)
    settled = _Settled(reference.skills.rows, done)
    skills.release_wordings(settled.moving, at=at)
    for name, checked, rows in (
        (SKILLS, reference.skills, settled.rows),
        (TITLES, reference.titles, [settled.title(row) for row in reference.titles.rows]),
    ):
        report = services.examine(
            replace(checked, rows=tuple(rows)), municipality_id=None, today=danish_day(at)
        )
        done.reports[name] = services.carry_out(
            report, municipality_id=None, only_good_rows=False, by=None, at=at
        )
    settled.mark()
    return done


def _rename(renamed: Mapping[str, str], done: BroughtIn, *, at: datetime) -> None:
    for old, new in renamed.items():
        skill = _shipped_as(old)
        if skill is None or _shipped_as(new) is not None:
            continue
        try:
            with db.session.begin_nested():
                skills.rename_shipped(skill, new, at=at)
        except skills.LabelTaken:
            done.kept.append(_("“%(new)s”, før “%(old)s”, er et ord for noget andet her.", new=new, old=old))


def _shipped_as(name: str) -> Skill | None:
    return db.session.scalar(sa.select(Skill).where(Skill.shipped_as == name))


class _Settled:
    """The rows of the skills as this installation can take them."""

    def __init__(self, rows: Sequence[UnderstoodRow], done: BroughtIn) -> None:
        self._done = done
        stored = list(
            db.session.scalars(
                sa.select(Skill).options(selectinload(Skill.synonyms), selectinload(Skill.broader))
            )
        )
        self._shipped = {skill.shipped_as: skill for skill in stored if skill.shipped_as}
        self._named = {skill.folded: skill for skill in stored}
        self._synonyms = {synonym.folded: synonym for skill in stored for synonym in skill.synonyms}
        self.moving: list[SkillSynonym] = []
        self._kept_apart: set[str] = set()
        self._words: dict[str, set[str]] = {}
        """By the files' name of a skill the wordings that it has from them."""
        taken = [(one.line, row, self._wordings(row)) for one in rows if self._is_free(row := one.row)]
        self.names = {row.name: self._name(row.name) for _line, row, _wordings in taken}
        self._broader = {
            self.names[row.name]: [self.names[name] for name in row.broader or () if name in self.names]
            for _line, row, _wordings in taken
        }
        self.rows = [UnderstoodRow(line, self._row(row, wordings)) for line, row, wordings in taken]

    def _skill(self, name: str) -> Skill | None:
        return self._shipped.get(name) or self._named.get(fold(name))

    def _name(self, name: str) -> str:
        skill = self._skill(name)
        return skill.name if skill else name

    def _is_free(self, row: WordRow) -> bool:
        """Whether the skill is there, or its name is free for it; else a curator has it for something else."""
        synonym = self._synonyms.get(fold(row.name))
        if self._skill(row.name) is not None or synonym is None or synonym.is_shipped:
            return True
        self._tell(row.name, row.name, synonym.skill.name)
        self._kept_apart.add(row.name)
        return False

    def _tell(self, wording: str, wanted: str, owner: str) -> None:
        self._done.kept.append(
            _(
                "“%(wording)s” er her et ord for “%(owner)s” og er ikke givet til “%(wanted)s”.",
                wording=wording,
                owner=owner,
                wanted=wanted,
            )
        )

    def _wordings(self, row: WordRow) -> tuple[str, ...]:
        """The files' wordings that the skill can have, and after them a curator's."""
        skill = self._skill(row.name)
        wordings: dict[str, str] = {}
        for label in (row.name, *row.synonyms):
            if self._can_have(skill, row.name, label):
                wordings.setdefault(fold(label), label)
        self._words[row.name] = set(wordings)
        for synonym in skill.synonyms if skill else ():
            if not synonym.is_shipped:
                wordings.setdefault(synonym.folded, synonym.label)
        return tuple(wordings.values())

    def _can_have(self, skill: Skill | None, name: str, label: str) -> bool:
        synonym, named = self._synonyms.get(fold(label)), self._named.get(fold(label))
        owner = synonym.skill if synonym else named
        if owner is None or owner is skill:
            return True
        if synonym is not None and synonym.is_shipped:
            self.moving.append(synonym)
            return True
        self._tell(label, self._name(name), owner.name)
        return False

    def _row(self, row: WordRow, wordings: tuple[str, ...]) -> WordRow:
        """As the file has it, under its name here, with a curator's wordings, relations and picture beside."""
        skill, name = self._skill(row.name), self.names[row.name]
        broader = self._broader[name]
        for one in skill.broader if skill else ():
            if one.name not in broader and not self._makes_circle(name, one.name):
                broader.append(one.name)
        pictogram = row.pictogram or (skill.pictogram if skill else None)
        return replace(row, name=name, synonyms=wordings, broader=tuple(broader), pictogram=pictogram)

    def _makes_circle(self, name: str, above: str) -> bool:
        return bool(circle_through(name, {**self._broader, name: [*self._broader[name], above]}))

    def title(self, understood: UnderstoodRow) -> UnderstoodRow:
        """With its tasks under the names that they have here, without those that a curator has for something else."""
        row: WordRow = understood.row
        kept = [(name, level) for name, level in row.tasks or () if name not in self._kept_apart]
        tasks = tuple((self.names.get(name, name), level) for name, level in kept)
        return UnderstoodRow(understood.line, replace(row, tasks=tasks if row.tasks is not None else None))

    def mark(self) -> None:
        """Note what came with the files."""
        by_name = {skill.name: skill for skill in db.session.scalars(sa.select(Skill))}
        for shipped_as, name in self.names.items():
            skill = by_name[name]
            skill.shipped_as = shipped_as
            for synonym in skill.synonyms:
                synonym.is_shipped = synonym.folded in self._words[shipped_as]
        db.session.flush()
