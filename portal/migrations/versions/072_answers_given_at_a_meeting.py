"""citizens answer at a meeting, too: what a consultant writes down for them says so"""

from alembic import op

revision = "072"
down_revision = "071"
branch_labels = None
depends_on = None

WAYS = ("portal", "paper", "phone")
COLUMNS = (
    ("reviews", "citizen_answered_via", "ck_reviews_answeredvia"),
    ("consents", "answered_via", "ck_consents_consent_via"),
)
KEPT = {"sqlite_autoincrement": True}


def _allow(*ways: str) -> None:
    allowed = ", ".join(f"'{way}'" for way in ways)
    for table, column, check in COLUMNS:
        with op.batch_alter_table(table, table_kwargs=KEPT) as batch:
            batch.drop_constraint(op.f(check), type_="check")
            batch.create_check_constraint(op.f(check), f"{column} IN ({allowed})")


def upgrade() -> None:
    _allow(*WAYS, "meeting")


def downgrade() -> None:
    """What was said at a meeting was said on the phone, as until now."""
    op.execute("UPDATE reviews SET citizen_answered_via = 'phone' WHERE citizen_answered_via = 'meeting'")
    op.execute("UPDATE consents SET answered_via = 'phone' WHERE answered_via = 'meeting'")
    with op.batch_alter_table("reviews", table_kwargs=KEPT) as batch:
        batch.drop_constraint(op.f("ck_reviews_place_range"), type_="check")
    _allow(*WAYS)
    # SQLite drops a column only with a check of its own: rebuilding the table had made that one the table's
    op.execute(
        "ALTER TABLE reviews ADD COLUMN place_again INTEGER "
        "CONSTRAINT ck_reviews_place_range CHECK (place_again >= 1)"
    )
    op.execute("UPDATE reviews SET place_again = place")
    op.execute("ALTER TABLE reviews DROP COLUMN place")
    op.execute("ALTER TABLE reviews RENAME COLUMN place_again TO place")
