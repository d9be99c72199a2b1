"""A server of several processes: what each has counted is one number, and a server counts from its own start."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.live import ROOT, environment, free_port

pytestmark = pytest.mark.slow

TOKEN = "only-for-tests-" * 3
ASKED = 24


@contextlib.contextmanager
def server(folder: Path, port: int) -> Iterator[str]:
    settings = environment(
        folder / "counted.sqlite",
        PORTAL_PORT=str(port),
        PORTAL_METRICS_TOKEN=TOKEN,
        PORTAL_REQUEST_LOG=str(folder / "requests.log"),
        PORTAL_MAIL_WORKER="alone",
        WEB_CONCURRENCY="2",
    )
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=settings, check=True, capture_output=True)
    settings["PROMETHEUS_MULTIPROC_DIR"] = str(folder / "counts")  # the server's alone: it makes the folder
    with (folder / "log.txt").open("w") as log:
        gunicorn = [sys.executable, "-m", "gunicorn", "app:app"]
        started = subprocess.Popen(gunicorn, cwd=ROOT, env=settings, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            for _attempt in range(200):
                with contextlib.suppress(OSError):
                    asked(f"{address}/healthz")
                    break
                time.sleep(0.2)
            yield address
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(30)


def asked(url: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        found: str = answer.read().decode()
        return found


def answers(address: str, route: str) -> float:
    told = asked(f"{address}/metrics", Authorization=f"Bearer {TOKEN}")
    return sum(
        sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
        if sample.name == "portal_answers_total" and sample.labels["route"] == route
    )


def processes(folder: Path) -> set[str]:
    """Those that have counted an answer."""
    return {file.stem.rpartition("_")[2] for file in (folder / "counts").glob("counter_*.db")}


def test_what_several_processes_counted_is_told_as_one(tmp_path: Path) -> None:
    port = free_port()
    with server(tmp_path, port) as address:
        for _one in range(ASKED):
            asked(f"{address}/was")
        for _one in range(50):  # until both have answered something: which of them does, chance decides
            if len(processes(tmp_path)) == 2:
                break
            asked(f"{address}/login")

        assert len(processes(tmp_path)) == 2
        assert {answers(address, "/was") for _one in range(8)} == {ASKED}
        with pytest.raises(urllib.error.HTTPError, match="401"):
            asked(f"{address}/metrics")
    lines = [json.loads(line) for line in (tmp_path / "requests.log").read_text().splitlines()]
    assert len([line for line in lines if line["route"] == "/was"]) == ASKED
    assert os.stat(tmp_path / "counts").st_mode & 0o077 == 0

    with server(tmp_path, port) as address:
        assert answers(address, "/was") == 0
