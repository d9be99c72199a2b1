"""What is wrong with an installation, in plain words: one small function for each thing that can be.

A check returns a sentence for each fault, with what to do; none when all is well.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from flask import current_app
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.journal import Journal
from portal.base.keys import KeyPurpose, Keyring, KeysUnreadable
from portal.base.marks import MarkName, OperationMark, noted
from portal.config import STAFF
from portal.loop.citizens import entries
from portal.shared.accounts import passkeys, second_factor
from portal.shared.accounts.models import User
from portal.shared.audit.commands import in_words
from portal.shared.audit.kept_head import kept_head
from portal.shared.audit.verifying import verify as verify_chain
from portal.shared.outbox.models import Mail, MailState
from portal.web.presentation import da_date, da_datetime
from portal.workspaces.home.queries import schema_state
from portal.workspaces.operation import dumps, endings, surroundings
from portal.workspaces.operation.backup import HALF
from portal.workspaces.operation.dumps import SQLITE
from portal.workspaces.operation.replay import continued
from portal.workspaces.operation.restore import RESTORING
from portal.workspaces.operation.surroundings import Fault, is_public

BACKUP_EVERY: Final = timedelta(hours=30)
"""A night, and time for it to be late."""
VERIFY_EVERY: Final = timedelta(days=8)
KEY_LASTS: Final = timedelta(days=400)
WORKER_SILENT: Final = timedelta(minutes=20)
"""Many times CHORES_EVERY: a long run of mails is no silence."""
MAIL_WAITS: Final = timedelta(hours=1)
SETTLED_WITHIN: Final = timedelta(hours=3)
LEFT_FOR: Final = timedelta(hours=1)
"""No backup or restore that is at work is silent for that long."""
LEAST_SPACE_MB: Final = 1_000
OTHERS: Final = 0o077

NIGHTLY: Final = {
    MarkName.EXPIRED: "expire-openings",
    MarkName.PURGED: "purge-expired",
    MarkName.MONTHS_CLOSED: "audit close-months",
}


@dataclass(frozen=True)
class Check:
    """One thing to look at. `faults` may ask the database, and must change nothing."""

    title: LazyString
    faults: Callable[[datetime], Iterator[Fault]]


def _second_step(at: datetime) -> Iterator[Fault]:
    config = current_app.config
    demanded = config["PORTAL_SECOND_FACTOR"] == STAFF
    if config["PORTAL_BASE_URL"].startswith("https://") and not demanded:
        yield _(
            "Ansatte logger ind med adgangskoden alene: PORTAL_SECOND_FACTOR er %(value)s. Sæt den til %(staff)s.",
            value=config["PORTAL_SECOND_FACTOR"],
            staff=STAFF,
        )
    if demanded and passkeys.relying_party(config) is None:
        yield _("Adgangsnøgler virker ikke: PORTAL_BASE_URL er ikke et navn med https. Apper virker.")
    try:
        lost = second_factor.unreadable_apps(config["KEYS"], at=at)
    except KeysUnreadable:
        return  # said once, of the file
    if lost:
        yield _(
            "%(count)s apper til login kan ikke læses med nøglerne. Hent nøglefilen fra en kopi, eller kør "
            "flask reset-second-factor for dem.",
            count=lost,
        )


def _schema(_at: datetime) -> Iterator[Fault]:
    current, wanted = schema_state()
    if current != wanted:
        yield _(
            "Databasen står ved %(current)s, og portalen er skrevet til %(wanted)s. Kør flask db upgrade.",
            current=current or _("ingenting"),
            wanted=wanted,
        )


def _demo(_at: datetime) -> Iterator[Fault]:
    if is_public() and db.session.scalar(sa.select(User.id).where(User.is_demo).limit(1)):
        yield _("Der er demo-brugere, og deres adgangskode står på nettet. Begynd med en tom database.")


def _files(_at: datetime) -> Iterator[Fault]:
    for path in private_paths():
        if path.exists() and path.stat().st_mode & OTHERS:
            yield _(
                "%(path)s kan læses af andre på maskinen. Kør chmod %(mode)s.",
                path=path,
                mode="700" if path.is_dir() else "600",
            )


def private_paths() -> list[Path]:
    """What holds persons or keys, if it is there."""
    config = current_app.config
    found = [Path(current_app.instance_path), Path(config["PORTAL_KEYS"])]
    found += [journal().file, Path(config["PORTAL_MAIL_FOLDER"])]
    if database := database_file():
        found += [database.with_name(database.name + ending) for ending in ("", "-wal", "-shm")]
    if (last := noted(MarkName.BACKUP)) and (folder := Path(last.text)).is_dir():
        found += [folder, *sorted(folder.iterdir())]
    return found


def database_file() -> Path | None:
    return Path(str(db.engine.url.database)) if db.engine.dialect.name == SQLITE else None


def journal() -> Journal:
    found: Journal = current_app.config["JOURNAL"]
    return found


def _keys(at: datetime) -> Iterator[Fault]:
    ring: Keyring = current_app.config["KEYS"]
    try:
        made = {purpose: ring.signing(purpose).made_at for purpose in KeyPurpose}
    except KeysUnreadable:
        yield _("Nøglefilen %(file)s kan ikke læses. Hent den fra en kopi.", file=ring.file)
        return
    old = [purpose.value for purpose, when in made.items() if when is not None and at - when > KEY_LASTS]
    if old:
        yield _("Nøgler over et år gamle: %(names)s. Kør flask rotate-key.", names=", ".join(old))


def _journal(at: datetime) -> Iterator[Fault]:
    """Also of somebody whom another way of restoring has brought back."""
    if not _can_grow(journal().file):
        yield _(
            "Slettelisten %(file)s kan ikke skrives, og så kan ingen slettes. Giv portalen lov (PORTAL_JOURNAL).",
            file=journal().file,
        )
        return
    try:
        contents = continued(journal())
    except DomainError as unfit:
        yield str(unfit.message)
        return
    if contents is None:
        return
    if back := entries.citizens_to_erase_again(contents, journal().keys):
        yield _("%(count)s slettede personer er kommet tilbage. Kør flask reapply-erasures.", count=len(back))
    if opened := list(endings.open_again(contents, journal().keys)):
        yield _(
            "%(count)s samtykker eller adgange, der var lukket, er åbne igen. Kør flask reapply-erasures.",
            count=len(opened),
        )
    if any(at - line.at > SETTLED_WITHIN for line in contents.unsettled()):
        yield _("En sletning er ikke gjort op. Det gør mail-arbejderen: kører den?")
    database = database_file()
    if database and database.exists() and journal().file.stat().st_dev == database.stat().st_dev:
        yield _("Slettelisten ligger på samme disk som databasen. Sæt PORTAL_JOURNAL til en anden.")


def _can_grow(file: Path) -> bool:
    """Whether the file, or the first of its folders that is there, may be written."""
    if file.exists():
        return file.is_file() and os.access(file, os.W_OK)
    folder = next(one for one in file.absolute().parents if one.exists())
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _audit(at: datetime) -> Iterator[Fault]:
    found = verify_chain(kept_head())
    if not found.whole:
        yield from in_words(found)[:1]
    if found.is_late(at):
        yield _("Linjer i loggen har ventet over en time på at blive forseglet. Kører mail-arbejderen?")


def _backup(at: datetime) -> Iterator[Fault]:
    last, tried = noted(MarkName.BACKUP), noted(MarkName.VERIFIED)
    if last is None:
        yield _("Der er aldrig lavet en backup. Kør flask backup FOLDER hver nat.")
        return
    if at - last.at > BACKUP_EVERY:
        yield _("Den sidste backup er fra %(when)s.", when=da_datetime(last.at))
    if not Path(last.text).is_dir():
        yield _("Den sidste backup er ikke, hvor den blev lagt: %(folder)s.", folder=last.text)
    if tried is None:
        yield _("Ingen backup er prøvet. Kør flask backup --verify %(folder)s.", folder=last.text)
    elif at - tried.at > VERIFY_EVERY:
        yield _("Det er for længe siden, en backup blev prøvet: %(when)s.", when=da_datetime(tried.at))


def _programs(_at: datetime) -> Iterator[Fault]:
    if db.engine.dialect.name == SQLITE:
        return
    for program in ("pg_dump", "pg_restore"):
        if dumps.program_path(program) is None:
            yield _("%(program)s mangler: så kan der ikke laves backup.", program=program)


def _worker(at: datetime) -> Iterator[Fault]:
    last = noted(MarkName.WORKER)
    if last is None:
        yield _("Mail-arbejderen har aldrig kørt: ingen mails, ingen påmindelser. Start flask mail-worker.")
    elif at - last.at > WORKER_SILENT:
        yield _(
            "Mail-arbejderen har ikke kørt siden %(when)s: start portalen eller flask mail-worker.",
            when=da_datetime(last.at),
        )


def _nightly(at: datetime) -> Iterator[Fault]:
    begun = db.session.scalar(sa.select(sa.func.min(User.created_at)))
    is_new = begun is None or at - begun < BACKUP_EVERY  # its first night is still to come
    for name, command in NIGHTLY.items():
        last = noted(name)
        if last is None and not is_new:
            yield _("flask %(command)s har aldrig kørt. Kør den hver nat.", command=command)
        elif last is not None and at - last.at > BACKUP_EVERY:
            yield _(
                "flask %(command)s har ikke kørt siden %(when)s. Kør den hver nat.",
                command=command,
                when=da_datetime(last.at),
            )


def _security_contact(at: datetime) -> Iterator[Fault]:
    last_day = current_app.config["PORTAL_SECURITY_EXPIRES"]
    if last_day is not None and last_day - danish_day(at) < current_app.config["SECURITY_NOTICE"]:
        yield _(
            "security.txt gælder kun til %(day)s. Sæt PORTAL_SECURITY_EXPIRES til en senere dag.",
            day=da_date(last_day),
        )


def _mails(at: datetime) -> Iterator[Fault]:
    late = Mail.due_at <= at - MAIL_WAITS
    if waiting := _mails_that(Mail.state == MailState.WAITING, late):
        yield _("%(count)s mails har ventet over en time.", count=waiting)
    if doubted := _mails_that(Mail.state == MailState.UNCONFIRMED, late):
        yield _("%(count)s mails er måske ikke sendt. Se Mails, Skal ses på.", count=doubted)


def _mails_that(*conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Mail).where(*conditions)) or 0


def _space(_at: datetime) -> Iterator[Fault]:
    last: OperationMark | None = noted(MarkName.BACKUP)
    places = [database_file(), journal().file, Path(last.text) if last else None]
    for folder in {path.parent for path in places if path is not None and path.parent.exists()}:
        free_mb = shutil.disk_usage(folder).free // 1_000_000
        if free_mb < LEAST_SPACE_MB:
            yield _("Der er kun %(free)s MB ledig ved %(folder)s.", free=free_mb, folder=folder)


def _unfinished(at: datetime) -> Iterator[Fault]:
    """What a kill or a power cut left of a backup, a trial or a restore: people are in it who may be erased since."""
    last, database = noted(MarkName.BACKUP), database_file()
    places = [(Path(current_app.instance_path), f"{dumps.SCRATCH}*")]
    places += [(Path(last.text).parent, f"{HALF}*")] if last else []
    places += [(database.parent, f"*{RESTORING}")] if database else []
    for folder, pattern in places:
        for left in sorted(folder.glob(pattern)):
            if at.timestamp() - left.stat().st_mtime > LEFT_FOR.total_seconds():
                yield _("%(path)s er en kopi, der ikke blev færdig, med personer i. Slet den.", path=left)
    if db.engine.dialect.name == SQLITE:
        return
    url = db.engine.url.render_as_string(hide_password=False)
    for name in dumps.copies_left(url):
        yield _(
            "Databasen %(name)s er en kopi, der ikke blev smidt væk. Kør flask backup --verify.", name=name
        )
    if dumps.is_hidden(url):
        yield _("En gendannelse blev afbrudt. Kør flask restore igen.")


CHECKS: Final = (
    Check(_l("Indstillinger"), surroundings.settings),
    Check(_l("Adressen"), surroundings.address),
    Check(_l("Portalen svarer udefra"), surroundings.reached),
    Check(_l("Proxyer"), surroundings.proxies),
    Check(_l("Login i to trin"), _second_step),
    Check(_l("Databasens skema"), _schema),
    Check(_l("Demo-brugere"), _demo),
    Check(_l("Filer er lukket for andre"), _files),
    Check(_l("Nøgler"), _keys),
    Check(_l("Slettelisten"), _journal),
    Check(_l("Loggen er hel"), _audit),
    Check(_l("Backup"), _backup),
    Check(_l("Kopier, der ikke blev færdige"), _unfinished),
    Check(_l("Programmer til backup"), _programs),
    Check(_l("Mail-arbejderen"), _worker),
    Check(_l("Det, der kører om natten"), _nightly),
    Check(_l("Mailserveren"), surroundings.mail_server),
    Check(_l("Mails"), _mails),
    Check(_l("Uret"), surroundings.clocks),
    Check(_l("Plads på disken"), _space),
    Check(_l("Sikkerhedskontakt"), _security_contact),
)


def examine(at: datetime) -> Iterator[tuple[Check, list[Fault]]]:
    """Each check with what it found; one that cannot be made is a fault and stops no other."""
    for check in CHECKS:
        db.session.rollback()
        try:
            yield check, list(check.faults(at))
        except (SQLAlchemyError, OSError) as problem:
            yield (
                check,
                [_("Det kan ikke undersøges: %(problem)s.", problem=getattr(problem, "orig", problem))],
            )
    db.session.rollback()
