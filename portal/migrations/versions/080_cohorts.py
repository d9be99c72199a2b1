"""groups (hold) with sessions, places, attendance and leaders; the team's goals; hours at the language school

The kinds that came with the portal are rows without a municipality.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "080"
down_revision = "079"
branch_labels = None
depends_on = None

SORTS = ("maternity_cafe", "special_teaching", "introduction", "guidance", "campaign", "other")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STATES = ("planned", "held", "cancelled")
REASONS = ("language", "network", "towards_work", "towards_education", "knowledge", "school_again")
EXITS = ("work", "education", "praktik", "next_cohort", "other_offer", "stopped")
PRESENCES = ("present", "agreed", "away")
ROLES = "'employer', 'citizen', 'consultant', 'leader', 'admin', 'operator'"
NOW = "'employer', 'citizen', 'consultant', 'leader', 'group_leader', 'admin', 'operator'"
KEPT = {"sqlite_autoincrement": True}

DAYCARE = ("school_daycare", "Skole og daginstitution")
RIGHTS = ("rights_duties", "Rettigheder og pligter")
CONTROL = ("social_control", "Social kontrol")
ECONOMY = ("economy", "Økonomi i hverdagen")
ASSOCIATIONS = ("associations", "Fritid og foreningsliv")
EDUCATION = ("education_work", "Uddannelse og arbejdsmarked")
VISIT = ("company_visit", "Virksomhedsbesøg")

KINDS = (
    (
        "maternity_cafe",
        "Barselscafé",
        "Deltagerne styrker deres egen handlekraft, får et netværk og bliver klar til hverdagen efter barsel.",
        (12, 26, 2),
        (
            ("family_life", "Familielivet i Danmark"),
            DAYCARE,
            ASSOCIATIONS,
            RIGHTS,
            EDUCATION,
            VISIT,
            ("health_system", "Sundhedssystemet"),
            ("contraception", "Seksualitet og prævention"),
            ("after_birth", "Genoptræning efter fødsel"),
            CONTROL,
        ),
    ),
    (
        "special_teaching",
        "Særligt undervisningsforløb",
        "En lille gruppe får viden og tro på egne ressourcer, så vejen til praktik og arbejde bliver kortere.",
        (12, 13, 2),
        (
            RIGHTS,
            ("health", "Sundhed og sygdom"),
            ("contraception", "Seksualitet og prævention"),
            ("childcare", "Børn, opdragelse og familie"),
            DAYCARE,
            EDUCATION,
            ECONOMY,
            CONTROL,
            ASSOCIATIONS,
            VISIT,
        ),
    ),
    (
        "introduction",
        "Introduktionsforløb",
        "Deltagerne lærer ret og pligt, arbejdsmarkedet og økonomi i hverdagen at kende.",
        (15, 6, 1),
        (RIGHTS, EDUCATION, ECONOMY),
    ),
    (
        "guidance",
        "Gruppevejledning",
        "Deltagerne finder ud af, hvad de kan, og hvad det kan bruges til på arbejdsmarkedet.",
        (12, 6, 1),
        (("own_strengths", "Det kan jeg"), EDUCATION, VISIT),
    ),
    (
        "campaign",
        "Informationskampagne for unge",
        "Unge 13-17 år hører om fritidsjob og lærer at skrive en ansøgning.",
        (25, 6, 1),
        (("leisure_job", "Fritidsjob"), ("application", "Ansøgning og CV"), ASSOCIATIONS),
    ),
    ("other", "Andet hold", "", (12, 10, 1), ()),
)


def _enum(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _to(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _clock(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Time(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _written() -> Iterator[sa.Column[object]]:
    yield _moment("recorded_at")
    yield _to("recorded_by_id", nullable=True)  # type: ignore[misc]
    yield _moment("replaced_at", nullable=True)


def _standing(name: str, table: str, *columns: str) -> None:
    standing = sa.text("replaced_at IS NULL")
    op.create_index(name, table, list(columns), unique=True, sqlite_where=standing, postgresql_where=standing)


def upgrade() -> None:
    _let_leaders_in(ROLES, NOW)
    _kinds()
    _cohorts()
    _sessions()
    _enrolments()
    _attendance()
    _leaders()
    _team_goals()
    _hours()


def _let_leaders_in(before: str, after: str) -> None:
    """Another CHECK on users, and leave the table where it is: rebuilt it would lose what refers to it; as in 032."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_users_role"), "users", type_="check")
        op.create_check_constraint(op.f("ck_users_role"), "users", sa.text(f"role IN ({after})"))
        return
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    found = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'users' AND instr(sql, ?)",
        (f"({before})", f"({after})", f"({before})"),
    )
    if found.rowcount != 1:
        raise RuntimeError("the CHECK on the roles of users is not as it was made")
    connection.exec_driver_sql(f"PRAGMA schema_version={number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")


