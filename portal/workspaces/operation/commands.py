"""The operator's commands: keys, the journal of erasures, backup, restore, and the doctor."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from tqdm import tqdm

from portal.base import clock
from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.base.journal import Journal, JournalUnwritable
from portal.base.keys import DERIVED, OVERLAP, Key, KeyPurpose, Keyring
from portal.loop.citizens import entries
from portal.web.presentation import da_datetime, da_number
from portal.workspaces.operation import backup
from portal.workspaces.operation.doctor import examine
from portal.workspaces.operation.nightly import OUTPUT_LINES, NightlyOutcome, carry_out, steps_of_a_night
from portal.workspaces.operation.replay import replay
from portal.workspaces.operation.restore import restore
from portal.workspaces.operation.trouble import no_space

ALL = "all"
KEEP_DAYS = 30
"""As long as who was erased may still be in a backup (docs/operations.md)."""


def register(app: Flask) -> None:
    for command in (
        show_keys,
        rotate_key,
        begin_journal,
        reapply_erasures,
        make_backup,
        restore_backup,
        forget_backups,
        doctor,
        nightly,
    ):
        app.cli.add_command(command)


@click.command("keys", help="Vis portalens nøgler: hvad de er til, hvor gamle de er, og hvor længe de læses.")
@with_appcontext
def show_keys() -> None:
    ring, now = _keyring(), clock.now()
    click.echo(_("Nøglefil: %(file)s", file=ring.file))
    for purpose in KeyPurpose:
        for key in ring.generations(purpose):
            newest = key == ring.signing(purpose)
            click.echo(f"{purpose.value:9} {key.generation:3}  {_origin(key, now)}; {_use(key, newest, now)}")


def _origin(key: Key, now: datetime) -> str:
    if key.made_at is not None:
        days = (now - key.made_at).days
        return _("lavet %(when)s, %(days)s dage gammel", when=da_datetime(key.made_at), days=days)
    if key.generation < DERIVED:
        return _("PORTAL_SECRET_KEY selv")
    return _("regnet ud af PORTAL_SECRET_KEY")


def _use(key: Key, newest: bool, now: datetime) -> str:
    if newest:
        return _("bruges til nyt")
    if not key.is_read(now):
        return _("læses ikke mere")
    if key.ends_at is None:
        return _("læses")
    return _("læses til %(when)s", when=da_datetime(key.ends_at))


@click.command("rotate-key", help="Lav en ny nøgle til et formål, eller til dem alle (all).")
@click.argument("purpose", type=click.Choice([*(one.value for one in KeyPurpose), ALL]))
@click.option(
    "--at-once",
    is_flag=True,
    help="Den gamle nøgle er kendt af andre: læs intet med den fra nu af. Links og login holder op med at virke.",
)
@with_appcontext
def rotate_key(purpose: str, at_once: bool) -> None:
    chosen = list(KeyPurpose) if purpose == ALL else [KeyPurpose(purpose)]
    for one in chosen:
        overlap = timedelta(0) if at_once and OVERLAP[one] is not None else OVERLAP[one]
        try:
            made = _keyring().rotate(one, at=clock.now(), overlap=overlap)
        except OSError as problem:
            raise click.ClickException(
                _(
                    "Filen med nøgler kan ikke skrives: %(problem)s. Sæt PORTAL_KEYS til en fil, portalen må skrive.",
                    problem=problem,
                )
            ) from problem
        click.echo(_("%(purpose)s: ny nøgle nummer %(number)s.", purpose=one.value, number=made.generation))
    click.echo(_("Tag en kopi af %(file)s, og gem den et andet sted end databasen.", file=_keyring().file))


@click.command("begin-journal", help="Begynd en ny sletteliste, når den gamle er tabt for altid.")
@click.confirmation_option(
    prompt=_l("Ingen backup fra før i dag kan gendannes bagefter. Er den gamle sletteliste væk for altid?")
)
@with_appcontext
def begin_journal() -> None:
    journal: Journal = current_app.config["JOURNAL"]
    try:
        with transaction():
            position = journal.begin_anew(at=clock.now())
            entries.note_position(position, at=clock.now())
    except (OSError, JournalUnwritable) as problem:
        raise click.ClickException(
            _("Slettelisten kan ikke skrives: %(problem)s.", problem=problem)
        ) from problem
    click.echo(_("En ny sletteliste er begyndt: %(file)s. Tag en backup nu.", file=journal.file))


@click.command(
    "reapply-erasures",
    help="Slet igen, hvem der var slettet, og luk igen, hvad der var lukket: når databasen er hentet frem uden om "
    "flask restore.",
)
@with_appcontext
def reapply_erasures() -> None:
    with _refusals():
        again = replay(current_app.config["JOURNAL"], at=clock.now())
    click.echo(_("Borgere slettet igen: %(count)s.", count=again.erased))
    click.echo(_("Samtykker og adgange lukket igen: %(count)s.", count=again.ended))


@click.command(
    "backup", help="Lav en backup i en ny mappe under FOLDER, eller prøv en, der er lavet (--verify)."
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--verify", is_flag=True, help="FOLDER er en backup: gendan den i en kopi, sammenlign, og smid den væk."
)
@with_appcontext
def make_backup(folder: Path, verify: bool) -> None:
    if verify:
        with _refusals():
            found = backup.check(folder, at=clock.now())
        rows = da_number(sum(found.rows.values()))
        click.echo(
            _("Backuppen fra %(when)s er hel: %(rows)s rækker.", when=da_datetime(found.made_at), rows=rows)
        )
        return
    with _refusals(), tqdm(desc=_("Backup"), unit=_(" sider"), disable=None) as bar:

        def show_progress(done: int, everything: int) -> None:
            bar.total = everything
            bar.update(done - bar.n)

        made = backup.make(folder, at=clock.now(), progress=show_progress)
    click.echo(str(made))


@click.command(
    "restore", help="Gendan backuppen i FOLDER i en tom database, og slet igen, hvem der er slettet siden."
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--into", help="En anden, tom database end portalens egen (SQLAlchemy-URL).")
@with_appcontext
def restore_backup(folder: Path, into: str | None) -> None:
    url = into or db.engine.url.render_as_string(hide_password=False)
    with _refusals():
        done = restore(folder, url, at=clock.now())
    click.echo(_("Gendannet, som det var %(when)s.", when=da_datetime(done.manifest.made_at)))
    click.echo(
        _(
            "Slettelisten har %(all)s sletninger; %(again)s personer var i backuppen og er slettet igen. "
            "Ingen er tilbage.",
            all=done.in_journal,
            again=done.again.erased,
        )
    )
    if done.last_erased_at is not None:
        click.echo(
            _(
                "Den sidste sletning i slettelisten er fra %(when)s. Er nogen slettet efter det, så find en nyere kopi "
                "af slettelisten, og gendan forfra.",
                when=da_datetime(done.last_erased_at),
            )
        )
    click.echo(
        _(
            "Alle er logget ud. %(count)s mails, som ventede dengang, er måske sendt siden: se Mails, Skal ses på.",
            count=done.doubted_mails,
        )
    )
    click.echo(
        _(
            "%(count)s samtykker og adgange var trukket tilbage eller lukket siden og er det igen.",
            count=done.again.ended,
        )
    )


@click.command("doctor", help="Sig, hvad der er galt med denne installation. Slutter med 1, når noget er.")
@with_appcontext
def doctor() -> None:
    wrong = 0
    for check, faults in examine(clock.now()):
        click.echo(("✗ " if faults else "✓ ") + str(check.title))
        for fault in faults:
            click.echo(f"    {fault}")
        wrong += len(faults)
    click.echo(_("Fejl i alt: %(count)s.", count=wrong) if wrong else _("Alt er, som det skal være."))
    if wrong:
        raise SystemExit(1)


@click.command(
    "forget-backups",
    help="Slet de backupper i FOLDER, der er for gamle. Den nyeste, der er prøvet, bliver altid.",
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(min=1),
    default=KEEP_DAYS,
    show_default=True,
    help="Dage. Så længe er den, der er slettet, endnu i en backup.",
)
@with_appcontext
def forget_backups(folder: Path, days: int) -> None:
    with _refusals():
        gone = backup.forget_before(clock.now() - timedelta(days=days), folder)
    click.echo(_("Backupper slettet: %(count)s.", count=len(gone)))


@click.command(
    "nightly",
    help="Nattens arbejde i rækkefølge, med backup i FOLDER: hver kommando for sig, så en, der fejler, ikke stopper de "
    "andre. Slutter med 1, når noget fejlede.",
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep-days", type=click.IntRange(min=1), default=KEEP_DAYS, show_default=True)
@with_appcontext
def nightly(folder: Path, keep_days: int) -> None:
    failed = 0
    for outcome in carry_out(steps_of_a_night(folder.resolve(), keep_days=keep_days)):
        for line in _told(outcome):
            click.echo(line)
        failed += not outcome.went_well
    if failed:
        click.echo(_("Trin, der ikke lykkedes: %(count)s.", count=failed))
        raise SystemExit(1)


def _told(outcome: NightlyOutcome) -> Iterator[str]:
    """A line for each step; of one that failed also its own words."""
    name, seconds = outcome.step.name, da_number(round(outcome.seconds))
    if outcome.code is None:
        yield _("✗ %(name)s: sprunget over, fordi %(needs)s fejlede", name=name, needs=outcome.step.needs)
    elif outcome.went_well:
        yield _(
            "✓ %(name)s (%(seconds)s sek.): %(answer)s", name=name, seconds=seconds, answer=outcome.answer
        )
    else:
        yield _("✗ %(name)s (%(seconds)s sek.): kode %(code)s", name=name, seconds=seconds, code=outcome.code)
        yield from (f"    {line}" for line in outcome.lines[-OUTPUT_LINES:])


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal in the words of who refuses."""
    try:
        yield
    except DomainError as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    except (OSError, sqlite3.OperationalError) as problem:
        raise click.ClickException(no_space(problem)) from problem


def _keyring() -> Keyring:
    ring: Keyring = current_app.config["KEYS"]
    return ring
