"""A made-up number in the name of a field is no line, and never a fault of the portal."""

import pytest
from flask import Flask

from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_a_number_that_is_none_names_no_line(app: Flask, karin: User, number: str) -> None:
    cohort = factories.make_cohort()
    session = factories.make_cohort_session(cohort)
    card = factories.make_card()
    karins = PortalClient(app, karin)

    for url, lines in (
        (f"/cohorts/{cohort.id}/sessions/{session.id}/attendance", "lines"),
        (f"/cohorts/{cohort.id}/edit", "times"),
        ("/courses/new", "teaches"),
        (f"/cards/{card.id}/edit", "languages"),
    ):
        assert karins.post(url, {f"{lines}-{number}-x": "1"}).status_code in (409, 422)
