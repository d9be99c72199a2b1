"""whether it became as the three had settled, aspect by aspect, on the sheet that ends a placement

Sheets closed before say nothing of it: nobody asked.
"""

import sqlalchemy as sa
from alembic import op

revision = "071"
down_revision = "070"
branch_labels = None
depends_on = None

PARTIES = ("citizen", "employer", "consultant")
WAYS = ("yes", "partly", "no")


def upgrade() -> None:
    op.create_table(
        "assessment_aspects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("aspect", sa.String(length=20), nullable=False),
        sa.Column(
            "turned_out",
            sa.Enum(*WAYS, name="turnedout", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column(
            "said_by_party",
            sa.Enum(*PARTIES, name="party", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.CheckConstraint(
            "aspect IN ('purpose', 'time_frame', 'development')", name=op.f("ck_assessment_aspects_aspect")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f("fk_assessment_aspects_assessment_id_assessments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_aspects")),
        sa.UniqueConstraint(
            "assessment_id", "aspect", name=op.f("uq_assessment_aspects_assessment_id_aspect")
        ),
    )


def downgrade() -> None:
    op.drop_table("assessment_aspects")
