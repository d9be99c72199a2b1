"""Programs of an operator's machine that a test cannot have, or the part of them that counts. Standard library only."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHIPPED = ("app.py", "gunicorn.conf.py", "requirements.txt", "deploy", "docs", "portal", "tools")


def clone(source: str, target: str) -> None:
    """What git would bring, as it stands in the working tree."""
    Path(target).mkdir()
    for name in SHIPPED:
        found, copied = Path(source, name), Path(target, name)
        if found.is_dir():
            shutil.copytree(found, copied, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(found, copied)


def venv(folder: str) -> None:
    """An environment with what the tests' own has; its pip finds everything installed."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    [packages] = Path(folder).glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(
        "\n".join(one for one in sys.path if one.endswith("site-packages"))
    )
    programs = {"pip": "exit 0"}
    programs |= {one: f'exec {folder}/bin/python -m {one} "$@"' for one in ("flask", "gunicorn")}
    for program, line in programs.items():
        file = Path(folder) / "bin" / program
        file.write_text(f"#!/bin/sh\n{line}\n")
        file.chmod(0o755)


def systemctl(root: str, *words: str) -> None:
    """Starts what a unit says, with its settings and in its folder; a timer waits for its hour."""
    for unit in words:
        if unit.endswith(".service") and not Path(root, f"{unit}.pid").exists():
            _start(Path(root), unit)


def _start(root: Path, unit: str) -> None:
    if unit == "nginx.service":
        subprocess.run([str(root / "bin" / "nginx")], check=True)
        return
    lines = (root / "etc/systemd/system" / unit).read_text().splitlines()
    said = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    settings = Path(said["EnvironmentFile"]).read_text().splitlines()
    given = dict(line.split("=", 1) for line in settings if "=" in line and not line.startswith("#"))
    with (root / f"{unit}.log").open("w") as log:
        process = subprocess.Popen(
            said["ExecStart"].split(),
            cwd=said["WorkingDirectory"],
            env={**os.environ, **given},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (root / f"{unit}.pid").write_text(str(process.pid))


if __name__ == "__main__":
    {"clone": clone, "venv": venv, "systemctl": systemctl}[sys.argv[1]](*sys.argv[2:])
