"""Each of the three writes before she can read another's: the whole table, and every page, file and fragment."""

from itertools import chain, combinations
from typing import Any

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Language, Party
from portal.loop.citizens.models import Citizen
from portal.loop.placements import expectations
from portal.loop.placements.amounts import amounts_in, differ
from portal.loop.placements.blindness import readable, writable
from portal.loop.placements.models import Expectation, Placement, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.workspaces.mine.export import as_json
from tests.client import PortalClient
from tests.factories import (
    NOW,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    owner_of,
    state_expectations,
    user,
)

C, E, K = Party.CITIZEN, Party.EMPLOYER, Party.CONSULTANT
EVERY_SET = [frozenset(some) for some in chain.from_iterable(combinations(Party, size) for size in range(4))]


@pytest.mark.parametrize("reader", list(Party))
@pytest.mark.parametrize("stated", EVERY_SET)
def test_nobody_reads_another_before_all_three_have_written(reader: Party, stated: frozenset[Party]) -> None:
    expected = frozenset(Party) if len(stated) == 3 else frozenset({reader}) & stated

    assert readable(reader, stated, may_still_write=True) == expected
    assert readable(reader, stated, may_still_write=False) == stated


@pytest.mark.parametrize("stated", EVERY_SET)
@pytest.mark.parametrize("by_own_hand", EVERY_SET)
def test_only_the_consultant_writes_for_others_and_her_own_first(
    stated: frozenset[Party], by_own_hand: frozenset[Party]
) -> None:
    for writer in (C, E):
        assert writable(writer, stated, by_own_hand) == {writer}
    if K not in stated:
        expected = {K}
    elif len(stated) == 3:
        expected = {C, E, K}
    else:
        expected = {K} | ({C, E} - by_own_hand)
    assert writable(K, stated, by_own_hand) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("8 uger", "12 uger"), True),
        (("otte uger", "8 uger"), False),
        (("Vi siger 8 uger", "Fire uger, højst 6", "13 uger"), True),
        (("tre måneder", "13 uger"), False),
        (("et halvt år", "26 uger"), False),
        (("20 timer om ugen", "25,5 timer"), True),
        (("3 dage om ugen", "5 dage om ugen"), True),
        (("3 dage om ugen i 4 uger", "4 uger"), False),
        (("2 opgaver", "tre opgaver"), True),
        (("En plads i køkkenet", "et fast job"), False),
        (("Job", ""), False),
    ],
)
def test_amounts_are_read_from_words_and_held_against_each_other(
    texts: tuple[str, ...], expected: bool
) -> None:
    assert differ(texts) is expected


def test_a_length_is_read_in_weeks() -> None:
    assert amounts_in("halvanden måned, og 8-12 uger") == {"length": {6.5, 8, 12}}


# --- Through the portal ---------------------------------------------------------------------------------------------

SECRETS = {
    C: {"purpose": "citron-formål", "time_frame": "citron 8 uger", "development": "citron-lære"},
    E: {"purpose": "banan-formål", "time_frame": "banan 12 uger", "development": "banan-lære"},
    K: {"purpose": "kiwi-formål", "time_frame": "kiwi 10 uger", "development": "kiwi-lære"},
}
MARKS = {C: "citron", E: "banan", K: "kiwi"}


class Three:
    """Amira, who reads Tigrinya, at Bo's, with Karin; one placement that is planned."""

    def __init__(self, app: Any) -> None:
        employer = make_employer()
        self.citizen = make_citizen("Amira", with_login=True, language=Language("ti"))
        review = make_review(
            make_match(make_opening(employer), make_card(self.citizen)),
            citizen_answer=Answer.YES,
            employer_answer=Answer.YES,
        )
        self.placement = make_placement(review)
        self.people: dict[Party, User] = {
            C: self.citizen.user,  # type: ignore[dict-item]
            E: owner_of(employer),
            K: user("karin@kommune.example"),
        }
        self.browsers = {party: PortalClient(app, person) for party, person in self.people.items()}

    def writes(self, writer: Party, whose: Party) -> int:
        path = f"/placements/{self.placement.id}/expectations/{whose.value}"
        return self.browsers[writer].post(path, SECRETS[whose]).status_code

    def read_by(self, reader: Party) -> set[Party]:
        """Whose words are anywhere in what the reader gets: pages, fragments and files."""
        key, browser = self.placement.id, self.browsers[reader]
        paths = [
            f"/placements/{key}",
            *(f"/placements/{key}/expectations/{party.value}" for party in Party),
            "/placements/",
            "/placements/?format=csv",
            "/mine/data/json",
            f"/mine/data/json/of/{self.citizen.id}",
            f"/citizens/{self.citizen.id}",
            f"/vitas/placement/{key}",
            f"/meetings/placement/{key}",
            f"/assessments/placement/{key}",
            "/mine/",
            "/",
        ]
        sent = "".join(
            browser.get(path, htmx=htmx).get_data(as_text=True)
            for path in paths
            for htmx in ((False, True) if path.startswith("/placements/") else (False,))
        )
        return {party for party, mark in MARKS.items() if mark in sent}


