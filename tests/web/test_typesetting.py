"""Paper is set in a process that gives its memory back, and whose death harms nobody."""

import os
import signal
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from bench.memory import children
from bench.print import different_cards
from portal.base.child import Bounds, ChildFailed, ChildWork, Life, Queue
from portal.base.terms import Language
from portal.loop.cards.paper import render_card, render_cards
from portal.web.paper import typesetting
from tests import factories
from tests.support.sample_card import sample_card, second

ON = date(2026, 12, 1)
NOTHING_WAITS = Queue(at_once=1, waiting=0, seconds=0.1)


def resident_mb(of: int) -> float:
    status = Path(f"/proc/{of}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def test_the_portal_itself_remembers_nothing_of_what_it_prints():
    before = resident_mb(os.getpid())

    for number in range(4):
        assert render_card(sample_card(None, skills=10 + number)).startswith(b"%PDF")

    assert resident_mb(os.getpid()) - before < 15


def test_a_press_that_has_grown_is_replaced(monkeypatch):
    press = ChildWork(
        typesetting._PRESS, typesetting._SHEETS.bounds, NOTHING_WAITS, Life(jobs_each=200, retire_mb=1)
    )
    monkeypatch.setattr(typesetting, "_SHEETS", press)

    assert render_card(sample_card(None)) == render_card(sample_card(None))
    assert not press._idle


def test_many_cards_have_a_press_of_their_own(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(typesetting._SHEETS, "run", lambda _job: asked.append("sheets") or b"%PDF")
    monkeypatch.setattr(typesetting._PACKS, "run", lambda _job: asked.append("packs") or b"%PDF")

    typesetting.typeset("cards", {"cards": ["x" * 1_000]}, on=ON)
    typesetting.typeset("cards", {"cards": ["x" * 4_000] * 40}, on=ON)

    assert asked == ["sheets", "packs"]


@pytest.mark.parametrize(
    ("job", "bounds"),
    [
        ("die", Bounds(5, 5, 200, 1)),
        ("spin", Bounds(0.3, 5, 200, 1)),
        ("echo", Bounds(5, 5, 200, 0)),
    ],
    ids=["killed", "slow", "large"],
)
def test_a_press_that_dies_is_told_kindly_and_the_next_one_prints(
    client_for, karin, monkeypatch, job, bounds
):
    card = factories.make_card()
    browser = client_for(karin)
    broken = ChildWork(f"tests.support.child_jobs:{job}", bounds, NOTHING_WAITS)
    with monkeypatch.context() as patch:
        patch.setattr(typesetting, "_SHEETS", broken)

        answer = browser.get(f"/cards/{card.id}/print")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Haddad" not in answer.get_data(as_text=True)
    assert browser.get(f"/cards/{card.id}/print").mimetype == "application/pdf"


def test_a_warm_press_that_was_killed_between_two_cards_is_not_missed():
    assert render_card(sample_card(None))
    (waiting, *_others) = typesetting._SHEETS._idle
    os.kill(waiting._process.pid, signal.SIGKILL)

    assert render_card(sample_card(None)).startswith(b"%PDF")


def test_when_everybody_prints_at_once_the_rest_are_told(monkeypatch):
    full = ChildWork(typesetting._PRESS, typesetting._SHEETS.bounds, Queue(at_once=1, waiting=0, seconds=0.1))
    monkeypatch.setattr(typesetting, "_SHEETS", full)

    with full._turn(), pytest.raises(ChildFailed):
        render_card(sample_card(None))


@pytest.mark.drill
def test_four_hundred_cards_leave_the_portal_as_small_as_it_was():
    """In packs of forty, each in two languages: a pack takes a gigabyte, and gives it back."""
    cards = different_cards(Language.AR)
    beside = second(Language.AR)
    before = resident_mb(os.getpid())

    for _pack in range(10):
        assert render_cards(list(islice(cards, 40)), beside).startswith(b"%PDF")

    assert resident_mb(os.getpid()) - before < 40
    assert not typesetting._PACKS._idle, "the press has ended with its pack"
    assert not [pid for pid in children(os.getpid()) if resident_mb(pid) > 250]
