"""the ledger: goals with a period, a group, a rule and a direction; frozen figures; and what erasure leaves of a count

A goal of a year becomes one of the year's days; the two that named a sex become one measure, and whom they are about is
chosen by the municipality as a target group.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "051"
down_revision = "050"
branch_labels = None
depends_on = None

MEASURES_BEFORE = (
    "partnerships",
    "cards",
    "hired",
    "women_in_work",
    "men_in_work",
    "mentor_courses",
    "job_packages",
)
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
FORMS = ("praktik", "igu", "loentilskud", "regular_job", "smaajob", "fritidsjob")
STANDING = "partnerships"
"""What looks at one day; the others that goals could be set on added up a year."""
IN_WORK = ("women_in_work", "men_in_work")
RULES = {"in_work": {"least_hours": 0, "with_igu": "1"}, "hired": {"form": "", "trade": ""}}
"""What has numbers or choices in its rule, as a goal is meant that says none."""


def upgrade() -> None:
    rows = _taken_down()
    made = _goals()
    if rows:
        op.bulk_insert(made, [_goal(row) for row in rows])
        _count_on("goals")
    _history()
    _frozen()
    _erased()


_COLUMNS = (
    "id",
    "municipality_id",
    "measure",
    "group_id",
    "period",
    "first_on",
    "last_on",
    "terms",
    "aim",
    "target",
    "unit",
    "sentence",
    "source",
    "set_by_id",
    "set_at",
    "version",
)


def _taken_down() -> list[sa.Row[tuple[object, ...]]]:
    """The goals as they stood; the table is made anew, so that both databases get one shape."""
    before = sa.table(
        "goals",
        sa.column("id", sa.Integer),
        sa.column("municipality_id", sa.Integer),
        sa.column("measure", sa.String),
        sa.column("year", sa.Integer),
        sa.column("target", sa.Integer),
        sa.column("unit", sa.String),
        sa.column("sentence", sa.String),
        sa.column("source", sa.String),
        sa.column("set_by_id", sa.Integer),
        sa.column("set_at", sa.DateTime),
        sa.column("version", sa.Integer),
    )
    rows = list(op.get_bind().execute(sa.select(before).order_by(before.c.id)))
    op.drop_table("goals")
    return rows


def _goal(row: sa.Row[tuple[object, ...]]) -> dict[str, object]:
    was = row._mapping
    kept = {key: was[key] for key in _COLUMNS if key in was}
    is_in_work = was["measure"] in IN_WORK
    return {
        **kept,
        "measure": "in_work" if is_in_work else was["measure"],
        "group_id": None,
        "period": "day" if is_in_work or was["measure"] == STANDING else "year",
        "first_on": date(was["year"], 1, 1),
        "last_on": date(was["year"], 12, 31),
        "terms": RULES.get("in_work" if is_in_work else was["measure"], {}),
        "aim": "at_least",
    }


def _count_on(table: str) -> None:
    """PostgreSQL gives the next key after those that were put in."""
    if op.get_bind().dialect.name == "postgresql":
        last = sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table)).scalar_subquery()
        op.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table, "id"), last)))


def _enum(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _goals() -> sa.Table:
    made = op.create_table(
        "goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("measure", _enum("measure", *MEASURES), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("period", _enum("periodkind", "day", "year", "quarter", "project"), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("aim", _enum("goalaim", "at_least", "at_most", "rise", "fall"), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Numeric(10, 2), nullable=True),
        sa.Column("unit", _enum("goalunit", "count", "percent"), nullable=False),
        sa.Column("sentence", sa.String(500), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(300), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("goals", "target_range", "target BETWEEN 1 AND 100000"),
        _check("goals", "period", "last_on >= first_on"),
        _check("goals", "change_has_baseline", "(aim IN ('rise', 'fall')) = (baseline IS NOT NULL)"),
        _check("goals", "end_has_reason", "(ended_on IS NULL) = (ended_because IS NULL)"),
        _key("goals", "municipality_id", "municipalities"),
        _key("goals", "group_id", "target_groups"),
        _key("goals", "set_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    op.create_index(op.f("ix_goals_municipality_id"), "goals", ["municipality_id"])
    op.create_index(op.f("ix_goals_group_id"), "goals", ["group_id"])
    op.create_index("ix_goals_municipality_period", "goals", ["municipality_id", "last_on"])
    return made


def _history() -> None:
    op.create_table(
        "goal_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("step", _enum("goalstep", "set", "copied", "corrected", "ended", "frozen"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        _key("goal_changes", "goal_id", "goals"),
        _key("goal_changes", "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_changes")),
    )
    op.create_index(op.f("ix_goal_changes_goal_id"), "goal_changes", ["goal_id"])


def _frozen() -> None:
    op.create_table(
        "frozen_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("unknown_out_of", sa.Integer(), nullable=False),
        sa.Column("linked", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        _key("frozen_figures", "goal_id", "goals"),
        _key("frozen_figures", "municipality_id", "municipalities"),
        _key("frozen_figures", "frozen_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_figures")),
        sa.UniqueConstraint("goal_id", name=op.f("uq_frozen_figures_goal_id")),
    )
    op.create_index(op.f("ix_frozen_figures_municipality_id"), "frozen_figures", ["municipality_id"])
    op.create_table(
        "frozen_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column("form", _enum("placementform", *FORMS), nullable=True),
        sa.Column("cvr", sa.String(8), nullable=True),
        sa.Column("employer_name", sa.String(120), nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("notes", sa.JSON(), server_default="[]", nullable=False),
        _check("frozen_lines", "person_without_day", '(cvr IS NULL) = ("on" IS NULL)'),
        _check("frozen_lines", "employer_whole", "(cvr IS NULL) = (employer_name IS NULL)"),
        _key("frozen_lines", "figure_id", "frozen_figures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_lines")),
    )
    op.create_index("ix_frozen_lines_figure", "frozen_lines", ["figure_id"])
    op.create_table(
        "frozen_line_people",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        _key("frozen_line_people", "line_id", "frozen_lines"),
        _key("frozen_line_people", "citizen_id", "citizens"),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_frozen_line_people")),
    )
    op.create_index(op.f("ix_frozen_line_people_citizen_id"), "frozen_line_people", ["citizen_id"])


def _erased() -> None:
    op.create_table(
        "erased_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("measure", _enum("measure", *MEASURES), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("terms", sa.String(200), nullable=False),
        sa.Column("form", _enum("placementform", *FORMS), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("unknown_out_of", sa.Integer(), nullable=False),
        _key("erased_parts", "municipality_id", "municipalities"),
        _key("erased_parts", "group_id", "target_groups"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_parts")),
    )
    op.create_index("ix_erased_parts_question", "erased_parts", ["municipality_id", "measure", "group_id"])


def downgrade() -> None:
    """What a goal says beyond a year and its target is lost."""
    goals = sa.table(
        "goals",
        sa.column("id", sa.Integer),
        sa.column("municipality_id", sa.Integer),
        sa.column("measure", sa.String),
        sa.column("last_on", sa.Date),
        sa.column("target", sa.Integer),
        sa.column("unit", sa.String),
        sa.column("sentence", sa.String),
        sa.column("source", sa.String),
        sa.column("set_by_id", sa.Integer),
        sa.column("set_at", sa.DateTime),
        sa.column("version", sa.Integer),
    )
    rows = op.get_bind().execute(sa.select(goals).order_by(goals.c.id)).mappings().all()
    for table in (
        "erased_parts",
        "frozen_line_people",
        "frozen_lines",
        "frozen_figures",
        "goal_changes",
        "goals",
    ):
        op.drop_table(table)
    before = op.create_table(
        "goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("measure", _enum("measure", *MEASURES_BEFORE), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("unit", _enum("goalunit", "count", "percent"), nullable=False),
        sa.Column("sentence", sa.String(500), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("goals", "target_range", "target BETWEEN 1 AND 100000"),
        _check("goals", "year_range", "year BETWEEN 2000 AND 2100"),
        _key("goals", "municipality_id", "municipalities"),
        _key("goals", "set_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
        sa.UniqueConstraint(
            "municipality_id", "measure", "year", name=op.f("uq_goals_municipality_id_measure_year")
        ),
    )
    op.create_index(op.f("ix_goals_municipality_id"), "goals", ["municipality_id"])
    kept: dict[tuple[object, ...], dict[str, object]] = {}
    for row in rows:
        year = row["last_on"].year
        if row["measure"] in MEASURES_BEFORE:
            kept.setdefault(
                (row["municipality_id"], row["measure"], year),
                {**{key: value for key, value in row.items() if key != "last_on"}, "year": year},
            )
    if kept:
        op.bulk_insert(before, list(kept.values()))
        _count_on("goals")
