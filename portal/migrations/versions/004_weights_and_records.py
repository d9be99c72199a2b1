"""weights of a municipality, runs that renew all matches, and what a decision rested on"""

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

REFUSAL = "weights are never changed or deleted"


def upgrade() -> None:
    op.create_table(
        "matcher_weights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("must", sa.Double(), nullable=False),
        sa.Column("nice", sa.Double(), nullable=False),
        sa.Column("gate", sa.Double(), nullable=False),
        sa.Column("must_held_at", sa.Double(), nullable=False),
        sa.Column("level_step", sa.Double(), nullable=False),
        sa.Column("related_at_most", sa.Double(), nullable=False),
        sa.Column("text_at_least", sa.Double(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("must BETWEEN 0.1 AND 10.0", name=op.f("ck_matcher_weights_must_range")),
        sa.CheckConstraint("nice BETWEEN 0.0 AND 10.0", name=op.f("ck_matcher_weights_nice_range")),
        sa.CheckConstraint("gate BETWEEN 0.0 AND 1.0", name=op.f("ck_matcher_weights_gate_range")),
        sa.CheckConstraint(
            "must_held_at BETWEEN 0.0 AND 1.0", name=op.f("ck_matcher_weights_must_held_at_range")
        ),
        sa.CheckConstraint(
            "level_step BETWEEN 0.0 AND 1.0", name=op.f("ck_matcher_weights_level_step_range")
        ),
        sa.CheckConstraint(
            "related_at_most BETWEEN 0.0 AND 0.99", name=op.f("ck_matcher_weights_related_at_most_range")
        ),
        sa.CheckConstraint(
            "text_at_least BETWEEN 0.01 AND 1.0", name=op.f("ck_matcher_weights_text_at_least_range")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_matcher_weights_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["users.id"], name=op.f("fk_matcher_weights_set_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matcher_weights")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_matcher_weights_municipality_id"), "matcher_weights", ["municipality_id"])
    _refuse_changes()
    op.create_table(
        "rematch_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("vocabulary_version", sa.Integer(), nullable=False),
        sa.Column("matcher_version", sa.String(length=20), nullable=False),
        sa.Column("weights_id", sa.Integer(), nullable=True),
        sa.Column("times_started", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("renewed", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "finished_at IS NULL OR finished_at >= started_at", name=op.f("ck_rematch_runs_period")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_rematch_runs_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["weights_id"], ["matcher_weights.id"], name=op.f("fk_rematch_runs_weights_id_matcher_weights")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rematch_runs")),
    )
    op.create_index("ix_rematch_runs_started", "rematch_runs", ["municipality_id", "started_at"])

    # As plain SQL that both databases know: rebuilding a large table, as batch mode would, takes minutes
    op.execute(
        "ALTER TABLE matches ADD COLUMN weights_id INTEGER "
        "CONSTRAINT fk_matches_weights_id_matcher_weights REFERENCES matcher_weights (id)"
    )
    op.create_index(
        "ix_matches_basis",
        "matches",
        ["municipality_id", "status", "vocabulary_version", "matcher_version", "weights_id"],
    )
    op.execute(
        "ALTER TABLE reviews ADD COLUMN place INTEGER CONSTRAINT ck_reviews_place_range CHECK (place >= 1)"
    )
    op.add_column("reviews", sa.Column("compared", sa.JSON(), nullable=True))
    op.create_table(
        "review_conditions",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "met",
            sa.Enum(
                "met",
                "not_met",
                "not_known",
                name="met",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_conditions_review_id_reviews")
        ),
        sa.PrimaryKeyConstraint("review_id", "name", name=op.f("pk_review_conditions")),
    )


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER matcher_weights_no_{verb.lower()} BEFORE {verb} ON matcher_weights "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_weights_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER matcher_weights_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON matcher_weights "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_weights_change()"
    )


def downgrade() -> None:
    op.drop_table("review_conditions")
    op.drop_index("ix_matches_basis", table_name="matches")
    for table, column in (("reviews", "compared"), ("reviews", "place"), ("matches", "weights_id")):
        op.drop_column(table, column)
    op.drop_table("rematch_runs")
    op.drop_table("matcher_weights")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_weights_change()")
