"""consents: what a citizen lets one firm see of one version of her card, until one day"""

import sqlalchemy as sa
from alembic import op

revision = "013"
down_revision = "012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("purpose", _words("consentpurpose", "show_card", "proposal"), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", _words("consent_answer", "pending", "yes", "no", "withdrawn"), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_via", _words("consent_via", "portal", "paper", "phone"), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(answer = 'pending') = (answered_at IS NULL)", name=op.f("ck_consents_answered_at")
        ),
        sa.CheckConstraint(
            "(answer = 'pending') = (answered_via IS NULL)", name=op.f("ck_consents_answered_via")
        ),
        sa.CheckConstraint(
            "(answer = 'pending') = (recorded_by_id IS NULL)", name=op.f("ck_consents_recorded_by")
        ),
        sa.CheckConstraint(
            "(answer = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_consents_withdrawn_at")
        ),
        sa.CheckConstraint(
            "(purpose = 'proposal') = (review_id IS NOT NULL)", name=op.f("ck_consents_proposal_has_review")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_consents_asked_by_id_users")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_consents_card_id_competence_cards")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_consents_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_consents_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_consents_review_id_reviews")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["card_versions.id"], name=op.f("fk_consents_version_id_card_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("ix_consents_card", ["card_id", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_consents_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consents_review_id"), ["review_id"], unique=False)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    op.drop_table("consents")
