"""words in order: which skill is a kind of which, its ladder and picture, and the tasks that a job title means

Until now every skill was counted on the one ladder of work; each gets the one that its category usually has.
"""

import sqlalchemy as sa
from alembic import op

revision = "036"
down_revision = "035"
branch_labels = None
depends_on = None

LADDERS = ("arbejde", "bevis", "sprog", "egenskab", "vilkaar")
BY_CATEGORY = {
    "faglig": "arbejde",
    "personlig": "egenskab",
    "uformel": "arbejde",
    "sproglig": "sprog",
    "certifikat": "bevis",
    "stillingsbetingelse": "vilkaar",
}


def upgrade() -> None:
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ladder", _ladder(), nullable=True))
        batch_op.add_column(sa.Column("pictogram", sa.String(length=40), nullable=True))
    skills = sa.table("skills", sa.column("category", sa.String), sa.column("ladder", sa.String))
    for category, ladder in BY_CATEGORY.items():
        op.execute(sa.update(skills).where(skills.c.category == category).values(ladder=ladder))
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.alter_column("ladder", existing_type=_ladder(), nullable=False)

    op.create_table(
        "skill_relations",
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("broader_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("skill_id <> broader_id", name=op.f("ck_skill_relations_not_above_itself")),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_skill_relations_skill_id_skills")),
        sa.ForeignKeyConstraint(
            ["broader_id"], ["skills.id"], name=op.f("fk_skill_relations_broader_id_skills")
        ),
        sa.PrimaryKeyConstraint("skill_id", "broader_id", name=op.f("pk_skill_relations")),
    )
    op.create_index("ix_skill_relations_broader_id", "skill_relations", ["broader_id"])
    op.create_table(
        "job_title_tasks",
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_job_title_tasks_level_range")),
        sa.ForeignKeyConstraint(
            ["title_id"], ["job_titles.id"], name=op.f("fk_job_title_tasks_title_id_job_titles")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_job_title_tasks_skill_id_skills")),
        sa.PrimaryKeyConstraint("title_id", "skill_id", name=op.f("pk_job_title_tasks")),
    )
    op.create_index("ix_job_title_tasks_skill_id", "job_title_tasks", ["skill_id"])


def _ladder() -> sa.Enum:
    return sa.Enum(*LADDERS, name="skillladder", native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    op.drop_table("job_title_tasks")
    op.drop_table("skill_relations")
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_skills_skillladder"), type_="check")
        batch_op.drop_column("pictogram")
        batch_op.drop_column("ladder")
