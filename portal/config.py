"""Every setting, with its unit and the reason for its value. Production values come only from the environment."""

import json
import os
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from portal.base.journal import Journal
from portal.base.keys import KeyPurpose, Keyring, KeysUnreadable
from portal.base.limits import Limit
from portal.base.private_files import private_file, private_folder

INSTANCE = Path(__file__).resolve().parent.parent / "instance"


STAFF, NOBODY = "staff", "nobody"
"""Of whom a second step is demanded: PORTAL_SECOND_FACTOR."""


class ConfigurationError(RuntimeError):
    """The environment asks for something the portal refuses to run with; the message says what and why."""


SHORTEST_TOKEN = 24
"""Characters of what lets a machine in: random ones, so nobody guesses them."""

LIMITS: dict[str, Limit] = {
    # A wrong password, by user and address together: whoever guesses elsewhere locks nobody out here. A person who has
    # mixed two passwords up finds out within five; at an hour's pause a guesser has about 30 tries on the first day.
    "password": Limit(5, timedelta(seconds=30), timedelta(hours=1)),
    # The same from a CROWDED_ADDRESS: each user still gets a try of her own at once, and a list of users only one each
    "password-crowded": Limit(1, timedelta(minutes=1), timedelta(hours=1)),
    # The same from a device that has signed in as this user: counted by itself, so that nobody else can stop it
    "password-device": Limit(5, timedelta(seconds=30), timedelta(hours=1)),
    # By user, wherever the tries come from: many addresses at once guess no faster than four times an hour
    "password-user": Limit(25, timedelta(seconds=10), timedelta(minutes=15)),
    # By address, whoever is meant: far above what people behind one address do, and never long. It bounds the work that
    # guessing makes (a password takes 25 ms to check, and each name leaves rows), and it counts who is crowded.
    "password-address": Limit(300, timedelta(seconds=1), timedelta(seconds=10), timedelta(hours=1)),
    # A paper code that does not fit, by code: an old paper, tried again and again
    "code": Limit(5, timedelta(seconds=30), timedelta(hours=1)),
    # By address, many codes: never long, because all at a library share it and a code is 60 random bits
    "code-address": Limit(30, timedelta(seconds=2), timedelta(seconds=10), timedelta(hours=1)),
    # The old password on the page where one changes it, by user: whoever sits down at an open browser
    "own-password": Limit(5, timedelta(minutes=1), timedelta(hours=1)),
    # The second step of a login, by user and address together: six figures, three of a million fit at any moment
    "second-step": Limit(5, timedelta(seconds=30), timedelta(hours=1)),
    # The same from a device that has signed in as this user
    "second-step-device": Limit(5, timedelta(seconds=30), timedelta(hours=1)),
    # By user, wherever the tries come from: only whoever has the password gets here
    "second-step-user": Limit(15, timedelta(minutes=1), timedelta(hours=1)),
    # Links that an administrator has mailed, by administrator: a new team on its first day
    "password-link-sender": Limit(20, timedelta(minutes=1), timedelta(hours=1)),
    # Asking for a password link, by e-mail and address together: the mail may be slow, and the first link still works
    "password-link": Limit(3, timedelta(minutes=5), timedelta(hours=1)),
    # By e-mail, wherever it is asked from: no more mails in that inbox meanwhile, and the answer stays the same
    "password-link-recipient": Limit(6, timedelta(minutes=15), timedelta(hours=1)),
    # By address, whosever link: a list of e-mails is not asked through
    "password-link-address": Limit(20, timedelta(seconds=30), timedelta(minutes=15)),
    # Registrations and look-ups in the register, by address: an employer corrects itself a few times
    "registration-address": Limit(5, timedelta(minutes=1), timedelta(hours=1)),
    # Invitations by whoever sends them: a big workplace invites a dozen on its first day
    "invitation-sender": Limit(12, timedelta(minutes=1), timedelta(hours=1)),
    # Invitations by whom they go to, whoever sends: a slip and its correction
    "invitation-recipient": Limit(3, timedelta(hours=1), timedelta(days=1), timedelta(days=2)),
}
"""Times in a row before there is a pause, the first pause, the longest, and how long quiet makes it forgotten."""

