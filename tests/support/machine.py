"""An empty machine for an operator: her folders below one of ours, and what a test cannot have stands in for.

Debian's packages, its users, systemd and the registry of Python's packages: programs of their names say that all went
well, or do the part that counts (stand_ins.py). Everything else is real: the guide's own lines, the files of deploy/,
PostgreSQL, nginx, gunicorn, the worker.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import nginx
from tests.support.live import ROOT, free_port
from tests.support.needs import require
from tests.support.postgres import Cluster

NAME = "localhost"
"""Where portal.example leads here."""
FOLDERS = ("opt", "etc", "var", "srv", "usr/local/sbin")

_PROGRAMS = {
    "apt-get": "exit 0",
    "adduser": "exit 0",
    "id": 'echo "${MACHINE_USER:-root}"',
    # the database's user has its own way to the server; the portal's is who we are
    "runuser": """
shift; user=$1; shift 2
export MACHINE_USER=$user
[ "$user" = postgres ] && export PGHOST=127.0.0.1 PGPORT={postgres} PGUSER=postgres
exec "$@"
""",
    "install": """
words=
while [ $# -gt 0 ]; do
    case $1 in -o|-g) shift 2 ;; *) words="$words $1"; shift ;; esac
done
exec {install} $words
""",
    "git": 'exec {python} {here} clone "$2" "$3"',
    "python3": 'exec {python} {here} venv "$3"',
    "nginx": "exec {nginx} -p {root} -c {root}/etc/nginx/nginx.conf $*",
    "systemctl": "exec {python} {here} systemctl {root} $*",
}

_OWN_NGINX = """
{user}
pid {root}/nginx.pid;
error_log {root}/var/log/nginx/error.log;
events {{ worker_connections 768; }}
http {{
    access_log {root}/var/log/nginx/access.log;
    client_body_temp_path {root}/var/bodies;
    proxy_temp_path {root}/var/answers;
    fastcgi_temp_path {root}/var/other;
    uwsgi_temp_path {root}/var/other;
    scgi_temp_path {root}/var/other;
    include {root}/etc/nginx/sites-enabled/*;
}}
"""


@dataclass
class Machine:
    """Her machine: `run` does lines of the guide there, `portal` one of the portal's commands."""

    root: Path
    cluster: Cluster
    mail_port: int
    tls_port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    portal_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        for folder in (*FOLDERS, "bin", "etc/nginx/sites-available", "etc/nginx/sites-enabled"):
            (self.root / folder).mkdir(parents=True)
        for folder in (
            "etc/systemd/system",
            "etc/ssl/portal",
            "var/log/nginx",
            "var/lib",
            "var/cache",
            "var/backups",
        ):
            (self.root / folder).mkdir(parents=True)
        named = {
            "root": self.root,
            "postgres": self.cluster.port,
            "python": sys.executable,
            "here": Path(__file__).with_name("stand_ins.py"),
            "install": shutil.which("install"),
            "nginx": require("nginx"),
        }
        for program, lines in _PROGRAMS.items():
            file = self.root / "bin" / program
            text = lines if program == "id" else lines.format_map(named) if "{" in lines else lines
            file.write_text(f"#!/bin/sh\n{text}\n")
            file.chmod(0o755)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.root / "etc/nginx/nginx.conf").write_text(_OWN_NGINX.format(root=self.root, user=user))
        nginx.write_certificate(self.root / "etc/ssl/portal", [NAME])

    @property
    def environment(self) -> dict[str, str]:
        ours = ("PORTAL_", "PG", "FLASK", "PYTHON")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        path = [self.root / "bin", self.root / "usr/local/sbin", self.cluster.programs]
        words = {"PATH": ":".join([*map(str, path), os.environ["PATH"]]), "REPOSITORY": str(ROOT)}
        return {**kept, **words}

    def translated(self, text: str) -> str:
        """With this machine's places in place of the guide's."""
        own = {
            "https://portal.example": f"https://{NAME}:{self.tls_port}",
            "server_name portal.example": f"server_name {NAME}",
            "127.0.0.1:5000": f"127.0.0.1:{self.portal_port}",
            "postgresql+psycopg://portal@/portal?host=/var/run/postgresql": (
                f"postgresql+psycopg://portal@127.0.0.1:{self.cluster.port}/portal"
            ),
            "PORTAL_SMTP_HOST=smtp.example": "PORTAL_SMTP_HOST=127.0.0.1",
            "PORTAL_SMTP_PORT=587": f"PORTAL_SMTP_PORT={self.mail_port}",
            "PORTAL_SMTP_SECURITY=starttls": "PORTAL_SMTP_SECURITY=none",
            "PORTAL_ENV=production\n": f"PORTAL_ENV=production\nPORTAL_PORT={self.portal_port}\n"
            f"SSL_CERT_FILE={self.root}/etc/ssl/portal/fullchain.pem\n",
        }
        for theirs, ours in own.items():
            text = text.replace(theirs, ours)
        text = nginx.on_ports(text, tls=self.tls_port, plain=self.plain_port)
        places = "|".join(FOLDERS)
        return re.sub(rf"(?<![\w./])/({places})/", rf"{self.root}/\1/", text)

    def run(self, lines: str) -> str:
        """Lines of the guide, stopped at the first that fails; returns what was said."""
        ended = self._ended(["bash", "-eu", "-c", self.translated(lines)])
        assert ended.returncode == 0, f"{lines}\n{ended.stdout}\n{ended.stderr}\n{self.told()}"
        if "git clone" in lines:
            for file in (self.root / "opt/portal/deploy").rglob("*"):
                if file.is_file():
                    file.write_text(self.translated(file.read_text()))
        return ended.stdout

    def portal(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """`portal WORDS`, with settings of the file changed for this once."""
        if not settings:
            return self._ended(["portal", *words])
        file = self.root / "etc/portal/portal.env"
        before = file.read_text()
        changed = before
        for key, value in settings.items():
            changed = re.sub(rf"^{key}=.*\n", "", changed, flags=re.MULTILINE) + f"{key}={value}\n"
        file.write_text(changed)
        try:
            return self._ended(["portal", *words])
        finally:
            file.write_text(before)

    def stop(self, unit: str) -> None:
        file = self.root / f"{unit}.pid"
        if file.exists():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(file.read_text()), signal.SIGTERM)
            file.unlink()

    def wait_until(self, words: str, command: list[str]) -> None:
        """Until a command of hers says it."""
        for _moment in range(120):
            if words in self._ended(command).stdout:
                return
            time.sleep(0.5)
        raise AssertionError(f"{command} never said {words!r}:\n{self.told()}")

    def told(self) -> str:
        return "\n".join(f"{file.name}: {file.read_text()[-2000:]}" for file in self.root.glob("*.log"))

    def _ended(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )


@contextlib.contextmanager
def machine(root: Path, cluster: Cluster, mail_port: int) -> Iterator[Machine]:
    made = Machine(root, cluster, mail_port)
    try:
        yield made
    finally:
        for unit in list(root.glob("*.pid")):
            if unit.stem == "nginx":
                with contextlib.suppress(ProcessLookupError, ValueError):
                    os.kill(int(unit.read_text()), signal.SIGTERM)
            else:
                made.stop(unit.stem)
