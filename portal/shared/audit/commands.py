"""`flask audit ...`: is the log whole, its head, and sealing what waits."""

import logging
from typing import Final

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _

from portal.base import clock
from portal.base.database import transaction
from portal.shared.audit import chain, kept_head, services
from portal.shared.audit.kept_head import Head
from portal.shared.audit.verifying import Verification
from portal.shared.audit.verifying import verify as verify_chain
from portal.web.presentation import da_datetime, da_number

_log: Final = logging.getLogger(__name__)

BROKEN = 1
LATE = 2

group = AppGroup("audit", help="Er loggen hel, og hvor langt er den forseglet?")


def register(app: Flask) -> None:
    group.add_command(keep_head)
    app.cli.add_command(group)


@group.command("head", help="Vis kædens hoved. Gem det et andet sted end databasen.")
def head() -> None:
    found = chain.head()
    click.echo(f"{found.seq}:{found.hash}")


@group.command("seal", help="Forsegl alle linjer, der venter. Portalen gør det ellers selv hvert minut.")
def seal() -> None:
    click.echo(_("Linjer forseglet: %(count)s.", count=da_number(seal_all())))
    if not chain.runs_through_kept_head():
        click.echo(_("Der bliver ikke forseglet mere, før nogen har set efter: flask audit verify."))
        raise SystemExit(BROKEN)


def seal_all() -> int:
    """Seal every line that is stored, in transactions of its own."""
    sealed = 0
    while True:
        with transaction():
            done = chain.seal(clock.now(), everything=True)
        if not done:
            return sealed
        sealed += done


@click.command(
    "keep-head",
    help="Gå ud fra loggen, som den er nu: når databasen er hentet frem fra en ældre kopi uden om flask restore.",
)
@with_appcontext
def keep_head() -> None:
    """A line in the log and one in the server's own: nobody takes the log as it is unseen."""
    found, before = chain.head(), kept_head.kept_head()
    kept_head.keep(found)
    with transaction():
        words = _("Før: segl %(seq)s", seq=before.seq) if before else None
        services.record("audit-head-kept", subject=found, by=None, at=clock.now(), purpose=words)
    _log.warning("the head of the log that was kept is now %s:%s, and was %s", found.seq, found.hash, before)
    click.echo(_("Loggen går videre fra segl %(seq)s.", seq=found.seq))


@group.command("verify")
@click.option("--head", "kept", help="Et hoved, der er gemt før, som flask audit head viste det.")
def verify(kept: str | None) -> None:
    """Sig, om loggen er hel. Slutter med 1, når den ikke er, og med 2, når linjer har ventet for længe på et segl."""
    found = verify_chain(kept_head.kept_head(), _head(kept) if kept else None)
    for sentence in in_words(found):
        click.echo(sentence)
    if not found.whole:
        raise SystemExit(BROKEN)
    if found.is_late(clock.now()):
        raise SystemExit(LATE)


def _head(text: str) -> Head:
    seq, _colon, hash_ = text.strip().partition(":")
    if not seq.isascii() or not seq.isdigit() or len(hash_) != len(chain.GENESIS):
        raise click.BadParameter(
            _("Skriv hovedet, som flask audit head viser det: nummer, kolon og 64 tegn.")
        )
    return Head(int(seq), hash_)


def in_words(found: Verification) -> list[str]:
    """What was found, a sentence for each thing."""
    said = [
        _(
            "Loggen er hel: %(count)s linjer, fra den første, der ikke er slettet efter fristen.",
            count=da_number(found.sealed),
        )
        if found.first is None
        else _(
            "Loggen er IKKE hel. Det første, der er galt: %(fault)s (segl %(seq)s, linje %(line)s).",
            fault=found.first.fault.label,
            seq=found.first.seq,
            line=found.first.entry_id or "-",
        )
    ]
    said += [
        _("I alt %(count)s: %(fault)s.", count=da_number(count), fault=fault.label)
        for fault, count in found.counts.items()
    ]
    if found.closed:
        said.append(
            _("Lukkede måneder: %(count)s linjer er slettet efter fristen.", count=da_number(found.closed))
        )
    if found.oldest_unsealed:
        said.append(
            _(
                "Uden segl endnu: %(count)s linjer, den ældste fra %(at)s.",
                count=da_number(found.unsealed),
                at=da_datetime(found.oldest_unsealed),
            )
        )
    return said
