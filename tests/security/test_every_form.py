"""What must hold in every form and at every POST, found by looking, not by a list that grows old."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from flask import url_for
from wtforms import Field, FileField, HiddenField, PasswordField, StringField, TextAreaField

import portal
from portal.web.forms import Cvr, NoCpr, Phone, PNumber, PortalForm, Postcode
from tests.client import PortalClient
from tests.test_roles import endpoints, full_stage

CPR = "010190-1234"

NEVER_STORED = {
    ("LoginForm", "email"),  # only a keyed hash, for the throttle
    ("LoginCodeForm", "code"),  # only compared
    ("CodeForm", "code"),
    ("OwnAppForm", "code"),  # only compared
    ("SecondStepForm", "code"),
    ("SetUpAppForm", "code"),
    ("EraseForm", "case_reference"),  # only compared
}
SHAPED = (Cvr, PNumber, Phone, Postcode)
"""Validators that let only digits of another kind through."""


def every_form() -> list[type[PortalForm]]:
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name.endswith(".forms"):
            importlib.import_module(module.name)

    def below(form: type[PortalForm]) -> Iterator[type[PortalForm]]:
        for child in form.__subclasses__():
            yield child
            yield from below(child)

    return sorted(set(below(PortalForm)), key=lambda form: (form.__name__, form.__module__))


def text_fields(form: type[PortalForm]) -> Iterator[tuple[str, Any]]:
    for name in dir(form):
        unbound = getattr(form, name, None)
        kind = getattr(unbound, "field_class", None)
        if kind is None or not issubclass(kind, StringField | TextAreaField):
            continue
        if not issubclass(kind, HiddenField | PasswordField | FileField):
            yield name, unbound


def validators_of(unbound: Any) -> list[Any]:
    given = unbound.args[1] if len(unbound.args) > 1 else unbound.kwargs.get("validators")
    return list(given or [])


FREE_TEXTS = [
    pytest.param(form, name, unbound, id=f"{form.__name__}.{name}")
    for form in every_form()
    for name, unbound in text_fields(form)
    if (form.__name__, name) not in NEVER_STORED
]


def test_the_forms_were_found():
    assert len(FREE_TEXTS) > 30


@pytest.mark.parametrize(("form", "name", "unbound"), FREE_TEXTS)
def test_V14_2_no_free_text_takes_a_cpr_number(app, form, name, unbound):
    """As bound, so that filters and the order of validators count too."""
    shaped = any(isinstance(one, SHAPED) for one in [*validators_of(unbound), *_inline(form, name)])
    refuses = any(isinstance(one, NoCpr) for one in validators_of(unbound))

    assert refuses or shaped, "a text that is stored must refuse CPR numbers"
    with app.test_request_context():
        field: Field = (
            PortalForm.Meta().bind_field(None, unbound, {"name": name, "prefix": "", "_meta": None})
            if False
            else unbound.bind(form=None, name=name, _meta=PortalForm.Meta())
        )
        text = "010190-1234@firma.dk" if "email" in name else f"Ring om {CPR}"
        field.process(None, text)
        field.raw_data = [text]
        assert not field.validate(_Anything()) or shaped


class _Anything:
    """A form for validators that look at nothing else."""

    meta = PortalForm.Meta()


def _inline(form: type[PortalForm], name: str) -> list[Any]:
    """`validate_phone` and `validate_postcode` call the shaped validators themselves."""
    shaped = {"phone": Phone(), "postcode": Postcode()}
    return [shaped[name]] if name in shaped and hasattr(form, f"validate_{name}") else []


def posts(app: Any) -> list[str]:
    return [endpoint for endpoint, method in endpoints(app) if method == "POST"]


@pytest.mark.slow
@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)  # refused before any database is asked
def test_V3_5_1_every_post_needs_its_token(app):
    """Signed in as whoever may: without the token nothing but a 400 comes back, also with a foreign one."""
    own, _stranger = full_stage()
    browsers = {role: PortalClient(app, user) for role, user in own.people.items()}
    foreign = browsers["leader"]._csrf_token()
    missed = []
    for endpoint in posts(app):
        with app.test_request_context():
            rule = next(one for one in app.url_map.iter_rules(endpoint) if "POST" in (one.methods or ()))
            url = url_for(endpoint, **{name: own.values[name] for name in rule.arguments})
        for role, browser in browsers.items():
            without = browser.post(url, csrf=False).status_code
            borrowed = (
                400
                if role == "leader"
                else browser.post(url, {"csrf_token": foreign}, csrf=False).status_code
            )
            inside = browser._browser.post(
                url, headers={"X-CSRFToken": "x", "HX-Request": "true"}
            ).status_code
            if {without, borrowed, inside} != {400}:
                missed.append((endpoint, role, without, borrowed, inside))

    assert missed == []
    assert len(posts(app)) > 40


def test_V3_5_3_no_page_changes_by_get_or_by_another_method(app):
    for endpoint, _method in endpoints(app):
        for rule in app.url_map.iter_rules(endpoint):
            assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}
