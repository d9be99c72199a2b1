"""docs/operations.md, done by a new operator on an empty machine with a new PostgreSQL; then what may be wrong."""

import re
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPSConnection
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pyotp
import pytest

from tests.shared.outbox.smtp import Post, free_port, mail_server
from tests.support.live import ROOT
from tests.support.machine import NAME, Machine, machine
from tests.support.nginx import real_now
from tests.support.postgres import throwaway_cluster

pytestmark = [pytest.mark.drill, pytest.mark.postgres]

GUIDE = (ROOT / "docs" / "operations.md").read_text()
ADA, PASSWORD = "ada@gribskov.example", "tre gode ord i en række"


def blocks() -> list[str]:
    """What the guide says to type, from nothing to the first night."""
    [told] = re.findall(r"^## From nothing to a portal$(.*?)^##", GUIDE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^```sh\n(.*?)^```$", told, re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Built:
    """What she has when she has done all of it."""

    machine: Machine
    post: Post
    said: list[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    with (
        throwaway_cluster() as cluster,
        mail_server() as post,
        machine(tmp_path_factory.mktemp("machine"), cluster, post.port) as hers,
    ):
        said = []
        for block in blocks():
            if block.startswith("portal nightly"):  # minutes after she started the services
                hers.wait_until('"status":"ok"', _healthz(hers))
                hers.wait_until("Mail-arbejderen\n✓", ["portal", "doctor"])
            said.append(hers.run(block))
        yield Built(hers, post, said)


def _healthz(hers: Machine) -> list[str]:
    asking = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"
    return [
        str(hers.root / "opt/portal/.venv/bin/python"),
        "-c",
        asking,
        f"http://127.0.0.1:{hers.portal_port}/healthz",
    ]


def _away(hers: Machine) -> list[str]:
    asking = "import socket, sys; print('away' if socket.socket().connect_ex(('127.0.0.1', int(sys.argv[1]))) else '')"
    return [str(hers.root / "opt/portal/.venv/bin/python"), "-c", asking, str(hers.portal_port)]


def test_the_guide_leads_to_a_portal_that_the_doctor_finds_well(built: Built) -> None:
    assert len(blocks()) == 8
    nightly, doctor = built.said[-1].split("✓ Indstillinger\n", 1)
    steps = re.findall(r"^✓ (\S+) \(", nightly, re.MULTILINE)

    assert steps == [
        "expire-openings", "purge-expired", "close-months", "rematch", "backup", "verify", "forget-backups", "doctor",
    ]  # fmt: skip
    assert "✗" not in doctor
    assert doctor.endswith("Alt er, som det skal være.\n")


class Browser:
    """Somebody on the net: by TLS, with the certificate checked, from an address of her own."""

    def __init__(self, hers: Machine) -> None:
        self.base = f"https://{NAME}:{hers.tls_port}"
        safe = ssl.create_default_context(cafile=str(hers.root / "etc/ssl/portal/fullchain.pem"))

        class FromElsewhere(urllib.request.HTTPSHandler):
            def https_open(self, asked: urllib.request.Request) -> Any:
                return self.do_open(
                    partial(HTTPSConnection, source_address=("127.0.0.2", 0)), asked, context=safe
                )

        kept = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(FromElsewhere(context=safe), kept)

    def get(self, path: str) -> str:
        return self._asked(path, None)

    def post(self, path: str, fields: dict[str, str], *, page: str = "") -> str:
        """The form of the page at `path`, with what stands hidden in it."""
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', page or self.get(path))
        named = {
            re.findall(r'name="([^"]+)"', one)[0]: re.findall(r'value="([^"]*)"', one)[0] for one in hidden
        }
        return self._asked(path, urlencode({**named, **fields}).encode())

    def _asked(self, path: str, body: bytes | None) -> str:
        asked = urllib.request.Request(self.base + path, body, {"Referer": f"https://{NAME}{path}"})
        with self._opener.open(asked, timeout=30) as answer:
            text: str = answer.read().decode()
            return text


def test_the_administrator_follows_her_mail_and_is_in(built: Built) -> None:
    [mail] = [one for one in built.post.mails if str(one["To"]) == ADA]
    [path] = re.findall(rf"https://{NAME}:\d+(/password/\S+)", mail.get_content())
    browser = Browser(built.machine)

    browser.post(path, {"password": PASSWORD, "repeated": PASSWORD})
    browser.post("/login", {"email": ADA, "password": PASSWORD})
    app = browser.get("/login/set-up/app")
    [secret] = re.findall(r'id="app-secret">([A-Z2-7 ]+)<', app)
    code = pyotp.TOTP(secret.replace(" ", "")).at(real_now())  # the test's own clock stands still
    codes = browser.post("/login/set-up/app", {"code": code}, page=app)

    assert "recovery-codes" in codes
    assert "/users/" in browser.get("/")


def test_nginx_has_written_of_nobody(built: Built) -> None:
    Browser(built.machine).get("/login?next=/citizens/%3Fq%3DZarifa")

    logs = "".join(file.read_text() for file in (built.machine.root / "var/log/nginx").iterdir())
    assert [word for word in ("Zarifa", "login", "127.0.0.2") if word in logs] == []


def test_its_files_are_closed_to_others(built: Built) -> None:
    root = built.machine.root
    for path in ("opt/portal/instance", "var/lib/portal", "srv/portal-journal", "var/backups/portal"):
        assert (root / path).stat().st_mode & 0o077 == 0, path
    assert (root / "etc/portal/portal.env").stat().st_mode & 0o007 == 0


# --- What may be wrong with it -------------------------------------------------------------------------------------

REFUSED, RED = 3, 1


@dataclass(frozen=True)
class Broken:
    """How it is broken, how the doctor ends, and words that it says."""

    code: int
    words: tuple[str, ...]
    settings: dict[str, str] | None = None
    """Of portal.env, changed."""
    done: Callable[[Machine], Any] | None = None
    """What is done to the machine, as a context that puts it right again."""


@contextmanager
def _moved(path: str, hers: Machine) -> Iterator[None]:
    (hers.root / path).rename(hers.root / "away")
    yield
    (hers.root / "away").rename(hers.root / path)


@contextmanager
def _open_to_all(path: str, hers: Machine) -> Iterator[None]:
    (hers.root / path).chmod(0o755)
    yield
    (hers.root / path).chmod(0o700)


@contextmanager
def _in_the_database(change: str, back: str, hers: Machine) -> Iterator[None]:
    with psycopg.connect(hers.cluster.url("portal").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(change)  # type: ignore[call-overload]
        yield
        connection.execute(back)  # type: ignore[call-overload]


@contextmanager
def _without(unit: str, hers: Machine) -> Iterator[None]:
    hers.stop(unit)
    hers.wait_until("away", _away(hers))
    yield
    hers.run(f"systemctl start {unit}")
    hers.wait_until('"status":"ok"', _healthz(hers))


BROKEN = {
    "no key": Broken(REFUSED, ("PORTAL_SECRET_KEY",), {"PORTAL_SECRET_KEY": ""}),
    "a key that somebody made up": Broken(
        RED, ("PORTAL_SECRET_KEY kan gættes",), {"PORTAL_SECRET_KEY": "change-me-" * 5}
    ),
    "no address": Broken(REFUSED, ("PORTAL_BASE_URL",), {"PORTAL_BASE_URL": ""}),
    "an address without TLS": Broken(REFUSED, ("https://",), {"PORTAL_BASE_URL": "http://portal.example"}),
    "debug": Broken(REFUSED, ("FLASK_DEBUG",), {"FLASK_DEBUG": "1"}),
    "not in production": Broken(RED, ("PORTAL_ENV=production",), {"PORTAL_ENV": "development"}),
    "a proxy it does not know of": Broken(RED, ("PORTAL_PROXIES er 0",), {"PORTAL_PROXIES": "0"}),
    "no mail server": Broken(RED, ("PORTAL_SMTP_HOST",), {"PORTAL_SMTP_HOST": ""}),
    "a mail server that is away": Broken(
        RED, ("Mailserveren 127.0.0.1", "refused"), {"PORTAL_SMTP_PORT": str(free_port())}
    ),
    "a journal that cannot be written": Broken(
        RED, ("kan ikke skrives", "PORTAL_JOURNAL"), {"PORTAL_JOURNAL": "/dev/null/erasures.journal"}
    ),
    "a journal that is lost": Broken(
        RED, ("Slettelisten mangler",), done=partial(_moved, "srv/portal-journal/erasures.journal")
    ),
    "a certificate nobody trusts": Broken(
        RED, ("Certifikatet for localhost duer ikke",), {"SSL_CERT_FILE": ""}
    ),
    "backups that are gone": Broken(
        RED, ("ikke, hvor den blev lagt",), done=partial(_moved, "var/backups/portal")
    ),
    "a folder open to all": Broken(
        RED, ("opt/portal/instance", "chmod 700"), done=partial(_open_to_all, "opt/portal/instance")
    ),
    "demo accounts": Broken(
        REFUSED,
        ("demo-brugere",),
        done=partial(
            _in_the_database,
            "UPDATE users SET is_demo = true WHERE email = 'drift@gribskov.example'",
            "UPDATE users SET is_demo = false",
        ),
    ),
    "a database that is behind": Broken(
        RED,
        ("flask db upgrade",),
        done=partial(
            _in_the_database,
            "UPDATE alembic_version SET version_num = '0' || version_num",
            "UPDATE alembic_version SET version_num = substr(version_num, 2)",
        ),
    ),
    "a backup of last week": Broken(
        RED,
        ("Den sidste backup er fra",),
        done=partial(
            _in_the_database,
            "UPDATE marks SET at = at - interval '7 days' WHERE name = 'backup'",
            "UPDATE marks SET at = at + interval '7 days' WHERE name = 'backup'",
        ),
    ),
    "a clock that was set back": Broken(
        RED,
        ("Stil uret",),
        done=partial(
            _in_the_database,
            "UPDATE marks SET at = at + interval '1 day' WHERE name = 'backup-verified'",
            "UPDATE marks SET at = at - interval '1 day' WHERE name = 'backup-verified'",
        ),
    ),
    "pages that are stopped": Broken(
        RED, ("Portalen svarer 503",), done=partial(_without, "portal-web.service")
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_with_it_is_said_in_plain_words(built: Built, what: str) -> None:
    broken = BROKEN[what]
    if broken.done is None:
        ended = built.machine.portal("doctor", **(broken.settings or {}))
    else:
        with broken.done(built.machine):
            ended = built.machine.portal("doctor")

    said = ended.stdout + ended.stderr
    assert ended.returncode == broken.code, said
    assert [word for word in broken.words if word not in said] == [], said
    assert "Traceback" not in said


def test_a_night_with_trouble_does_the_rest_and_says_so(built: Built, tmp_path: Path) -> None:
    """Its folder of backups is a file."""
    (tmp_path / "file").touch()

    ended = built.machine.portal("nightly", str(tmp_path / "file" / "backups"))

    assert ended.returncode == 1
    assert re.findall(r"^([✓✗]) ([\w-]+)", ended.stdout, re.MULTILINE) == [
        ("✓", "expire-openings"), ("✓", "purge-expired"), ("✓", "close-months"), ("✓", "rematch"),
        ("✗", "backup"), ("✗", "verify"), ("✗", "forget-backups"), ("✓", "doctor"),
    ]  # fmt: skip
    assert "Trin, der ikke lykkedes: 3." in ended.stdout


def test_it_is_well_again(built: Built) -> None:
    ended = built.machine.portal("doctor")

    assert ended.returncode == 0, ended.stdout
