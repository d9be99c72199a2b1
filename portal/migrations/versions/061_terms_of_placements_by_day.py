"""placements: hours by day, pauses and other tasks; the ratio by stretch; traces that another row takes the place of"""

import sqlalchemy as sa
from alembic import op

revision = "061"
down_revision = "060"
branch_labels = None
depends_on = None

OLD = ("follow_up_moved", "follow_up_cancelled")
NEW = ("extended", "moved", "hours", "tasks", "paused", "resumed", "withdrawn", *OLD)
CHECK = "ck_placement_changes_changekind"
STANDING = sa.text("replaced_at IS NULL")


def _allow(*kinds: str) -> None:
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("placement_changes", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.create_check_constraint(op.f(CHECK), f"kind IN ({allowed})")


def upgrade() -> None:
    for name in ("later_hours", "pauses"):
        op.add_column("placements", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))
    op.add_column("placements", sa.Column("tasks", sa.String(length=1000), server_default="", nullable=False))
    op.add_column("vitas_sheets", sa.Column("outdated_at", sa.DateTime(), nullable=True))
    _allow(*NEW)
    with op.batch_alter_table("occupied_places") as batch:
        batch.drop_constraint(op.f("uq_occupied_places_placement_id"), type_="unique")
        batch.create_index(op.f("ix_occupied_places_placement_id"), ["placement_id"])
    with op.batch_alter_table("placement_traces") as batch:
        batch.add_column(sa.Column("replaced_at", sa.DateTime(), nullable=True))
        batch.drop_constraint(op.f("uq_placement_traces_placement_id"), type_="unique")
        batch.create_check_constraint(
            op.f("ck_placement_traces_replaced_afterwards"),
            "replaced_at IS NULL OR replaced_at >= recorded_at",
        )
    op.create_index(
        "uq_placement_traces_one_standing",
        "placement_traces",
        ["placement_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    op.execute("DELETE FROM placement_traces WHERE replaced_at IS NOT NULL")
    op.drop_index("uq_placement_traces_one_standing", "placement_traces")
    with op.batch_alter_table("placement_traces") as batch:
        batch.drop_constraint(op.f("ck_placement_traces_replaced_afterwards"), type_="check")
        batch.create_unique_constraint(op.f("uq_placement_traces_placement_id"), ["placement_id"])
        batch.drop_column("replaced_at")
    op.execute(
        "DELETE FROM occupied_places WHERE id NOT IN (SELECT max(id) FROM occupied_places GROUP BY placement_id)"
    )
    with op.batch_alter_table("occupied_places") as batch:
        batch.drop_index(op.f("ix_occupied_places_placement_id"))
        batch.create_unique_constraint(op.f("uq_occupied_places_placement_id"), ["placement_id"])
    op.execute("DELETE FROM placement_changes WHERE kind NOT LIKE 'follow_up_%'")
    _allow(*OLD)
    op.drop_column("vitas_sheets", "outdated_at")
    for name in ("tasks", "pauses", "later_hours"):
        op.drop_column("placements", name)
