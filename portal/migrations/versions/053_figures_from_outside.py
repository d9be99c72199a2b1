"""figures from outside, whom a municipality compares itself with, and who shows figures to whom"""

import sqlalchemy as sa
from alembic import op

revision = "053"
down_revision = "052"
branch_labels = None
depends_on = None

MEASURES = (
    "partnerships",
    "cards",
    "observed_cards",
    "placements",
    "hired",
    "employed_after_praktik",
    "referrals",
    "answers_to_employers",
    "answers_to_citizens",
    "in_work",
    "in_work_or_education",
    "number_in_work_or_education",
    "self_support",
    "activity",
    "rest_begun",
    "moves_up",
    "mentor_courses",
    "job_packages",
    "group_places",
    "school_absence",
    "course_places",
    "young_known",
    "young_in_leisure_job",
    "campaign_sessions",
    "public_support",
)
TOPICS = ("employers", "cooperation_rate")
ABOUT = ("measure", "topic")


def _enum(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _one_standing(table: str, columns: tuple[str, ...], also: str = "") -> None:
    """Of what is about a measure, and of what is about something else: a column without a value is like no other."""
    for subject in ABOUT:
        where = sa.text(f"{also}{subject} IS NOT NULL")
        op.create_index(
            f"uq_{table}_{subject}",
            table,
            ["municipality_id", subject, *columns],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def upgrade() -> None:
    op.create_table(
        "outside_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("measure", _enum("measure", *MEASURES), nullable=True),
        sa.Column("topic", _enum("outsidetopic", *TOPICS), nullable=True),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(12, 2), nullable=False),
        sa.Column("unit", _enum("goalunit", "count", "percent"), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("method", sa.String(500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_because", sa.String(300), nullable=False),
        _check("outside_figures", "about_one_thing", "(measure IS NULL) = (topic IS NOT NULL)"),
        _check("outside_figures", "period", "last_on >= first_on"),
        _check("outside_figures", "value_not_negative", "value >= 0"),
        _check("outside_figures", "at_most_all", "unit <> 'percent' OR value <= 100"),
        _check("outside_figures", "replaced_afterwards", "replaced_at IS NULL OR replaced_at >= recorded_at"),
        _key("outside_figures", "municipality_id", "municipalities"),
        _key("outside_figures", "recorded_by_id", "users"),
        _key("outside_figures", "replaced_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_figures")),
        sqlite_autoincrement=True,
    )
    _one_standing("outside_figures", ("place", "first_on", "last_on"), "replaced_at IS NULL AND ")
    op.create_table(
        "likenesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("measure", _enum("measure", *MEASURES), nullable=True),
        sa.Column("topic", _enum("outsidetopic", *TOPICS), nullable=True),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        _check("likenesses", "about_one_thing", "(measure IS NULL) = (topic IS NOT NULL)"),
        _check("likenesses", "has_place", "place <> ''"),
        _key("likenesses", "municipality_id", "municipalities"),
        _key("likenesses", "chosen_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likenesses")),
    )
    _one_standing("likenesses", ("place",))
    op.create_table(
        "figure_sharings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("with_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("closed_from", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        _check("figure_sharings", "two_municipalities", "municipality_id <> with_id"),
        _check("figure_sharings", "closed_after_start", "closed_from IS NULL OR closed_from >= from_on"),
        _key("figure_sharings", "municipality_id", "municipalities"),
        _key("figure_sharings", "with_id", "municipalities"),
        _key("figure_sharings", "by_id", "users"),
        _key("figure_sharings", "closed_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_sharings")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_figure_sharings_with_id"), "figure_sharings", ["with_id"])
    op.create_index(
        "uq_figure_sharings_open",
        "figure_sharings",
        ["municipality_id", "with_id"],
        unique=True,
        sqlite_where=sa.text("closed_from IS NULL"),
        postgresql_where=sa.text("closed_from IS NULL"),
    )


def downgrade() -> None:
    """What was typed from outside, and who showed figures to whom, is lost."""
    for table in ("figure_sharings", "likenesses", "outside_figures"):
        op.drop_table(table)