@pytest.fixture
def three(app, karin) -> Three:
    return Three(app)


def test_no_page_fragment_or_file_shows_another_before_all_three(three: Three) -> None:
    said: set[Party] = set()
    for writer in (E, K, C):
        assert {reader: three.read_by(reader) for reader in Party} == {
            reader: {reader} & said for reader in Party
        }
        assert three.writes(writer, writer) == 303
        said.add(writer)

    assert [three.read_by(reader) for reader in Party] == [set(Party)] * 3


def test_who_types_for_another_writes_her_own_first_and_does_not_read_it(three: Three) -> None:
    assert three.writes(K, C) == 409
    assert three.writes(K, K) == 303
    assert three.writes(K, C) == 303, "on paper"

    assert three.read_by(K) == {K}
    assert three.read_by(C) == {C}


def test_what_somebody_wrote_herself_is_not_written_over_unseen(three: Three) -> None:
    three.writes(E, E)
    three.writes(K, K)

    refused = three.browsers[K].post(f"/placements/{three.placement.id}/expectations/employer", SECRETS[C])

    assert refused.status_code == 409
    assert "banan" not in refused.get_data(as_text=True)
    assert db.session.scalar(sa.select(Expectation.purpose).where(Expectation.party == E)) == "banan-formål"


def test_words_changed_after_reading_are_marked_and_the_first_stay(three: Three) -> None:
    state_expectations(three.placement)
    karins = three.browsers[K]

    assert three.writes(E, E) == 303
    again = three.browsers[E].post(
        f"/placements/{three.placement.id}/expectations/employer", {**SECRETS[E], "purpose": "noget tredje"}
    )

    assert again.status_code == 303
    page = karins.get(f"/placements/{three.placement.id}").words
    assert "rettet, efter at alle tre havde skrevet" in page
    db.session.rollback()
    said = db.session.scalars(sa.select(Expectation).where(Expectation.party == E)).one()
    assert said.first_words["purpose"] == "Job"
    assert said.purpose == "noget tredje"


def test_the_same_words_again_are_no_change(karin: User, three: Three) -> None:
    state_expectations(three.placement)
    with transaction():
        placement = db.session.get_one(Placement, three.placement.id)
        expectations.state_expectation(
            placement, party=C, words=placement.expectations[1].words, by=karin, at=NOW
        )
    assert [said.changed_at for said in db.session.scalars(sa.select(Expectation))] == [None] * 3


def test_she_reads_in_her_language_who_will_see_it_before_she_writes(three: Three) -> None:
    page = three.browsers[C].get(f"/placements/{three.placement.id}/expectations/citizen")

    assert page.page.select_one("html")["lang"] == "ti"  # type: ignore[index]
    assert "ኣማኻሪኹምን" in page.words
    assert not [part for part in page.page.select("main textarea, main label") if part.get("lang") == "da"]
    empty = three.browsers[C].post(f"/placements/{three.placement.id}/expectations/citizen", {})
    assert empty.status_code == 422
    assert "ኣብዚ ገለ ጽሓፉ" in empty.words


def test_after_the_start_all_is_open_and_nothing_may_be_written(three: Three) -> None:
    three.writes(E, E)
    with transaction():
        placement = db.session.get_one(Placement, three.placement.id)
        placement.status, placement.started_at = PlacementStatus.RUNNING, NOW

    assert three.read_by(C) == {E}
    assert three.writes(C, C) == 409


def test_her_file_is_taken_out_by_herself_or_the_consultant_and_neither_reads_ahead(three: Three) -> None:
    three.writes(E, E)
    three.writes(C, C)
    citizen = db.session.get_one(Citizen, three.citizen.id)

    files = [as_json(citizen, NOW, reader).decode() for reader in (C, K)]

    assert [("citron" in file, "banan" in file) for file in files] == [(True, False), (False, False)]
