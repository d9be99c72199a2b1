"""The same portal on another database: a copy that is looked at, or one that is about to be the portal's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from flask_migrate import Migrate

from portal.base.database import db
from portal.workspaces.home.queries import MIGRATIONS

_OF_ITS_DATABASE = ("sqlalchemy", "migrate", "group_commit")


@contextmanager
def portal_on(url: str) -> Iterator[Flask]:
    """A context in which `db` is the database at `url`, while keys, journal, rooms and words are the portal's."""
    portal: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    other = Flask(portal.name, instance_path=portal.instance_path)
    other.config.update(portal.config)
    other.config["SQLALCHEMY_DATABASE_URI"] = url
    other.extensions.update(
        {name: value for name, value in portal.extensions.items() if name not in _OF_ITS_DATABASE}
    )
    db.init_app(other)
    Migrate(other, db, directory=MIGRATIONS, render_as_batch=True, compare_type=True)
    with other.app_context():
        try:
            yield other
        finally:
            db.session.remove()
            db.engine.dispose()
