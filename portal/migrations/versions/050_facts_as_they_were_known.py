"""facts as they were known: when what partnerships are counted by was written, when an opening was shared with
neighbours, what stays of a placement without a person, and when a card was shown and began to count

What stands today is carried over. Where nobody noted when it was written, the log tells as far as it reaches; else it
is taken to have been written on its own day, so that past days keep the count they had. A card that holds five skills
counts from the day it was made, as does every card made before 2026, when the rule that asks for more begins.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "050"
down_revision = "049"
branch_labels = None
depends_on = None

DENMARK = ZoneInfo("Europe/Copenhagen")
INDUSTRIES = ("koekken", "pleje", "rengoering")
FORMS = ("praktik", "igu", "loentilskud", "regular_job", "smaajob", "fritidsjob")
OUTCOMES = ("hired", "extended", "completed", "stopped_by_citizen", "stopped_by_employer", "other_job")
RULE_BEGINS = datetime.combine(date(2026, 1, 1), time(), DENMARK).astimezone(UTC).replace(tzinfo=None)
LEAST_SKILLS = 5

_log = sa.table(
    "audit_entries",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime),
    sa.column("action", sa.String),
    sa.column("subject_type", sa.String),
    sa.column("subject_id", sa.Integer),
)
_partnerships = sa.table(
    "partnerships",
    sa.column("id", sa.Integer),
    sa.column("signed_on", sa.Date),
    sa.column("ends_on", sa.Date),
    sa.column("created_at", sa.DateTime),
    sa.column("end_recorded_at", sa.DateTime),
)
_namings = sa.table(
    "partnership_consultants",
    sa.column("id", sa.Integer),
    sa.column("partnership_id", sa.Integer),
    sa.column("from_on", sa.Date),
    sa.column("recorded_at", sa.DateTime),
    sa.column("replaced_at", sa.DateTime),
)
_employers = sa.table("employers", sa.column("id", sa.Integer), sa.column("approved_at", sa.DateTime))
_trades = sa.table(
    "employer_trades",
    sa.column("id", sa.Integer),
    sa.column("employer_id", sa.Integer),
    sa.column("from_on", sa.Date),
    sa.column("recorded_at", sa.DateTime),
)
_openings = sa.table(
    "openings",
    sa.column("id", sa.Integer),
    sa.column("industry", sa.String),
    sa.column("visible_to_neighbours", sa.Boolean),
    sa.column("published_at", sa.DateTime),
    sa.column("created_at", sa.DateTime),
)
_placements = sa.table(
    "placements",
    sa.column("id", sa.Integer),
    sa.column("opening_id", sa.Integer),
    sa.column("employer_id", sa.Integer),
    sa.column("municipality_id", sa.Integer),
    sa.column("form", sa.String),
    sa.column("starts_on", sa.Date),
    sa.column("started_at", sa.DateTime),
    sa.column("ended_on", sa.Date),
    sa.column("outcome", sa.String),
)
_cards = sa.table(
    "competence_cards",
    sa.column("id", sa.Integer),
    sa.column("created_at", sa.DateTime),
    sa.column("counts_from_at", sa.DateTime),
)
_evidence = sa.table(
    "skill_evidence",
    sa.column("card_id", sa.Integer),
    sa.column("skill_id", sa.Integer),
    sa.column("folded", sa.String),
    sa.column("level", sa.Integer),
)


def upgrade() -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    _note_ends(now)
    _keep_namings(now)
    _keep_trades()
    _keep_sharings()
    _leave_traces(now)
    _count_cards()


def _note_ends(now: datetime) -> None:
    op.add_column("partnerships", sa.Column("end_recorded_at", sa.DateTime(), nullable=True))
    connection, noted = op.get_bind(), _moments("partnership-ended")
    ended = sa.select(_partnerships).where(_partnerships.c.ends_on.is_not(None))
    for row in connection.execute(ended).all():
        known = noted.get(row.id) or [_between(_midnight(row.ends_on), row.created_at, now)]
        _set(_partnerships, row.id, end_recorded_at=known[-1])
    with op.batch_alter_table("partnerships") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_partnerships_end_is_recorded"), "(ends_on IS NULL) = (end_recorded_at IS NULL)"
        )


def _keep_namings(now: datetime) -> None:
    op.add_column("partnership_consultants", sa.Column("recorded_at", sa.DateTime(), nullable=True))
    op.add_column("partnership_consultants", sa.Column("replaced_at", sa.DateTime(), nullable=True))
    connection, noted = op.get_bind(), _moments("partnership-consultant-named")
    agreements = {row.id: row for row in connection.execute(sa.select(_partnerships))}
    by_agreement: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(sa.select(_namings).order_by(_namings.c.id)):
        by_agreement[row.partnership_id].append(row)
    for key, rows in by_agreement.items():
        moments = noted.get(key, [])
        if len(moments) != len(rows):  # one was corrected, or the log no longer reaches there
            created = agreements[key].created_at
            moments = [
                created
                if row.from_on == agreements[key].signed_on
                else _between(_midnight(row.from_on), created, now)
                for row in rows
            ]
        _store_namings(rows, moments)
    with op.batch_alter_table("partnership_consultants") as batch_op:
        batch_op.alter_column("recorded_at", existing_type=sa.DateTime(), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_partnership_consultants_replaced_afterwards"),
            "replaced_at IS NULL OR replaced_at >= recorded_at",
        )
    _one_standing("partnership_consultants", "partnership_id")


def _store_namings(rows: Iterable[Any], moments: Iterable[datetime]) -> None:
    """Of two for one day, which two consultants could write at once, the later stands."""
    stood: dict[date, tuple[int, datetime]] = {}
    for row, moment in zip(rows, moments, strict=True):
        _set(_namings, row.id, recorded_at=moment)
        if row.from_on in stood:
            before, since = stood[row.from_on]
            _set(_namings, before, replaced_at=max(since, moment))
        stood[row.from_on] = row.id, moment


def _keep_trades() -> None:
    op.add_column("employer_trades", sa.Column("recorded_at", sa.DateTime(), nullable=True))
    op.add_column("employer_trades", sa.Column("replaced_at", sa.DateTime(), nullable=True))
    connection = op.get_bind()
    approved = {row.id: row.approved_at for row in connection.execute(sa.select(_employers))}
    for row in connection.execute(sa.select(_trades)).all():
        came = approved[row.employer_id]
        moment = came if _day(came) == row.from_on else _midnight(row.from_on)
        _set(_trades, row.id, recorded_at=moment)
    with op.batch_alter_table("employer_trades") as batch_op:
        batch_op.alter_column("recorded_at", existing_type=sa.DateTime(), nullable=False)
        batch_op.drop_constraint(op.f("uq_employer_trades_employer_id_from_on"), type_="unique")
        batch_op.create_check_constraint(
            op.f("ck_employer_trades_replaced_afterwards"),
            "replaced_at IS NULL OR replaced_at >= recorded_at",
        )
    _one_standing("employer_trades", "employer_id")


def _one_standing(table: str, owner: str) -> None:
    standing = sa.text("replaced_at IS NULL")
    op.create_index(
        f"uq_{table}_standing",
        table,
        [owner, "from_on"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _keep_sharings() -> None:
    sharings = op.create_table(
        "opening_sharings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(), nullable=False),
        sa.Column("until_at", sa.DateTime(), nullable=True),
        sa.Column("while_up", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "until_at IS NULL OR until_at >= from_at", name=op.f("ck_opening_sharings_period")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_opening_sharings_opening_id_openings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_sharings")),
    )
    op.create_index(op.f("ix_opening_sharings_opening_id"), "opening_sharings", ["opening_id"])
    still = sa.text("until_at IS NULL")
    op.create_index(
        "uq_opening_sharings_one_open",
        "opening_sharings",
        ["opening_id"],
        unique=True,
        sqlite_where=still,
        postgresql_where=still,
    )
    since = sa.func.coalesce(_openings.c.published_at, _openings.c.created_at)
    shared = sa.select(_openings.c.id, since, sa.false()).where(_openings.c.visible_to_neighbours)
    op.execute(sa.insert(sharings).from_select(["opening_id", "from_at", "while_up"], shared))


def _leave_traces(now: datetime) -> None:
    traces = op.create_table(
        "placement_traces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("form", _words(FORMS, "placementform"), nullable=False),
        sa.Column("industry", _words(INDUSTRIES, "industry"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", _words(OUTCOMES, "outcome"), nullable=True),
        sa.Column("end_recorded_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (outcome IS NULL)", name=op.f("ck_placement_traces_outcome_follows_end")
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (end_recorded_at IS NULL)",
            name=op.f("ck_placement_traces_end_is_recorded"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employers.id"], name=op.f("fk_placement_traces_employer_id_employers")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_placement_traces_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_traces")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_placement_traces_placement_id")),
    )
    for name, first in (("municipality", "municipality_id"), ("employer", "employer_id")):
        op.create_index(f"ix_placement_traces_{name}", "placement_traces", [first, "starts_on"])
    connection, noted = op.get_bind(), _moments("placement-ended")
    begun = sa.select(_placements, _openings.c.industry).join_from(
        _placements, _openings, _openings.c.id == _placements.c.opening_id
    )
    for row in connection.execute(begun.where(_placements.c.started_at.is_not(None))).all():
        ended_at = None
        if row.ended_on is not None:
            known = noted.get(row.id) or [_between(_midnight(row.ended_on), row.started_at, now)]
            ended_at = known[-1]
        connection.execute(
            sa.insert(traces).values(
                placement_id=row.id,
                employer_id=row.employer_id,
                municipality_id=row.municipality_id,
                form=row.form,
                industry=row.industry,
                starts_on=row.starts_on,
                recorded_at=row.started_at,
                ended_on=row.ended_on,
                outcome=row.outcome,
                end_recorded_at=ended_at,
            )
        )


def _words(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _count_cards() -> None:
    # As plain SQL: batch mode would make the table anew, without the counter that never gives an id twice
    op.add_column("competence_cards", sa.Column("shown_to_her_at", sa.DateTime(), nullable=True))
    moment = sa.DateTime().compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE competence_cards ADD COLUMN counts_from_at {moment} "
        "CONSTRAINT ck_competence_cards_counts_once_made CHECK (counts_from_at >= created_at)"
    )
    op.create_index("ix_competence_cards_counting", "competence_cards", ["municipality_id", "counts_from_at"])
    in_words = sa.cast(_evidence.c.skill_id, sa.String)
    skills = sa.func.count(sa.distinct(sa.func.coalesce(in_words, "~" + _evidence.c.folded)))
    full = (
        sa.select(_evidence.c.card_id)
        .where(_evidence.c.level > 0)
        .group_by(_evidence.c.card_id)
        .having(skills >= LEAST_SKILLS)
    )
    counting = sa.or_(_cards.c.created_at < RULE_BEGINS, _cards.c.id.in_(full))
    op.execute(sa.update(_cards).where(counting).values(counts_from_at=_cards.c.created_at))


def _moments(action: str) -> dict[int, list[datetime]]:
    """Subject -> when the log says it was done, the first first."""
    found: dict[int, list[datetime]] = defaultdict(list)
    lines = sa.select(_log.c.subject_id, _log.c.at).where(_log.c.action == action).order_by(_log.c.id)
    for row in op.get_bind().execute(lines):
        found[row.subject_id].append(row.at)
    return found


def _set(table: Any, key: int, **values: Any) -> None:
    op.get_bind().execute(sa.update(table).where(table.c.id == key).values(**values))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), DENMARK).astimezone(UTC).replace(tzinfo=None)


def _day(moment: datetime) -> date:
    return moment.replace(tzinfo=UTC).astimezone(DENMARK).date()


def _between(moment: datetime, first: datetime, last: datetime) -> datetime:
    return max(first, min(moment, last))


def downgrade() -> None:
    """What was corrected or is no longer so is lost, and with it what past days were counted by."""
    op.drop_index("ix_competence_cards_counting", "competence_cards")
    op.drop_column("competence_cards", "counts_from_at")
    op.drop_column("competence_cards", "shown_to_her_at")
    op.drop_table("placement_traces")
    op.drop_table("opening_sharings")
    for table in ("employer_trades", "partnership_consultants"):
        op.execute(f"DELETE FROM {table} WHERE replaced_at IS NOT NULL")  # noqa: S608 - one of the two
        op.drop_index(f"uq_{table}_standing", table)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_replaced_afterwards"), type_="check")
            batch_op.drop_column("replaced_at")
            batch_op.drop_column("recorded_at")
    with op.batch_alter_table("employer_trades") as batch_op:
        batch_op.create_unique_constraint(
            op.f("uq_employer_trades_employer_id_from_on"), ["employer_id", "from_on"]
        )
    with op.batch_alter_table("partnerships") as batch_op:
        batch_op.drop_constraint(op.f("ck_partnerships_end_is_recorded"), type_="check")
        batch_op.drop_column("end_recorded_at")
