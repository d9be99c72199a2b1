"""sources to act on: what said how far a source had been read says where a municipality reads the rest

Only inside the words that were shipped; what somebody has written stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "099"
down_revision = "098"
branch_labels = None
depends_on = None

SHIPPED_BY = "Portalen"
PHRASES = (
    (
        "arbejdstilsynet.dk (ældre kopi); DI 26-05-2025. Ændringer 01-07-2025 er ikke læst",
        "arbejdstilsynet.dk; DI 26-05-2025. Reglerne er ændret 01-07-2025: sammenlign tallet med at.dk",
    ),
    ("arbejdstilsynet.dk (ældre kopi)", "arbejdstilsynet.dk (tidligere udgave: sammenlign tallet med at.dk)"),
    ("paragrafferne er ikke læst", "læs paragrafferne på retsinformation.dk"),
    ("kun begyndelsen af § 68 er læst", "læs resten af § 68 på retsinformation.dk"),
    ("delvis læst", "læs paragrafferne på retsinformation.dk"),
    ("begyndelsen af paragraffen", "kun begyndelsen: læs resten på retsinformation.dk"),
    ("én kommunes ord", "det er én kommunes vejledning: spørg STAR, om den gælder hos jer"),
    (" (ikke læst på ny)", ""),
)
"""What a source said, and what it says now; the longer before what is part of it."""

TITLES = {
    "Kontaktperson: dage, før hun kan lukke andre ind og ud, når andre har været der længere": (
        "Kontaktperson: dage, før en ny kan lukke andre ind og ud, når andre har været der længere"
    ),
}

_rules = sa.table(
    "rules",
    sa.column("title", sa.String),
    sa.column("source", sa.String),
    sa.column("checked_by", sa.String),
    sa.column("municipality_id", sa.Integer),
)
_shipped = _rules.c.municipality_id.is_(None) & (_rules.c.checked_by == SHIPPED_BY)


def upgrade() -> None:
    for before, after in PHRASES:
        said = _rules.c.source.contains(before, autoescape=True)
        values = {"source": sa.func.replace(_rules.c.source, before, after)}
        op.execute(_rules.update().where(_shipped & said).values(values))
    for before, after in TITLES.items():
        op.execute(_rules.update().where(_shipped & (_rules.c.title == before)).values(title=after))


def downgrade() -> None:
    """The words stay: nothing reads them but people."""
