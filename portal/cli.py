"""The command line: prepare the database, load the demo, create users, import files."""

from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from portal.accounts.models import User
from portal.config import ConfigurationError
from portal.database import db
from portal.home.queries import MIGRATIONS, schema_state


def register(app: Flask) -> None:
    """Add the commands to `flask`."""


def prepare_database(app: Flask) -> None:
    """Bring the schema to head when it is not, and load the demo municipality into an empty development database."""
    Path(app.instance_path).mkdir(exist_ok=True)
    with app.app_context():
        current, wanted = schema_state()
        if current != wanted:
            upgrade(directory=MIGRATIONS)


def refuse_demo_in_production(app: Flask) -> None:
    """Raises ConfigurationError when a production start finds demo accounts: their password is public."""
    if app.config["PORTAL_ENV"] != "production":
        return
    with app.app_context():
        if not sa.inspect(db.engine).has_table(User.__tablename__):
            return
        if db.session.scalar(sa.select(sa.func.count()).select_from(User).where(User.is_demo)):
            raise ConfigurationError(
                "PORTAL_ENV=production kan ikke starte: databasen har demo-brugere med en offentlig adgangskode."
            )
