"""packages: ordered steps towards work, with what each teaches"""

import sqlalchemy as sa
from alembic import op

revision = "077"
down_revision = "076"
branch_labels = None
depends_on = None

INDUSTRIES = ("koekken", "pleje", "rengoering")
STEP_KINDS = ("course", "group", "praktik", "igu", "loentilskud", "regular_job", "smaajob")
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
        "job_packages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("industry", _enum("industry", *INDUSTRIES), nullable=False),
        sa.Column("about", sa.String(300), nullable=False, server_default=""),
        sa.Column("copy_of", sa.String(40), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("job_packages", "municipality_id", "municipalities"),
        _key("job_packages", "created_by_id", "users"),
        _unique("job_packages", "municipality_id", "name"),
        _primary("job_packages"),
        **KEPT,
    )
    op.create_table(
        "package_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", _enum("stepkind", *STEP_KINDS), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("asks", sa.String(300), nullable=False, server_default=""),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        _key("package_steps", "package_id", "job_packages"),
        _check("package_steps", "weeks_range", "weeks > 0"),
        _primary("package_steps"),
        **KEPT,
    )
    op.create_index("ix_package_steps_package", "package_steps", ["package_id", "position"])
    op.create_table(
        "package_skills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        _key("package_skills", "step_id", "package_steps"),
        _key("package_skills", "skill_id", "skills"),
        _unique("package_skills", "step_id", "skill_id"),
        _check("package_skills", "level_range", "level BETWEEN 1 AND 4"),
        _primary("package_skills"),
    )
    op.create_index(op.f("ix_package_skills_skill_id"), "package_skills", ["skill_id"])


def downgrade() -> None:
    op.drop_table("package_skills")
    op.drop_table("package_steps")
    op.drop_table("job_packages")
