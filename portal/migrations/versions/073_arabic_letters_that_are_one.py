"""citizens are found by one spelling of the Arabic letters that keyboards write in several ways"""

import sqlalchemy as sa
from alembic import op

revision = "073"
down_revision = "072"
branch_labels = None
depends_on = None

_citizens = sa.table(
    "citizens",
    sa.column("id", sa.Integer),
    sa.column("name_key", sa.String),
    sa.column("searched", sa.String),
)
_AS_ONE = str.maketrans({**dict(zip("ىیکةۀە", "ييكههه", strict=True)), "\u0640": ""})


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_citizens)).all():
        told = {
            "name_key": " ".join(sorted(row.name_key.translate(_AS_ONE).split())),
            "searched": row.searched.translate(_AS_ONE),
        }
        if told != {"name_key": row.name_key, "searched": row.searched}:
            connection.execute(sa.update(_citizens).where(_citizens.c.id == row.id).values(**told))


def downgrade() -> None:
    """Nothing to undo: which of the spellings it was is still said by her name."""
