"""`flask nightly`: every command of the night, each by itself, whatever becomes of the others."""

import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.workspaces.operation.commands import _told
from portal.workspaces.operation.nightly import NightlyStep, carry_out, steps_of_a_night

SAYS = "print('first line'); print({0!r})"
FAILS = "import sys; print('why', file=sys.stderr); sys.exit(4)"
IS_KILLED = "import os; os.kill(os.getpid(), 9)"
HANGS = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"


def step(name: str, code: str, needs: str = "") -> NightlyStep:
    return NightlyStep(name, lambda line: ["-c", code.format(line)], needs)


def night(*steps: NightlyStep, limit: timedelta = timedelta(seconds=30)):
    return list(carry_out(steps, program=[sys.executable], limit=limit))


def test_one_that_fails_or_is_killed_stops_no_other():
    outcomes = night(step("a", FAILS), step("b", IS_KILLED), step("c", SAYS))

    assert [(one.step.name, one.code) for one in outcomes] == [("a", 4), ("b", -9), ("c", 0)]
    assert outcomes[0].lines == ("why",)


def test_one_that_hangs_is_ended_with_what_it_has_started():
    began = time.monotonic()

    hung, after = night(step("a", HANGS), step("b", SAYS), limit=timedelta(seconds=2))

    assert (hung.code, after.code) == (-9, 0)
    assert time.monotonic() - began < 20, "the grandchild would have kept its output open for a minute"


def test_what_needs_another_gets_its_answer():
    _made, tried = night(
        step("made", "print('noise'); print('/backups/portal-1')"), step("tried", SAYS, "made")
    )

    assert tried.answer == "/backups/portal-1"


def test_what_needs_one_that_failed_is_left_out_and_so_is_what_needs_that():
    outcomes = night(step("a", FAILS), step("b", SAYS, "a"), step("c", SAYS, "b"), step("d", SAYS))

    assert [one.code for one in outcomes] == [4, None, None, 0]


@pytest.mark.one_engine
def test_each_has_a_line_and_a_failure_its_own_words(app: Flask):
    well, failed, left_out = night(step("a", SAYS), step("b", FAILS), step("c", SAYS, "b"))

    assert [line.partition(":")[0] for line in _told(well)] == ["✓ a (0 sek.)"]
    assert list(_told(failed)) == ["✗ b (0 sek.): kode 4", "    why"]
    assert list(_told(left_out)) == ["✗ c: sprunget over, fordi b fejlede"]


@pytest.mark.one_engine
def test_every_command_that_says_it_belongs_to_the_night_does(app: Flask):
    words = {name: step.words("FOLDER") for name, step in _steps().items()}
    commands = dict(app.cli.commands)
    for group in list(commands):
        for name, command in getattr(commands[group], "commands", {}).items():
            commands[f"{group} {name}"] = command
    of_the_night = {name for name, one in commands.items() if "hver nat" in (one.help or "").casefold()}

    done = {" ".join(some[:2]) for some in words.values()} | {some[0] for some in words.values()}
    assert of_the_night
    assert of_the_night <= done
    assert [some for some in words.values() if some[0] not in app.cli.commands] == []


def test_the_backup_comes_after_what_is_forgotten_and_goes_only_when_another_was_tried():
    names = list(_steps())

    assert names.index("purge-expired") < names.index("backup") < names.index("verify")
    assert (_steps()["verify"].needs, _steps()["forget-backups"].needs) == ("backup", "verify")
    assert names[-1] == "doctor"


def _steps() -> dict[str, NightlyStep]:
    return {one.name: one for one in steps_of_a_night(Path("/backups"), keep_days=30)}
