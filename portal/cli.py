"""The command line: prepare the database, create users, load what the law and the trades say, nightly work."""

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_migrate import upgrade
from tqdm import tqdm

from portal.base import clock
from portal.base.database import db, overwrite_deleted, transaction
from portal.base.errors import DomainError
from portal.base.marks import MarkName, note
from portal.base.private_files import private_folder
from portal.base.texts import mail_address
from portal.config import ConfigurationError
from portal.demo import commands as demo_commands
from portal.ledger.goals import commands as goal_commands
from portal.loop.matches import foresight, rereading
from portal.loop.matches import rematch as matching_anew
from portal.loop.openings.services import expire_openings
from portal.shared.accounts import password_links, second_factor
from portal.shared.accounts import queries as accounts
from portal.shared.accounts import services as accounts_services
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit import closing, kept_head
from portal.shared.audit import commands as audit_commands
from portal.shared.neighbours.services import agree
from portal.shared.outbox import services as outbox
from portal.shared.outbox.worker import Worker
from portal.shared.rules.queries import value_on, waiting_count
from portal.web.forgetting import forget_all
from portal.web.permissions import Role, Scope, roles_made_by_hand
from portal.web.rooms import Rooms
from portal.workspaces.answers.reminders import remind
from portal.workspaces.home.queries import MIGRATIONS, schema_state
from portal.workspaces.imports import commands as imports_commands
from portal.workspaces.imports import reference
from portal.workspaces.imports import services as imports
from portal.workspaces.operation import commands as operation_commands
from portal.workspaces.search import commands as search_commands


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (
        create_municipality,
        create_user,
        reset_second_factor,
        load_reference,
        expire,
        rematch,
        purge_expired,
        mail_worker,
        remind_employers,
    ):
        app.cli.add_command(command)
    audit_commands.group.add_command(close_months)
    audit_commands.register(app)
    imports_commands.register(app)
    goal_commands.register(app)
    operation_commands.register(app)
    search_commands.register(app)
    demo_commands.register(app)


@click.command("create-municipality", help="Opret en kommune, der skal bruge portalen.")
@click.option("--name", required=True, help="Uden ordet kommune, fx Halsnæs.")
@click.option("--unit", required=True, help="Hvad virksomhederne ringer til, fx Virksomhedsindgangen.")
@click.option("--phone", required=True)
@click.option("--email", required=True, callback=lambda _context, _option, value: _email(value))
@click.option(
    "--neighbour", multiple=True, help="En kommune, som kan vise åbninger til hinanden. Kan gentages."
)
@with_appcontext
def create_municipality(name: str, unit: str, phone: str, email: str, neighbour: tuple[str, ...]) -> None:
    try:
        with transaction():
            neighbours = [_municipality(one) for one in neighbour]
            made = accounts_services.create_municipality(
                name=name, unit_term=unit, phone=phone, email=email, by=None, at=clock.now()
            )
            for one in neighbours:
                agree(made, one, starts_on=clock.today(), by=None, at=clock.now(), today=clock.today())
    except DomainError as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    click.echo(_("Kommunen er oprettet. Indlæs nu regler og ordliste: flask load-reference."))


@click.command("create-user", help="Opret en bruger, som får en mail med et link til at vælge adgangskoden.")
@click.option("--email", required=True, callback=lambda _context, _option, value: _email(value))
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in roles_made_by_hand()]))
@click.option("--municipality", help="Kommunens navn; skal med for alle, der arbejder i en kommune.")
@with_appcontext
def create_user(email: str, name: str, role: str, municipality: str | None) -> None:
    """The first user of an installation that sends no mail is shown her link here: nobody else could let her in."""
    municipality_id = _municipality_id(Role(role), municipality)
    shown = current_app.config["PORTAL_MAIL"] == "none" and not accounts.anybody_signs_in()
    address = None
    try:
        with transaction():
            user = accounts_services.create_user(
                email=email, name=name, role=Role(role), municipality_id=municipality_id, at=clock.now()
            )
            if shown:
                link = password_links.hand_over(user, at=clock.now(), config=current_app.config)
                address = link.address()
            else:
                password_links.mail_account(user, by=None, at=clock.now(), config=current_app.config)
    except DomainError as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    if address is None:
        click.echo(_("Brugeren er oprettet og får en mail med et link til at vælge adgangskoden."))
        return
    click.echo(
        _("Brugeren er oprettet. Der er ingen mailserver endnu, så vælg adgangskoden her (virker én gang):")
    )
    click.echo(address)


@click.command(
    "reset-second-factor",
    help="Fjern det andet trin ved en brugers login, når ingen administrator kan. Hun får en mail om det.",
)
@click.option("--email", required=True, callback=lambda _context, _option, value: _email(value))
@with_appcontext
def reset_second_factor(email: str) -> None:
    user = accounts.user_by_email(email)
    if user is None:
        raise click.ClickException(_("Portalen kender ingen med den e-mail."))
    try:
        with transaction():
            second_factor.reset(user, by=None, at=clock.now())
    except DomainError as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    click.echo(
        _("Det andet trin er nulstillet. Brugeren logger ind med sin adgangskode og sætter et nyt op.")
    )


