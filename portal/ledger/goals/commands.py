"""`flask load-plan`: the groups and goals of the plan that the portal knows of a municipality."""

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import gettext as _

from portal.base import clock
from portal.base.database import db, transaction
from portal.ledger.goals.plans import load_plan, plan_of, read_plans
from portal.shared.accounts.models import Municipality


def register(app: Flask) -> None:
    app.cli.add_command(load_plan_command)


@click.command("load-plan", help="Opret målgrupper og mål fra kommunens plan. Anden gang ændrer den intet.")
@click.argument("municipality")
@with_appcontext
def load_plan_command(municipality: str) -> None:
    known = ", ".join(plan.municipality for plan in read_plans())
    place = db.session.scalar(sa.select(Municipality).where(Municipality.name == municipality))
    if place is None or plan_of(place.name) is None:
        raise click.ClickException(
            _("Der er ingen plan for den kommune. Der er en for: %(names)s.", names=known)
        )
    with transaction():
        loaded = load_plan(place, at=clock.now())
    click.echo(_("%(count)s nye mål.", count=len(loaded.new_goals)))
    for planned in loaded.without_baseline:
        click.echo(
            _(
                "Ikke sat endnu, for planen nævner intet udgangspunkt: “%(sentence)s”. Skriv målgruppens perioder "
                "ind, og kør det igen, eller sæt målet på siden Mål.",
                sentence=planned.sentence,
            )
        )
