"""rules of the young: they follow the age, so their rows are no longer named after the fritidsjob

Two rows that say what nobody under 18 may do end with 2025: since 1 January 2026 the employer assesses the risk and an
adult supervises instead (docs/rules.md#youth).
"""

import sqlalchemy as sa
from alembic import op

revision = "041"
down_revision = "040"
branch_labels = None
depends_on = None

OLD, NEW = "fritidsjob-", "youth-"
LAST_DAY = "2025-12-31"
REPEALED = ("youth-no-chemicals", "youth-no-machines")

_rules = sa.table(
    "rules",
    sa.column("id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("valid_from", sa.Date),
    sa.column("valid_to", sa.Date),
    sa.column("municipality_id", sa.Integer),
)


def upgrade() -> None:
    _rename(OLD, NEW)
    op.execute(
        _rules.update()
        .where(
            _rules.c.key.in_(REPEALED),
            _rules.c.municipality_id.is_(None),
            _rules.c.valid_to.is_(None),
            _rules.c.valid_from <= sa.text(f"'{LAST_DAY}'"),
        )
        .values(valid_to=sa.text(f"'{LAST_DAY}'"))
    )


def downgrade() -> None:
    op.execute(
        _rules.update()
        .where(_rules.c.key.in_(REPEALED), _rules.c.valid_to == sa.text(f"'{LAST_DAY}'"))
        .values(valid_to=None)
    )
    _rename(NEW, OLD)


def _rename(old: str, new: str) -> None:
    op.execute(
        _rules.update()
        .where(_rules.c.key.startswith(old, autoescape=True))
        .values(key=new + sa.func.substr(_rules.c.key, len(old) + 1))
    )