def _municipality_id(role: Role, name: str | None) -> int | None:
    if role.traits.scope is not Scope.MUNICIPALITY:
        return None
    if name is None:
        raise click.ClickException(_("Den rolle skal have en kommune: brug --municipality."))
    return _municipality(name).id


def _municipality(name: str) -> Municipality:
    known = accounts.municipalities()
    for one in known:
        if one.name.casefold() == name.casefold():
            return one
    names = ", ".join(one.name for one in known) or _("ingen")
    raise click.ClickException(_("Portalen kender ikke kommunen. Den kender: %(names)s.", names=names))


def _email(text: str) -> str:
    address = mail_address(text)
    if address is None:
        raise click.BadParameter(_("Skriv en e-mail som navn@eksempel.dk."))
    return address


@click.command("load-reference", help="Indlæs lovens tal og ordlisten. Kan køres igen uden skade.")
@with_appcontext
def load_reference() -> None:
    loaded = reference.load(clock.now)
    click.echo(_("Regler indlæst: %(count)s.", count=loaded.rules))
    if waiting := waiting_count():
        click.echo(_("Venter på jeres bekræftelse på siden Regler: %(count)s.", count=waiting))
    for name, report in loaded.words.reports.items():
        click.echo(f"{name}: {imports.summary(report)}.")
    for line in loaded.words.kept:
        click.echo(line)


@click.command("expire-openings", help="Luk åbninger, hvis frist er udløbet. Kør den hver nat.")
@with_appcontext
def expire() -> None:
    with transaction():
        expired = expire_openings(clock.today(), clock.now())
        note(MarkName.EXPIRED, str(expired), at=clock.now())
    click.echo(_("Åbninger udløbet: %(count)s.", count=expired))


@click.command(
    "rematch",
    help=(
        "Læs alt, ingen selv har valgt betydningen af, med den nuværende ordliste, og regn alle forslag igen. "
        "Kan stoppes og startes igen: det, der er skrevet, bliver stående."
    ),
)
@click.option("--municipality", "name", help="Kun denne kommunes ord og forslag.")
@click.option("--only-stale", is_flag=True, help="Kun hvor noget er regnet med en ældre ordliste eller vægt.")
@click.option("--dry-run", is_flag=True, help="Vis, hvad der ville blive ændret, og ændr ingenting.")
@click.option(
    "--csv",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Skriv listen fra --dry-run i denne fil.",
)
@with_appcontext
def rematch(name: str | None, only_stale: bool, dry_run: bool, file: Path | None) -> None:
    if file is not None and not dry_run:
        raise click.UsageError(_("--csv hører til --dry-run."))
    chosen = [_municipality(name)] if name else accounts.municipalities()
    homes = {}
    for home_id, home in [(one.id, one.name) for one in chosen]:
        if only_stale and not matching_anew.freshness([home_id])[home_id].stale:
            click.echo(_("%(home)s: alt er regnet med det, der gælder nu.", home=home))
        else:
            homes[home_id] = home
    phrases = {home_id: _reread_one(home_id, home) for home_id, home in homes.items()}
    if dry_run:
        _show_foreseen(homes, phrases, file)
        return
    # all words first: an opening that neighbours share is counted with everybody's
    for home_id, home in homes.items():
        _write_reread(home_id, home, phrases[home_id])
    for home_id, home in homes.items():
        _rematch_one(home_id, home)


def _reread_one(home_id: int, home: str) -> list[rereading.RereadPhrase]:
    with _stoppable(home, _(" ord")) as show_progress:
        return rereading.reread(home_id, on_progress=show_progress)


def _write_reread(home_id: int, home: str, phrases: list[rereading.RereadPhrase]) -> None:
    with _stoppable(home, _(" stk.")) as show_progress:
        changed = rereading.write(home_id, phrases, now=clock.now, on_progress=show_progress)
    if changed:
        click.echo(_("%(home)s: %(count)s linjer er forstået på ny.", home=home, count=changed))


def _show_foreseen(
    homes: Mapping[int, str], phrases: Mapping[int, list[rereading.RereadPhrase]], file: Path | None
) -> None:
    read_as = rereading.read_as(one for some in phrases.values() for one in some)
    rows = []
    for home_id, home in homes.items():
        changes = matching_anew.foresee(home_id, on=clock.today(), read_as=read_as)
        rows += foresight.rows_of(home, phrases[home_id], changes)
    if file is None:
        for line in foresight.as_table(rows):
            click.echo(line)
    else:
        file.write_text(foresight.as_csv(rows), encoding="utf-8", newline="")
    click.echo(_("Ændringer, der ville ske: %(count)s. Intet er ændret.", count=len(rows)))


