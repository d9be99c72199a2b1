"""teams at the desk, and whose work somebody's day shows"""

import sqlalchemy as sa
from alembic import op

revision = "101"
down_revision = "100"
branch_labels = None
depends_on = None

WHOSE = ("mine", "team", "all")

_choices = sa.table("desk_choices", sa.column("whose", sa.String), sa.column("shows_everybody", sa.Boolean))


def upgrade() -> None:
    op.create_table(
        "team_members",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("user_id <> member_id", name=op.f("ck_team_members_somebody_else")),
        sa.ForeignKeyConstraint(["member_id"], ["users.id"], name=op.f("fk_team_members_member_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_team_members_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "member_id", name=op.f("pk_team_members")),
    )
    op.create_index(op.f("ix_team_members_member_id"), "team_members", ["member_id"])
    whose = sa.Enum(*WHOSE, name="whose", native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table("desk_choices") as table:
        table.add_column(sa.Column("whose", whose, server_default="mine", nullable=False))
    op.execute(sa.update(_choices).where(_choices.c.shows_everybody).values(whose="all"))
    with op.batch_alter_table("desk_choices") as table:
        table.drop_column("shows_everybody")


def downgrade() -> None:
    with op.batch_alter_table("desk_choices") as table:
        table.add_column(
            sa.Column("shows_everybody", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.execute(sa.update(_choices).where(_choices.c.whose != "mine").values(shows_everybody=sa.true()))
    with op.batch_alter_table("desk_choices") as table:
        table.drop_constraint(op.f("ck_desk_choices_whose"), type_="check")
        table.drop_column("whose")
    op.drop_table("team_members")
