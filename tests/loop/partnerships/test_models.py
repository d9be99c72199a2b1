"""What the database itself refuses."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.factories import TODAY, make_employer, make_partnership


def test_an_agreement_cannot_end_before_it_began(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        make_partnership(ends_on=TODAY - timedelta(days=900))


def test_an_employer_has_at_most_one_open_agreement_with_a_municipality(app: Flask) -> None:
    employer = make_employer()
    make_partnership(employer)

    with pytest.raises(IntegrityError):
        make_partnership(employer, signed_on=TODAY)