def _rematch_one(home_id: int, home: str) -> None:
    click.echo(_("%(home)s: regner forslagene igen ...", home=home), err=True)
    with _stoppable(home, _(" stk.")) as show_progress:
        run = matching_anew.rematch(home_id, now=clock.now, on_progress=show_progress)
    click.echo(
        _(
            "%(home)s: %(opened)s nye, %(renewed)s ændrede, %(closed)s lukkede, %(unchanged)s som før.",
            home=home,
            opened=run.opened,
            renewed=run.renewed,
            closed=run.closed,
            unchanged=run.unchanged,
        )
    )


@contextmanager
def _stoppable(home: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Progress on a terminal, and a word about going on for whoever stops it."""
    # The bar is for a terminal; a log gets the lines before and after
    with tqdm(desc=home, unit=unit, disable=None) as bar:

        def show_progress(done: int, everything: int) -> None:
            bar.total = everything
            bar.update(done - bar.n)

        try:
            yield show_progress
        except KeyboardInterrupt as stop:
            click.echo(_("Stoppet. Kør kommandoen igen, så fortsætter den, hvor den slap."), err=True)
            raise SystemExit(STOPPED) from stop


STOPPED = 130
"""What a program stopped by Ctrl-C answers the shell."""


@click.command(
    "purge-expired",
    help="Glem det, hvis frist er gået (docs/privacy.md): login, koder, filer, mails ... Kør den hver nat.",
)
@click.option("--dry-run", is_flag=True, help="Vis, hvad der ville blive glemt, og glem ingenting.")
@with_appcontext
def purge_expired(dry_run: bool) -> None:
    gone = _forget(dry_run=dry_run)
    for table, count in sorted(gone.items()):
        if count:
            click.echo(f"{table}: {count}")
    if dry_run:
        click.echo(_("Rækker, der ville blive glemt: %(count)s. Intet er slettet.", count=gone.total()))
        return
    overwrite_deleted()
    click.echo(_("Rækker glemt: %(count)s.", count=gone.total()))


class _OnlyCounting(Exception):
    """Ends a transaction that was opened to count."""


def _forget(*, dry_run: bool) -> Counter[str]:
    """A dry run does the same and takes it back, so that it counts exactly what would go."""
    rooms: Rooms = current_app.extensions["rooms"]
    gone: Counter[str] = Counter()
    try:
        with transaction():
            gone = forget_all(rooms.forgets, clock.now(), current_app.config)
            note(MarkName.PURGED, str(gone.total()), at=clock.now())
            if dry_run:
                raise _OnlyCounting
    except _OnlyCounting:
        return gone
    gone[".eml"] = outbox.tidy_folder(Path(current_app.config["PORTAL_MAIL_FOLDER"]))
    return gone


@click.command(
    "close-months",
    help="Slet de måneder af loggen, hvis frist er gået (regel audit-months). Kør den hver nat.",
)
@with_appcontext
def close_months() -> None:
    today = clock.today()
    before = closing.months_before(today, int(value_on("audit-months", today, None)))
    audit_commands.seal_all()
    months = 0
    while True:
        try:
            with transaction():
                closed = closing.close_next_month(before=before, at=clock.now())
        except closing.LogNotWhole as refusal:
            raise click.ClickException(str(refusal.message)) from refusal
        if closed is None:
            break
        months += 1
        click.echo(
            _("%(month)s: %(count)s linjer slettet.", month=f"{closed.first_on:%Y-%m}", count=closed.lines)
        )
    with transaction():
        note(MarkName.MONTHS_CLOSED, str(months), at=clock.now())
    overwrite_deleted()


@click.command(
    "mail-worker",
    help="Send mails og gør det, der skal gøres løbende, indtil den stoppes. Til PORTAL_MAIL_WORKER=alone.",
)
@click.option("--once", is_flag=True, help="Kun det, der kan gøres lige nu.")
@with_appcontext
def mail_worker(once: bool) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app, app.extensions["rooms"].chores)
    if once:
        click.echo(_("Mails taget: %(count)s.", count=worker.work_off()))
        return
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stopped.set())
    signal.signal(signal.SIGINT, lambda *_signal: stopped.set())
    worker.run(stopped)


@click.command("remind", help="Mind tavse virksomheder om forslag. Mail-arbejderen gør det også selv.")
@with_appcontext
def remind_employers() -> None:
    with transaction():
        told = remind(clock.now())
    click.echo(_("Påmindelser og opkald: %(count)s.", count=told))


def prepare_database(app: Flask) -> None:
    """Bring the schema to head when it is not, and with it what the law and the trades say.

    An empty development database is filled with the demo municipality.
    """
    private_folder(Path(app.instance_path))
    with app.app_context():
        current, wanted = schema_state()
        if current != wanted:
            upgrade(directory=MIGRATIONS)
        if current is None:
            kept_head.forget()
        if app.config["PORTAL_ENV"] == "development" and demo_commands.is_empty():
            demo_commands.fill_with_demo()
        elif current != wanted:  # what the new code ships, as after each upgrade by hand
            reference.load(clock.now)


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
