"""Commands of imports: examine a file, carry it out whole or not at all, and keep an upload until the yes to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from portal.base.child import Bounds
from portal.base.clock import danish_day
from portal.base.cpr_numbers import contains_cpr
from portal.base.database import db, is_writing
from portal.base.errors import DomainError
from portal.loop.citizens.doubles import Lookalike
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.traces import is_named, words_of_hers_alone
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit import services as audit
from portal.shared.skills.models import VocabularyVersion
from portal.workspaces.imports import kinds, reader
from portal.workspaces.imports.effects import Answers, RowEffect, RowRefused, Writer
from portal.workspaces.imports.kinds import RowError, UnderstoodRow
from portal.workspaces.imports.models import ImportFile, ImportKind
from portal.workspaces.imports.writers import WRITERS, CardWriter

UPLOAD_LIFETIME = timedelta(hours=1)
"""How long an upload waits for the yes: it holds personal data, and a meeting is shorter."""

MAX_UPLOAD_ROWS = 1_000
"""Rows that the page takes: while they are written, nobody else can write. Larger files go by command at night."""

Progress = Callable[[int], object]


@dataclass(frozen=True)
class PlannedRow:
    """A good row and what it changes."""

    line: int
    change: RowEffect
    understood: UnderstoodRow


@dataclass(frozen=True)
class Report:
    """A file compared with what is stored: what would happen, or what did."""

    kind: ImportKind
    table: reader.UploadedTable
    rows: tuple[PlannedRow, ...]
    errors: tuple[RowError, ...]
    unknown_headings: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    answers: Answers = field(default_factory=dict)
    questions: Mapping[int, Sequence[Lookalike]] = field(default_factory=dict)
    """By line who its person may be, whether somebody has answered or not."""
    repeats: Mapping[int, Sequence[Lookalike]] = field(default_factory=dict)
    """By line whom of the file itself it may be about, by their lines."""

    @property
    def asked(self) -> list[int]:
        """The lines somebody must say of who they are about."""
        return sorted({*self.questions, *self.repeats})

    def count(self, change: RowEffect) -> int:
        return sum(row.change is change for row in self.rows)

    @property
    def new(self) -> int:
        return self.count(RowEffect.NEW)

    @property
    def changed(self) -> int:
        return self.count(RowEffect.CHANGED)

    @property
    def unchanged(self) -> int:
        return self.count(RowEffect.UNCHANGED)

    @property
    def bad_lines(self) -> int:
        return len({error.line for error in self.errors})

    @property
    def changes_something(self) -> bool:
        return bool(self.new or self.changed)


class BadRows(DomainError):
    """At least one row is wrong, so nothing was written. `report` says which and why."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            _(
                "Der er fejl i %(number)s rækker, så intet er indlæst. Ret filen, eller vælg kun de gode rækker.",
                number=report.bad_lines,
            )
        )
        self.report = report


class TooManyRows(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Siden tager højst %(limit)s rækker ad gangen. Del filen op, eller bed driften om at indlæse den.",
                limit=MAX_UPLOAD_ROWS,
            )
        )


def read_file(
    kind: ImportKind, content: bytes, bounds: Bounds = reader.ON_A_PAGE, code_page: str = ""
) -> kinds.Checked:
    """Read and understand the whole file, before any transaction. Raises UnreadableFile."""
    return _understood(kind, reader.read_table(content, bounds=bounds, code_page=code_page))


def _understood(kind: ImportKind, table: reader.UploadedTable) -> kinds.Checked:
    if is_writing():
        raise RuntimeError("a file is understood before the transaction begins: its words need no lock")
    return kinds.check(kind, table)


def examine(
    checked: kinds.Checked, *, municipality_id: int | None, today: date, answers: Answers | None = None
) -> Report:
    """Compare the whole file with what is stored; writes nothing."""
    writer = _writer(
        checked.kind, checked.rows, municipality_id=municipality_id, today=today, answers=answers or {}
    )
    planned, errors = [], list(checked.errors)
    for understood in checked.rows:
        try:
            planned.append(PlannedRow(understood.line, writer.compare(understood), understood))
        except RowRefused as refusal:
            errors.append(checked.error_at(understood.line, refusal.key, refusal.reason))
    return Report(
        checked.kind,
        checked.table,
        tuple(planned),
        _by_line(errors),
        checked.unknown_headings,
        checked.warnings,
        answers or {},
        writer.questions if isinstance(writer, CardWriter) else {},
        writer.repeats if isinstance(writer, CardWriter) else {},
    )


