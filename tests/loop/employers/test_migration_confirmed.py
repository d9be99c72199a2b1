"""What became of registrations and accounts from before e-mails were confirmed (migration 028)."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from portal.application import MIGRATIONS, create_app
from portal.base.database import db, transaction
from portal.loop.employers import joining
from portal.loop.employers.models import UnconfirmedRegistration
from portal.shared.outbox.models import Mail
from tests.factories import NOW
from tests.support.databases import SETTINGS
from tests.support.old_schema import leave_out_the_rest, put

AT = datetime(2026, 4, 1, 9)
WRITTEN = {
    "municipality_id": 1, "cvr": "13748136", "company_name": "Bos Køkken", "industry": "koekken",
    "p_number": "1012345678", "address": "Havnevej 1", "postcode": "3300", "full_time_staff": Decimal("12.5"),
    "sector": "private", "contact_name": "Bo", "contact_email": "Bo@firma.dk", "contact_phone": "47 11 22 33",
    "registered_at": AT, "status": "pending",
}  # fmt: skip
EMPLOYER = {
    "id": 1, "cvr": "24256790", "municipality_id": 1, "approved_at": AT, "industry": "pleje", "status": "active",
    "wants_publicity": False,
}  # fmt: skip
DECIDED = {"decided_at": AT, "decided_by_id": 9}
USER = {"role": "employer", "municipality_id": None, "password_hash": "hash", "disabled_at": None}


@pytest.fixture
def carried_over(tmp_path: Path) -> Iterator[None]:
    """1 waits, 2 was refused, 3 signs in for an employer."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/old.sqlite"})
    with app.app_context():
        upgrade(directory=MIGRATIONS, revision="027")
        with db.engine.connect() as connection:
            leave_out_the_rest(connection)
            put(connection, "municipalities", {"id": 1, "name": "Halsnæs"})
            put(connection, "employers", EMPLOYER)
            for number, name in ((1, "bo"), (2, "dorte"), (3, "ib")):
                put(connection, "users", {"id": number, "email": f"{name}@firma.dk", **USER})
                put(connection, "user_sessions", {"user_id": number, "secret_hash": name})
            put(connection, "contact_persons", {"employer_id": 1, "user_id": 3})
            put(connection, "employer_registrations", {"user_id": 1, **WRITTEN})
            put(
                connection,
                "employer_registrations",
                {"user_id": 2, **WRITTEN, "status": "refused", **DECIDED},
            )
            put(
                connection,
                "employer_registrations",
                {"user_id": 3, **WRITTEN, "status": "approved", **DECIDED},
            )
            connection.commit()
            connection.invalidate()
        upgrade(directory=MIGRATIONS, revision="028")
        yield
        db.session.remove()
        db.engine.dispose()


def test_what_waits_is_asked_about_and_nobody_signs_in_unconfirmed(carried_over: None) -> None:
    with db.engine.connect() as connection:
        signs_in = connection.exec_driver_sql(
            "SELECT users.id FROM users JOIN user_sessions ON user_id = users.id "
            "WHERE password_hash IS NOT NULL AND disabled_at IS NULL AND ended_at IS NULL"
        )
        assert [row.id for row in signs_in] == [3]
        left = (
            connection.exec_driver_sql("SELECT status FROM employer_registrations ORDER BY id")
            .scalars()
            .all()
        )
        assert left == ["refused", "approved"]
    wish = db.session.scalars(sa.select(UnconfirmedRegistration)).one()
    details = joining.from_json(wish.written)
    assert (wish.email, wish.mailed_at, details.contact.name) == ("bo@firma.dk", None, "Bo")
    assert details.workplace.full_time_staff == Decimal("12.5")


def test_its_owner_opens_the_account_again_by_the_mail(carried_over: None) -> None:
    upgrade(directory=MIGRATIONS)
    with transaction():
        joining.mail_unmailed(NOW)
    assert db.session.scalars(sa.select(Mail.recipient)).all() == ["bo@firma.dk"]
    wish = db.session.scalars(sa.select(UnconfirmedRegistration)).one()

    with transaction():
        registration = joining.confirm(wish.id, password_hash="new", at=NOW)

    assert (registration.user_id, registration.company_name) == (1, "Bos Køkken")
