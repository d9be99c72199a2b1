"""phrases: the comparable form of what was written, and whether its writer chose the skill"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

TABLES = ("opening_tasks", "skill_evidence", "certificates")

_SWEDISH_GERMAN = str.maketrans({"ö": "ø", "ä": "æ", "ü": "y"})
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """As the lexicon folded on the day of this migration."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return _NOT_WORD.sub(" ", lowered).translate(_SWEDISH_GERMAN).translate(_ASCII).strip()


def upgrade() -> None:
    with op.batch_alter_table("skill_synonyms", schema=None) as batch_op:
        batch_op.alter_column("folded", existing_type=sa.String(length=120), type_=sa.String(length=360))
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("folded", sa.String(length=360), nullable=True))
            batch_op.add_column(sa.Column("chosen", sa.Boolean(), nullable=True))
        _fill(table)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("folded", existing_type=sa.String(length=360), nullable=False)
            batch_op.alter_column("chosen", existing_type=sa.Boolean(), nullable=False)
            batch_op.create_index(batch_op.f(f"ix_{table}_folded"), ["folded"], unique=False)


def _fill(name: str) -> None:
    columns = (sa.column("id"), sa.column("text"), sa.column("folded"), sa.column("chosen", sa.Boolean()))
    table = sa.table(name, *columns)
    connection = op.get_bind()
    connection.execute(sa.update(table).values(chosen=False))
    rows = connection.execute(sa.select(table.c.id, table.c.text)).all()
    if rows:
        connection.execute(
            sa.update(table).where(table.c.id == sa.bindparam("row")).values(folded=sa.bindparam("same")),
            [{"row": row.id, "same": fold(row.text)} for row in rows],
        )


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_folded"))
            batch_op.drop_column("chosen")
            batch_op.drop_column("folded")
    with op.batch_alter_table("skill_synonyms", schema=None) as batch_op:
        batch_op.alter_column("folded", existing_type=sa.String(length=360), type_=sa.String(length=120))
