"""docs/api.md says what the doors say, and its client reads."""

import subprocess
import sys

from flask import Flask

from portal.api.tokens.models import TokenScope
from portal.api.v1.document import described
from tests import factories
from tests.client import PortalClient
from tests.factories import make_token
from tests.support.systems import served
from tools import api


def test_the_file_says_what_the_document_says(app: Flask) -> None:
    """Red: run `python -m tools.api`."""
    assert api.FILE.read_text("utf-8") == api.written(described())


def test_the_document_is_open_to_everybody_and_names_every_shape_it_uses(app: Flask) -> None:
    served_document = PortalClient(app).get("/api/v1/openapi.json").get_json()

    assert served_document == described()
    assert served_document["openapi"].startswith("3.1")
    assert served_document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    named = set(served_document["components"]["schemas"])
    used = {
        part.partition('"')[0]
        for part in str(served_document).replace("'", '"').split("#/components/schemas/")[1:]
    }
    assert used <= named


def test_the_client_of_20_lines_reads_every_page(app: Flask) -> None:
    bos = factories.make_employer("Bos Køkken ApS")
    openings = [factories.make_opening(bos, title=f"Hjælp {number}") for number in range(101)]
    _token, secret = make_token(TokenScope.OPENINGS)

    with served(app) as address:
        done = subprocess.run(
            [sys.executable, api.CLIENT],
            env={"PORTAL": address, "TOKEN": secret, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )

    assert len(api.CLIENT.read_text("utf-8").splitlines()) <= 20
    assert done.stdout.splitlines() == [f"{one.id}; {one.title}; Bos Køkken ApS" for one in openings]
