"""What servers in front of the portal would write of a request: never the address, where names are searched for."""

import runpy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from tests.support.live import ROOT


def test_gunicorns_access_log_has_no_address_in_it():
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    searched = "q=Zarifa+Haddad"
    asked = {
        "REMOTE_ADDR": "127.0.0.1",
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/citizens/?{searched}",
        "PATH_INFO": "/openings/renewal/secret",
        "QUERY_STRING": searched,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://portal.example/citizens/?{searched}",
    }
    answered = SimpleNamespace(status="200 OK", sent=10, headers=[])
    logger = Logger(Config())

    atoms = logger.atoms(answered, SimpleNamespace(headers=[]), asked, timedelta(milliseconds=5))
    line = settings["access_log_format"] % logger.atoms_wrapper_class(atoms)

    assert "Zarifa" in str(atoms)
    assert '"GET" 200' in line
    assert not [word for word in ("Zarifa", "citizens", "secret") if word in line]


@pytest.mark.parametrize("block", (ROOT / "deploy" / "nginx.conf").read_text().split("\nserver {")[1:])
def test_nginx_writes_no_address_of_any_of_its_servers(block):
    """Its error log quotes the request of each fault, also of a full disk (crit), and format it nobody can."""
    lines = {" ".join(line.split("#")[0].split()) for line in block.splitlines()}

    assert "access_log off;" in lines
    assert [line for line in lines if line.startswith("error_log ") and line.endswith(" emerg;")]
