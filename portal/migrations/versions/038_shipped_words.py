"""shipped words: which skills and wordings came with the portal, and which a curator gave

When the portal's own files are brought in again, what a curator gave stays, and a wording that the files have moved
moves. Until now nobody noted where a wording came from. The files as they were until today stand in
data/038_shipped.csv: what they say of a skill came with the portal, whatever the skill is called by now; all else is a
curator's.
"""

import csv
import re
import unicodedata
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "038"
down_revision = "037"
branch_labels = None
depends_on = None

SHIPPED = Path(__file__).parents[1] / "data" / "038_shipped.csv"

_SWEDISH_GERMAN = str.maketrans({"ö": "ø", "ä": "æ", "ü": "y"})
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_NOT_WORD = re.compile(r"[\W_]+")

skills = sa.table("skills", sa.column("id"), sa.column("folded"), sa.column("shipped_as"))
synonyms = sa.table(
    "skill_synonyms", sa.column("skill_id"), sa.column("folded"), sa.column("is_shipped", sa.Boolean)
)


def fold(text: str) -> str:
    """As the lexicon folded on the day of this migration."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return _NOT_WORD.sub(" ", lowered).translate(_SWEDISH_GERMAN).translate(_ASCII).strip()


def upgrade() -> None:
    op.add_column(
        "skill_synonyms", sa.Column("is_shipped", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shipped_as", sa.String(length=120), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_skills_shipped_as"), ["shipped_as"])
    connection = op.get_bind()
    owners = {row.folded: row.skill_id for row in connection.execute(sa.select(synonyms))}
    owners |= {row.folded: row.id for row in connection.execute(sa.select(skills.c.folded, skills.c.id))}
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            skill_id = owners.get(fold(row["name"]))
            if skill_id is not None:
                wordings = [fold(wording) for wording in (row["name"], *row["wordings"].split(";"))]
                _note(connection, skill_id, row["name"], wordings)


def _note(connection: sa.Connection, skill_id: int, name: str, wordings: list[str]) -> None:
    """Of two names that a curator put together in one skill, the first is what it is shipped as."""
    unnamed = sa.and_(skills.c.id == skill_id, skills.c.shipped_as.is_(None))
    connection.execute(sa.update(skills).where(unnamed).values(shipped_as=name))
    connection.execute(
        sa.update(synonyms)
        .where(synonyms.c.skill_id == skill_id, synonyms.c.folded.in_(wordings))
        .values(is_shipped=True)
    )


def downgrade() -> None:
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_skills_shipped_as"), type_="unique")
        batch_op.drop_column("shipped_as")
    with op.batch_alter_table("skill_synonyms", schema=None) as batch_op:
        batch_op.drop_column("is_shipped")
