"""answers to the questions of suggestions, so that the last one can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "given_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(length=40), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("sure_before", sa.Double(), nullable=False),
        sa.Column("possible_before", sa.Double(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_given_answers_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["skill_evidence.id"],
            name=op.f("fk_given_answers_evidence_id_skill_evidence"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_given_answers_match_id_matches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_answers")),
    )
    with op.batch_alter_table("given_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_given_answers_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_given_answers_match_id"), ["match_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("given_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_given_answers_match_id"))
        batch_op.drop_index(batch_op.f("ix_given_answers_evidence_id"))
    op.drop_table("given_answers")
