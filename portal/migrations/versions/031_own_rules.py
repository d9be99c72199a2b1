"""a municipality's own rows beside the law's: whose a number is, and one of each key, owner and day

The rows that are there are the law's, every municipality's, and stay so.
"""

import sqlalchemy as sa
from alembic import op

revision = "031"
down_revision = "030"
branch_labels = None
depends_on = None

CERTAINTY = (
    "certainty VARCHAR(40) DEFAULT 'read' NOT NULL CONSTRAINT ck_rules_certainty "
    "CHECK (certainty IN ('read', 'partly', 'unverified'))"
)
"""As 016 adds it and can drop it again: batch mode moves the CHECK of a column to the table."""

LAW, OWN, OPEN = "municipality_id IS NULL", "municipality_id IS NOT NULL", "valid_to IS NULL AND "


def upgrade() -> None:
    _drop_one("uq_rules_one_open", "valid_to IS NULL")
    with op.batch_alter_table("rules", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_rules_key_valid_from"), type_="unique")
        batch_op.add_column(sa.Column("municipality_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_rules_municipality_id_municipalities"), "municipalities", ["municipality_id"], ["id"]
        )
    _create_one("uq_rules_one_from_a_day", ["key", "valid_from"], LAW)
    _create_one("uq_rules_one_open", ["key"], OPEN + LAW)
    _create_one("uq_rules_own_from_a_day", ["municipality_id", "key", "valid_from"], OWN)
    _create_one("uq_rules_own_open", ["municipality_id", "key"], OPEN + OWN)


def downgrade() -> None:
    """Municipalities' own rows go: the older schema would take them for the law."""
    op.execute("DELETE FROM rules WHERE municipality_id IS NOT NULL")
    _drop_one("uq_rules_own_open", OPEN + OWN)
    _drop_one("uq_rules_own_from_a_day", OWN)
    _drop_one("uq_rules_one_open", OPEN + LAW)
    _drop_one("uq_rules_one_from_a_day", LAW)
    op.execute("ALTER TABLE rules ADD COLUMN kept VARCHAR(40)")
    op.execute("UPDATE rules SET kept = certainty")
    with op.batch_alter_table("rules", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_rules_municipality_id_municipalities"), type_="foreignkey")
        batch_op.drop_column("municipality_id")
        batch_op.create_unique_constraint(op.f("uq_rules_key_valid_from"), ["key", "valid_from"])
        batch_op.drop_constraint(op.f("ck_rules_certainty"), type_="check")
        batch_op.drop_column("certainty")
    op.execute(f"ALTER TABLE rules ADD COLUMN {CERTAINTY}")
    op.execute("UPDATE rules SET certainty = kept")
    op.execute("ALTER TABLE rules DROP COLUMN kept")
    _create_one("uq_rules_one_open", ["key"], "valid_to IS NULL")


def _create_one(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "rules", columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _drop_one(name: str, where: str) -> None:
    condition = sa.text(where)
    op.drop_index(name, "rules", sqlite_where=condition, postgresql_where=condition)
