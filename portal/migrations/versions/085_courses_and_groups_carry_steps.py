"""a seat on a course or a place in a group carries a step"""

import sqlalchemy as sa
from alembic import op

revision = "085"
down_revision = "084"
branch_labels = None
depends_on = None

CARRIERS = {"course_seat_id": "course_seats", "cohort_enrolment_id": "cohort_enrolments"}


def upgrade() -> None:
    with op.batch_alter_table("journey_steps", table_kwargs={"sqlite_autoincrement": True}) as table:
        for column, other in CARRIERS.items():
            table.add_column(sa.Column(column, sa.Integer(), nullable=True))
            table.create_foreign_key(
                op.f(f"fk_journey_steps_{column}_{other}"), other, [column], ["id"], ondelete="SET NULL"
            )
            table.create_index(op.f(f"ix_journey_steps_{column}"), [column])


def downgrade() -> None:
    with op.batch_alter_table("journey_steps", table_kwargs={"sqlite_autoincrement": True}) as table:
        for column, other in CARRIERS.items():
            table.drop_index(op.f(f"ix_journey_steps_{column}"))
            table.drop_constraint(op.f(f"fk_journey_steps_{column}_{other}"), type_="foreignkey")
            table.drop_column(column)
