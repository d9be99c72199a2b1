"""files of hours at the language school"""

import sqlalchemy as sa
from alembic import op

revision = "084"
down_revision = "083"
branch_labels = None
depends_on = None

BEFORE = ("employers", "openings", "cards", "memberships", "spells", "vocabulary")
NOW = ("employers", "openings", "cards", "memberships", "spells", "language_hours", "vocabulary")

_files = sa.table("import_files", sa.column("kind", sa.String))


def upgrade() -> None:
    _allow(NOW)


def downgrade() -> None:
    """A file that waits for its yes is brought in anew."""
    op.execute(sa.delete(_files).where(_files.c.kind.not_in(BEFORE)))
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("import_files") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_files_importkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_import_files_importkind"), f"kind IN ({words})")