def _kinds() -> None:
    kinds = op.create_table(
        "cohort_kinds",
        _id(),
        _to("municipality_id", nullable=True),
        sa.Column("sort", _enum("cohortsort", *SORTS), nullable=False),
        _text("name", 80),
        _text("purpose", 500),
        _whole("capacity"),
        _whole("weeks"),
        _whole("times_a_week"),
        _check("cohort_kinds", "capacity_range", "capacity BETWEEN 1 AND 500"),
        _check("cohort_kinds", "weeks_range", "weeks BETWEEN 1 AND 104"),
        _key("cohort_kinds", "municipality_id", "municipalities"),
        _primary("cohort_kinds"),
        _unique("cohort_kinds", "municipality_id", "name"),
        **KEPT,
    )
    themes = op.create_table(
        "cohort_kind_themes",
        _id(),
        _to("kind_id"),
        _whole("position"),
        _text("phrase", 40, nullable=True),
        _text("name", 120),
        _key("cohort_kind_themes", "kind_id", "cohort_kinds"),
        _primary("cohort_kind_themes"),
        _unique("cohort_kind_themes", "kind_id", "position"),
        **KEPT,
    )
    for sort, name, purpose, (capacity, weeks, times), talks in KINDS:
        row = {
            "sort": sort,
            "name": name,
            "purpose": purpose,
            "capacity": capacity,
            "weeks": weeks,
            "times_a_week": times,
        }
        op.execute(sa.insert(kinds).values(**row))
        kind = sa.select(kinds.c.id).where(kinds.c.name == name).scalar_subquery()
        for position, (phrase, words) in enumerate(talks, start=1):
            theme = {"position": position, "phrase": phrase, "name": words}
            op.execute(sa.insert(themes).values(kind_id=kind, **theme))


def _cohorts() -> None:
    op.create_table(
        "cohorts",
        _id(),
        _to("municipality_id"),
        _to("kind_id"),
        _text("name", 80),
        _text("purpose", 500),
        _to("group_id", nullable=True),
        _to("lead_id", nullable=True),
        _text("place", 120),
        _text("partner", 120),
        _whole("capacity"),
        _day("first_on"),
        _day("last_on"),
        _moment("created_at"),
        _to("created_by_id", nullable=True),
        _whole("version"),
        _check("cohorts", "period", "last_on >= first_on"),
        _check("cohorts", "capacity_range", "capacity BETWEEN 1 AND 500"),
        _key("cohorts", "municipality_id", "municipalities"),
        _key("cohorts", "kind_id", "cohort_kinds"),
        _key("cohorts", "group_id", "target_groups"),
        _key("cohorts", "lead_id", "users"),
        _key("cohorts", "created_by_id", "users"),
        _primary("cohorts"),
        _unique("cohorts", "municipality_id", "name"),
        **KEPT,
    )
    op.create_index(op.f("ix_cohorts_kind_id"), "cohorts", ["kind_id"])
    op.create_index(op.f("ix_cohorts_group_id"), "cohorts", ["group_id"])
    op.create_table(
        "cohort_times",
        _id(),
        _to("cohort_id"),
        sa.Column("weekday", _enum("weekday", *WEEKDAYS), nullable=False),
        _clock("begins_at"),
        _clock("ends_at"),
        _check("cohort_times", "order", "ends_at > begins_at"),
        _key("cohort_times", "cohort_id", "cohorts"),
        _primary("cohort_times"),
        _unique("cohort_times", "cohort_id", "weekday", "begins_at"),
        **KEPT,
    )
    op.create_table(
        "cohort_themes",
        _id(),
        _to("cohort_id"),
        _whole("position"),
        _text("phrase", 40, nullable=True),
        _text("name", 120),
        _text("teacher", 120),
        _key("cohort_themes", "cohort_id", "cohorts"),
        _primary("cohort_themes"),
        _unique("cohort_themes", "cohort_id", "name"),
        **KEPT,
    )


