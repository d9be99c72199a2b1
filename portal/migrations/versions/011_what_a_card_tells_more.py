"""what a card tells more: the Danish course, the week, transport, other languages, and every version of it"""

import sqlalchemy as sa
from alembic import op

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


COLUMNS = (
    "danish_course VARCHAR(40) CONSTRAINT ck_competence_cards_danishcourse "
    "CHECK (danish_course IN ('du1', 'du2', 'du3'))",
    "danish_module INTEGER CONSTRAINT ck_competence_cards_danish_module_of_course "
    "CHECK (danish_module IS NULL OR (danish_course IS NOT NULL AND danish_module BETWEEN 1 AND 6))",
    "danish_exam VARCHAR(40) CONSTRAINT ck_competence_cards_danishexam "
    "CHECK (danish_exam IN ('pd1', 'pd2', 'pd3', 'studieproeven'))",
    "transport JSON DEFAULT '[]' NOT NULL",
    "week JSON DEFAULT '{}' NOT NULL",
)


def upgrade() -> None:
    op.create_table(
        "card_languages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "some",
                "everyday",
                "fluent",
                name="languagelevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_card_languages_card_id_competence_cards")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_languages")),
        sa.UniqueConstraint("card_id", "name", name=op.f("uq_card_languages_card_id_name")),
    )
    op.create_table(
        "card_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_card_versions_card_id_competence_cards")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_versions")),
        sa.UniqueConstraint("card_id", "version", name=op.f("uq_card_versions_card_id_version")),
    )
    with op.batch_alter_table("card_versions", schema=None) as batch_op:
        batch_op.create_index("ix_card_versions_at", ["card_id", "at"], unique=False)

    # Plain SQL that both databases know: rebuilding a table, as batch mode would, loses its AUTOINCREMENT
    op.execute(
        "ALTER TABLE citizens ADD COLUMN language VARCHAR(40) CONSTRAINT ck_citizens_language "
        "CHECK (language IN ('en', 'ar', 'fa', 'ti', 'uk', 'so', 'tr'))"
    )
    for column in COLUMNS:
        op.execute(f"ALTER TABLE competence_cards ADD COLUMN {column}")


def downgrade() -> None:
    for column in ("week", "transport", "danish_exam", "danish_module", "danish_course"):
        op.drop_column("competence_cards", column)
    op.drop_column("citizens", "language")
    op.drop_index("ix_card_versions_at", table_name="card_versions")
    op.drop_table("card_versions")
    op.drop_table("card_languages")
