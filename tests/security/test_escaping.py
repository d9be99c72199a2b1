"""ASVS 1.2: whatever a person has written stands on a page as text, never as markup. On every page there is."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.base.database import db
from tests.support.crawl import Walks, client_of

pytestmark = pytest.mark.slow

HOSTILE = "<i>x</i>"
ESCAPED = "&lt;i&gt;x&lt;/i&gt;"
NAMES = ("first_name", "last_name", "name", "title", "note")
"""Columns whose words may be one word. In the others what has no space is a code or an address of the portal's own."""


def written_columns() -> list[sa.Column[str]]:
    """Columns that hold somebody's words."""
    return [
        column
        for table in db.metadata.sorted_tables
        if table.name not in ("audit_entries", "rules")
        for column in table.columns
        if isinstance(column.type, sa.String | sa.Text)
        and not isinstance(column.type, sa.Enum)
        and not column.primary_key
    ]


def make_hostile(app: Flask) -> int:
    """Put markup behind every text; how many columns took it."""
    taken = 0
    with app.app_context():
        for column in written_columns():
            words = column != "" if column.name in NAMES else column.contains(" ")
            change = sa.update(column.table).where(words).values({column: column + HOSTILE})
            try:
                with db.engine.begin() as connection:
                    taken += connection.execute(change).rowcount > 0
            except IntegrityError:  # a CHECK lets only certain words through
                continue
    return taken


@pytest.mark.parametrize("demo_app", ["sqlite"], indirect=True)
def test_V1_2_1_no_page_shows_words_as_markup(demo_app: Flask, walks: Walks) -> None:
    assert make_hostile(demo_app) > 40

    unescaped, escaped = [], 0
    for email, path in walks.pages():
        answer = client_of(demo_app, email).get(path)
        if answer.mimetype != "text/html":
            continue
        text = answer.get_data(as_text=True)
        unescaped += [f"{path}: {before[-80:]}" for before in text.split(HOSTILE)[:-1]]
        escaped += ESCAPED in text

    assert unescaped == []
    assert escaped > 40
