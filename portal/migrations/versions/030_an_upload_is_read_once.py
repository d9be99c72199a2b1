"""an upload is read once: what waits for the yes is the table that was read, no longer the file

No page can read a stranger's file again and again, and less of it is stored. An upload lives an hour; those under way
at the upgrade are dropped, and their owners choose the file again.
"""

import sqlalchemy as sa
from alembic import op

revision = "030"
down_revision = "029"
branch_labels = None
depends_on = None

KINDS = ("employers", "openings", "cards", "vocabulary")


def upgrade() -> None:
    _make_anew(sa.Column("parsed", sa.JSON(), nullable=False))


def downgrade() -> None:
    _make_anew(sa.Column("content", sa.LargeBinary(), nullable=False))


def _make_anew(what: sa.Column[object]) -> None:
    op.drop_table("import_files")
    op.create_table(
        "import_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="importkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("filename", sa.String(length=120), nullable=False),
        what,
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_import_files_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_files_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
    )
    op.create_index(op.f("ix_import_files_expires_at"), "import_files", ["expires_at"])
    op.create_index(op.f("ix_import_files_user_id"), "import_files", ["user_id"])
