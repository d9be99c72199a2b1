"""`flask import`, as a night job or an administrator runs it."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.base.database import db
from portal.loop.employers.models import Employer
from tests.workspaces.imports.test_services import EMPLOYERS, employer


def run(app: Flask, *arguments: Any) -> Result:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["import", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "firmaer.csv"
    path.write_text(EMPLOYERS + employer(), encoding="cp1252")
    return path


def test_a_file_is_imported_with_a_report(app, file):
    result = run(app, "employers", file, "--municipality", "halsnæs")

    assert result.exit_code == 0
    assert "nye: 1" in result.output
    assert db.session.scalars(sa.select(Employer.name)).all() == ["Bæk"]


def test_the_municipality_must_be_named_when_there_are_several(app, file):
    result = run(app, "employers", file)

    assert result.exit_code == 1
    assert "Fredensborg, Halsnæs" in result.output


def test_bad_rows_are_named_and_nothing_is_written(app, file):
    file.write_text(EMPLOYERS + employer() + employer(cvr="1", p="2"), encoding="utf-8")

    refused = run(app, "employers", file, "--municipality", "Halsnæs")
    taken = run(app, "employers", file, "--municipality", "Halsnæs", "--only-good-rows")

    assert refused.exit_code == 1
    assert "Linje 3, CVR" in refused.output
    assert taken.exit_code == 0
    assert "nye: 1" in taken.output


def test_an_unreadable_file_is_refused_in_words(app, file):
    file.write_bytes(b"PK\x03\x04")

    result = run(app, "cards", file, "--municipality", "Halsnæs")

    assert result.exit_code == 1
    assert "beskadiget" in result.output
