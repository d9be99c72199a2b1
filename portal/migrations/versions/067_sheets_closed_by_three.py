"""who said yes to an end sheet before it was closed, and why it was closed by the consultant alone

Sheets closed before have neither: nobody asked.
"""

import sqlalchemy as sa
from alembic import op

revision = "067"
down_revision = "066"
branch_labels = None
depends_on = None

PARTIES = ("citizen", "employer", "consultant")
WAYS = ("page", "link", "code", "phone", "meeting", "paper")


def upgrade() -> None:
    op.add_column(
        "assessments",
        sa.Column("alone_because", sa.String(length=300), server_default="", nullable=False),
    )
    op.create_table(
        "assessment_confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(*PARTIES, name="party", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "how",
            sa.Enum(*WAYS, name="confirmedhow", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("said_by", sa.String(length=120), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f("fk_assessment_confirmations_assessment_id_assessments"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_assessment_confirmations_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_confirmations")),
        sa.UniqueConstraint(
            "assessment_id", "party", name=op.f("uq_assessment_confirmations_assessment_id_party")
        ),
    )


def downgrade() -> None:
    op.drop_table("assessment_confirmations")
    with op.batch_alter_table(
        "assessments", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.drop_column("alone_because")
