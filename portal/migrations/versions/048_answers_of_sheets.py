"""answers of VITAS sheets: yes, no or not needed instead of a tick, the amounts and hours the law asks for, and why a
stop was passed

What was ticked was confirmed: yes. What was not ticked was never answered.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "048"
down_revision = "047"
branch_labels = None
depends_on = None

YES, NOT_NEEDED = "yes", "not_needed"

_sheets = sa.table(
    "vitas_sheets",
    sa.column("id", sa.Integer),
    sa.column("confirmed", sa.JSON),
    sa.column("answers", sa.JSON),
)

NEW = {
    "monthly_subsidy_dkk": (
        sa.Integer(),
        "CONSTRAINT ck_{t}_subsidy_not_negative CHECK (monthly_subsidy_dkk >= 0)",
    ),
    "total_hours_per_week": (
        sa.Double(),
        "CONSTRAINT ck_{t}_total_hours_not_negative CHECK (total_hours_per_week >= 0)",
    ),
    "answers": (sa.JSON(), "DEFAULT '{{}}' NOT NULL"),
    "findings": (sa.JSON(), "DEFAULT '[]' NOT NULL"),
    "stop_reason": (sa.Text(), "DEFAULT '' NOT NULL"),
    "passed_at": (sa.DateTime(), ""),
    "passed_by_id": (
        sa.Integer(),
        "CONSTRAINT ck_{t}_passed_by_somebody CHECK ((passed_at IS NULL) = (passed_by_id IS NULL)) "
        "CONSTRAINT fk_{t}_passed_by_id_users REFERENCES users (id)",
    ),
}
"""Column -> its type, and what else is said of it.

Not in a batch: that would make the table anew on SQLite, without the counter that never gives an id twice.
"""


def upgrade() -> None:
    for name, (kind, rest) in NEW.items():
        _add("vitas_sheets", name, kind, rest)
    _carry_over("confirmed", "answers", lambda ticked: dict.fromkeys(ticked or [], YES))
    op.drop_column("vitas_sheets", "confirmed")
    _add("placements", "later_reason", sa.Text(), "DEFAULT '' NOT NULL")


def downgrade() -> None:
    """What was answered with no is not answered, and reasons given after the plan are lost."""
    op.drop_column("placements", "later_reason")
    _add("vitas_sheets", "confirmed", sa.JSON(), "DEFAULT '[]' NOT NULL")
    _carry_over("answers", "confirmed", _ticked)
    for name in reversed(NEW):
        op.drop_column("vitas_sheets", name)


def _ticked(answers: Any) -> list[str]:
    return sorted(one for one, reply in answers.items() if reply in (YES, NOT_NEEDED))


def _add(table: str, name: str, kind: sa.types.TypeEngine[Any], rest: str) -> None:
    words = kind.compile(dialect=op.get_bind().dialect)
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {words} {rest.format(t=table)}")


def _carry_over(source: str, target: str, changed: Callable[[Any], Any]) -> None:
    """Row by row: the engines have no words in common for what stands inside JSON."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(_sheets.c.id, _sheets.c[source])).all()
    for key, value in rows:
        connection.execute(_sheets.update().where(_sheets.c.id == key).values({target: changed(value)}))
