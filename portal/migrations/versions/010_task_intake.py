"""task intake: answers about everyday tasks, and where and how often on the evidence they become"""

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None

FREQUENCIES = ("never", "few", "often", "daily")
SETTINGS = ("work", "home", "voluntary", "informal")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "task_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("task_key", sa.String(length=40), nullable=False),
        sa.Column("frequency", _choice("frequency", *FREQUENCIES), nullable=False),
        sa.Column("setting", _choice("setting", *SETTINGS), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(frequency = 'never') = (setting IS NULL)",
            name=op.f("ck_task_answers_setting_of_what_was_done"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_task_answers_by_id_users")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_task_answers_card_id_competence_cards")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_answers")),
        sa.UniqueConstraint("card_id", "task_key", name=op.f("uq_task_answers_card_id_task_key")),
    )
    with op.batch_alter_table("skill_evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("task_key", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("frequency", _choice("frequency", *FREQUENCIES), nullable=True))
        batch_op.add_column(sa.Column("setting", _choice("setting", *SETTINGS), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_skill_evidence_task_is_whole"),
            "(task_key IS NULL AND frequency IS NULL AND setting IS NULL)"
            " OR (task_key IS NOT NULL AND frequency IS NOT NULL AND setting IS NOT NULL AND frequency <> 'never')",
        )


def downgrade() -> None:
    with op.batch_alter_table("skill_evidence", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_skill_evidence_task_is_whole"), type_="check")
        batch_op.drop_constraint(op.f("ck_skill_evidence_setting"), type_="check")
        batch_op.drop_constraint(op.f("ck_skill_evidence_frequency"), type_="check")
        batch_op.drop_column("setting")
        batch_op.drop_column("frequency")
        batch_op.drop_column("task_key")
    op.drop_table("task_answers")
