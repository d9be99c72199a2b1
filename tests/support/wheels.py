"""Wheels made on the spot, and the real locks on an index where every package has a newer release."""

import hashlib
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.markers import Marker

from tools import bootstrap

NEWER = "9999"


def keep_pip_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes `.venv` without a pip, as where ensurepip is missing; the one among our pins installs from outside."""
    succeeds = bootstrap._succeeds
    monkeypatch.setattr(bootstrap, "SYSTEM_PYTHON", sys.executable)
    monkeypatch.setattr(
        bootstrap,
        "_succeeds",
        lambda command: ("venv" not in command or "--without-pip" in command) and succeeds(command),
    )


@dataclass(frozen=True)
class Pin:
    name: str
    version: str
    marker: str

    @property
    def applies(self) -> bool:
        """Whether this machine gets it."""
        return not self.marker or Marker(self.marker).evaluate()


def pins(lock: Path) -> list[Pin]:
    found = re.findall(
        r"^([\w.-]+)==([^\s;]+)(?: ; (.+?))? \\$", lock.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [Pin(*parts) for parts in found]


def write_wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    about: Sequence[str] = (),
    files: Mapping[str, str | bytes] | None = None,
) -> Path:
    """`about` holds more lines of its metadata."""
    escaped = re.sub(r"[-_.]+", "_", name)
    path = folder / f"{escaped}-{version}-py3-none-any.whl"
    dist_info = f"{escaped}-{version}.dist-info"
    head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    contents = {
        **(files or {}),
        f"{dist_info}/METADATA": "\n".join([*head, *about, ""]),
        f"{dist_info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents[f"{dist_info}/RECORD"] = "".join(f"{file},,\n" for file in [*contents, f"{dist_info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in contents.items():
            # A name alone would add the time of day, and a package in both locks would get two hashes.
            archive.writestr(zipfile.ZipInfo(file), content)
    return path


def pinned_line(wheel: Path, *, marker: str = "") -> str:
    name, version = wheel.name.split("-")[:2]
    condition = f" ; {marker}" if marker else ""
    return f"{name}=={version}{condition} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def age_lock(lock: Path, copy: Path, index: Path) -> None:
    """Fills the index with what the lock pins, described as it really is, and with a newer release of each."""
    lines = []
    for pin in pins(lock):
        if not pin.applies:
            lines.append(f"{pin.name}=={pin.version} ; {pin.marker} --hash=sha256:{'0' * 64}\n")
            continue
        about = list(_about(distribution(pin.name)))
        # pip replaces the pip that is installing, so that one has to be real.
        files = dict(_files(distribution("pip"))) if pin.name == "pip" else None
        lines.append(
            pinned_line(
                write_wheel(index, pin.name, pin.version, about=about, files=files), marker=pin.marker
            )
        )
        write_wheel(index, pin.name, NEWER, about=about)
    copy.write_text("".join(lines), encoding="utf-8")


def _about(package: Distribution) -> Iterator[str]:
    yield from (f"Provides-Extra: {extra}" for extra in package.metadata.get_all("Provides-Extra") or [])
    yield from (f"Requires-Dist: {requirement}" for requirement in package.requires or [])


def _files(package: Distribution) -> Iterator[tuple[str, bytes]]:
    for file in package.files or []:
        if file.parts[0] == package.name and file.suffix != ".pyc":
            yield file.as_posix(), file.read_binary()
