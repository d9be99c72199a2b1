"""What the portal is made of, in CycloneDX: all that the locks and the vendored files hold, and who asks for whom."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from cyclonedx.output.json import JsonV1Dot6

from tests.support.wheels import pins
from tools import sbom

AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    serves, tests = ((sbom.ROOT / name).read_text() for name in (sbom.SERVES, sbom.TESTS))
    found: dict[str, Any] = json.loads(JsonV1Dot6(sbom.bill(serves, tests, at=AT)).output_as_string())
    return found


def by_name(bill):
    return {one["name"]: one for one in bill["components"]}


def test_every_package_of_the_locks_is_in_it_with_its_hashes(bill):
    wanted = {(one.name, one.version) for lock in (sbom.SERVES, sbom.TESTS) for one in pins(sbom.ROOT / lock)}

    found = {
        (one["name"], one["version"]) for one in bill["components"] if one["purl"].startswith("pkg:pypi/")
    }

    assert found == wanted
    assert all(one["hashes"] for one in bill["components"] if one["purl"].startswith("pkg:pypi/"))


def test_every_vendored_folder_is_in_it_with_the_version_its_readme_names(bill):
    folder = sbom.ROOT / "portal" / "static" / "vendor"
    said = dict(re.findall(r"npm `([\w.]+)` ([\d.]+)", (folder / "README.md").read_text()))

    found = {one["name"]: one["version"] for one in bill["components"] if one["purl"].startswith("pkg:npm/")}

    assert found == said
    assert {one.folder for one in sbom.VENDORED} == {
        str(one.relative_to(sbom.ROOT)) for one in folder.iterdir() if one.is_dir()
    }


def test_what_only_tests_is_told_from_what_serves(bill):
    scopes = {name: one["scope"] for name, one in by_name(bill).items()}

    assert (scopes["flask"], scopes["pytest"]) == ("required", "excluded")
    assert {scopes[one.name] for one in pins(sbom.ROOT / sbom.SERVES)} == {"required"}


def test_it_says_who_asks_for_whom(bill):
    asks = {one["ref"]: set(one.get("dependsOn", ())) for one in bill["dependencies"]}
    names = {one["bom-ref"]: one["name"] for one in bill["components"]}

    assert {names[one] for one in asks[by_name(bill)["flask-migrate"]["bom-ref"]]} >= {"alembic", "flask"}
    assert "jinja2-fragments" in {names[one] for one in asks[sbom.NAME]}
    reached, todo = set(), [sbom.NAME]
    while todo:
        if (one := todo.pop()) not in reached:
            reached.add(one)
            todo += asks[one]
    assert reached == set(names) | {sbom.NAME}, "everything is there because something asks for it"


def test_the_same_locks_have_the_same_number(bill):
    serves = (sbom.ROOT / sbom.SERVES).read_text()

    first = sbom.bill(serves, "", at=AT).serial_number

    assert first == sbom.bill(serves, "", at=AT).serial_number
    assert first != sbom.bill(serves.replace("flask==", "flask==9."), "", at=AT).serial_number


def test_licences_stand_where_the_packages_are_installed(bill):
    licences = {name: one.get("licenses") for name, one in by_name(bill).items()}

    assert licences["flask"] == [{"license": {"id": "BSD-3-Clause"}}]
    assert licences["cryptography"] == [{"expression": "Apache-2.0 OR BSD-3-Clause"}]
