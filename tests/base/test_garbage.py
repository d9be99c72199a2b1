"""The fault of the interpreter, shown in a process of its own, and that looking from outside does not meet it."""

import gc
import subprocess
import sys

import pytest

from portal.base import garbage

TWO_DICTS = """
import gc, weakref

class State:
    __slots__ = ("__dict__", "__weakref__", "record")

    def let_go(self, _gone):
        self.seen = self.__dict__

class Record:
    pass

def circle():
    state, record = State(), Record()
    state.key, state.first, state.second = (object(), "key"), [1], [2]
    record.itself, record.state = record, state
    state.record = weakref.ref(record, state.let_go)
    return state

gc.disable()
for _ in range(2000):
    state = circle()
    {look}
    found = state.__dict__
    gc.disable()
    assert found.get("seen", found) is found is state.__dict__, "two dicts of one instance"
print("alive")
"""


def outcome(look: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", TWO_DICTS.format(look=look)], capture_output=True, check=False, timeout=60
    )
    return answer.stdout.decode().strip()


def test_looked_for_from_outside_nothing_is_released_twice() -> None:
    assert outcome("gc.collect()") == "alive"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="newer interpreters look between statements")
def test_the_interpreter_itself_would_release_twice() -> None:
    assert outcome("gc.enable(); gc.set_threshold(1, 1, 1)") != "alive", (
        "then the portal need not look by itself"
    )


def test_due_is_looked_for_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(gc, "collect", looked.append)
    monkeypatch.setattr(gc, "isenabled", lambda: False)
    for count in [(19_999, 0, 0), (20_000, 0, 9), (20_000, 20, 4), (20_000, 20, 5)]:
        monkeypatch.setattr(gc, "get_count", lambda count=count: count)
        garbage.collect()

    assert looked == [0, 1, 2]


def test_where_the_interpreter_looks_the_portal_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(gc, "collect", looked.append)
    monkeypatch.setattr(gc, "isenabled", lambda: True)
    monkeypatch.setattr(gc, "get_count", lambda: (10**6, 50, 50))
    garbage.collect()

    assert looked == []
