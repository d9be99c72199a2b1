"""Schemathesis asks every door all it can think of by the document, and finds nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from schemathesis import Config, openapi
from schemathesis.engine import Status, events, from_schema

from tests import factories
from tests.api.v1.test_doors import CASE, DOORS
from tests.factories import make_token
from tests.support.systems import served

pytestmark = pytest.mark.slow

FEW = 10
"""Examples of each door and phase: some 600 questions in ten seconds."""


@pytest.fixture
def secret(app: Flask) -> Iterator[str]:
    """A token that opens everything, as often as it likes; and behind each door the record number 1."""
    card = factories.make_card(factories.make_citizen(case_reference=CASE))
    opening = factories.make_opening()
    factories.make_placement(factories.make_review(factories.make_match(opening, card)))
    factories.make_partnership(opening.employer)
    factories.make_goal()
    usual, app.config["API_REQUESTS_A_MINUTE"] = app.config["API_REQUESTS_A_MINUTE"], 10**6
    yield make_token()[1]
    app.config["API_REQUESTS_A_MINUTE"] = usual


def settings(secret: str) -> Config:
    """Without the examples of an earlier run, and the same each time."""
    return Config.from_dict(
        {
            "headers": {"Authorization": f"Bearer {secret}"},
            "seed": 1,
            "generation": {"max-examples": FEW, "database": "none"},
        }
    )


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)
def test_schemathesis_finds_nothing(app: Flask, secret: str) -> None:
    found: list[object] = []
    opened: set[str] = set()
    with served(app) as address:
        schema = openapi.from_url(f"{address}/api/v1/openapi.json", config=settings(secret))
        for event in from_schema(schema).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                found.append(event)
            elif isinstance(event, events.ScenarioFinished):
                recorder = event.recorder
                found += [
                    (recorder.label, check.name, check.failure_info)
                    for checks in recorder.checks.values()
                    for check in checks
                    if check.status is not Status.SUCCESS
                ]
                opened |= {
                    recorder.cases[key].value.path
                    for key, asked in recorder.interactions.items()
                    if asked.response is not None and asked.response.status_code == 200
                }

    assert found == []
    assert len(opened) == len(DOORS)  # each door was asked for something that is there