def _sessions() -> None:
    table = "cohort_sessions"
    op.create_table(
        table,
        _id(),
        _to("cohort_id"),
        _day("on_day"),
        _clock("begins_at"),
        _clock("ends_at"),
        _to("theme_id", nullable=True),
        _text("teacher", 120),
        sa.Column("state", _enum("sessionstate", *STATES), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        _moment("settled_at", nullable=True),
        _to("settled_by_id", nullable=True),
        _whole("version"),
        _check(table, "order", "ends_at > begins_at"),
        _check(table, "settled_follows_state", "(state = 'planned') = (settled_at IS NULL)"),
        _key(table, "cohort_id", "cohorts"),
        _key(table, "theme_id", "cohort_themes"),
        _key(table, "settled_by_id", "users"),
        _primary(table),
        _unique(table, "cohort_id", "on_day", "begins_at"),
        **KEPT,
    )
    op.create_index(op.f("ix_cohort_sessions_theme_id"), table, ["theme_id"])


def _enrolments() -> None:
    table = "cohort_enrolments"
    op.create_table(
        table,
        _id(),
        _to("cohort_id"),
        _to("citizen_id"),
        _whole("number"),
        sa.Column("state", _enum("enrolmentstate", "waiting", "placed"), nullable=False),
        sa.Column("reason", _enum("enrolmentreason", *REASONS), nullable=False),
        _day("from_on"),
        _day("until_on", nullable=True),
        sa.Column("exit", _enum("cohortexit", *EXITS), nullable=True),
        *_written(),
        _check(table, "period", "until_on >= from_on"),
        _check(table, "exit_of_an_end", "exit IS NULL OR until_on IS NOT NULL"),
        _check(table, "number_from_one", "number >= 1"),
        _key(table, "cohort_id", "cohorts"),
        _key(table, "citizen_id", "citizens"),
        _key(table, "recorded_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    op.create_index("ix_cohort_enrolments_cohort", table, ["cohort_id", "citizen_id"])
    op.create_index("ix_cohort_enrolments_citizen", table, ["citizen_id"])


def _attendance() -> None:
    table = "cohort_attendance"
    op.create_table(
        table,
        _id(),
        _to("session_id"),
        _to("citizen_id"),
        sa.Column("presence", _enum("presence", *PRESENCES), nullable=False),
        *_written(),
        _key(table, "session_id", "cohort_sessions"),
        _key(table, "citizen_id", "citizens"),
        _key(table, "recorded_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    _standing("ix_cohort_attendance_standing", table, "session_id", "citizen_id")
    op.create_index("ix_cohort_attendance_citizen", table, ["citizen_id"])


def _leaders() -> None:
    table = "cohort_leaders"
    op.create_table(
        table,
        _id(),
        _to("cohort_id"),
        _to("user_id"),
        _day("from_on"),
        _day("until_on"),
        _day("silence_on"),
        _moment("granted_at"),
        _to("granted_by_id", nullable=True),
        _moment("ended_at", nullable=True),
        _check(table, "period", "until_on >= from_on"),
        _key(table, "cohort_id", "cohorts"),
        _key(table, "user_id", "users"),
        _key(table, "granted_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    op.create_index("ix_cohort_leaders_user", table, ["user_id", "cohort_id"])
    op.create_index(op.f("ix_cohort_leaders_cohort_id"), table, ["cohort_id"])


def _team_goals() -> None:
    table = "team_goals"
    op.create_table(
        table,
        _id(),
        _to("citizen_id"),
        _text("sentence", 200),
        _text("last_step", 200),
        _text("next_step", 200),
        *_written(),
        _key(table, "citizen_id", "citizens"),
        _key(table, "recorded_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    op.create_index(op.f("ix_team_goals_citizen_id"), table, ["citizen_id"])
    _standing("ix_team_goals_standing", table, "citizen_id")


def _hours() -> None:
    table = "language_hours"
    op.create_table(
        table,
        _id(),
        _to("citizen_id"),
        _day("month_on"),
        _whole("planned"),
        _whole("attended"),
        sa.Column("source", _enum("hourssource", "consultant", "import"), nullable=False),
        *_written(),
        _check(table, "planned_range", "planned BETWEEN 0 AND 744"),
        _check(table, "attended_of_planned", "attended >= 0 AND attended <= planned"),
        _key(table, "citizen_id", "citizens"),
        _key(table, "recorded_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    _standing("ix_language_hours_standing", table, "citizen_id", "month_on")


def downgrade() -> None:
    """What was written of groups is lost, and the accounts of those who led one are closed."""
    for table in (
        "language_hours",
        "team_goals",
        "cohort_leaders",
        "cohort_attendance",
        "cohort_enrolments",
        "cohort_sessions",
        "cohort_themes",
        "cohort_times",
        "cohorts",
        "cohort_kind_themes",
        "cohort_kinds",
    ):
        op.drop_table(table)
    users = sa.table("users", sa.column("role", sa.String), sa.column("disabled_at", sa.DateTime))
    closed = {"role": "leader", "disabled_at": sa.func.current_timestamp()}
    op.execute(sa.update(users).where(users.c.role == "group_leader").values(**closed))
    _let_leaders_in(NOW, ROLES)
