"""words to act on: the sources that said what a project had proposed say what a municipality can do

Only where they stand as they were shipped; what somebody has written stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "047"
down_revision = "046"
branch_labels = None
depends_on = None

PROPOSED = ("Projektets forslag; kommunen kan ændre den", "Projektets forslag; kommunen skal vedtage den")
SAME_EVERYWHERE = ("proposals-medium-from", "proposals-large-from")
OWN = "Portalens forslag. Kommunen har ikke besluttet tallet endnu: en leder kan skrive kommunens eget"
SAME = "Portalens forslag. Tallet er ens i alle kommuner: den, der driver portalen, kan skrive et andet"
BEGINNINGS = {
    "elov.dk, § 65 (fra bek. 2636 af 28-12-2021); nedrunding": (
        "elov.dk, § 65 (fra bek. 2636 af 28-12-2021). At der rundes ned, er portalens læsning, som aarhus.dk støtter. "
        "Læser kommunen den anderledes, så spørg STAR"
    ),
    "Almindelig viden;": (
        "Ikke fundet i en lov. Når kommunen har bekræftet tallet, skriver den, der driver portalen, kilden"
    ),
    "Forbillede: kk.dk;": (
        "Forbillede: kk.dk. Kommunen har ikke besluttet tallet endnu: en leder kan skrive kommunens eget"
    ),
    "Projektets forslag; den dataansvarlige": (
        "Portalens forslag. Den dataansvarlige fastsætter fristen og skriver hvorfor: "
        "en leder kan skrive kommunens egen"
    ),
    "Projektets forslag: ingen lov": (
        "Portalens forslag: ingen lov om tallet er fundet; den ophævede sikkerhedsbekendtgørelse § 19 havde 6 måneder "
        "og højst 5 år (ikke læst på ny). Har kommunerne fastsat fristen, skriver den, der driver portalen, den her"
    ),
}
"""How each source began, and what it says now."""
OLD_NAME, NEW_NAME = "Projektet", "Portalen"

_rules = sa.table(
    "rules",
    sa.column("key", sa.String),
    sa.column("source", sa.String),
    sa.column("checked_by", sa.String),
    sa.column("municipality_id", sa.Integer),
)
_shipped = _rules.c.municipality_id.is_(None) & (_rules.c.checked_by == OLD_NAME)


def upgrade() -> None:
    same = _rules.c.key.in_(SAME_EVERYWHERE)
    _say(SAME, _rules.c.source.in_(PROPOSED) & same)
    _say(OWN, _rules.c.source.in_(PROPOSED))
    for beginning, after in BEGINNINGS.items():
        _say(after, _rules.c.source.startswith(beginning, autoescape=True))
    op.execute(_rules.update().where(_shipped).values(checked_by=NEW_NAME))


def _say(source: str, where: sa.ColumnElement[bool]) -> None:
    op.execute(_rules.update().where(_shipped & where).values(source=source))


def downgrade() -> None:
    """The words stay: nothing reads them but people."""
    shipped = _rules.c.municipality_id.is_(None) & (_rules.c.checked_by == NEW_NAME)
    op.execute(_rules.update().where(shipped).values(checked_by=OLD_NAME))
