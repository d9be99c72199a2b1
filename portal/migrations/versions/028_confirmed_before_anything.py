"""e-mails are confirmed before anything exists: what waits for a consultant unconfirmed is asked about by mail

Until now whoever registered an employer got an account at once, with an e-mail that nobody had asked. What still waited
for a consultant is now a wish without an account: the worker mails its link, which is good for two weeks, and whoever
reads the mail chooses a new password and sends it on. The accounts made for these, and for wishes that were refused,
are closed and have no password; the owner of the e-mail opens hers by that link, or by registering again.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "028"
down_revision = "027"
branch_labels = None
depends_on = None

LIFETIME = timedelta(days=14)

registrations = sa.table(
    "employer_registrations",
    sa.column("id", sa.Integer),
    sa.column("municipality_id", sa.Integer),
    sa.column("cvr", sa.String),
    sa.column("company_name", sa.String),
    sa.column("industry", sa.String),
    sa.column("p_number", sa.String),
    sa.column("address", sa.String),
    sa.column("postcode", sa.String),
    sa.column("full_time_staff", sa.Numeric(8, 2)),
    sa.column("sector", sa.String),
    sa.column("representative_name", sa.String),
    sa.column("representative_email", sa.String),
    sa.column("representative_phone", sa.String),
    sa.column("referred_by_id", sa.Integer),
    sa.column("contact_name", sa.String),
    sa.column("contact_email", sa.String),
    sa.column("contact_phone", sa.String),
    sa.column("user_id", sa.Integer),
    sa.column("registered_at", sa.DateTime),
    sa.column("status", sa.String),
)
unconfirmed = sa.table(
    "unconfirmed_registrations",
    sa.column("email", sa.String),
    sa.column("written", sa.JSON),
    sa.column("sent_at", sa.DateTime),
    sa.column("expires_at", sa.DateTime),
    sa.column("mailed_at", sa.DateTime),
)
contacts = sa.table("contact_persons", sa.column("user_id", sa.Integer))
users = sa.table(
    "users",
    sa.column("id", sa.Integer),
    sa.column("password_hash", sa.String),
    sa.column("disabled_at", sa.DateTime),
)
sessions = sa.table("user_sessions", sa.column("user_id", sa.Integer), sa.column("ended_at", sa.DateTime))


def upgrade() -> None:
    op.create_table(
        "unconfirmed_registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("written", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unconfirmed_registrations")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unconfirmed_registrations_email", "unconfirmed_registrations", ["email"])
    connection, now = op.get_bind(), datetime.now(UTC).replace(tzinfo=None)
    _close_accounts(connection, now)
    _ask_by_mail(connection, now)


def _close_accounts(connection: sa.Connection, now: datetime) -> None:
    """Those that came with a registration and sign in for nobody."""
    never_let_in = (
        sa.select(registrations.c.user_id)
        .where(registrations.c.status.in_(("pending", "refused")), registrations.c.user_id.is_not(None))
        .except_(sa.select(contacts.c.user_id).where(contacts.c.user_id.is_not(None)))
    )
    ids = sa.select(never_let_in.subquery().c.user_id)
    open_ones = sessions.c.user_id.in_(ids) & sessions.c.ended_at.is_(None)
    connection.execute(sa.update(sessions).where(open_ones).values(ended_at=now))
    connection.execute(sa.update(users).where(users.c.id.in_(ids)).values(password_hash=None))
    still_open = users.c.id.in_(ids) & users.c.disabled_at.is_(None)
    connection.execute(sa.update(users).where(still_open).values(disabled_at=now))


def _ask_by_mail(connection: sa.Connection, now: datetime) -> None:
    waiting = sa.select(registrations).where(registrations.c.status == "pending")
    rows = connection.execute(waiting.order_by(registrations.c.id)).all()
    for row in rows:
        connection.execute(
            sa.insert(unconfirmed).values(
                email=row.contact_email.strip().lower(),
                written=_written(row),
                sent_at=row.registered_at,
                expires_at=now + LIFETIME,
            )
        )
    connection.execute(sa.delete(registrations).where(registrations.c.status == "pending"))


def _written(row: sa.Row) -> dict[str, object]:
    """As joining.as_json writes it."""
    return {
        "employer": {
            "cvr": row.cvr,
            "name": row.company_name,
            "industry": row.industry,
            "municipality_id": row.municipality_id,
            "sector": row.sector,
            "referred_by_id": row.referred_by_id,
        },
        "workplace": {
            "p_number": row.p_number,
            "name": row.company_name,
            "address": row.address,
            "postcode": row.postcode,
            "full_time_staff": str(row.full_time_staff),
            "staff_stated_by": row.contact_name,
            "representative_name": row.representative_name,
            "representative_email": row.representative_email,
            "representative_phone": row.representative_phone,
        },
        "contact": {
            "name": row.contact_name,
            "email": row.contact_email.strip().lower(),
            "phone": row.contact_phone,
        },
    }


def downgrade() -> None:
    """What nobody has confirmed goes with the table; the closed accounts stay closed."""
    op.drop_table("unconfirmed_registrations")