DEFAULTS: dict[str, Any] = {
    # Words and addresses
    "PORTAL_HOST": "127.0.0.1",  # loopback: a first try must not open a port to the network
    "PORTAL_PORT": 5000,  # the port the README names
    "BABEL_DEFAULT_LOCALE": "da",  # dates and numbers as Danes write them
    "BABEL_DEFAULT_TIMEZONE": "Europe/Copenhagen",  # stored in UTC, shown in Danish time
    # htmx: the CDN with subresource integrity, or the copy in static/vendor when the network forbids it
    "PORTAL_HTMX": "cdn",
    "HTMX_CDN_URL": "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js",
    "HTMX_CDN_INTEGRITY": "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg",
    # Sizes
    "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,  # bytes; the largest import file plus its form
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,  # bytes; ordinary forms are far smaller
    "PER_PAGE": 25,  # rows; a page of a list that a phone scrolls in a few swipes
    # Doors for other systems (docs/api.md)
    "API_TOKEN_LONGEST": timedelta(days=366),  # a token outlives no yearly review of who reads what
    "API_REQUESTS_A_MINUTE": 120,  # by token: a nightly fetch of everything, and no strain on those who work here
    # Sessions (reliability.md: idle 30 minutes, absolute 12 hours)
    "SESSION_IDLE": timedelta(minutes=30),
    "SESSION_ABSOLUTE": timedelta(hours=12),
    "SESSION_TOUCH": timedelta(minutes=1),  # how stale last-seen may grow before it is written again
    "SESSION_COOKIE_NAME": "portal",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",  # Strict would log a user out who follows a link from a mail
    "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session
    # Login
    "LIMITS": LIMITS,
    "CROWDED_ADDRESS": 30,  # failed tries: a library or a job centre shares one address
    "DEVICE_LIFETIME": timedelta(
        days=365
    ),  # how long a device that signed in is known; each sign-in renews it
    "RESET_LINK_LIFETIME": timedelta(hours=24),
    "LOGIN_CODE_LIFETIME": timedelta(
        days=90
    ),  # a code on paper; the consultant prints a new one at a meeting
    # argon2id, OWASP's second choice: 19 MiB, two rounds, one lane (about 25 ms)
    "ARGON2_MEMORY_KIB": 19 * 1024,
    "ARGON2_ROUNDS": 2,
    # Paper: a translation that nobody has reviewed prints with a star and a footnote; False prints Danish alone
    "PRINT_UNREVIEWED": True,
    # Mail (docs/adr/013-outbox.md). A lease is far longer than a slow server takes for one mail (SMTP_TIMEOUT a step)
    "PORTAL_SMTP_PORT": 587,  # the port for handing in mail
    "PORTAL_SMTP_SECURITY": "starttls",
    "SMTP_TIMEOUT": timedelta(seconds=30),
    "MAIL_LEASE": timedelta(minutes=10),
    "MAIL_POLL": timedelta(seconds=5),  # how long a posted mail may lie before somebody looks
    "CHORES_EVERY": timedelta(minutes=1),  # until then a line of the log is not sealed
    "KEEP_MAILS": timedelta(days=180),  # after that the log forgets a mail that was settled
    # Database
    "SQLITE_BUSY_MS": 10_000,  # milliseconds a writer waits for the lock before the page says 503
    # Connections per process: fewer than threads, because a half-sent request holds a thread and no connection; two
    # processes stay below PostgreSQL's usual 100. After the wait (seconds) the page says 503. The last one given back
    # is taken first: each connection of SQLite keeps up to 16 MB of pages, and few of them are warm then.
    "POOL": {"pool_size": 10, "max_overflow": 30, "pool_timeout": 10, "pool_use_lifo": True},
    # Statements kept compiled in each process: 130 kB apiece, and half as many again before the oldest go. All pages
    # of all roles use some 600, those of a day far fewer.
    "STATEMENTS_KEPT": 300,
    # Behind proxies: how many of ours may be believed about the visitor's address, for the login throttle
    "PORTAL_PROXIES": 0,
    # What is said of the portal itself (docs/operations.md)
    "SECURITY_NOTICE": timedelta(days=30),  # how long before its last day security.txt must be renewed
    # What is forgotten when it can no longer matter (flask purge-expired)
    "KEEP_SUBMISSIONS": timedelta(days=7),  # a form sent again later than this is a new one
    "KEEP_INVITATIONS": timedelta(days=30),  # of colleagues: after the link ended, or she came
    "KEEP_REGISTRATIONS": timedelta(days=180),  # of employers, after the municipality's answer
    "KEEP_EMPLOYER_CONTACTS": timedelta(days=1096),  # after the day somebody spoke with an employer
    "KEEP_DRAFTS": timedelta(days=180),  # of openings that nobody went on with
    "KEEP_SESSIONS": timedelta(days=30),  # ended sign-ins, links and codes
}


