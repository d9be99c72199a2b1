"""Plants one fault after the other in a copy of the portal and tells which test finds it.

    .venv/bin/python -m tools.plant_faults                all of them; an hour or two
    .venv/bin/python -m tools.plant_faults --list
    .venv/bin/python -m tools.plant_faults --only csv-formula --only ratio-boundary
    .venv/bin/python -m tools.plant_faults --room         only the tests where the fault belongs

The faults stand in planted_faults.toml. Each is a text edit, so a fault whose snippet is gone is an error, not a miss.
Leaves with 1 when a fault was missed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import ROOT

FAULTS = Path(__file__).with_name("planted_faults.toml")
HERE = "not drill and not browser"
QUICKLY = f"{HERE} and not postgres"
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::\S+)", re.MULTILINE)
INTERRUPTED_OR_WORSE = (2, 3, 4)


class SnippetGone(Exception):
    """The code has changed: the fault must be chosen anew."""


@dataclass(frozen=True)
class Edit:
    file: str
    find: str
    replace: str

    def applied(self, text: str) -> str:
        """Raises SnippetGone unless the snippet stands exactly once."""
        if text.count(self.find) != 1:
            raise SnippetGone(f"{self.file} holds it {text.count(self.find)} times: {self.find!r}")
        return text.replace(self.find, self.replace)


@dataclass(frozen=True)
class Fault:
    """`tests` are where it belongs; `blind` faults were chosen without a look at the tests."""

    name: str
    what: str
    tests: tuple[str, ...]
    blind: bool
    edits: tuple[Edit, ...]

    @contextmanager
    def planted(self, folder: Path) -> Iterator[None]:
        before = {edit.file: (folder / edit.file).read_text(encoding="utf-8") for edit in self.edits}
        after = dict(before)
        for edit in self.edits:
            after[edit.file] = edit.applied(after[edit.file])
        try:
            _write(folder, after)
            yield
        finally:
            _write(folder, before)


def _write(folder: Path, texts: dict[str, str]) -> None:
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")


def read_faults() -> list[Fault]:
    with FAULTS.open("rb") as file:
        return [
            Fault(
                name=one["name"],
                what=one["what"],
                tests=tuple(one["tests"]),
                blind=one.get("blind", False),
                edits=tuple(Edit(**edit) for edit in one["edit"]),
            )
            for one in tomllib.load(file)["fault"]
        ]


@contextmanager
def scratch_copy() -> Iterator[Path]:
    """The files as they stand now, also what is not committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with tempfile.TemporaryDirectory(prefix="portal-faults-") as name:
        for file in filter(None, listed.stdout.split("\0")):
            if (ROOT / file).is_file():
                (Path(name) / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, Path(name) / file)
        yield Path(name)


def finder_of(fault: Fault, folder: Path, *, room_only: bool) -> str | None:
    """The first test that fails with the fault planted: of its room, then of all."""
    tries = [
        ["-n0", "-m", QUICKLY, *fault.tests],
        ["-n0", "-m", f"{HERE} and postgres", *fault.tests],
        ["-n2", "--dist", "worksteal", "-m", "not drill"],
    ]
    for arguments in tries[: 2 if room_only else 3]:
        found = _first_failure(folder, arguments)
        if found:
            return found
    return None


def _first_failure(folder: Path, arguments: Sequence[str]) -> str | None:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    failed = _FAILED.search(ended.stdout)
    if failed:
        return failed[1]
    if ended.returncode in INTERRUPTED_OR_WORSE:
        return f"pytest ended with {ended.returncode}: {(ended.stdout + ended.stderr)[-300:]}"
    return None


def plant(faults: Sequence[Fault], *, room_only: bool) -> list[Fault]:
    """The faults that no test found."""
    missed = []
    with scratch_copy() as folder:
        for number, fault in enumerate(faults, 1):
            begun = time.monotonic()
            with fault.planted(folder):
                finder = finder_of(fault, folder, room_only=room_only)
            seconds = time.monotonic() - begun
            word = f"found by {finder}" if finder else "MISSED"
            print(f"{number:3}/{len(faults)} {fault.name}: {word} ({seconds:.0f} s)", flush=True)
            if finder is None:
                missed.append(fault)
    return missed


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--list", action="store_true", help="say which faults there are")
    parser.add_argument("--only", action="append", metavar="NAME", help="this fault; may be said again")
    parser.add_argument("--room", action="store_true", help="run only the tests where a fault belongs")
    chosen = parser.parse_args(arguments)
    faults = [fault for fault in read_faults() if not chosen.only or fault.name in chosen.only]
    unknown = set(chosen.only or ()) - {fault.name for fault in faults}
    if unknown:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    if chosen.list:
        for fault in faults:
            print(f"{fault.name}{' (blind)' if fault.blind else ''}: {fault.what}")
        return 0
    missed = plant(faults, room_only=chosen.room)
    print(f"{len(faults) - len(missed)} of {len(faults)} found.", *(f"Missed: {one.name}" for one in missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
