"""Boxes, fields and buttons can be seen, and a ticked box from an empty one; the judge of that sees a planted fault.

Every form of every role is looked at on the walks of test_accessibility, which have its pages open anyway.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.controls import faults_of

pytestmark = pytest.mark.browser

CARD_FORM = ("konsulent@demo.dk", "/cards/1/edit")
SAME, ALL_ROUND = (
    "ticked looks like empty (0 pixels change)",
    "no edge above, below, to the left, to the right",
)
FAULTS = {
    ".week-part input { appearance: none; border: 0; background: none !important }": "no box is drawn: checkbox",
    ".form-radio + label::before { border-color: transparent }": "no box is drawn: radio",
    ".form-checkbox + label::before { border-color: #d3dadc }": "no box is drawn: checkbox",
    ".form-checkbox:checked + label::before { background: #fff }": f"{SAME}: checkbox",
    ".form-radio:checked + label::after { content: none }": f"{SAME}: radio",
    "input.form-input { border-color: #fff }": f"{ALL_ROUND}: text",
    "textarea.form-input { border-bottom-color: #d3dadc }": "no edge below: textarea",
    ".form-group .form-select { border-color: #d3dadc }": f"{ALL_ROUND}: select",
    ".button.button-primary { background: none; border: 0; box-shadow: none; color: #fff }": "nothing to see: submit",
}

_PLANT = """css => {
    const planted = new CSSStyleSheet();
    planted.replaceSync(css);
    document.adoptedStyleSheets = [planted];
}"""


def test_a_fault_planted_in_the_card_form_is_seen(server: str, page_of: Callable[..., Page]) -> None:
    email, path = CARD_FORM
    page = page_of(server, email, width=360)
    page.goto(path)
    assert faults_of(page, set()) == []

    for fault, seen in FAULTS.items():
        page.evaluate(_PLANT, fault)
        assert [found for found in faults_of(page, set()) if found.startswith(seen)], fault


@pytest.mark.parametrize(
    ("email", "path"),
    [CARD_FORM, ("konsulent@demo.dk", "/cards/1/tasks/pleje"), ("virksomhed@demo.dk", "/posting/1/tasks")],
)
def test_boxes_are_drawn_in_the_colours_a_reader_has_chosen(
    email: str, path: str, server: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(server, email, width=360)
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.goto(path)

    assert faults_of(page, set()) == []
