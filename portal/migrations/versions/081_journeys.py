"""journeys: each citizen's way on a package or on steps of her own"""

import sqlalchemy as sa
from alembic import op

revision = "081"
down_revision = "080"
branch_labels = None
depends_on = None

STEP_KINDS = ("course", "group", "praktik", "igu", "loentilskud", "regular_job", "smaajob")
STATES = ("waiting", "under_way", "reached", "skipped")
SKIPS = ("known_already", "learnt_elsewhere", "no_place", "other_way")
PASSES = ("seen_on_course", "agreed_with_employer", "learnt_on_the_way")
ENDS = ("all_reached", "in_work", "other_way", "stopped")
KEPT = {"sqlite_autoincrement": True}


def _enum(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "journeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("end_reason", _enum("journeyend", *ENDS), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        _key("journeys", "citizen_id", "citizens"),
        _key("journeys", "package_id", "job_packages"),
        _key("journeys", "recorded_by_id", "users"),
        _check("journeys", "period", "until_on >= from_on"),
        _check("journeys", "reason_of_an_end", "(until_on IS NULL) = (end_reason IS NULL)"),
        _primary("journeys"),
        **KEPT,
    )
    op.create_index("ix_journeys_citizen", "journeys", ["citizen_id"])
    op.create_index("ix_journeys_package", "journeys", ["package_id", "from_on"])
    open_only = sa.text("until_on IS NULL AND replaced_at IS NULL")
    op.create_index(
        "uq_journeys_one_under_way",
        "journeys",
        ["citizen_id"],
        unique=True,
        sqlite_where=open_only,
        postgresql_where=open_only,
    )
    op.create_table(
        "journey_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("journey_id", sa.Integer(), nullable=False),
        sa.Column("package_step_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", _enum("stepkind", *STEP_KINDS), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("asks", sa.String(300), nullable=False, server_default=""),
        sa.Column("state", _enum("stepstate", *STATES), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("skip_reason", _enum("skipreason", *SKIPS), nullable=True),
        sa.Column("passed_reason", _enum("passedreason", *PASSES), nullable=True),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        _key("journey_steps", "journey_id", "journeys"),
        _key("journey_steps", "package_step_id", "package_steps"),
        _key("journey_steps", "placement_id", "placements"),
        _key("journey_steps", "changed_by_id", "users"),
        _unique("journey_steps", "journey_id", "position"),
        _check("journey_steps", "weeks_range", "weeks > 0"),
        _check("journey_steps", "reason_of_a_skip", "(state = 'skipped') = (skip_reason IS NOT NULL)"),
        _check("journey_steps", "day_it_was_reached", "(state = 'reached') = (reached_on IS NOT NULL)"),
        _check("journey_steps", "day_it_began", "state <> 'under_way' OR began_on IS NOT NULL"),
        _primary("journey_steps"),
        **KEPT,
    )
    op.create_index("ix_journey_steps_placement", "journey_steps", ["placement_id"])
    op.create_index("ix_journey_steps_package_step", "journey_steps", ["package_step_id"])
    op.create_table(
        "journey_skills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        _key("journey_skills", "step_id", "journey_steps"),
        _key("journey_skills", "skill_id", "skills"),
        _unique("journey_skills", "step_id", "skill_id"),
        _check("journey_skills", "level_range", "level BETWEEN 1 AND 4"),
        _primary("journey_skills"),
    )
    op.create_index(op.f("ix_journey_skills_skill_id"), "journey_skills", ["skill_id"])


def downgrade() -> None:
    op.drop_table("journey_skills")
    op.drop_table("journey_steps")
    op.drop_table("journeys")