def load_configuration(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Settings from the defaults, the environment and the caller, checked for production.

    Raises ConfigurationError when a production start lacks what it must have.
    """
    settings = dict(DEFAULTS)
    environment = os.environ
    settings["PORTAL_ENV"] = environment.get("PORTAL_ENV", "development")
    settings["PORTAL_HOST"] = environment.get("PORTAL_HOST", settings["PORTAL_HOST"])
    settings["PORTAL_PORT"] = _port(environment.get("PORTAL_PORT", str(settings["PORTAL_PORT"])))
    settings["PORTAL_HTMX"] = environment.get("PORTAL_HTMX", settings["PORTAL_HTMX"])
    settings["PORTAL_BASE_URL"] = environment.get("PORTAL_BASE_URL", "")
    settings["SECRET_KEY"] = environment.get("PORTAL_SECRET_KEY", "")
    settings["PORTAL_KEYS"] = environment.get("PORTAL_KEYS", str(INSTANCE / "keys.json"))
    settings["PORTAL_JOURNAL"] = environment.get("PORTAL_JOURNAL", str(INSTANCE / "erasures.journal"))
    settings["SQLALCHEMY_DATABASE_URI"] = environment.get("PORTAL_DATABASE_URL", "")
    settings["PORTAL_PROXIES"] = _count("PORTAL_PROXIES", environment.get("PORTAL_PROXIES", "0"))
    settings["PORTAL_SECOND_FACTOR"] = environment.get("PORTAL_SECOND_FACTOR", "")
    settings["PORTAL_REGISTER_URL"] = _https(
        environment.get("PORTAL_REGISTER_URL", ""), "PORTAL_REGISTER_URL"
    )
    settings.update(_mail_settings(environment, settings))
    settings.update(_watching_settings(environment))
    settings["PORTAL_DEBUG"] = environment.get("FLASK_DEBUG", "0") not in ("", "0", "false", "False")
    settings.update(overrides or {})
    _complete(settings)
    return settings


def _port(text: str, name: str = "PORTAL_PORT") -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ConfigurationError(f"{name} skal være et tal mellem 1 og 65535, ikke {text!r}.")
    return int(text)


def _https(address: str, name: str) -> str:
    """Empty, or an address that nobody listens in on."""
    if address and not address.startswith("https://"):
        raise ConfigurationError(f"{name} skal begynde med https://.")
    return address


def _mail_settings(environment: Mapping[str, str], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Where mails go: a folder in development, a server where one is named, and else nowhere: they wait."""
    host = environment.get("PORTAL_SMTP_HOST", "")
    development = environment.get("PORTAL_ENV", "development") == "development"
    return {
        "PORTAL_MAIL": "smtp" if host else "folder" if development else "none",
        "PORTAL_MAIL_WORKER": environment.get("PORTAL_MAIL_WORKER", "inside"),
        "PORTAL_MAIL_FOLDER": environment.get("PORTAL_MAIL_FOLDER", str(INSTANCE / "mail")),
        "PORTAL_MAIL_FROM": environment.get("PORTAL_MAIL_FROM", "portal@localhost"),
        "PORTAL_SMTP_HOST": host,
        "PORTAL_SMTP_PORT": _port(
            environment.get("PORTAL_SMTP_PORT", str(defaults["PORTAL_SMTP_PORT"])), "PORTAL_SMTP_PORT"
        ),
        "PORTAL_SMTP_SECURITY": environment.get("PORTAL_SMTP_SECURITY", defaults["PORTAL_SMTP_SECURITY"]),
        "PORTAL_SMTP_USER": environment.get("PORTAL_SMTP_USER", ""),
        "PORTAL_SMTP_PASSWORD": environment.get("PORTAL_SMTP_PASSWORD", ""),
    }


def _watching_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """What is written of each request, who may ask how the portal is, and whom one tells of a hole in it."""
    production = environment.get("PORTAL_ENV", "development") == "production"
    return {
        "PORTAL_REQUEST_LOG": environment.get("PORTAL_REQUEST_LOG", "-" if production else ""),
        "PORTAL_METRICS_TOKEN": environment.get("PORTAL_METRICS_TOKEN", ""),
        "PORTAL_SECURITY_CONTACT": environment.get("PORTAL_SECURITY_CONTACT", ""),
        "PORTAL_SECURITY_EXPIRES": _day("PORTAL_SECURITY_EXPIRES", environment),
    }


def _day(name: str, environment: Mapping[str, str]) -> date | None:
    text = environment.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise ConfigurationError(f"{name} skal være en dag som 2027-06-30, ikke {text!r}.") from problem


def _check_watching(settings: Mapping[str, Any]) -> None:
    token, contact = settings["PORTAL_METRICS_TOKEN"], settings["PORTAL_SECURITY_CONTACT"]
    if token and len(token) < SHORTEST_TOKEN:
        raise ConfigurationError(
            f"PORTAL_METRICS_TOKEN er for kort: brug mindst {SHORTEST_TOKEN} tilfældige tegn."
        )
    if contact and not contact.startswith(("mailto:", "https://", "tel:")):
        raise ConfigurationError("PORTAL_SECURITY_CONTACT skal begynde med mailto:, https:// eller tel:.")
    if any(ord(character) < 32 for character in contact):
        raise ConfigurationError("PORTAL_SECURITY_CONTACT skal stå på én linje.")
    if bool(contact) != bool(settings["PORTAL_SECURITY_EXPIRES"]):
        raise ConfigurationError(
            "PORTAL_SECURITY_CONTACT og PORTAL_SECURITY_EXPIRES (en dag som 2027-06-30) hører sammen."
        )


def _count(name: str, text: str) -> int:
    if not text.isdigit() or int(text) > 9:
        raise ConfigurationError(f"{name} skal være et lille helt tal, ikke {text!r}.")
    return int(text)


def _complete(settings: dict[str, Any]) -> None:
    production = settings["PORTAL_ENV"] == "production"
    if settings["PORTAL_ENV"] not in ("development", "production"):
        raise ConfigurationError("PORTAL_ENV skal være 'development' eller 'production'.")
    if settings["PORTAL_HTMX"] not in ("cdn", "local"):
        raise ConfigurationError("PORTAL_HTMX skal være 'cdn' eller 'local'.")
    if settings["PORTAL_MAIL_WORKER"] not in ("inside", "alone"):
        raise ConfigurationError("PORTAL_MAIL_WORKER skal være 'inside' eller 'alone' (flask mail-worker).")
    if settings["PORTAL_SMTP_SECURITY"] not in ("starttls", "tls", "none"):
        raise ConfigurationError("PORTAL_SMTP_SECURITY skal være 'starttls', 'tls' eller 'none'.")
    _check_watching(settings)
    settings["PORTAL_SECOND_FACTOR"] = settings["PORTAL_SECOND_FACTOR"] or (STAFF if production else NOBODY)
    if settings["PORTAL_SECOND_FACTOR"] not in (STAFF, NOBODY):
        raise ConfigurationError(f"PORTAL_SECOND_FACTOR skal være '{STAFF}' eller '{NOBODY}'.")
    if production:
        _refuse_unsafe_production(settings)
    settings["SESSION_COOKIE_SECURE"] = settings["PORTAL_BASE_URL"].startswith("https://")
    if not settings["SQLALCHEMY_DATABASE_URI"]:
        settings["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{INSTANCE / 'portal.sqlite'}"
    settings.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(settings))
    settings["PORTAL_BASE_URL"] = (
        settings["PORTAL_BASE_URL"] or f"http://{settings['PORTAL_HOST']}:{settings['PORTAL_PORT']}"
    ).rstrip("/")
    settings["SECRET_KEY"] = settings["SECRET_KEY"] or _development_key()
    settings["KEYS"] = _keyring(settings)
    settings["JOURNAL"] = Journal(Path(settings["PORTAL_JOURNAL"]), settings["KEYS"])


def is_behind_unknown_proxy(settings: Mapping[str, Any]) -> bool:
    """The portal speaks no TLS itself: whoever visits by https comes through a proxy."""
    return bool(settings["PORTAL_BASE_URL"].startswith("https://") and not settings["PORTAL_PROXIES"])


def secret_of(settings: Mapping[str, Any]) -> str:
    """What all keys come from, for the doctor, who says when it can be guessed."""
    return str(settings["SECRET_KEY"])


def _keyring(settings: Mapping[str, Any]) -> Keyring:
    """What signs and reads everything: nothing else asks for SECRET_KEY."""
    ring = Keyring(settings["SECRET_KEY"], Path(settings["PORTAL_KEYS"]))
    try:
        ring.signing(KeyPurpose.SESSIONS)
    except KeysUnreadable as problem:
        raise ConfigurationError(
            f"PORTAL_KEYS kan ikke læses: {problem}. Hent filen fra en kopi."
        ) from problem
    return ring


def _engine_options(settings: Mapping[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {
        **settings["POOL"],
        "query_cache_size": settings["STATEMENTS_KEPT"],
        "json_deserializer": _read_json,
        "hide_parameters": True,  # an error of the database names no value
    }
    if settings["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        options["connect_args"] = {"timeout": settings["SQLITE_BUSY_MS"] / 1000}
    else:
        options["pool_pre_ping"] = True  # a restarted server is noticed before a request trips over it
    return options


def _read_json(text: str) -> Any:
    """Most lists in the database are empty: they need no parser, and a page of matches reads thousands."""
    return [] if text == "[]" else json.loads(text)


def _refuse_unsafe_production(settings: Mapping[str, Any]) -> None:
    if not settings["SECRET_KEY"]:
        raise ConfigurationError("PORTAL_ENV=production kræver PORTAL_SECRET_KEY (mindst 32 tegn).")
    if len(settings["SECRET_KEY"]) < 32:
        raise ConfigurationError("PORTAL_SECRET_KEY er for kort: brug mindst 32 tilfældige tegn.")
    if not settings["PORTAL_BASE_URL"]:
        raise ConfigurationError("PORTAL_ENV=production kræver PORTAL_BASE_URL (bruges i QR-koder og links).")
    if not settings["PORTAL_BASE_URL"].startswith("https://"):
        raise ConfigurationError(
            "PORTAL_BASE_URL skal begynde med https:// i produktion, ellers sendes login ukrypteret."
        )
    if settings["PORTAL_SMTP_HOST"] and settings["PORTAL_MAIL_FROM"].endswith("@localhost"):
        raise ConfigurationError("PORTAL_SMTP_HOST kræver PORTAL_MAIL_FROM, den adresse mails sendes fra.")
    if settings["PORTAL_DEBUG"]:
        raise ConfigurationError("PORTAL_ENV=production kan ikke køre i debug: fjern FLASK_DEBUG.")


def _development_key() -> str:
    """A key that survives restarts of the development server, so nobody is logged out by a saved file."""
    path = private_folder(INSTANCE) / "development.key"
    key = private_file(path).read_text().strip()
    if not key:
        key = secrets.token_hex(32)
        path.write_text(key)
    return key
