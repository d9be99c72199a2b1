"""What other tests stand on: a missing program is never a silent pass, a cluster leaves nothing behind."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.support import needs
from tests.support.markup import faults_of
from tests.support.postgres import shared_cluster, throwaway_cluster
from tools import ROOT
from tools.system_packages import SystemPackage

ABSENT = SystemPackage("absent", ("absent-package",), ("no-such-program-anywhere",))


@pytest.fixture
def absent_program(monkeypatch):
    monkeypatch.setitem(needs.SYSTEM_PACKAGES, "absent", ABSENT)


def test_a_missing_program_is_skipped_with_the_line_that_installs_it(absent_program, monkeypatch):
    monkeypatch.delenv(needs.COMPLETE, raising=False)

    with pytest.raises(pytest.skip.Exception, match="apt-get install --no-install-recommends absent-package"):
        needs.require("absent")


def test_a_missing_program_fails_where_nothing_may_be_skipped(absent_program, monkeypatch):
    monkeypatch.setenv(needs.COMPLETE, "1")

    with pytest.raises(pytest.fail.Exception, match="absent-package"):
        needs.require("absent")


def test_the_summary_counts_skips_for_missing_programs_only():
    reasons = [
        "Skipped: Missing program a; run x",
        "Skipped: Missing program a; run x",
        "Skipped: another reason",
    ]

    assert needs.missing_programs(reasons) == {"Missing program a; run x": 2}


@pytest.mark.postgres
def test_workers_share_one_cluster_with_databases_of_their_own(tmp_path):
    with shared_cluster(tmp_path) as first, shared_cluster(tmp_path) as second:
        assert first == second
        first.create_database("one")
        second.create_database("two")
        with psycopg.connect(host="127.0.0.1", port=first.port, user="postgres", dbname="one") as connection:
            connection.execute("CREATE TABLE t (id int)")
        with psycopg.connect(host="127.0.0.1", port=first.port, user="postgres", dbname="two") as connection:
            assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)
    _wait_until_gone(first.folder)


@pytest.mark.drill
@pytest.mark.postgres
def test_a_durable_cluster_keeps_what_was_committed_before_a_crash():
    with throwaway_cluster(durable=True) as cluster:
        address = {"host": "127.0.0.1", "port": cluster.port, "user": "postgres"}
        with psycopg.connect(**address) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        cluster.crash()
        cluster.start()
        with psycopg.connect(**address) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    assert not cluster.folder.exists()


def _wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


GOOD_PAGE = """<!doctype html><html lang="da"><head><title>Forslag</title><script src="/x.js"></script></head><body>
<!-- <h1>not this</h1> --><h1 id="top">Forslag</h1><form method="get"><input name="q"></form>
<form id=send METHOD='post' action="/a?b=1&amp;c=2"><input type="hidden" name="csrf_token" value="a>b">
<textarea name="words"><h1>only text</h1></textarea></form></body></html>"""


def test_a_good_page_has_no_faults():
    assert faults_of(GOOD_PAGE, fragment=False) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('<form method="get">', '<form method="get" id="top">', "the id top appears 2 times"),
        ('action="/a?b=1&amp;c=2"', "", "no action"),
        ('name="csrf_token"', 'name="other"', "no token"),
        ("</form></body>", "</form><form method=post action=/b></body>", "no token"),
        ("<h1 id", "<h2 id", "0 h1"),
        ("</body>", "<h1>Igen</h1></body>", "2 h1"),
        ("<title>Forslag</title>", "<title> </title>", "no title"),
        ('<h1 id="top">', '<h1 id="top" style="color: red">', "inline style"),
        ('<input name="q">', "<input name='q' onclick='x(\">\")'>", "inline style or script in <input>"),
    ],
)
def test_each_fault_of_a_page_is_told(good, bad, said):
    assert good in GOOD_PAGE

    (fault,) = faults_of(GOOD_PAGE.replace(good, bad, 1), fragment=False)

    assert said in fault


def test_a_fragment_needs_neither_title_nor_heading():
    assert faults_of('<div id="list"></div>', fragment=True) == []


@pytest.mark.slow
def test_what_the_developer_has_set_for_a_portal_reaches_no_test() -> None:
    """PORTAL_ENV=production alone would stop every test with an application, and PORTAL_SMTP_HOST could send mails."""
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
    command.append("tests/test_house_rules.py::test_every_endpoint_says_what_it_does[sqlite]")
    own = {"PORTAL_ENV": "production", "PORTAL_PORT": "none", "FLASK_DEBUG": "1"}

    ended = subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.slow
def test_a_run_says_how_it_lost_a_process(tmp_path):
    lost = tmp_path / "test_lost.py"
    lost.write_text(
        "import faulthandler, os, pathlib, signal\n"
        "def test_of_a_fault(): faulthandler._sigsegv()\n"
        "def test_that_a_fault_met():\n"
        "    met = pathlib.Path(__file__).with_name('met')\n"
        "    met.exists() or (met.touch(), faulthandler._sigsegv())\n"
        "def test_of_a_kill(): os.kill(os.getpid(), signal.SIGKILL)\n",
        encoding="utf-8",
    )

    alone = ["-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={tmp_path}"]

    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *alone,
            "-p",
            "tests.support.lost_workers",
            "-n1",
            "--dist",
            "worksteal",
            str(lost),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = run.stdout.partition("processes that were lost")[2]

    assert run.returncode == 1
    assert "2 failed, 1 passed" in told, (
        "what ends its process each time fails; what a fault met once does not"
    )
    assert told.count("was run once more") == 2
    assert re.search(r"was ended by SIGSEGV; it had held \d+ MB", told)
    assert f'File "{lost}", line 2 in test_of_a_fault' in told
    assert "was ended by SIGKILL" in told
    assert told.count("killed for want of memory since the run began: nobody") == 4