def _writer(
    kind: ImportKind,
    rows: Sequence[UnderstoodRow],
    *,
    municipality_id: int | None,
    today: date,
    answers: Answers,
) -> Writer:
    asked = {"answers": answers} if kind is ImportKind.CARDS else {}
    writer: Writer = WRITERS[kind](rows, municipality_id=municipality_id, today=today, **asked)
    return writer


def carry_out(
    report: Report,
    *,
    municipality_id: int | None,
    only_good_rows: bool,
    by: User | None,
    at: datetime,
    progress: Progress | None = None,
) -> Report:
    """Write what the report plans, in the running transaction; returns what was done.

    Raises BadRows, and then the transaction must be rolled back, unless only the good rows are wanted.
    """
    if report.errors and not only_good_rows:
        raise BadRows(report)
    today = danish_day(at)
    rows = [row.understood for row in report.rows]
    ranks = kinds.writing_ranks(report.kind, rows)
    report = replace(report, rows=tuple(sorted(report.rows, key=lambda row: ranks[row.line])))
    writer = _writer(report.kind, rows, municipality_id=municipality_id, today=today, answers=report.answers)
    done, refused = _write(report, writer, by=by, at=at, progress=progress)
    result = replace(report, rows=tuple(done), errors=_by_line([*report.errors, *refused]))
    if refused and not only_good_rows:
        raise BadRows(result)
    writer.finish(changed=result.new + result.changed, at=at)
    _note(result, municipality_id, by=by, at=at)
    return result


def _write(
    report: Report, writer: Writer, *, by: User | None, at: datetime, progress: Progress | None
) -> tuple[list[PlannedRow], list[RowError]]:
    """Each row in its own savepoint: what a room refuses takes no other row down."""
    done, refused = [], []
    for planned in report.rows:
        try:
            if planned.change is not RowEffect.UNCHANGED:
                with db.session.begin_nested():
                    writer.write(planned.understood, by=by, at=at)
        except DomainError as error:
            refused.append(RowError(planned.line, "", str(error.message)))
            writer.load()
        else:
            done.append(planned)
        if progress is not None:
            progress(1)
    return done, refused


def _by_line(errors: list[RowError]) -> tuple[RowError, ...]:
    return tuple(sorted(errors, key=lambda error: error.line))


def _note(result: Report, municipality_id: int | None, *, by: User | None, at: datetime) -> None:
    subject: object | None
    if municipality_id is not None:
        subject = db.session.get_one(Municipality, municipality_id)
    else:
        subject = db.session.scalar(
            sa.select(VocabularyVersion).order_by(VocabularyVersion.id.desc()).limit(1)
        )
    if subject is not None:
        audit.record("file-imported", subject=subject, by=by, at=at, purpose=summary(result)[:120])


def summary(report: Report) -> str:
    """For example: "Virksomheder – nye: 3, ændrede: 1, uændrede: 10, med fejl: 2"."""
    return _(
        "%(kind)s – nye: %(new)s, ændrede: %(changed)s, uændrede: %(unchanged)s, med fejl: %(bad)s",
        kind=str(report.kind.label),
        new=report.new,
        changed=report.changed,
        unchanged=report.unchanged,
        bad=report.bad_lines,
    )


def keep_upload(checked: kinds.Checked, filename: str, *, by: User, at: datetime) -> ImportFile:
    """Store what the file says until it is confirmed, dropped, or an hour old. Raises TooManyRows."""
    remove_expired(at)
    if len(checked.table.rows) > MAX_UPLOAD_ROWS:
        raise TooManyRows
    upload = ImportFile(
        user_id=by.id,
        municipality_id=by.municipality_id,
        kind=checked.kind,
        filename=_safe_name(filename),
        parsed=checked.table.as_json(),
        uploaded_at=at,
        expires_at=at + UPLOAD_LIFETIME,
    )
    db.session.add(upload)
    audit.record("file-uploaded", subject=upload, by=by, at=at, purpose=str(checked.kind.label))
    return upload


