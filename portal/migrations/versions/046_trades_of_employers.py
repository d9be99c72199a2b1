"""the trade an employer had on a past day: today's, since it was approved"""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "046"
down_revision = "045"
branch_labels = None
depends_on = None

INDUSTRIES = ("koekken", "pleje", "rengoering")
DENMARK = ZoneInfo("Europe/Copenhagen")

employers = sa.table(
    "employers",
    sa.column("id", sa.Integer),
    sa.column("industry", sa.String),
    sa.column("approved_at", sa.DateTime),
)


def upgrade() -> None:
    trades = op.create_table(
        "employer_trades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column(
            "industry",
            sa.Enum(*INDUSTRIES, name="industry", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employer_trades_employer_id_employers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_trades")),
        sa.UniqueConstraint("employer_id", "from_on", name=op.f("uq_employer_trades_employer_id_from_on")),
    )
    op.create_index(op.f("ix_employer_trades_employer_id"), "employer_trades", ["employer_id"])
    known = op.get_bind().execute(sa.select(employers).order_by(employers.c.id)).all()
    for row in known:
        day = row.approved_at.replace(tzinfo=UTC).astimezone(DENMARK).date()
        op.execute(sa.insert(trades).values(employer_id=row.id, industry=row.industry, from_on=day))


def downgrade() -> None:
    """What an employer was before its last change is lost."""
    op.drop_table("employer_trades")
