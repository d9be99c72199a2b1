"""Stored phrases understood with the words of today: what would change, and the change itself.

What its writer chose when she was asked stays as she chose it. Texts are read outside of any transaction; what is
written is written card by card and opening by opening, so that the portal stays in use. Started again after a stop, it
finds less to do.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice, product
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence
from portal.loop.matches.models import GivenAnswer
from portal.loop.openings.models import Opening, OpeningTask
from portal.shared.accounts.models import Municipality
from portal.shared.audit import services as audit
from portal.shared.skills.confirmed import understand_all_in
from portal.shared.skills.services import UnderstoodText
from portal.shared.skills.stored import ReadAs, StoredMeaning

TEXTS_AT_ONCE: Final = 500
"""Understood in one look-up: a second's work."""

OWNERS_AT_ONCE: Final = 50
"""Cards, or openings, of one transaction."""

SAME_WITHIN: Final = 1e-6
"""Of two probabilities: how many texts are read at once moves the last digits."""

OnProgress = Callable[[int, int], object]
"""Told how many are done, and of how many."""


@dataclass(frozen=True)
class PhraseTable:
    """Rows with phrases: whose they are, and which of them are read by their text."""

    model: Any
    owner_id: Any
    owner: Any
    for_card: bool
    read: sa.ColumnElement[bool] | None = None

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)

    @property
    def table(self) -> Any:
        return self.model.__table__


_ANSWERS: Final = sa.select(GivenAnswer.evidence_id).where(GivenAnswer.evidence_id.is_not(None))

TABLES: Final = (
    PhraseTable(OpeningTask, OpeningTask.opening_id, Opening, for_card=False),
    # a line of a sheet, or an answer, took its skill from the opening's task, whose writer may have chosen it
    PhraseTable(
        SkillEvidence,
        SkillEvidence.card_id,
        CompetenceCard,
        for_card=True,
        read=sa.or_(
            SkillEvidence.skill_id.is_(None),
            sa.and_(SkillEvidence.assessment_id.is_(None), SkillEvidence.id.not_in(_ANSWERS)),
        ),
    ),
    PhraseTable(Certificate, Certificate.card_id, CompetenceCard, for_card=True),
)


@dataclass(frozen=True)
class RereadPhrase:
    """A row that would be understood otherwise today."""

    table: PhraseTable
    row_id: int
    owner_id: int
    text: str
    before: StoredMeaning
    after: StoredMeaning

    @property
    def means_another(self) -> bool:
        """Whether another skill is taken, or one where none was, or none; else only the doubt is another."""
        return self.before.skill_id != self.after.skill_id


def read_as(phrases: Iterable[RereadPhrase]) -> ReadAs:
    """For the matcher's input, as if they were written."""
    return {(one.table.name, one.row_id): one.after for one in phrases}


def reread(municipality_id: int, *, on_progress: OnProgress = lambda _done, _all: None) -> list[RereadPhrase]:
    """The municipality's phrases that would be understood otherwise today; writes nothing."""
    found: list[RereadPhrase] = []
    rows = [(table, row) for table in TABLES for row in _rows(table, municipality_id)]
    db.session.rollback()
    read: dict[_TextToRead, UnderstoodText] = {}
    wanted = list(dict.fromkeys(_TextToRead.of(table, row) for table, row in rows))
    on_progress(0, len(wanted))
    for some in _batches(wanted, TEXTS_AT_ONCE):
        read |= _read(municipality_id, some)
        on_progress(len(read), len(wanted))
    for table, row in rows:
        before = StoredMeaning.of(row.skill_id, row.confidence, row.guesses)
        after = _after(read[_TextToRead.of(table, row)], before)
        if not _same(before, after):
            found.append(RereadPhrase(table, row.id, row.owner_id, row.text, before, after))
    return found


class _TextToRead(NamedTuple):
    """How a text is read: what others answered counts where it may have linked the row, for a writer who was asked
    and kept her own words is not overruled by theirs."""

    text: str
    for_card: bool
    with_answers: bool

    @classmethod
    def of(cls, table: PhraseTable, row: Any) -> "_TextToRead":
        return cls(row.text, table.for_card, row.skill_id is not None)


