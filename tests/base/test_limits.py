"""The pause: nothing at first, then growing, never longer than its longest, and never an invitation to hurry."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.base.limits import Limit
from portal.config import LIMITS

START = datetime(2026, 11, 28, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    first = draw(st.integers(1, 600))
    longest = draw(st.integers(first, 7200))
    forget = draw(st.integers(longest, 200_000))
    free = draw(st.integers(1, 40))
    return Limit(free, timedelta(seconds=first), timedelta(seconds=longest), timedelta(seconds=forget))


@given(limits(), st.integers(0, 10_000))
def test_the_pause_grows_from_nothing_to_its_longest_and_stays_there(limit, tries):
    pause, next_pause = limit.pause(tries), limit.pause(tries + 1)

    assert pause <= next_pause <= limit.longest
    assert (pause == timedelta()) == (tries < limit.free)
    if limit.free <= tries and next_pause < limit.longest:
        assert next_pause == 2 * pause


@given(limits(), st.integers(0, 100), st.integers(0, 300_000))
def test_whoever_waits_as_long_as_she_was_told_may_try(limit, tries, later):
    at = START + timedelta(seconds=later)

    wait = limit.wait(tries, START, at)

    assert limit.wait(tries, START, at + wait) == timedelta()
    if wait:
        assert limit.wait(tries, START, at + wait - TICK) == TICK


@given(limits(), st.integers(0, 10**9))
def test_after_a_long_quiet_nothing_is_held_against_anybody(limit, tries):
    assert limit.wait(tries, START, START + limit.forget) == timedelta()
    assert limit.standing(tries, START, START + limit.forget) == 0


@given(limits(), st.lists(st.integers(1, 20_000), max_size=200))
def test_however_a_guesser_spreads_his_tries_he_gets_no_more_than_the_pauses_leave(limit, gaps):
    """Whatever moments he chooses, between two tries that were let through there is the pause of the first."""
    at, tries, last = START, 0, START
    let_through: list[datetime] = []
    for gap in gaps:
        at += timedelta(seconds=gap)
        if limit.wait(tries, last, at):
            continue
        tries, last = limit.standing(tries, last, at) + 1, at
        let_through.append(at)

    for early, late in zip(let_through[limit.free - 1 :], let_through[limit.free :], strict=False):
        is_new_row = any(b - a >= limit.forget for a, b in pairwise(let_through))
        assert is_new_row or late - early >= limit.first


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_no_limit_locks_anybody_out_for_more_than_a_day(limit):
    assert limit.longest <= timedelta(days=1)


def test_a_guesser_of_one_password_has_a_handful_of_tries_an_hour():
    """From one address: five at once, seven while the pause grows, and then one an hour."""
    limit, at, tries = LIMITS["password"], START, 0
    while at < START + 24 * HOUR:
        tries += 1
        at += limit.pause(tries)

    assert tries <= 36


@pytest.mark.parametrize(
    ("free", "first", "longest", "forget"),
    [(0, 1, 2, 3), (1, 0, 2, 3), (1, 3, 2, 3), (1, 1, 4, 3)],
)
def test_a_limit_that_cannot_work_is_refused(free, first, longest, forget):
    with pytest.raises(ValueError, match="first <= longest <= forget"):
        Limit(free, first * HOUR, longest * HOUR, forget * HOUR)
