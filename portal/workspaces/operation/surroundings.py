"""What stands around the portal, for the doctor: its address and certificate, proxies, mail server, clock and key.

A check returns a sentence for each fault, with what to do; none when all is well.
"""

import http.client
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, cast
from urllib.parse import SplitResult, urlsplit

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from zxcvbn import zxcvbn

from portal.base.database import db
from portal.base.marks import OperationMark
from portal.config import is_behind_unknown_proxy, secret_of
from portal.shared.accounts import throttle
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.transport import Smtp, TemporaryFailure, transport_of
from portal.web.presentation import da_datetime

PATIENCE: Final = timedelta(seconds=10)
"""For a server to answer the doctor."""
CERTIFICATE_LASTS: Final = timedelta(days=14)
"""Those that renew themselves do so a month before their end."""
CLOCKS_DIFFER: Final = timedelta(minutes=2)
GUESSES_LOG10: Final = 20
"""What a key must cost to guess, as a power of ten: 32 drawn hexadecimal digits cost 38, words a dozen."""
LONGEST_READ: Final = 72
"""Of a key: zxcvbn reads no longer ones."""
LOOPBACK: Final = ("127.0.0.1", "::1")

Fault = str


def is_public() -> bool:
    return bool(current_app.config["PORTAL_BASE_URL"].startswith("https://"))


def settings(_at: datetime) -> Iterator[Fault]:
    config = current_app.config
    if is_public() and config["PORTAL_ENV"] != "production":
        yield _(
            "PORTAL_ENV er %(env)s på en portal med https, og så starter den også, når noget er usikkert. "
            "Sæt PORTAL_ENV=production.",
            env=config["PORTAL_ENV"],
        )
    if config["PORTAL_ENV"] != "production":
        return
    if zxcvbn(secret_of(config)[:LONGEST_READ])["guesses_log10"] < GUESSES_LOG10:
        yield _(
            "PORTAL_SECRET_KEY kan gættes: den er ikke tilfældig. Lav en med openssl rand -hex 32, før portalen "
            "tages i brug."
        )


def address(_at: datetime) -> Iterator[Fault]:
    config = current_app.config
    if config["PORTAL_ENV"] == "production" and not is_public():
        yield _("PORTAL_BASE_URL begynder ikke med https://: adgangskoder sendes, så andre kan læse dem.")
    if is_behind_unknown_proxy(config):
        yield _(
            "PORTAL_BASE_URL er https, så der står en proxy foran, men PORTAL_PROXIES er 0. Sæt den til 1."
        )


def proxies(at: datetime) -> Iterator[Fault]:
    """With too many, or a proxy that does not say who came, every visitor is the proxy: so were those who signed in."""
    if not is_public() or is_behind_unknown_proxy(current_app.config):
        return
    config, since = current_app.config, at - timedelta(days=1)
    if any(throttle.has_counted(one, since=since, config=config) for one in LOOPBACK):
        yield _(
            "Nogen har logget ind fra portalens egen maskine. Var det ikke jer selv, så passer PORTAL_PROXIES "
            "(%(count)s) ikke med de proxyer, der står foran, og alle besøgende ligner én.",
            count=config["PORTAL_PROXIES"],
        )


def reached(at: datetime) -> Iterator[Fault]:
    """Asked as a visitor would ask: by its address, through the proxy, with the certificate checked."""
    if not is_public():
        return
    where = urlsplit(current_app.config["PORTAL_BASE_URL"])
    try:
        status, ends_at = _asked(where)
    except ssl.SSLCertVerificationError as problem:
        yield _(
            "Certifikatet for %(host)s duer ikke: %(problem)s.",
            host=where.hostname,
            problem=problem.verify_message,
        )
        return
    except (OSError, http.client.HTTPException) as problem:
        yield _("Portalen kan ikke nås på %(address)s: %(problem)s.", address=where.geturl(), problem=problem)
        return
    if status != http.client.OK:
        yield _("Portalen svarer %(status)s på %(address)s.", status=status, address=where.geturl())
    if ends_at - at < CERTIFICATE_LASTS:
        yield _("Certifikatet udløber %(when)s. Forny det.", when=da_datetime(ends_at))


def _asked(where: SplitResult) -> tuple[int, datetime]:
    """The answer's status, and when the certificate ends."""
    safe, seconds = ssl.create_default_context(), PATIENCE.total_seconds()
    line = http.client.HTTPSConnection(where.hostname or "", where.port, timeout=seconds, context=safe)
    try:
        line.connect()
        certificate = cast(ssl.SSLSocket, line.sock).getpeercert() or {}
        ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
        line.request("GET", f"{where.path}/healthz")
        return line.getresponse().status, datetime.fromtimestamp(ends, UTC)
    finally:
        line.close()


def mail_server(_at: datetime) -> Iterator[Fault]:
    config = current_app.config
    if config["PORTAL_MAIL"] == "none":
        yield _(
            "Ingen mailserver er sat op (PORTAL_SMTP_HOST): links, svar og påmindelser bliver liggende. Sæt den op."
        )
    transport = transport_of({**config, "SMTP_TIMEOUT": PATIENCE})
    if isinstance(transport, Smtp):
        try:
            transport.knock()
        except TemporaryFailure as problem:
            yield _(
                "Mailserveren %(host)s tager ikke imod os: %(problem)s.", host=transport.host, problem=problem
            )


def clocks(at: datetime) -> Iterator[Fault]:
    """A clock that was set back makes links live longer, and the law's days begin on others."""
    newest = [
        db.session.scalar(sa.select(sa.func.max(column))) for column in (AuditEntry.at, OperationMark.at)
    ]
    ahead = max((one for one in newest if one is not None), default=at)
    if ahead - at > CLOCKS_DIFFER:
        yield _(
            "Uret siger %(now)s, men databasen har noget fra %(ahead)s. Stil uret (timedatectl).",
            now=da_datetime(at),
            ahead=da_datetime(ahead),
        )
    theirs = clock_of_the_database()
    if theirs is not None and abs(theirs - at) > CLOCKS_DIFFER:
        yield _(
            "Databasens ur siger %(theirs)s, og portalens %(now)s. Stil dem ens (timedatectl).",
            theirs=da_datetime(theirs),
            now=da_datetime(at),
        )


def clock_of_the_database() -> datetime | None:
    """None where it is this machine's own."""
    if db.engine.dialect.name == "sqlite":
        return None
    moment: datetime = db.session.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)
