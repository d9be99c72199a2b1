"""a placement ends with its last sheet: endings written without one become sheets that the workplace took no part in

Until now a placement could also end by a form that one consultant filled in alone, and its levels went on the card as
seen at the workplace. Nobody can know today which of them the workplace agreed to. So each such ending becomes a closed
end sheet with the consultant's answers and none of the workplace's, and what it left on the card says "consultant_only"
and no longer names the workplace. The same holds for a line of a sheet that the workplace left open. Snapshots of
cards, which consents show to employers, are corrected with them, and the cards are matched anew by the next `flask
rematch`. Sheets still open of a placement that is over are closed as lapsed. What decisions rested on stays as it was
kept.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "024"
down_revision = "023"
branch_labels = None
depends_on = None

SOURCES = ("own", "consultant", "employer")
CHUNK = 500

sheets = sa.table(
    "assessments",
    sa.column("id", sa.Integer),
    sa.column("placement_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("number", sa.Integer),
    sa.column("opened_at", sa.DateTime),
    sa.column("opened_by_id", sa.Integer),
    sa.column("answered_by", sa.String),
    sa.column("on_paper", sa.Boolean),
    sa.column("closed_at", sa.DateTime),
    sa.column("closed_by_id", sa.Integer),
    sa.column("assessed_on", sa.Date),
    sa.column("lapsed", sa.Boolean),
    sa.column("withdrawn_at", sa.DateTime),
    sa.column("withdrawn_because", sa.String),
    sa.column("citizen_comment", sa.String),
    sa.column("version", sa.Integer),
)
lines = sa.table(
    "assessment_lines",
    sa.column("assessment_id", sa.Integer),
    sa.column("skill_id", sa.Integer),
    sa.column("task_text", sa.String),
    sa.column("employer_level", sa.Integer),
    sa.column("employer_note", sa.String),
    sa.column("consultant_level", sa.Integer),
    sa.column("consultant_note", sa.String),
)
told = sa.table(
    "task_assessments",
    sa.column("id", sa.Integer),
    sa.column("placement_id", sa.Integer),
    sa.column("skill_id", sa.Integer),
    sa.column("task_text", sa.String),
    sa.column("level", sa.Integer),
    sa.column("note", sa.String),
    sa.column("assessed_on", sa.Date),
    sa.column("recorded_by_id", sa.Integer),
)
placements = sa.table(
    "placements", sa.column("id", sa.Integer), sa.column("status", sa.String), sa.column("ended_on", sa.Date)
)
evidence = sa.table(
    "skill_evidence",
    sa.column("id", sa.Integer),
    sa.column("card_id", sa.Integer),
    sa.column("text", sa.String),
    sa.column("source", sa.String),
    sa.column("seen_at", sa.String),
    sa.column("placement_id", sa.Integer),
    sa.column("assessment_id", sa.Integer),
)
cards = sa.table("competence_cards", sa.column("id", sa.Integer), sa.column("version", sa.Integer))
versions = sa.table(
    "card_versions",
    sa.column("id", sa.Integer),
    sa.column("card_id", sa.Integer),
    sa.column("content", sa.JSON),
)


def upgrade() -> None:
    op.execute(
        "ALTER TABLE assessments ADD COLUMN lapsed BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_assessments_lapsed_is_closed "
        "CHECK (NOT lapsed OR (closed_at IS NOT NULL AND withdrawn_at IS NULL))"
    )
    _allow(SOURCES, (*SOURCES[:2], "consultant_only", SOURCES[2]))
    connection = op.get_bind()
    _lapse_what_was_left_open(connection)
    _make_sheets_of_direct_endings(connection)
    _tie_evidence_to_end_sheets(connection)
    _mark_what_the_workplace_took_no_part_in(connection)
    op.drop_table("task_assessments")
    with op.batch_alter_table("skill_evidence", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_skill_evidence_seen_on_a_sheet"), "source <> 'employer' OR assessment_id IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_skill_evidence_seen_by_the_workplace"), "seen_at IS NULL OR source = 'employer'"
        )


def _lapse_what_was_left_open(connection: sa.Connection) -> None:
    """Nothing of it came on the card, and nothing of it will."""
    over = sa.select(sheets.c.id, sheets.c.opened_by_id, placements.c.ended_on).join_from(
        sheets, placements, placements.c.id == sheets.c.placement_id
    )
    for row in connection.execute(
        over.where(placements.c.status == "ended", sheets.c.closed_at.is_(None))
    ).all():
        connection.execute(
            sa.update(sheets)
            .where(sheets.c.id == row.id)
            .values(
                closed_at=_noon(row.ended_on),
                closed_by_id=row.opened_by_id,
                assessed_on=row.ended_on,
                lapsed=True,
            )
        )


def _make_sheets_of_direct_endings(connection: sa.Connection) -> None:
    ended_by_sheet = set(
        connection.scalars(
            sa.select(sheets.c.placement_id).where(
                sheets.c.kind == "end", sheets.c.closed_at.is_not(None), sheets.c.lapsed.is_(sa.false())
            )
        )
    )
    by_placement: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(sa.select(told).order_by(told.c.id)):
        if row.placement_id not in ended_by_sheet:
            by_placement[row.placement_id].append(row)
    for placement_id, tasks in by_placement.items():
        _add_sheet(connection, placement_id, tasks)


def _add_sheet(connection: sa.Connection, placement_id: int, tasks: list[Any]) -> None:
    first = tasks[0]
    last_number = connection.scalar(
        sa.select(sa.func.max(sheets.c.number)).where(sheets.c.placement_id == placement_id)
    )
    number, at = (last_number or 0) + 1, _noon(first.assessed_on)
    connection.execute(
        sa.insert(sheets).values(
            placement_id=placement_id,
            kind="end",
            number=number,
            opened_at=at,
            opened_by_id=first.recorded_by_id,
            answered_by="",
            on_paper=False,
            closed_at=at,
            closed_by_id=first.recorded_by_id,
            assessed_on=first.assessed_on,
            withdrawn_because="",
            citizen_comment="",
            version=1,
        )
    )
    sheet_id = connection.scalar(
        sa.select(sheets.c.id).where(sheets.c.placement_id == placement_id, sheets.c.number == number)
    )
    connection.execute(
        sa.insert(lines),
        [
            {
                "assessment_id": sheet_id,
                "skill_id": task.skill_id,
                "task_text": task.task_text,
                "employer_note": "",
                "consultant_level": task.level,
                "consultant_note": task.note,
            }
            for task in tasks
        ],
    )


def _noon(day: Any) -> datetime:
    return datetime.combine(day, time(12))


def _tie_evidence_to_end_sheets(connection: sa.Connection) -> None:
    """Until now what the end of a placement left on the card knew only the placement."""
    end = (
        sa.select(sheets.c.id)
        .where(
            sheets.c.placement_id == evidence.c.placement_id,
            sheets.c.kind == "end",
            sheets.c.closed_at.is_not(None),
            sheets.c.lapsed.is_(sa.false()),
        )
        .order_by(sheets.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    connection.execute(
        sa.update(evidence)
        .where(
            evidence.c.source == "employer",
            evidence.c.assessment_id.is_(None),
            evidence.c.placement_id.is_not(None),
        )
        .values(assessment_id=end)
    )


def _mark_what_the_workplace_took_no_part_in(connection: sa.Connection) -> None:
    seen_there = sa.exists().where(
        lines.c.assessment_id == evidence.c.assessment_id,
        lines.c.task_text == evidence.c.text,
        lines.c.employer_level > 0,
    )
    found = connection.execute(
        sa.select(evidence.c.id, evidence.c.card_id).where(evidence.c.source == "employer", ~seen_there)
    ).all()
    by_card: dict[int, set[str]] = defaultdict(set)
    for row in found:
        by_card[row.card_id].add(str(row.id))
    connection.execute(sa.update(evidence).where(evidence.c.source != "employer").values(seen_at=None))
    for some in _chunks([row.id for row in found]):
        connection.execute(
            sa.update(evidence).where(evidence.c.id.in_(some)).values(source="consultant_only", seen_at=None)
        )
    for some in _chunks(list(by_card)):
        connection.execute(sa.update(cards).where(cards.c.id.in_(some)).values(version=cards.c.version + 1))
        _correct_snapshots(connection, some, by_card)


def _correct_snapshots(
    connection: sa.Connection, card_ids: list[int], by_card: Mapping[int, set[str]]
) -> None:
    rows = connection.execute(
        sa.select(versions.c.id, versions.c.card_id, versions.c.content).where(
            versions.c.card_id.in_(card_ids)
        )
    ).all()
    for row in rows:
        content = json.loads(row.content) if isinstance(row.content, str) else row.content
        wrong = by_card[row.card_id] & content.get("evidence", {}).keys()
        for key in wrong:
            content["evidence"][key] |= {"source": "consultant_only", "seen_at": None}
        if wrong:
            connection.execute(sa.update(versions).where(versions.c.id == row.id).values(content=content))


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def downgrade() -> None:
    """The sheets made of direct endings stay: what they say is true of either schema."""
    with op.batch_alter_table("skill_evidence", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_skill_evidence_seen_by_the_workplace"), type_="check")
        batch_op.drop_constraint(op.f("ck_skill_evidence_seen_on_a_sheet"), type_="check")
    op.execute("UPDATE skill_evidence SET source = 'consultant' WHERE source = 'consultant_only'")
    _allow((*SOURCES[:2], "consultant_only", SOURCES[2]), SOURCES)
    op.create_table(
        "task_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("task_text", sa.String(length=120), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_task_assessments_level_range")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_task_assessments_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_task_assessments_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_task_assessments_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_assessments")),
        sa.UniqueConstraint(
            "placement_id", "task_text", name=op.f("uq_task_assessments_placement_id_task_text")
        ),
    )
    op.create_index(op.f("ix_task_assessments_placement_id"), "task_assessments", ["placement_id"])
    with op.batch_alter_table(
        "assessments", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.drop_constraint(op.f("ck_assessments_lapsed_is_closed"), type_="check")
        batch_op.drop_column("lapsed")


def _allow(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Change the words that skill_evidence.source may be, and leave the table where it is; as in 014."""
    name = op.f("ck_skill_evidence_skillsource")
    old, new = (", ".join(f"'{word}'" for word in words) for words in (before, after))
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "skill_evidence", type_="check")
        op.create_check_constraint(name, "skill_evidence", sa.text(f"source IN ({new})"))
        return
    connection = op.get_bind()
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'skill_evidence' AND instr(sql, ?)",
        (old, new, old),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the CHECK on skill_evidence.source is not as it was made")
    connection.exec_driver_sql(f"PRAGMA schema_version={number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
