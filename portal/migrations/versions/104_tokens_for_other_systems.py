"""tokens with which other systems read"""

import sqlalchemy as sa
from alembic import op

revision = "104"
down_revision = "103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("minute_at", sa.DateTime(), nullable=True),
        sa.Column("asked_in_minute", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR ended_by_id IS NULL", name=op.f("ck_api_tokens_nobody_ends_what_is_open")
        ),
        sa.CheckConstraint(
            "(minute_at IS NULL) = (asked_in_minute = 0)", name=op.f("ck_api_tokens_minute_is_counted")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_api_tokens_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_api_tokens_made_by_id_users")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_api_tokens_ended_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_tokens_secret_hash")),
    )
    op.create_index(op.f("ix_api_tokens_municipality_id"), "api_tokens", ["municipality_id"])
    op.create_table(
        "api_token_scopes",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "openings",
                "employers",
                "partnerships",
                "figures",
                "cases",
                name="tokenscope",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_api_token_scopes_token_id_api_tokens")
        ),
        sa.PrimaryKeyConstraint("token_id", "scope", name=op.f("pk_api_token_scopes")),
    )


def downgrade() -> None:
    op.drop_table("api_token_scopes")
    op.drop_table("api_tokens")
