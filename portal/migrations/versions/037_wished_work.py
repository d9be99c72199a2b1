"""wished work: the job titles and tasks that a citizen would like to work with, and who wrote each down"""

import sqlalchemy as sa
from alembic import op

revision = "037"
down_revision = "036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wished_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=True),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(title_id IS NULL) <> (skill_id IS NULL)", name=op.f("ck_wished_work_title_or_task")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_wished_work_by_id_users")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_wished_work_card_id_competence_cards")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_wished_work_skill_id_skills")),
        sa.ForeignKeyConstraint(
            ["title_id"], ["job_titles.id"], name=op.f("fk_wished_work_title_id_job_titles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wished_work")),
        sa.UniqueConstraint("card_id", "skill_id", name=op.f("uq_wished_work_card_id_skill_id")),
        sa.UniqueConstraint("card_id", "title_id", name=op.f("uq_wished_work_card_id_title_id")),
    )
    op.create_index("ix_wished_work_title_id", "wished_work", ["title_id"])
    op.create_index("ix_wished_work_skill_id", "wished_work", ["skill_id"])


def downgrade() -> None:
    op.drop_table("wished_work")
