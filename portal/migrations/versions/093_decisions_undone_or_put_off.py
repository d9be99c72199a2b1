"""decisions that were undone at once, and matches that are put off"""

import sqlalchemy as sa
from alembic import op

revision = "093"
down_revision = "092"
branch_labels = None
depends_on = None

REASONS = (
    "good_fit",
    "learning_step",
    "citizens_wish",
    "employer_knows",
    "skills_lacking",
    "not_the_wish",
    "hours_or_place",
    "danish",
    "other_plan",
    "legal",
    "other",
)


def upgrade() -> None:
    op.create_table(
        "undone_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("decision", _words("decision", "approved", "refused"), nullable=False),
        sa.Column("reason", _words("decisionreason", *REASONS), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("undone_at >= decided_at", name=op.f("ck_undone_decisions_undone_after_decided")),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["matches.id"],
            name=op.f("fk_undone_decisions_match_id_matches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_undone_decisions_decided_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undone_decisions")),
    )
    op.create_index(op.f("ix_undone_decisions_match_id"), "undone_decisions", ["match_id"])
    op.create_table(
        "put_off_matches",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name=op.f("fk_put_off_matches_match_id_matches"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["users.id"], name=op.f("fk_put_off_matches_set_by_id_users")),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_put_off_matches")),
    )
    op.create_index(op.f("ix_put_off_matches_until_on"), "put_off_matches", ["until_on"])


def downgrade() -> None:
    op.drop_table("put_off_matches")
    op.drop_table("undone_decisions")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
