"""placements: one goes on in another form, in one thread; a review becomes one placement and what that goes on in"""

import sqlalchemy as sa
from alembic import op

revision = "064"
down_revision = "063"
branch_labels = None
depends_on = None

KINDS = (
    "extended",
    "moved",
    "hours",
    "tasks",
    "paused",
    "resumed",
    "withdrawn",
    "follow_up_moved",
    "follow_up_cancelled",
)
CHECK = "ck_placement_changes_changekind"
KEPT = {"sqlite_autoincrement": True}
FIRST, GOES_ON = sa.text("continues_id IS NULL"), sa.text("status <> 'cancelled'")
KEY = "fk_placements_continues_id_placements"


def _allow(*kinds: str) -> None:
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("placement_changes", table_kwargs=KEPT) as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.create_check_constraint(op.f(CHECK), f"kind IN ({allowed})")


def upgrade() -> None:
    _allow(*KINDS[:6], "continued", *KINDS[6:])
    with op.batch_alter_table("placements", table_kwargs=KEPT) as batch:
        batch.add_column(sa.Column("continues_id", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("uq_placements_review_id"), type_="unique")
        batch.create_foreign_key(op.f(KEY), "placements", ["continues_id"], ["id"])
    op.create_index(op.f("ix_placements_review_id"), "placements", ["review_id"])
    op.create_index(
        "uq_placements_first_of_review",
        "placements",
        ["review_id"],
        unique=True,
        sqlite_where=FIRST,
        postgresql_where=FIRST,
    )
    op.create_index(
        "uq_placements_one_goes_on",
        "placements",
        ["continues_id"],
        unique=True,
        sqlite_where=GOES_ON,
        postgresql_where=GOES_ON,
    )


def downgrade() -> None:
    """Of a thread the first stays planned from the review; the others must be gone before."""
    for name in ("uq_placements_one_goes_on", "uq_placements_first_of_review", "ix_placements_review_id"):
        op.drop_index(name, "placements")
    with op.batch_alter_table("placements", table_kwargs=KEPT) as batch:
        batch.drop_constraint(op.f(KEY), type_="foreignkey")
        batch.create_unique_constraint(op.f("uq_placements_review_id"), ["review_id"])
        batch.drop_column("continues_id")
    op.execute("DELETE FROM placement_changes WHERE kind = 'continued'")
    _allow(*KINDS)
