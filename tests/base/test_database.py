"""What a failed transaction leaves behind (nothing), and what the database itself refuses."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.base.database import db, transaction
from portal.shared.accounts.models import User


class SomethingWentWrong(Exception):
    pass


def rename_and_fail(person: User) -> None:
    with transaction():
        db.session.merge(person).name = "Et andet navn"
        db.session.flush()
        raise SomethingWentWrong


def test_a_failed_transaction_is_undone_before_anybody_reads_on(app: Flask, karin: User) -> None:
    """The page that tells of the refusal reads in the same session: it must not show what was never stored."""
    before = karin.name

    with pytest.raises(SomethingWentWrong):
        rename_and_fail(karin)

    assert db.session.scalar(sa.select(User.name).where(User.id == karin.id)) == before
    assert not db.session.dirty


def test_a_row_points_at_nothing_that_is_not_there(app: Flask, karin: User) -> None:
    """SQLite has to be asked for it on each connection."""
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(sa.update(User).where(User.id == karin.id).values(municipality_id=999_999))
