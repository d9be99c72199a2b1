"""target groups, who is in them, and what each is in: work, education, an activity ...

Placements that had begun before tell a period each: until the day they ended, or else the last day that was agreed.
Nobody wrote it, and it is known since the placement was noted as begun.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "049"
down_revision = "048"
branch_labels = None
depends_on = None

SPELL_KINDS = (
    "ordinary_work",
    "education",
    "self_supporting",
    "publicly_supported",
    "activity",
    "leisure_job",
    "not_available",
)
FORMS = ("praktik", "igu", "loentilskud", "regular_job", "smaajob", "fritidsjob")
KIND_OF_FORM = {
    "praktik": "activity",
    "loentilskud": "activity",
    "igu": "ordinary_work",
    "smaajob": "ordinary_work",
    "regular_job": "ordinary_work",
    "fritidsjob": "leisure_job",
}
KEPT = {"sqlite_autoincrement": True}

_placements = sa.table(
    "placements",
    sa.column("id", sa.Integer),
    sa.column("card_id", sa.Integer),
    sa.column("form", sa.String),
    sa.column("hours_per_week", sa.Double),
    sa.column("starts_on", sa.Date),
    sa.column("ends_on", sa.Date),
    sa.column("ended_on", sa.Date),
    sa.column("started_at", sa.DateTime),
)
_cards = sa.table("competence_cards", sa.column("id", sa.Integer), sa.column("citizen_id", sa.Integer))


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


def _written(*, may_be_removed: bool = False) -> Iterator[sa.Column[object]]:
    """When a row was written and by whom, and when another took its place."""
    yield sa.Column("recorded_at", sa.DateTime(), nullable=False)
    yield sa.Column("recorded_by_id", sa.Integer(), nullable=True)
    yield sa.Column("replaced_at", sa.DateTime(), nullable=True)
    if may_be_removed:
        yield sa.Column("replaced_because", sa.String(200), nullable=False, server_default="")


def upgrade() -> None:
    _groups()
    _memberships()
    spells = _spells()
    _proposals()
    _ladders()
    _arrivals()
    _carry_over(spells)


def _groups() -> None:
    table = "target_groups"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("sentence", sa.String(500), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("plan_from", sa.Date(), nullable=True),
        sa.Column("plan_until", sa.Date(), nullable=True),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_until", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "plan_period", "plan_until >= plan_from"),
        _check(table, "age_from_range", "age_from BETWEEN 0 AND 120"),
        _check(table, "age_until_range", "age_until BETWEEN 0 AND 120"),
        _check(table, "age_order", "age_until >= age_from"),
        _key(table, "municipality_id", "municipalities"),
        _key(table, "created_by_id", "users"),
        _primary(table),
        _unique(table, "municipality_id", "name"),
        **KEPT,
    )


def _memberships() -> None:
    table = "group_memberships"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            _enum("membershipend", "in_work", "in_education", "moved", "not_in_target_group", "other"),
            nullable=True,
        ),
        sa.Column("source", _enum("membershipsource", "consultant", "import"), nullable=False),
        *_written(may_be_removed=True),
        _check(table, "period", "until_on >= from_on"),
        _check(table, "reason_of_an_end", "end_reason IS NULL OR until_on IS NOT NULL"),
        _key(table, "group_id", "target_groups"),
        _key(table, "citizen_id", "citizens"),
        _key(table, "recorded_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    op.create_index("ix_group_memberships_group", table, ["group_id", "citizen_id"])
    op.create_index("ix_group_memberships_citizen", table, ["citizen_id"])


def _spells() -> sa.Table:
    table = "spells"
    made = op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("spellkind", *SPELL_KINDS), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("hours_per_week", sa.Double(), nullable=True),
        sa.Column("form", _enum("placementform", *FORMS), nullable=True),
        sa.Column(
            "source", _enum("spellsource", "placement", "course", "consultant", "import"), nullable=False
        ),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        *_written(may_be_removed=True),
        _check(table, "period", "until_on >= from_on"),
        _check(table, "hours_range", "hours_per_week > 0 AND hours_per_week <= 168"),
        _key(table, "citizen_id", "citizens"),
        _key(table, "placement_id", "placements"),
        _key(table, "recorded_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    op.create_index("ix_spells_citizen_kind", table, ["citizen_id", "kind", "from_on"])
    op.create_index(op.f("ix_spells_placement_id"), table, ["placement_id"])
    return made


def _proposals() -> None:
    table = "spell_proposals"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("spellkind", *SPELL_KINDS), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("hours_per_week", sa.Double(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("spell_id", sa.Integer(), nullable=True),
        _check(table, "hours_range", "hours_per_week > 0 AND hours_per_week <= 168"),
        _check(table, "decided_by_somebody", "(decided_at IS NULL) = (decided_by_id IS NULL)"),
        _check(table, "spell_of_a_decision", "spell_id IS NULL OR decided_at IS NOT NULL"),
        _key(table, "placement_id", "placements"),
        _key(table, "citizen_id", "citizens"),
        _key(table, "decided_by_id", "users"),
        _key(table, "spell_id", "spells"),
        _primary(table),
        _unique(table, "placement_id"),
        **KEPT,
    )
    op.create_index(op.f("ix_spell_proposals_citizen_id"), table, ["citizen_id"])


def _ladders() -> None:
    op.create_table(
        "ladders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        _key("ladders", "municipality_id", "municipalities"),
        _primary("ladders"),
        _unique("ladders", "municipality_id", "name"),
        **KEPT,
    )
    op.create_table(
        "ladder_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ladder_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("readiness", _enum("readiness", "job_ready", "other"), nullable=True),
        _key("ladder_steps", "ladder_id", "ladders"),
        _primary("ladder_steps"),
        _unique("ladder_steps", "ladder_id", "position"),
        **KEPT,
    )
    op.create_table(
        "step_placings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        *_written(),
        _key("step_placings", "citizen_id", "citizens"),
        _key("step_placings", "step_id", "ladder_steps"),
        _key("step_placings", "recorded_by_id", "users"),
        _primary("step_placings"),
        **KEPT,
    )
    op.create_index("ix_step_placings_citizen", "step_placings", ["citizen_id", "from_on"])
    op.create_index(op.f("ix_step_placings_step_id"), "step_placings", ["step_id"])


def _arrivals() -> None:
    table = "arrivals"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("programme_from", sa.Date(), nullable=True),
        sa.Column("programme_until", sa.Date(), nullable=True),
        *_written(),
        _check(table, "programme", "programme_until >= programme_from"),
        _check(table, "programme_has_a_beginning", "programme_until IS NULL OR programme_from IS NOT NULL"),
        _key(table, "citizen_id", "citizens"),
        _key(table, "recorded_by_id", "users"),
        _primary(table),
        **KEPT,
    )
    op.create_index(op.f("ix_arrivals_citizen_id"), table, ["citizen_id"])
    standing = sa.text("replaced_at IS NULL")
    op.create_index(
        "ix_arrivals_standing",
        table,
        ["citizen_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _carry_over(spells: sa.Table) -> None:
    placement = _placements.c
    kind = sa.case(*((placement.form == form, sa.literal(kind)) for form, kind in KIND_OF_FORM.items()))
    last = sa.func.coalesce(placement.ended_on, placement.ends_on)
    begun = (
        sa.select(
            _cards.c.citizen_id,
            kind,
            placement.starts_on,
            sa.case((last < placement.starts_on, placement.starts_on), else_=last),
            placement.hours_per_week,
            placement.form,
            sa.literal("placement"),
            placement.id,
            placement.started_at,
        )
        .join_from(_placements, _cards, _cards.c.id == placement.card_id)
        .where(placement.started_at.is_not(None))
        .order_by(placement.id)
    )
    columns = ["citizen_id", "kind", "from_on", "until_on", "hours_per_week", "form", "source"]
    op.execute(sa.insert(spells).from_select([*columns, "placement_id", "recorded_at"], begun))


def downgrade() -> None:
    """What was written of groups, periods and steps is lost."""
    for table in (
        "arrivals",
        "step_placings",
        "ladder_steps",
        "ladders",
        "spell_proposals",
        "spells",
        "group_memberships",
        "target_groups",
    ):
        op.drop_table(table)
