"""what the three settle on before the start, who said yes to it, and which placement began without

Placements of before are not asked for it: what is planned may begin as it could, and what runs is left alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "065"
down_revision = "064"
branch_labels = None
depends_on = None

PARTIES = ("citizen", "employer", "consultant")
WAYS = ("page", "link", "code", "phone", "meeting", "paper")


def upgrade() -> None:
    op.create_table(
        "settlements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("time_frame", sa.String(length=300), nullable=False),
        sa.Column("development", sa.String(length=500), nullable=False),
        sa.Column("differing", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_settlements_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["users.id"], name=op.f("fk_settlements_written_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_settlements_placement_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "settlement_confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("settlement_id", sa.Integer(), nullable=False),
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
            ["recorded_by_id"], ["users.id"], name=op.f("fk_settlement_confirmations_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_settlement_confirmations_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_confirmations")),
        sa.UniqueConstraint(
            "settlement_id", "party", name=op.f("uq_settlement_confirmations_settlement_id_party")
        ),
    )
    op.add_column(
        "placements",
        sa.Column("asks_settlement", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column(
        "placements",
        sa.Column("unsettled_reason", sa.String(length=500), server_default="", nullable=False),
    )
    op.execute(sa.text("UPDATE placements SET asks_settlement = false"))


def downgrade() -> None:
    with op.batch_alter_table(
        "placements", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.drop_column("unsettled_reason")
        batch_op.drop_column("asks_settlement")
    op.drop_table("settlement_confirmations")
    op.drop_table("settlements")
