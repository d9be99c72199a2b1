"""courses, their runs, who has a seat on one, and what the courses were counted to lift

What a course taught stands on the card with its own source.
"""

import sqlalchemy as sa
from alembic import op

revision = "079"
down_revision = "078"
branch_labels = None
depends_on = None

SOURCES = ("own", "consultant", "consultant_only", "employer")
INDUSTRIES = ("koekken", "pleje", "rengoering")
BEARERS = ("municipality", "employer", "state", "shared")
SEATS = ("wished", "booked", "attending", "passed", "stopped")
KEPT = {"sqlite_autoincrement": True}


def _enum(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _primary(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def upgrade() -> None:
    _courses()
    _runs()
    _seats()
    _counts()
    _allow(SOURCES, (*SOURCES, "course"))


def _courses() -> None:
    table = "courses"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("industry", _enum("industry", *INDUSTRIES), nullable=True),
        sa.Column("provider", sa.String(120), nullable=False),
        sa.Column("description", sa.String(1000), nullable=False),
        sa.Column("certificate", sa.String(120), nullable=False),
        sa.Column("certificate_skill_id", sa.Integer(), nullable=True),
        sa.Column("certificate_years", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "certificate_has_words", "certificate_skill_id IS NULL OR certificate <> ''"),
        _check(table, "years_of_a_certificate", "certificate_years IS NULL OR certificate <> ''"),
        _check(table, "certificate_years_range", "certificate_years > 0"),
        _key(table, "municipality_id", "municipalities"),
        _key(table, "certificate_skill_id", "skills"),
        _key(table, "created_by_id", "users"),
        _primary(table),
        _unique(table, "municipality_id", "name"),
        **KEPT,
    )
    table = "course_skills"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        _check(table, "level_range", "level BETWEEN 1 AND 4"),
        _key(table, "course_id", "courses"),
        _key(table, "skill_id", "skills"),
        _primary(table),
        _unique(table, "course_id", "skill_id"),
    )
    op.create_index(op.f("ix_course_skills_skill_id"), table, ["skill_id"])


def _runs() -> None:
    table = "course_runs"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("times", sa.String(120), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("cost_bearer", _enum("costbearer", *BEARERS), nullable=False),
        sa.Column("shared_with_neighbours", sa.Boolean(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "period", "last_day >= first_day"),
        _check(table, "seats_range", "seats BETWEEN 1 AND 500"),
        _key(table, "course_id", "courses"),
        _primary(table),
        **KEPT,
    )
    op.create_index("ix_course_runs_course", table, ["course_id", "first_day"])


def _seats() -> None:
    table = "course_seats"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("status", _enum("seatstatus", *SEATS), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("attending_from", sa.Date(), nullable=True),
        sa.Column("passed_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_recorded_at", sa.DateTime(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.Column("replaced_because", sa.String(200), nullable=False, server_default=""),
        _check(table, "passed_on_a_day", "(status = 'passed') = (passed_on IS NOT NULL)"),
        _check(table, "stopped_on_a_day", "(status = 'stopped') = (stopped_on IS NOT NULL)"),
        _check(table, "passed_afterwards", "passed_on >= attending_from"),
        _check(
            table,
            "end_was_written",
            "(passed_on IS NULL AND stopped_on IS NULL) = (ended_recorded_at IS NULL)",
        ),
        _check(table, "attends_from_a_day", "status <> 'attending' OR attending_from IS NOT NULL"),
        _key(table, "run_id", "course_runs"),
        _key(table, "citizen_id", "citizens"),
        _key(table, "recorded_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    standing = sa.text("replaced_at IS NULL AND status <> 'stopped'")
    op.create_index(
        "ix_course_seats_standing",
        table,
        ["run_id", "citizen_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("ix_course_seats_citizen", table, ["citizen_id"])
    op.create_index("ix_course_seats_passed", table, ["passed_on", "citizen_id"])


def _counts() -> None:
    table = "course_counts"
    op.create_table(
        table,
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=True),
        sa.Column("counted_at", sa.DateTime(), nullable=True),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("goal_score", sa.Double(), nullable=True),
        _check(table, "goal_score_range", "goal_score BETWEEN 0 AND 100"),
        _key(table, "municipality_id", "municipalities"),
        _primary(table, "municipality_id"),
    )
    table = "course_lifts"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        _check(table, "course_or_skill", "(course_id IS NULL) <> (skill_id IS NULL)"),
        _check(table, "numbers", "people >= 0 AND places >= 0"),
        _key(table, "municipality_id", "municipalities"),
        _key(table, "course_id", "courses"),
        _key(table, "skill_id", "skills"),
        _primary(table),
    )
    op.create_index("ix_course_lifts_municipality", table, ["municipality_id", "people"])


def downgrade() -> None:
    op.execute("UPDATE skill_evidence SET source = 'consultant' WHERE source = 'course'")
    _allow((*SOURCES, "course"), SOURCES)
    for table in (
        "course_lifts",
        "course_counts",
        "course_seats",
        "course_runs",
        "course_skills",
        "courses",
    ):
        op.drop_table(table)


def _allow(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Change the words that skill_evidence.source may be, and leave the table where it is; as in 024."""
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
        (f"({old})", f"({new})", f"({old})"),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the CHECK on skill_evidence.source is not as it was made")
    connection.exec_driver_sql(f"PRAGMA schema_version={number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