def _rows(table: PhraseTable, municipality_id: int) -> Sequence[Any]:
    columns = table.table.c
    confidence = columns.confidence if "confidence" in columns else sa.literal(1.0)
    statement = (
        sa.select(
            columns.id,
            table.owner_id.label("owner_id"),
            columns.text,
            columns.skill_id,
            confidence.label("confidence"),
            columns.guesses,
        )
        .join(table.owner, table.owner_id == table.owner.id)
        .where(table.owner.municipality_id == municipality_id, columns.chosen.is_(False))
        .order_by(table.owner_id, columns.id)
    )
    if table.read is not None:
        statement = statement.where(table.read)
    return db.session.execute(statement).all()


def _read(municipality_id: int, wanted: Sequence[_TextToRead]) -> dict[_TextToRead, UnderstoodText]:
    found: dict[_TextToRead, UnderstoodText] = {}
    for for_card, with_answers in product((False, True), repeat=2):
        some = [one for one in wanted if (one.for_card, one.with_answers) == (for_card, with_answers)]
        home = municipality_id if with_answers else None
        meanings = understand_all_in(home, [one.text for one in some], for_card=for_card)
        found |= dict(zip(some, meanings, strict=True))
    return found


def _after(read: UnderstoodText, before: StoredMeaning) -> StoredMeaning:
    """A language that stands on a card among the skills stays there: it has been shown so, and says what it says."""
    if read.belongs_elsewhere is not None and read.belongs_elsewhere == before.skill_id:
        return before
    return StoredMeaning(read.skill_id, read.confidence, read.guesses)


def _same(one: StoredMeaning, other: StoredMeaning) -> bool:
    if one.skill_id != other.skill_id or len(one.guesses) != len(other.guesses):
        return False
    pairs = [(one.confidence, other.confidence)] if one.skill_id is not None else []
    for (skill, chance), (other_skill, other_chance) in zip(one.guesses, other.guesses, strict=True):
        if skill != other_skill:
            return False
        pairs.append((chance, other_chance))
    return all(math.isclose(a, b, abs_tol=SAME_WITHIN) for a, b in pairs)


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    source = iter(items)
    while some := list(islice(source, size)):
        yield some


def write(
    municipality_id: int,
    phrases: Iterable[RereadPhrase],
    *,
    now: Callable[[], datetime],
    on_progress: OnProgress = lambda _done, _all: None,
) -> int:
    """Take the phrases as they were read, in transactions of its own; returns how many rows that changed.

    Every card and opening touched has a new version; what was edited since it was read stays as edited.
    """
    by_owner = [list(some) for _, some in groupby(phrases, key=lambda one: (one.table.name, one.owner_id))]
    changed, done = 0, 0
    for some in _batches(by_owner, OWNERS_AT_ONCE):
        with transaction():
            changed += sum(_write_owner(ones, at=now()) for ones in some)
        done += len(some)
        on_progress(done, len(by_owner))
    if changed:
        with transaction():
            home = db.session.get_one(Municipality, municipality_id)
            audit.record("phrases-reread", subject=home, by=None, at=now(), purpose=str(changed))
    return changed


def _write_owner(phrases: Sequence[RereadPhrase], *, at: datetime) -> int:
    written = sum(_write_row(one) for one in phrases)
    if written:
        owner = phrases[0].table.owner
        values: dict[str, Any] = {"version": owner.version + 1}
        if owner is CompetenceCard:
            values["updated_at"] = at
        db.session.execute(sa.update(owner).where(owner.id == phrases[0].owner_id).values(values))
    return written


def _write_row(one: RereadPhrase) -> int:
    columns = one.table.table.c
    values: Mapping[str, Any] = one.after._asdict()
    unchanged = (
        columns.id == one.row_id,
        columns.text == one.text,
        columns.chosen.is_(False),
        columns.skill_id.is_not_distinct_from(one.before.skill_id),
    )
    result: Any = db.session.execute(
        sa.update(one.table.table)
        .where(*unchanged)
        .values({name: value for name, value in values.items() if name in columns})
    )
    return int(result.rowcount)
