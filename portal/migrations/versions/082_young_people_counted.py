"""young people are counted without names, and a parent says yes"""

import sqlalchemy as sa
from alembic import op

revision = "082"
down_revision = "081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "young_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reception_class",
                "youth_unit",
                "housing_area",
                name="youngplacekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_young_places_municipality_id_municipalities"),
        ),
        sa.UniqueConstraint(
            "municipality_id", "kind", "name", name=op.f("uq_young_places_municipality_id_kind_name")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_young_places")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "young_tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("has_job", sa.Integer(), nullable=False),
        sa.Column("wants_job", sa.Integer(), nullable=False),
        sa.Column("wants_none", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "has_job >= 0 AND wants_job >= 0 AND wants_none >= 0 AND unknown >= 0",
            name=op.f("ck_young_tallies_numbers"),
        ),
        sa.CheckConstraint(
            "replaced_at IS NULL OR replaced_at >= recorded_at",
            name=op.f("ck_young_tallies_replaced_afterwards"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["young_places.id"], name=op.f("fk_young_tallies_place_id_young_places")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_young_tallies_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_young_tallies")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_young_tallies_place_id", "young_tallies", ["place_id"])
    op.create_index(
        "uq_young_tallies_one_standing",
        "young_tallies",
        ["place_id", "year"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "parents_yes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column(
            "via",
            sa.Enum(
                "paper",
                "phone",
                "meeting",
                name="parentsyesvia",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= recorded_at",
            name=op.f("ck_parents_yes_withdrawn_afterwards"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_parents_yes_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_parents_yes_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["users.id"], name=op.f("fk_parents_yes_withdrawn_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parents_yes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_parents_yes_citizen_id", "parents_yes", ["citizen_id"])
    op.create_index(
        "uq_parents_yes_one_standing",
        "parents_yes",
        ["citizen_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("parents_yes")
    op.drop_table("young_tallies")
    op.drop_table("young_places")
