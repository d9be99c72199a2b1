"""Pages by key: a page begins after the last record of the one before, however many have come or gone meanwhile."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request

from portal.api.v1.shapes import PageAsked
from portal.base.database import db


def page_of(statement: Any, key: Any, asked: PageAsked) -> tuple[Sequence[Any], str | None]:
    """The records of one page, and the address of the next; None: there is none. In one statement."""
    wanted = statement.where(key > asked.after).order_by(None).order_by(key).limit(asked.limit + 1)
    found = db.session.scalars(wanted).unique().all()
    return cut(found, asked, lambda record: record.id)


def cut(
    found: Sequence[Any], asked: PageAsked, key: Callable[[Any], int]
) -> tuple[Sequence[Any], str | None]:
    """The same of one record too many, which tells that there are more."""
    page = found[: asked.limit]
    return page, next_page(key(page[-1])) if len(found) > asked.limit else None


def next_page(after: int) -> str:
    """This address with its own question, from there on."""
    return f"{request.path}?{urlencode({**request.args, 'after': after})}"
