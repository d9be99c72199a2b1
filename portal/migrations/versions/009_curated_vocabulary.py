"""curated vocabulary: comparable names and versions of skills, and phrases that are no skill"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None

WORDS = ("opening_tasks", "skill_evidence", "certificates")

_SWEDISH_GERMAN = str.maketrans({"ö": "ø", "ä": "æ", "ü": "y"})
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """As the lexicon folded on the day of this migration."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return _NOT_WORD.sub(" ", lowered).translate(_SWEDISH_GERMAN).translate(_ASCII).strip()


def upgrade() -> None:
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.String(length=360), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
    skills = sa.table("skills", sa.column("id"), sa.column("name"), sa.column("folded"), sa.column("version"))
    connection = op.get_bind()
    connection.execute(sa.update(skills).values(version=1))
    for skill_id, name in connection.execute(sa.select(skills.c.id, skills.c.name)).all():
        connection.execute(sa.update(skills).where(skills.c.id == skill_id).values(folded=fold(name)))
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.alter_column("folded", existing_type=sa.String(length=360), nullable=False)
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_skills_folded"), ["folded"])

    for table in WORDS:
        op.create_index(f"ix_{table}_unclear", table, ["chosen", "skill_id"], unique=False)

    op.create_table(
        "dismissed_phrases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(length=360), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_dismissed_phrases_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissed_phrases")),
        sa.UniqueConstraint(
            "municipality_id", "folded", name=op.f("uq_dismissed_phrases_municipality_id_folded")
        ),
    )


def downgrade() -> None:
    op.drop_table("dismissed_phrases")
    for table in WORDS:
        op.drop_index(f"ix_{table}_unclear", table_name=table)
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_skills_folded"), type_="unique")
        batch_op.drop_column("version")
        batch_op.drop_column("folded")
