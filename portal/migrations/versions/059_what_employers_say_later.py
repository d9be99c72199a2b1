"""a workplace may be known before its P-number and its staff are"""

import sqlalchemy as sa
from alembic import op

revision = "059"
down_revision = "058"
branch_labels = None
depends_on = None

COLUMNS_OF_THEIR_OWN = (
    ("other_places", "NUMERIC(8, 2) DEFAULT 0 NOT NULL", "other_places_not_negative"),
    ("heads", "INTEGER", "heads_cover_staff"),
)
CHECKS = {"other_places_not_negative": "other_places >= 0", "heads_cover_staff": "heads >= full_time_staff"}

_workplaces = sa.table(
    "workplaces",
    sa.column("p_number", sa.String),
    sa.column("staff_stated_on", sa.Date),
    sa.column("id", sa.Integer),
)


def upgrade() -> None:
    with op.batch_alter_table("workplaces") as batch_op:
        batch_op.alter_column("p_number", existing_type=sa.String(10), nullable=True)
        batch_op.alter_column("staff_stated_on", existing_type=sa.Date(), nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_workplaces_unsaid_staff_is_nobody"), "staff_stated_on IS NOT NULL OR full_time_staff = 0"
        )
    # Not in a batch: a table that is made anew cannot be taken back by 033 and 043
    op.add_column(
        "employer_registrations",
        sa.Column("staff_is_said", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    """What nobody has said gets a number that can be seen to be none, and the day of the change."""
    op.drop_column("employer_registrations", "staff_is_said")
    places = sa.select(_workplaces.c.id).where(_workplaces.c.p_number.is_(None))
    for key in op.get_bind().scalars(places).all():
        unsaid = f"{key % 10**10:010d}"
        op.execute(_workplaces.update().where(_workplaces.c.id == key).values(p_number=unsaid))
    undated = _workplaces.update().where(_workplaces.c.staff_stated_on.is_(None))
    op.execute(undated.values(staff_stated_on=sa.func.current_date()))
    with op.batch_alter_table("workplaces") as batch_op:
        batch_op.drop_constraint(op.f("ck_workplaces_unsaid_staff_is_nobody"), type_="check")
        batch_op.alter_column("p_number", existing_type=sa.String(10), nullable=False)
        batch_op.alter_column("staff_stated_on", existing_type=sa.Date(), nullable=False)
    if op.get_bind().dialect.name == "sqlite":
        _with_their_own_checks()


def _with_their_own_checks() -> None:
    """A rebuilt table has its columns' CHECKs as its own; then 020 and 043 could not take the columns back."""
    for name, described, _check in COLUMNS_OF_THEIR_OWN:
        op.execute(f"ALTER TABLE workplaces ADD COLUMN kept_{name} {described}")
        op.execute(f"UPDATE workplaces SET kept_{name} = {name}")  # noqa: S608 - names that stand above
    with op.batch_alter_table("workplaces") as batch_op:
        for name, _described, check in COLUMNS_OF_THEIR_OWN:
            batch_op.drop_constraint(op.f(f"ck_workplaces_{check}"), type_="check")
            batch_op.drop_column(name)
    for name, described, check in COLUMNS_OF_THEIR_OWN:
        holds = f"CONSTRAINT ck_workplaces_{check} CHECK ({CHECKS[check]})"
        op.execute(f"ALTER TABLE workplaces ADD COLUMN {name} {described} {holds}")
        op.execute(f"UPDATE workplaces SET {name} = kept_{name}")  # noqa: S608
        op.drop_column("workplaces", f"kept_{name}")
