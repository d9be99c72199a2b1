"""Say in CycloneDX what the portal is made of: python -m tools.sbom [FILE] (needs the tests' packages)

Read from the locks and the vendored files, so that it holds for every installation of this version: names, versions,
the hashes that an installation accepts, who asks for whom, and the licences where the packages are installed here.
"""

import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from portal import __version__
from portal.base import clock

ROOT: Final = Path(__file__).parent.parent
SERVES: Final = "requirements.txt"
TESTS: Final = "requirements-dev.txt"
NAME: Final = "det-gode-match"

_PIN: Final = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+?))? \\$")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ASKED_BY: Final = re.compile(r"^    #\s+(?:via\s+)?([\w.-]+)$")


@dataclass
class Locked:
    """One package of a lock."""

    name: str
    version: str
    marker: str
    hashes: list[str] = field(default_factory=list)
    asked_by: list[str] = field(default_factory=list)
    """The packages that need it; none where we chose it ourselves."""


@dataclass(frozen=True)
class Vendored:
    """What lies in the portal as files, from npm. `version` as the README beside the files says."""

    name: str
    version: str
    licence: str
    folder: str


VENDORED: Final = (
    Vendored("dkfds", "11.2.0", "MIT", "portal/static/vendor/dkfds"),
    Vendored("htmx.org", "2.0.11", "0BSD", "portal/static/vendor/htmx"),
)
LICENCES: Final[Mapping[str, str]] = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
}
"""What packages call a licence, and its name in SPDX."""


def locked(text: str) -> Iterator[Locked]:
    """The packages of a lock that `uv pip compile` has written."""
    one: Locked | None = None
    for line in text.splitlines():
        if begins := _PIN.match(line):
            if one is not None:
                yield one
            one = Locked(begins["name"], begins["version"], begins["marker"] or "")
        elif one is not None:
            one.hashes += _HASH.findall(line)
            one.asked_by += _ASKED_BY.findall(line)
    if one is not None:
        yield one


def bill(serves: str, tests: str, *, at: datetime) -> Bom:
    """Of what serves and, marked as left out where it runs, of what tests it."""
    portal = Component(name=NAME, version=__version__, type=ComponentType.APPLICATION, bom_ref=NAME)
    found = Bom(
        metadata=BomMetaData(component=portal, timestamp=at),
        serial_number=uuid5(NAMESPACE_URL, hashlib.sha256((serves + tests).encode()).hexdigest()),
    )
    packages = [(one, ComponentScope.REQUIRED) for one in locked(serves)]
    shipped = {one.name for one, _scope in packages}
    packages += [(one, ComponentScope.EXCLUDED) for one in locked(tests) if one.name not in shipped]
    components: dict[str, list[Component]] = {}  # some have a version for each Python
    for one, scope in packages:
        component = _component(one, scope)
        components.setdefault(one.name, []).append(component)
        found.components.add(component)
    for vendored in VENDORED:
        files = _vendored(vendored)
        found.components.add(files)
        found.register_dependency(portal, [files])
    for one, _scope in packages:
        askers = [asker for name in one.asked_by for asker in components.get(name, ())]
        for asker in askers or [portal]:
            found.register_dependency(asker, components[one.name])
    return found


def _component(one: Locked, scope: ComponentScope) -> Component:
    licence = _licence_of(one.name)
    return Component(
        name=one.name,
        version=one.version,
        scope=scope,
        purl=PackageURL("pypi", name=one.name, version=one.version),
        bom_ref=f"pkg:pypi/{one.name}@{one.version}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=value) for value in one.hashes],
        licenses=[LicenseFactory().make_from_string(licence)] if licence else [],
        properties=[Property(name="python:marker", value=one.marker)] if one.marker else [],
    )


def _licence_of(name: str) -> str:
    """As the installed package says; "" where it is not installed here, or says a whole licence's text."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    if expression := said.get("License-Expression"):
        return expression
    classified = [
        one.rpartition(" :: ")[2]
        for one in said.get_all("Classifier") or []
        if one.startswith("License :: OSI Approved :: ")
    ]
    words = said.get("License") or ""
    named = words if words and "\n" not in words and len(words) < 60 else " AND ".join(classified)
    return LICENCES.get(named, named)


def _vendored(one: Vendored) -> Component:
    """With the digest of its files, each named and hashed, in their order."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / one.folder).rglob("*")):
        if file.is_file():
            digest.update(
                f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode()
            )
    return Component(
        name=one.name,
        version=one.version,
        scope=ComponentScope.REQUIRED,
        purl=PackageURL("npm", name=one.name, version=one.version),
        bom_ref=f"pkg:npm/{one.name}@{one.version}",
        licenses=[LicenseFactory().make_from_string(one.licence)],
        properties=[
            Property(name="portal:folder", value=one.folder),
            Property(name="portal:sha256-of-files", value=digest.hexdigest()),
        ],
    )


def main() -> None:
    serves, tests = ((ROOT / name).read_text(encoding="utf-8") for name in (SERVES, TESTS))
    text = JsonV1Dot6(bill(serves, tests, at=clock.now())).output_as_string(indent=2)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
