"""assessment sheets: what a workplace and a consultant say of each agreed task"""

import sqlalchemy as sa
from alembic import op

revision = "012"
down_revision = "011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "midway", "end", name="assessmentkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=False),
        sa.Column("citizen_comment", sa.String(length=500), nullable=False),
        sa.Column("commented_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (assessed_on IS NULL)",
            name=op.f("ck_assessments_assessed_on_follows_closed"),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_assessments_withdrawn_after_closed"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["users.id"], name=op.f("fk_assessments_closed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["users.id"], name=op.f("fk_assessments_opened_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_assessments_placement_id_placements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("placement_id", "number", name=op.f("uq_assessments_placement_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "assessment_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("task_text", sa.String(length=120), nullable=False),
        sa.Column("employer_level", sa.Integer(), nullable=True),
        sa.Column("employer_note", sa.String(length=300), nullable=False),
        sa.Column("consultant_level", sa.Integer(), nullable=True),
        sa.Column("consultant_note", sa.String(length=300), nullable=False),
        sa.Column("agreed_level", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "agreed_level BETWEEN 0 AND 4", name=op.f("ck_assessment_lines_agreed_level_range")
        ),
        sa.CheckConstraint(
            "consultant_level BETWEEN 0 AND 4", name=op.f("ck_assessment_lines_consultant_level_range")
        ),
        sa.CheckConstraint(
            "employer_level BETWEEN 0 AND 4", name=op.f("ck_assessment_lines_employer_level_range")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_lines_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_assessment_lines_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_lines")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("assessment_lines", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_lines_assessment_id"), ["assessment_id"], unique=False
        )

    with op.batch_alter_table("skill_evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assessment_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_skill_evidence_assessment_id"), ["assessment_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("skill_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_evidence_assessment_id"))
        batch_op.drop_column("assessment_id")

    with op.batch_alter_table("assessment_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_lines_assessment_id"))

    op.drop_table("assessment_lines")
    op.drop_table("assessments")
