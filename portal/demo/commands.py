"""`flask seed-demo`: the demo municipality, and with `--size large` one to measure on."""

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from tqdm import tqdm

from portal.base import clock
from portal.base.database import db
from portal.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from portal.demo.large import LARGE, load_large
from portal.demo.loader import load_demo
from portal.demo.script import read_script
from portal.shared.accounts.models import Municipality, User


def register(app: Flask) -> None:
    app.cli.add_command(seed_demo)


@click.command(
    "seed-demo", help="Fyld en tom database med demokommunen; --size large gør den stor nok til at måle på."
)
@click.option("--size", type=click.Choice(["small", "large"]), default="small", show_default=True)
@click.option(
    "--force", is_flag=True, help="Også selv om der er noget i databasen. Det, der er der, bliver stående."
)
@with_appcontext
def seed_demo(size: str, force: bool) -> None:
    _refuse_production()
    if not is_empty() and not force:
        raise click.ClickException(
            _("Databasen er ikke tom. Brug en ny database, eller --force for at lægge demoen oven i.")
        )
    if not _has_demo():
        _refuse_same_names()
        fill_with_demo()
    if size == "large":
        _grow()
    click.echo(_("Demoen er klar. Alle demobrugere har adgangskoden %(password)s:", password=DEMO_PASSWORD))
    for email, who in DEMO_ACCOUNTS:
        click.echo(f"  {email:<22} {who}")


def fill_with_demo() -> None:
    """Load the demo municipality, saying each step on the error stream."""
    load_demo(clock.now(), lambda step: click.echo(f"Demo: {step} ...", err=True))


def _grow() -> None:
    with tqdm(total=LARGE.steps, unit=" rækker", unit_scale=True, disable=None) as bar:
        load_large(clock.now(), advance=bar.update)


def _refuse_production() -> None:
    if current_app.config["PORTAL_ENV"] == "production":
        raise click.ClickException(
            _("Demoen kan ikke lægges i en database til drift: dens brugere har en offentlig adgangskode.")
        )


def is_empty() -> bool:
    """Whether nobody uses this database yet."""
    return db.session.scalar(sa.select(Municipality.id).limit(1)) is None


def _has_demo() -> bool:
    return db.session.scalar(sa.select(User.id).where(User.is_demo).limit(1)) is not None


def _refuse_same_names() -> None:
    """The demo's two municipalities cannot stand beside real ones of the same name."""
    scripted = read_script().municipalities
    names = list(
        db.session.scalars(
            sa.select(Municipality.name).where(Municipality.name.in_(one.name for one in scripted))
        )
    )
    if names:
        raise click.ClickException(
            _(
                "Databasen har allerede kommunerne %(names)s. Brug en ny database til demoen.",
                names=", ".join(names),
            )
        )
