"""deploy/nginx.conf in a real nginx on loopback, in front of whatever answers on a port of this machine."""

import contextlib
import http.client
import os
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.live import ROOT, free_port
from tests.support.needs import require

SITE = ROOT / "deploy" / "nginx.conf"
NAME = "portal.example"
CERTIFICATE_DAYS = 60

_AROUND = """
daemon off;
{user}
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/main.log info;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/other;
    uwsgi_temp_path {folder}/other;
    scgi_temp_path {folder}/other;
    include {folder}/site.conf;
}}
"""
"""As a distribution's own: it writes a log of every request, unless the site says otherwise."""


@dataclass(frozen=True)
class Front:
    """An nginx that runs: its ports, and the folder of its files."""

    folder: Path
    tls_port: int
    plain_port: int

    def ask(
        self, path: str, *, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """By TLS, with the certificate checked; the answer is read."""
        with self.line() as line:
            head = {"Host": NAME, "Connection": "close", "Content-Length": str(len(body)), **(headers or {})}
            words = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            with contextlib.suppress(OSError):  # it may answer before it has read it all
                line.sendall(f"{method} {path} HTTP/1.1\r\n{words}\r\n".encode() + body)
            answer = http.client.HTTPResponse(line, method=method)
            answer.begin()
            answer.text = answer.read().decode()  # type: ignore[attr-defined]
            return answer

    def line(self, *, name: str = NAME, source: str = "127.0.0.2") -> ssl.SSLSocket:
        """A connection that has shaken hands. From an address of its own: nginx counts by address."""
        plain = socket.create_connection(("127.0.0.1", self.tls_port), timeout=30, source_address=(source, 0))
        safe = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        try:
            return safe.wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def logged(self) -> str:
        """All that nginx has written of anybody."""
        return "\n".join(file.read_text() for file in sorted(self.folder.glob("*.log")))


def write_site(folder: Path, upstream_port: int) -> Front:
    """The configuration, with this machine's ports and paths in place of the server's."""
    folder.mkdir(exist_ok=True)
    (folder / "bodies").mkdir(exist_ok=True)
    write_certificate(folder, [NAME])
    front = Front(folder, free_port(), free_port())
    site = SITE.read_text().replace("127.0.0.1:5000", f"127.0.0.1:{upstream_port}")
    site = on_ports(site, tls=front.tls_port, plain=front.plain_port)
    site = site.replace("/etc/ssl/portal/", f"{folder}/").replace("/var/log/nginx/", f"{folder}/")
    (folder / "site.conf").write_text(site)
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers are nobody, who may not read here
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user))
    return front


def on_ports(site: str, *, tls: int, plain: int) -> str:
    site = re.sub(r"listen 443\b", f"listen 127.0.0.1:{tls}", site)
    return re.sub(r"listen 80\b", f"listen 127.0.0.1:{plain}", site)


def real_now() -> datetime:
    """OpenSSL knows of no test that stands still at another day."""
    if not time_machine.escape_hatch.is_travelling():
        return datetime.now(UTC)
    now: datetime = time_machine.escape_hatch.datetime.datetime.now(UTC)
    return now


def write_certificate(folder: Path, names: list[str]) -> None:
    """One that signs itself: whoever trusts the file trusts the server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    today = real_now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def check(folder: Path) -> str:
    """What `nginx -t` says; raises where it says no."""
    command = [str(require("nginx")), "-t", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


@contextlib.contextmanager
def running(front: Front) -> Iterator[Front]:
    command = [str(require("nginx")), "-p", str(front.folder), "-c", str(front.folder / "nginx.conf")]
    with (front.folder / "started.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _moment in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", front.tls_port)):
                break
            assert server.poll() is None, front.logged()
            time.sleep(0.05)
        yield front
    finally:
        server.terminate()
        server.wait(timeout=10)
