"""the book of rules: lists as rows, rows that wait, were refused or corrected backwards, pauses, and what a change was

Until now SQLite gave the id of a number that was taken back to the next one; the log may still name it, so the counter
begins above every id that the log knows. All rows that are there hold as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "042"
down_revision = "041"
branch_labels = None
depends_on = None

STANDING = (
    "standing VARCHAR(40) DEFAULT 'holds' NOT NULL CONSTRAINT ck_rules_rulestanding "
    "CHECK (standing IN ('holds', 'waiting', 'refused', 'replaced'))"
)
LAW, OWN, OPEN = "municipality_id IS NULL", "municipality_id IS NOT NULL", "valid_to IS NULL AND "
HOLDS = "standing = 'holds' AND "
INDEXES = {
    "uq_rules_one_from_a_day": (["key", "valid_from"], LAW),
    "uq_rules_one_open": (["key"], OPEN + LAW),
    "uq_rules_own_from_a_day": (["municipality_id", "key", "valid_from"], OWN),
    "uq_rules_own_open": (["municipality_id", "key"], OPEN + OWN),
}


def upgrade() -> None:
    for name, (_, where) in INDEXES.items():
        _drop_one(name, where)
    with op.batch_alter_table(
        "rules", schema=None, recreate="auto", table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.add_column(sa.Column("words", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("shipped_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("goes_on", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("reason", sa.String(length=500), server_default="", nullable=False))
        # what it is already; on SQLite this has the table made anew, with the counter that never goes back
        batch_op.alter_column("key", existing_type=sa.String(length=60), nullable=False)
    op.execute(f"ALTER TABLE rules ADD COLUMN {STANDING}")
    for name, (columns, where) in INDEXES.items():
        _create_one(name, columns, HOLDS + where)
    op.add_column("audit_entries", sa.Column("change", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _begin_above_what_the_log_knows()


def _begin_above_what_the_log_knows() -> None:
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'rules'")
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) "
        "SELECT 'rules', coalesce(max(id), 0) FROM (SELECT id FROM rules UNION ALL "
        "SELECT subject_id FROM audit_entries WHERE subject_type = 'rules')"
    )


def downgrade() -> None:
    """Lists go, and rows that do not hold: the older schema would take them for numbers of the law."""
    op.execute("DELETE FROM rules WHERE standing <> 'holds' OR unit = '= ord'")
    for name, (_, where) in INDEXES.items():
        _drop_one(name, HOLDS + where)
    op.drop_column("audit_entries", "change")
    with op.batch_alter_table("rules", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_rules_rulestanding"), type_="check")
        for name in ("standing", "reason", "goes_on", "shipped_from", "words"):
            batch_op.drop_column(name)
    for name, (columns, where) in INDEXES.items():
        _create_one(name, columns, where)


def _create_one(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "rules", columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _drop_one(name: str, where: str) -> None:
    condition = sa.text(where)
    op.drop_index(name, "rules", sqlite_where=condition, postgresql_where=condition)
