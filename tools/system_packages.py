"""Programs some tests need and no wheel brings: where they are, how to get them. Standard library only."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SystemPackage:
    name: str  # as the tests ask for it
    apt_names: tuple[str, ...]
    programs: tuple[str, ...]  # any one of them will do; found on PATH
    folders: tuple[str, ...] = ()  # globs below / that are looked into before PATH
    libraries: tuple[str, ...] = ()  # what the program that drives it needs and a bare Linux lacks

    def find(self) -> Path | None:
        """The program, when everything it takes to use it is there."""
        if sys.platform == "linux" and not all(map(ctypes.util.find_library, self.libraries)):
            return None
        for program in self.programs:
            for folder in self.folders:
                # The newest version first, when several are installed side by side.
                for candidate in sorted(Path("/").glob(f"{folder}/{program}"), key=_version, reverse=True):
                    return candidate
            found = shutil.which(program)
            if found:
                return Path(found)
        return None


CHROMIUM = SystemPackage(
    "chromium",
    ("chromium", "libatomic1"),
    ("chromium", "chromium-browser", "google-chrome"),
    libraries=("atomic",),  # Playwright's driver is a Node.js that links to it
)
POSTGRESQL = SystemPackage("postgresql", ("postgresql",), ("initdb",), ("usr/lib/postgresql/*/bin",))
NGINX = SystemPackage("nginx", ("nginx-light",), ("nginx",), ("usr/sbin",))
SYSTEMD = SystemPackage("systemd", ("systemd",), ("systemd-analyze",))
SYSTEM_PACKAGES = {package.name: package for package in (CHROMIUM, POSTGRESQL, NGINX, SYSTEMD)}


def install_missing(packages: Iterable[SystemPackage]) -> None:
    """As root on Debian; elsewhere the tests say what they miss, so a failure here stops nothing."""
    missing = [package for package in packages if package.find() is None]
    if not missing or not _may_install():
        return
    names = [name for package in missing for name in package.apt_names]
    print(f"Installerer {', '.join(names)} med apt-get ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", *names]):
        ended = subprocess.run(
            ["apt-get", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode != 0:
            print(
                f"apt-get {' '.join(command)} mislykkedes:\n{ended.stderr.strip()}",
                file=sys.stderr,
                flush=True,
            )
            return


def _may_install() -> bool:
    on_debian = Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None
    return on_debian and hasattr(os, "geteuid") and os.geteuid() == 0


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parts if part.isdigit())
