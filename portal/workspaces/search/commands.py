"""The operator's command for the words that records are found by."""

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import gettext as _

from portal.base.database import transaction
from portal.web.presentation import da_number
from portal.workspaces.search.keeping import rebuild


def register(app: Flask) -> None:
    app.cli.add_command(rebuild_search)


@click.command("rebuild-search", help="Skriv alle ord, der kan søges på, forfra.")
@with_appcontext
def rebuild_search() -> None:
    with transaction():
        count = rebuild()
    click.echo(_("%(count)s ord kan søges på.", count=da_number(count)))
