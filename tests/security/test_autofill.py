"""WCAG 1.3.5: a field about the reader herself says what it is for, and no browser fills one about others."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask, url_for

from portal.loop.employers.forms import RegistrationForm
from tests.client import PortalClient, PortalResponse
from tests.support.databases import Stage
from tests.test_roles import EXPECTED, ROLES, Scene, kept_scene

HER_OWN = {
    ("accounts.forgotten", "email"): "email",
    ("accounts.login", "email"): "username",
    ("accounts.login", "password"): "current-password",
    ("assessments.workplace", "name"): "name",
    ("employers.accept", "password"): "new-password",
    ("employers.accept", "phone"): "tel",
    ("employers.accept", "repeated"): "new-password",
    ("employers.confirm", "password"): "new-password",
    ("employers.confirm", "repeated"): "new-password",
    ("employers.register", "address"): "address-line1",
    ("employers.register", "company_name"): "organization",
    ("employers.register", "contact_email"): "email",
    ("employers.register", "contact_name"): "name",
    ("employers.register", "contact_phone"): "tel",
    ("employers.register", "postcode"): "postal-code",
    ("second_step.own_app", "code"): "one-time-code",
    ("second_step.own_app", "old"): "current-password",
    ("second_step.own_passkey", "old"): "current-password",
    ("second_step.remove_passkey", "old"): "current-password",
}
"""What the reader says of herself, by page and field. All other fields for a line are about others."""

FITTING = {
    "text": {"name", "organization", "address-line1", "postal-code", "username", "tel", "one-time-code"},
    "email": {"email", "username"},
    "tel": {"tel"},
    "password": {"current-password", "new-password"},
}
"""Which of these a control may hold (HTML, autofill field names): an address of several lines needs a textarea."""


STEPS = {"employers.register": [f"?step={step}" for step in RegistrationForm.STEPS]}
"""Pages that ask a little at a time."""


def pages(app: Flask, scene: Scene) -> Iterator[tuple[str, PortalResponse]]:
    """Each page with fields, as each role that may see it."""
    for role, (endpoint, method) in product(ROLES, sorted(EXPECTED)):
        if method != "GET" or EXPECTED[endpoint, method].own[ROLES.index(role)] != "Y":
            continue
        with app.test_request_context():
            rule = next(one for one in app.url_map.iter_rules(endpoint) if "GET" in (one.methods or ()))
            url = url_for(endpoint, **{name: scene.values[name] for name in rule.arguments})
        for step in STEPS.get(endpoint, ("",)):
            answer = PortalClient(app, scene.people.get(role)).get(f"{url}{step}")
            if answer.mimetype == "text/html" and "<input" in answer.get_data(as_text=True):
                yield endpoint, answer


@pytest.mark.slow
def test_every_field_for_a_line_says_whose_it_is(app: Flask, sqlite_stage: Stage) -> None:
    kept, scene, _stranger = kept_scene(sqlite_stage)
    sqlite_stage.reset(kept)

    found = {
        (endpoint, re.sub(r"\d+", "#", str(one["name"]))): (
            str(one.get("type", "text")),
            one.get("autocomplete"),
        )
        for endpoint, page in pages(app, scene)
        for one in page.page.select("main input[name]")
        if one.get("type", "text") in FITTING
    }

    assert {where for where, (_kind, purpose) in found.items() if purpose is None} == set()
    own = {where: purpose for where, (_kind, purpose) in found.items() if purpose != "off"}
    assert own == HER_OWN
    assert {where for where in own if own[where] not in FITTING[found[where][0]]} == set()
