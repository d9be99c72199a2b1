"""agreements between neighbouring municipalities with their days, one row for a pair, instead of a row each way

What is there has no day. It is carried over as an agreement since both municipalities' records began.
"""

import sqlalchemy as sa
from alembic import op

revision = "034"
down_revision = "033"
branch_labels = None
depends_on = None

municipalities = sa.table(
    "municipalities", sa.column("id", sa.Integer), sa.column("records_since_on", sa.Date)
)
neighbours = sa.table(
    "neighbours", sa.column("municipality_id", sa.Integer), sa.column("neighbour_id", sa.Integer)
)
agreements = sa.table(
    "neighbour_agreements",
    sa.column("first_id", sa.Integer),
    sa.column("second_id", sa.Integer),
    sa.column("starts_on", sa.Date),
    sa.column("closed_from", sa.Date),
)


def upgrade() -> None:
    op.create_table(
        "neighbour_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("closed_from", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "first_id < second_id", name=op.f("ck_neighbour_agreements_a_pair_stands_one_way")
        ),
        sa.CheckConstraint(
            "closed_from IS NULL OR closed_from >= starts_on",
            name=op.f("ck_neighbour_agreements_closed_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["municipalities.id"], name=op.f("fk_neighbour_agreements_first_id_municipalities")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["municipalities.id"],
            name=op.f("fk_neighbour_agreements_second_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_agreements")),
    )
    op.create_index(op.f("ix_neighbour_agreements_second_id"), "neighbour_agreements", ["second_id"])
    is_open = sa.text("closed_from IS NULL")
    op.create_index(
        "uq_neighbour_agreements_open",
        "neighbour_agreements",
        ["first_id", "second_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    _carry_over(op.get_bind())
    op.drop_table("neighbours")


def _carry_over(connection: sa.Connection) -> None:
    since = dict(
        tuple(row)
        for row in connection.execute(sa.select(municipalities.c.id, municipalities.c.records_since_on))
    )
    pairs = {
        tuple(sorted((row.municipality_id, row.neighbour_id)))
        for row in connection.execute(sa.select(neighbours))
        if row.municipality_id != row.neighbour_id
    }
    for first, second in sorted(pairs):
        connection.execute(
            sa.insert(agreements).values(
                first_id=first, second_id=second, starts_on=max(since[first], since[second])
            )
        )


def downgrade() -> None:
    """What stands without an end goes on, each way; the days are lost, and so is what has ended."""
    op.create_table(
        "neighbours",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("neighbour_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_neighbours_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["neighbour_id"], ["municipalities.id"], name=op.f("fk_neighbours_neighbour_id_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "neighbour_id", name=op.f("pk_neighbours")),
    )
    connection = op.get_bind()
    standing = sa.select(agreements).where(agreements.c.closed_from.is_(None))
    for row in connection.execute(standing).all():
        for here, there in ((row.first_id, row.second_id), (row.second_id, row.first_id)):
            connection.execute(sa.insert(neighbours).values(municipality_id=here, neighbour_id=there))
    op.drop_table("neighbour_agreements")