def _safe_name(filename: str) -> str:
    """The file's name as it may be stored: a name that holds a CPR number is not kept."""
    name = "".join(letter for letter in filename if letter.isprintable())[-120:]
    return _("Fil") if contains_cpr(name) else name


def with_code_page(upload: ImportFile, code_page: str) -> kinds.Checked:
    """The upload as it reads in another code page; "" is as it was read first. Raises UnreadableFile."""
    table = reader.UploadedTable.from_json(upload.parsed).in_code_page(code_page)
    reader.check_headings(table.headings)
    return _understood(upload.kind, table)


def choose_code_page(upload: ImportFile, checked: kinds.Checked, *, by: User, at: datetime) -> None:
    """Keep the reading that somebody chose."""
    upload.parsed = checked.table.as_json()
    audit.record("file-reread", subject=upload, by=by, at=at, purpose=checked.table.code_page)
    db.session.flush()


def drop_upload(upload: ImportFile, *, by: User, at: datetime) -> None:
    """Remove the file without using it."""
    audit.record("file-dropped", subject=upload, by=by, at=at)
    db.session.delete(upload)
    db.session.flush()


def read_upload(upload: ImportFile) -> kinds.Checked:
    """Understand what was read of the file when it came."""
    return _understood(upload.kind, reader.UploadedTable.from_json(upload.parsed))


def confirm_upload(
    upload: ImportFile,
    checked: kinds.Checked,
    *,
    only_good_rows: bool,
    answers: Answers | None = None,
    by: User,
    at: datetime,
) -> Report:
    """Carry out the file, `checked` before the transaction, and remove it. Raises BadRows; then the file stays."""
    report = examine(checked, municipality_id=upload.municipality_id, today=danish_day(at), answers=answers)
    result = carry_out(
        report, municipality_id=upload.municipality_id, only_good_rows=only_good_rows, by=by, at=at
    )
    db.session.delete(upload)
    db.session.flush()
    return result


def remove_expired(at: datetime) -> int:
    """Remove uploads nobody confirmed within the hour; returns how many."""
    removed = db.session.execute(
        sa.delete(ImportFile).where(ImportFile.expires_at <= at).returning(ImportFile.id)
    )
    return len(removed.all())


def drop_uploads_naming(citizen: Citizen, *, at: datetime, **_more: Any) -> None:
    """She is erased: a file that still waits for its yes would bring her back, or keep her."""
    waiting = sa.select(ImportFile).where(ImportFile.municipality_id == citizen.municipality_id)
    hers = {citizen.case_reference.casefold(), (citizen.phone or citizen.case_reference).casefold()}
    name = {citizen.first_name.casefold(), citizen.last_name.casefold()} - {""}
    words = words_of_hers_alone(citizen)
    for upload in db.session.scalars(waiting.order_by(ImportFile.id)):
        table = reader.UploadedTable.from_json(upload.parsed)
        rows = [{cell.strip().casefold() for cell in row.cells} for row in table.rows]
        texts = [upload.filename, *("\n".join(row.cells) for row in table.rows)]
        if any(row & hers or name <= row for row in rows) or any(is_named(words, text) for text in texts):
            audit.record("file-dropped", subject=upload, by=None, at=at)
            db.session.delete(upload)
    db.session.flush()


Column = tuple[str, Callable[[tuple[str, ...]], str]]


def error_table(report: Report) -> tuple[list[Column], list[tuple[str, ...]]]:
    """Columns and rows of the error file: the bad rows as they stood, with their line and every reason."""
    reasons: dict[int, list[str]] = {}
    for error in report.errors:
        said = f"{error.where}: {error.reason}" if error.where else error.reason
        reasons.setdefault(error.line, []).append(said)
    width = len(report.table.headings)
    rows = [
        (*_padded(row.cells, width), str(row.line), " ".join(reasons[row.line]))
        for row in report.table.rows
        if row.line in reasons
    ]
    headings = [*report.table.headings, _("Linje i filen"), _("Fejl")]
    return [(heading, _cell(place)) for place, heading in enumerate(headings)], rows


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def _cell(place: int) -> Callable[[tuple[str, ...]], str]:
    return lambda row: row[place]
