"""`flask import KIND FILE`: what the page does, for larger files and the vocabulary."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import gettext as _
from tqdm import tqdm

from portal.base import clock
from portal.base.database import end_reading, transaction
from portal.shared.accounts.queries import municipalities
from portal.workspaces.imports import services
from portal.workspaces.imports.kinds import Checked
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.reader import BY_COMMAND, UnreadableFile
from portal.workspaces.imports.refusals import MAX_BYTES
from portal.workspaces.imports.services import BadRows, Report


def register(app: Flask) -> None:
    app.cli.add_command(import_file)


@click.command(
    "import",
    help="Indlæs en fil (CSV eller XLSX) med virksomheder, åbninger, kort, målgrupper, perioder eller ordliste.",
)
@click.argument("kind", type=click.Choice([kind.value for kind in ImportKind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--only-good-rows", is_flag=True, help="Indlæs de gode rækker, selv om andre har fejl.")
@click.option("--municipality", help="Kommunens navn; behøves kun, når portalen har flere.")
@with_appcontext
def import_file(kind: str, file: Path, only_good_rows: bool, municipality: str | None) -> None:
    chosen = ImportKind(kind)
    municipality_id = None if chosen is ImportKind.VOCABULARY else _municipality_id(municipality)
    try:
        end_reading()
        with file.open("rb") as opened:
            checked = services.read_file(chosen, opened.read(MAX_BYTES + 1), BY_COMMAND)
        report = _run(checked, municipality_id, only_good_rows)
    except UnreadableFile as problem:
        raise click.ClickException(str(problem.message)) from problem
    except BadRows as problem:
        _show_errors(problem.report)
        raise click.ClickException(str(problem.message)) from problem
    _show_errors(report)
    click.echo(services.summary(report) + ".")


def _run(checked: Checked, municipality_id: int | None, only_good_rows: bool) -> Report:
    with transaction():
        report = services.examine(checked, municipality_id=municipality_id, today=clock.today())
        if report.unknown_headings:
            click.echo(
                _("Kolonner, der ikke bruges: %(names)s.", names=", ".join(report.unknown_headings)), err=True
            )
        with tqdm(total=len(report.rows), unit=" rækker", disable=None) as bar:
            return services.carry_out(
                report,
                municipality_id=municipality_id,
                only_good_rows=only_good_rows,
                by=None,
                at=clock.now(),
                progress=bar.update,
            )


def _municipality_id(name: str | None) -> int:
    known = municipalities()
    chosen = [one for one in known if name is None or one.name.casefold() == name.casefold()]
    if len(chosen) == 1:
        return chosen[0].id
    names = ", ".join(one.name for one in known) or _("ingen")
    raise click.ClickException(
        _("Vælg kommunen med --municipality. Portalen kender: %(names)s.", names=names)
    )


def _show_errors(report: Report) -> None:
    for error in report.errors:
        where = f"{_('Linje')} {error.line}" + (f", {error.where}" if error.where else "")
        click.echo(f"{where}: {error.reason}", err=True)
