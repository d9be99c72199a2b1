"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("is_look", sa.Boolean(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(length=20), nullable=True),
        sa.Column("actor_unit", sa.String(length=120), nullable=True),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("citizen_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=120), nullable=True),
        sa.Column("request_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_action", ["action", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_citizen", ["citizen_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_request_id"), ["request_id"], unique=False)
        batch_op.create_index("ix_audit_entries_role", ["actor_role", "at"], unique=False)
        batch_op.create_index("ix_audit_entries_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("subject_hash", name=op.f("uq_erasures_subject_hash")),
    )
    op.create_table(
        "job_titles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("english", sa.String(length=120), nullable=False),
        sa.Column(
            "area",
            sa.Enum(
                "koekken",
                "pleje",
                "rengoering",
                "faelles",
                name="skillarea",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_titles")),
        sa.UniqueConstraint("name", name=op.f("uq_job_titles_name")),
    )
    op.create_table(
        "login_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_hash", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failures")),
    )
    with op.batch_alter_table("login_failures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_failures_account_hash"), ["account_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_failures_address_hash"), ["address_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_failures_at"), ["at"], unique=False)

    op.create_table(
        "municipalities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit_term", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("records_since_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipalities")),
        sa.UniqueConstraint("name", name=op.f("uq_municipalities_name")),
    )
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("checked_by", sa.String(length=120), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_rules_valid_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_rules_key_valid_from")),
    )
    with op.batch_alter_table("rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rules_key"), ["key"], unique=False)
        batch_op.create_index(
            "uq_rules_one_open",
            ["key"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "skills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("english", sa.String(length=120), nullable=False),
        sa.Column(
            "area",
            sa.Enum(
                "koekken",
                "pleje",
                "rengoering",
                "faelles",
                name="skillarea",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "faglig",
                "personlig",
                "uformel",
                "sproglig",
                "certifikat",
                "stillingsbetingelse",
                name="skillcategory",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skills")),
        sa.UniqueConstraint("name", name=op.f("uq_skills_name")),
    )
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skills_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_skills_category"), ["category"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("form_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_submissions")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "vocabulary_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary_versions")),
    )
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
    op.create_table(
        "skill_synonyms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_skill_synonyms_skill_id_skills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_synonyms")),
        sa.UniqueConstraint("folded", name=op.f("uq_skill_synonyms_folded")),
    )
    with op.batch_alter_table("skill_synonyms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_synonyms_skill_id"), ["skill_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "employer",
                "citizen",
                "consultant",
                "leader",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('employer', 'citizen', 'admin') OR municipality_id IS NOT NULL",
            name=op.f("ck_users_staff_has_municipality"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower_case")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_users_municipality_id_municipalities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_municipality_id"), ["municipality_id"], unique=False)

    op.create_table(
        "access_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "reset",
                "login_code",
                name="tokenpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_access_tokens_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_access_tokens_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_access_tokens_secret_hash")),
    )
    with op.batch_alter_table("access_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "citizens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=40), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("consultant_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "passive",
                name="citizenstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("passive_since", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'passive') = (passive_since IS NOT NULL)",
            name=op.f("ck_citizens_passive_since_follows_status"),
        ),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["users.id"], name=op.f("fk_citizens_consultant_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_citizens_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_citizens_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizens")),
        sa.UniqueConstraint(
            "municipality_id", "case_reference", name=op.f("uq_citizens_municipality_id_case_reference")
        ),
        sa.UniqueConstraint("user_id", name=op.f("uq_citizens_user_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("citizens", schema=None) as batch_op:
        batch_op.create_index(
            "ix_citizens_by_name", ["municipality_id", "last_name", "first_name", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_citizens_consultant_id"), ["consultant_id"], unique=False)

    op.create_table(
        "employers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cvr", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "industry",
            sa.Enum(
                "koekken",
                "pleje",
                "rengoering",
                name="industry",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "passive",
                name="employerstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("passive_since", sa.DateTime(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'passive') = (passive_since IS NOT NULL)",
            name=op.f("ck_employers_passive_since_follows_status"),
        ),
        sa.CheckConstraint("length(cvr) = 8", name=op.f("ck_employers_cvr_length")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["users.id"], name=op.f("fk_employers_approved_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_employers_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employers")),
        sa.UniqueConstraint("cvr", name=op.f("uq_employers_cvr")),
    )
    with op.batch_alter_table("employers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employers_industry"), ["industry"], unique=False)
        batch_op.create_index(batch_op.f("ix_employers_municipality_id"), ["municipality_id"], unique=False)

    op.create_table(
        "goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "partnerships",
                "cards",
                "hired",
                "women_in_work",
                "men_in_work",
                "mentor_courses",
                "job_packages",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "count", "percent", name="goalunit", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("sentence", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("target BETWEEN 1 AND 100000", name=op.f("ck_goals_target_range")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_goals_year_range")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_goals_municipality_id_municipalities")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["users.id"], name=op.f("fk_goals_set_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
        sa.UniqueConstraint(
            "municipality_id", "measure", "year", name=op.f("uq_goals_municipality_id_measure_year")
        ),
    )
    with op.batch_alter_table("goals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goals_municipality_id"), ["municipality_id"], unique=False)

    op.create_table(
        "import_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "employers",
                "openings",
                "cards",
                "vocabulary",
                name="importkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
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
    with op.batch_alter_table("import_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_files_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_files_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_user_sessions_secret_hash")),
    )
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "competence_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("danish_speaking", sa.Integer(), nullable=True),
        sa.Column("danish_reading", sa.Integer(), nullable=True),
        sa.Column("hours_min", sa.Double(), nullable=True),
        sa.Column("hours_max", sa.Double(), nullable=True),
        sa.Column("postcode", sa.String(length=4), nullable=True),
        sa.Column("range_km", sa.Integer(), nullable=True),
        sa.Column("shifts_yes", sa.JSON(), nullable=False),
        sa.Column("shifts_no", sa.JSON(), nullable=False),
        sa.Column("goal", sa.String(length=500), nullable=False),
        sa.Column("next_step", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "danish_reading BETWEEN 0 AND 4", name=op.f("ck_competence_cards_danish_reading_range")
        ),
        sa.CheckConstraint(
            "danish_speaking BETWEEN 0 AND 4", name=op.f("ck_competence_cards_danish_speaking_range")
        ),
        sa.CheckConstraint(
            "hours_max IS NULL OR hours_min IS NULL OR hours_max >= hours_min",
            name=op.f("ck_competence_cards_hours_order"),
        ),
        sa.CheckConstraint(
            "range_km IS NULL OR range_km BETWEEN 1 AND 200", name=op.f("ck_competence_cards_range_km_range")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_competence_cards_citizen_id_citizens")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_competence_cards_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_cards")),
        sa.UniqueConstraint("citizen_id", name=op.f("uq_competence_cards_citizen_id")),
        sa.UniqueConstraint("number", name=op.f("uq_competence_cards_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("competence_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competence_cards_is_active"), ["is_active"], unique=False)
        batch_op.create_index("ix_competence_cards_made", ["municipality_id", "created_at"], unique=False)

    op.create_table(
        "contact_persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_contact_persons_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_contact_persons_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_persons")),
        sa.UniqueConstraint("user_id", name=op.f("uq_contact_persons_user_id")),
    )
    with op.batch_alter_table("contact_persons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_persons_employer_id"), ["employer_id"], unique=False)

    op.create_table(
        "employer_registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("cvr", sa.String(length=8), nullable=False),
        sa.Column("company_name", sa.String(length=120), nullable=False),
        sa.Column(
            "industry",
            sa.Enum(
                "koekken",
                "pleje",
                "rengoering",
                name="industry",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("p_number", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("full_time_staff", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "approved",
                "refused",
                name="registrationstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("refusal_reason", sa.String(length=300), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status = 'pending') = (decided_at IS NULL)",
            name=op.f("ck_employer_registrations_decided_at_follows_status"),
        ),
        sa.CheckConstraint("length(cvr) = 8", name=op.f("ck_employer_registrations_cvr_length")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_employer_registrations_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_employer_registrations_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_employer_registrations_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_employer_registrations_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_registrations")),
    )
    with op.batch_alter_table("employer_registrations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employer_registrations_cvr"), ["cvr"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_employer_registrations_municipality_id"), ["municipality_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_employer_registrations_user_id"), ["user_id"], unique=False)

    op.create_table(
        "partnerships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= signed_on", name=op.f("ck_partnerships_period")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_partnerships_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_partnerships_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnerships")),
        sa.UniqueConstraint(
            "employer_id",
            "municipality_id",
            "signed_on",
            name=op.f("uq_partnerships_employer_id_municipality_id_signed_on"),
        ),
    )
    with op.batch_alter_table("partnerships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partnerships_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index("ix_partnerships_municipality", ["municipality_id", "signed_on"], unique=False)
        batch_op.create_index(
            "uq_partnerships_one_open",
            ["employer_id", "municipality_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.create_table(
        "workplaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("p_number", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("full_time_staff", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("staff_stated_on", sa.Date(), nullable=False),
        sa.CheckConstraint("full_time_staff >= 0", name=op.f("ck_workplaces_full_time_staff_not_negative")),
        sa.CheckConstraint("length(p_number) = 10", name=op.f("ck_workplaces_p_number_length")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_workplaces_employer_id_employers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workplaces")),
        sa.UniqueConstraint("employer_id", "p_number", name=op.f("uq_workplaces_employer_id_p_number")),
    )
    with op.batch_alter_table("workplaces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workplaces_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workplaces_p_number"), ["p_number"], unique=False)

    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_certificates_card_id_competence_cards")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_certificates_skill_id_skills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_card_id"), ["card_id"], unique=False)

    op.create_table(
        "occupied_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workplace_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "praktik",
                "igu",
                "loentilskud",
                "regular_job",
                "smaajob",
                "fritidsjob",
                name="placementform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("full_time_share", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_occupied_places_period")),
        sa.ForeignKeyConstraint(
            ["workplace_id"], ["workplaces.id"], name=op.f("fk_occupied_places_workplace_id_workplaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupied_places")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_occupied_places_placement_id")),
    )
    with op.batch_alter_table("occupied_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occupied_places_workplace_id"), ["workplace_id"], unique=False)

    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("workplace_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "praktik",
                "igu",
                "loentilskud",
                "regular_job",
                "smaajob",
                "fritidsjob",
                name="placementform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "industry",
            sa.Enum(
                "koekken",
                "pleje",
                "rengoering",
                name="industry",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.String(length=2000), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("hours_per_week", sa.Double(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("danish_speaking", sa.Integer(), nullable=False),
        sa.Column("danish_reading", sa.Integer(), nullable=False),
        sa.Column("danish_use", sa.String(length=300), nullable=False),
        sa.Column("shifts", sa.JSON(), nullable=False),
        sa.Column("visible_to_neighbours", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "filled",
                "expired",
                "withdrawn",
                name="openingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status = 'draft' OR published_at IS NOT NULL OR status = 'withdrawn'",
            name=op.f("ck_openings_published_at"),
        ),
        sa.CheckConstraint("danish_reading BETWEEN 0 AND 4", name=op.f("ck_openings_danish_reading_range")),
        sa.CheckConstraint("danish_speaking BETWEEN 0 AND 4", name=op.f("ck_openings_danish_speaking_range")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_openings_period")),
        sa.CheckConstraint("filled BETWEEN 0 AND places", name=op.f("ck_openings_filled_within_places")),
        sa.CheckConstraint(
            "hours_per_week > 0 AND hours_per_week <= 37", name=op.f("ck_openings_hours_range")
        ),
        sa.CheckConstraint("places BETWEEN 1 AND 99", name=op.f("ck_openings_places_range")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_openings_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_openings_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["workplace_id"], ["workplaces.id"], name=op.f("fk_openings_workplace_id_workplaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openings_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_openings_municipality_id"), ["municipality_id"], unique=False)
        batch_op.create_index("ix_openings_status_industry", ["status", "industry"], unique=False)
        batch_op.create_index(batch_op.f("ix_openings_workplace_id"), ["workplace_id"], unique=False)

    op.create_table(
        "partnership_consultants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_partnership_consultants_period")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnerships.id"],
            name=op.f("fk_partnership_consultants_partnership_id_partnerships"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_partnership_consultants_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_consultants")),
    )
    with op.batch_alter_table("partnership_consultants", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partnership_consultants_partnership_id"), ["partnership_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_partnership_consultants_user_id"), ["user_id"], unique=False)

    op.create_table(
        "skill_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "own",
                "consultant",
                "employer",
                name="skillsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_at", sa.String(length=120), nullable=True),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_skill_evidence_confidence_range")),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_skill_evidence_level_range")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_skill_evidence_card_id_competence_cards")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_skill_evidence_skill_id_skills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_evidence")),
    )
    with op.batch_alter_table("skill_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_evidence_card_id"), ["card_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_skill_evidence_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_skill_evidence_skill_id"), ["skill_id"], unique=False)

    op.create_table(
        "matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "decided",
                "closed",
                name="matchstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sure", sa.Double(), nullable=False),
        sa.Column("possible", sa.Double(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("opening_version", sa.Integer(), nullable=False),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.Column("vocabulary_version", sa.Integer(), nullable=False),
        sa.Column("matcher_version", sa.String(length=20), nullable=False),
        sa.Column("suggested_at", sa.DateTime(), nullable=False),
        sa.Column("renewed_at", sa.DateTime(), nullable=False),
        sa.Column("closed_reason", sa.String(length=60), nullable=True),
        sa.CheckConstraint("possible BETWEEN sure AND 100", name=op.f("ck_matches_possible_range")),
        sa.CheckConstraint("sure BETWEEN 0 AND 100", name=op.f("ck_matches_sure_range")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_matches_card_id_competence_cards")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_matches_municipality_id_municipalities")
        ),
        sa.ForeignKeyConstraint(["opening_id"], ["openings.id"], name=op.f("fk_matches_opening_id_openings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint("opening_id", "card_id", name=op.f("uq_matches_opening_id_card_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.create_index("ix_matches_card_status", ["card_id", "status", "sure"], unique=False)
        batch_op.create_index(
            "ix_matches_newest",
            ["municipality_id", "status", "suggested_at", "id", "opening_id", "card_id"],
            unique=False,
        )
        batch_op.create_index("ix_matches_opening_status", ["opening_id", "status", "sure"], unique=False)
        batch_op.create_index(
            "ix_matches_queue",
            ["municipality_id", "status", "sure", "possible", "id", "opening_id", "card_id"],
            unique=False,
        )

    op.create_table(
        "opening_publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_opening_publications_opening_id_openings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_publications")),
    )
    with op.batch_alter_table("opening_publications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_publications_opening_id"), ["opening_id"], unique=False)

    op.create_table(
        "opening_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "must", "nice", "learn", name="taskkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_opening_tasks_confidence_range")),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_opening_tasks_level_range")),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_opening_tasks_opening_id_openings")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_opening_tasks_skill_id_skills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_tasks")),
    )
    with op.batch_alter_table("opening_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_tasks_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_tasks_skill_id"), ["skill_id"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "approved", "refused", name="decision", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "good_fit",
                "learning_step",
                "citizens_wish",
                "employer_knows",
                "skills_lacking",
                "not_the_wish",
                "hours_or_place",
                "danish",
                "other_plan",
                "legal",
                "other",
                name="decisionreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column(
            "citizen_answer",
            sa.Enum(
                "pending",
                "yes",
                "no",
                "withdrawn",
                name="citizen_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("citizen_answered_at", sa.DateTime(), nullable=True),
        sa.Column(
            "citizen_answered_via",
            sa.Enum(
                "portal",
                "paper",
                "phone",
                name="answeredvia",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("citizen_answer_recorded_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "employer_answer",
            sa.Enum(
                "pending",
                "yes",
                "no",
                "withdrawn",
                name="employer_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "employer_reason",
            sa.Enum(
                "filled",
                "skills",
                "time",
                "other",
                name="employerreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("employer_answered_at", sa.DateTime(), nullable=True),
        sa.Column("employer_answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(citizen_answer = 'pending') = (citizen_answered_at IS NULL)",
            name=op.f("ck_reviews_citizen_answered_at"),
        ),
        sa.CheckConstraint(
            "(citizen_answer = 'pending') = (citizen_answered_via IS NULL)",
            name=op.f("ck_reviews_answered_via"),
        ),
        sa.CheckConstraint(
            "(employer_answer = 'pending') = (employer_answered_at IS NULL)",
            name=op.f("ck_reviews_employer_answered_at"),
        ),
        sa.CheckConstraint(
            "decision = 'approved' OR citizen_answer = 'pending'", name=op.f("ck_reviews_refused_asks_nobody")
        ),
        sa.CheckConstraint(
            "employer_answer = 'pending' OR citizen_answer IN ('yes', 'withdrawn')",
            name=op.f("ck_reviews_employer_after_citizen"),
        ),
        sa.ForeignKeyConstraint(
            ["citizen_answer_recorded_by_id"],
            ["users.id"],
            name=op.f("fk_reviews_citizen_answer_recorded_by_id_users"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_reviews_decided_by_id_users")),
        sa.ForeignKeyConstraint(
            ["employer_answered_by_id"], ["users.id"], name=op.f("fk_reviews_employer_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_reviews_match_id_matches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("match_id", name=op.f("uq_reviews_match_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index(
            "ix_reviews_waiting", ["decision", "citizen_answer", "employer_answer"], unique=False
        )

    op.create_table(
        "placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "praktik",
                "igu",
                "loentilskud",
                "regular_job",
                "smaajob",
                "fritidsjob",
                name="placementform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hours_per_week", sa.Double(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("long_reason", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "running",
                "ended",
                "cancelled",
                name="placementstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "hired",
                "extended",
                "completed",
                "stopped_by_citizen",
                "stopped_by_employer",
                "other_job",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_placements_ended_on_follows_status")
        ),
        sa.CheckConstraint(
            "(status = 'ended') = (outcome IS NOT NULL)", name=op.f("ck_placements_outcome_follows_status")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'cancelled') OR started_at IS NOT NULL",
            name=op.f("ck_placements_started_at"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_placements_period")),
        sa.CheckConstraint(
            "hours_per_week > 0 AND hours_per_week <= 37", name=op.f("ck_placements_hours_range")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["competence_cards.id"], name=op.f("fk_placements_card_id_competence_cards")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_placements_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_placements_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_placements_opening_id_openings")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["users.id"], name=op.f("fk_placements_planned_by_id_users")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_placements_review_id_reviews")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.UniqueConstraint("review_id", name=op.f("uq_placements_review_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placements_card_id"), ["card_id"], unique=False)
        batch_op.create_index("ix_placements_employer", ["employer_id", "starts_on"], unique=False)
        batch_op.create_index(
            "ix_placements_municipality_status", ["municipality_id", "status"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_placements_opening_id"), ["opening_id"], unique=False)

    op.create_table(
        "expectations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "citizen",
                "employer",
                "consultant",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("time_frame", sa.String(length=300), nullable=False),
        sa.Column("development", sa.String(length=500), nullable=False),
        sa.Column("stated_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_expectations_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_expectations_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expectations")),
        sa.UniqueConstraint("placement_id", "party", name=op.f("uq_expectations_placement_id_party")),
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_follow_ups_placement_id_placements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_ups_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "task_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("task_text", sa.String(length=120), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_task_assessments_level_range")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_task_assessments_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_task_assessments_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_task_assessments_skill_id_skills")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_assessments")),
        sa.UniqueConstraint(
            "placement_id", "task_text", name=op.f("uq_task_assessments_placement_id_task_text")
        ),
    )
    with op.batch_alter_table("task_assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_assessments_placement_id"), ["placement_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task_assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_assessments_placement_id"))

    op.drop_table("task_assessments")
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_ups_placement_id"))
        batch_op.drop_index(batch_op.f("ix_follow_ups_due_on"))

    op.drop_table("follow_ups")
    op.drop_table("expectations")
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placements_opening_id"))
        batch_op.drop_index("ix_placements_municipality_status")
        batch_op.drop_index("ix_placements_employer")
        batch_op.drop_index(batch_op.f("ix_placements_card_id"))

    op.drop_table("placements")
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index("ix_reviews_waiting")
        batch_op.drop_index(batch_op.f("ix_reviews_decided_at"))

    op.drop_table("reviews")
    with op.batch_alter_table("opening_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_tasks_skill_id"))
        batch_op.drop_index(batch_op.f("ix_opening_tasks_opening_id"))

    op.drop_table("opening_tasks")
    with op.batch_alter_table("opening_publications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_publications_opening_id"))

    op.drop_table("opening_publications")
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_index("ix_matches_queue")
        batch_op.drop_index("ix_matches_opening_status")
        batch_op.drop_index("ix_matches_newest")
        batch_op.drop_index("ix_matches_card_status")

    op.drop_table("matches")
    with op.batch_alter_table("skill_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_evidence_skill_id"))
        batch_op.drop_index(batch_op.f("ix_skill_evidence_placement_id"))
        batch_op.drop_index(batch_op.f("ix_skill_evidence_card_id"))

    op.drop_table("skill_evidence")
    with op.batch_alter_table("partnership_consultants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partnership_consultants_user_id"))
        batch_op.drop_index(batch_op.f("ix_partnership_consultants_partnership_id"))

    op.drop_table("partnership_consultants")
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_openings_workplace_id"))
        batch_op.drop_index("ix_openings_status_industry")
        batch_op.drop_index(batch_op.f("ix_openings_municipality_id"))
        batch_op.drop_index(batch_op.f("ix_openings_employer_id"))

    op.drop_table("openings")
    with op.batch_alter_table("occupied_places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occupied_places_workplace_id"))

    op.drop_table("occupied_places")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificates_card_id"))

    op.drop_table("certificates")
    with op.batch_alter_table("workplaces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workplaces_p_number"))
        batch_op.drop_index(batch_op.f("ix_workplaces_employer_id"))

    op.drop_table("workplaces")
    with op.batch_alter_table("partnerships", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_partnerships_one_open",
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )
        batch_op.drop_index("ix_partnerships_municipality")
        batch_op.drop_index(batch_op.f("ix_partnerships_employer_id"))

    op.drop_table("partnerships")
    with op.batch_alter_table("employer_registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_registrations_user_id"))
        batch_op.drop_index(batch_op.f("ix_employer_registrations_municipality_id"))
        batch_op.drop_index(batch_op.f("ix_employer_registrations_cvr"))

    op.drop_table("employer_registrations")
    with op.batch_alter_table("contact_persons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_persons_employer_id"))

    op.drop_table("contact_persons")
    with op.batch_alter_table("competence_cards", schema=None) as batch_op:
        batch_op.drop_index("ix_competence_cards_made")
        batch_op.drop_index(batch_op.f("ix_competence_cards_is_active"))

    op.drop_table("competence_cards")
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_sessions_user_id"))

    op.drop_table("user_sessions")
    with op.batch_alter_table("import_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_files_user_id"))
        batch_op.drop_index(batch_op.f("ix_import_files_expires_at"))

    op.drop_table("import_files")
    with op.batch_alter_table("goals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goals_municipality_id"))

    op.drop_table("goals")
    with op.batch_alter_table("employers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employers_municipality_id"))
        batch_op.drop_index(batch_op.f("ix_employers_industry"))

    op.drop_table("employers")
    with op.batch_alter_table("citizens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citizens_consultant_id"))
        batch_op.drop_index("ix_citizens_by_name")

    op.drop_table("citizens")
    with op.batch_alter_table("access_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_tokens_user_id"))

    op.drop_table("access_tokens")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_municipality_id"))

    op.drop_table("users")
    with op.batch_alter_table("skill_synonyms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_synonyms_skill_id"))

    op.drop_table("skill_synonyms")
    op.drop_table("neighbours")
    op.drop_table("vocabulary_versions")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submissions_user_id"))

    op.drop_table("submissions")
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skills_category"))
        batch_op.drop_index(batch_op.f("ix_skills_area"))

    op.drop_table("skills")
    with op.batch_alter_table("rules", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rules_one_open",
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_rules_key"))

    op.drop_table("rules")
    op.drop_table("municipalities")
    with op.batch_alter_table("login_failures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_failures_at"))
        batch_op.drop_index(batch_op.f("ix_login_failures_address_hash"))
        batch_op.drop_index(batch_op.f("ix_login_failures_account_hash"))

    op.drop_table("login_failures")
    op.drop_table("job_titles")
    op.drop_table("erasures")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_subject")
        batch_op.drop_index("ix_audit_entries_role")
        batch_op.drop_index(batch_op.f("ix_audit_entries_request_id"))
        batch_op.drop_index("ix_audit_entries_citizen")
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))
        batch_op.drop_index("ix_audit_entries_action")

    op.drop_table("audit_entries")
