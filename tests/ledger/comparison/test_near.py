"""Who is one recorded step from counting: employers by name, people by number for those who may read them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from portal.base.terms import Measure
from portal.ledger.comparison import near
from portal.ledger.comparison.near import by_step
from portal.ledger.goals import measures
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from portal.shared.accounts.models import User
from portal.web.measures import Ask, NearMiss
from tests.client import PortalClient
from tests.factories import make_card, make_employer, make_opening, make_partnership
from tests.support.goals import set_goal

pytestmark = pytest.mark.both_engines

ClientFor = Callable[[User | None], PortalClient]


@pytest.fixture
def nearly(app: object, monkeypatch: pytest.MonkeyPatch) -> list[NearMiss]:
    """People who lack a step of the goal of cards, as a room would tell them."""
    misses: list[NearMiss] = []
    spec = spec_of(Measure.CARDS)
    assert spec.counted is not None

    def ask(question: Ask) -> Sequence[NearMiss]:
        return misses

    counted = replace(spec.counted, near_misses=ask)
    monkeypatch.setitem(measures._declared, Measure.CARDS, replace(spec, counted=counted))
    return misses


def people(misses: list[NearMiss], number: int, missing: str = "Kortet er ikke vist") -> list[str]:
    cards = [make_card() for _ in range(number)]
    misses += [NearMiss(card.citizen_id, missing) for card in cards]
    return [card.number for card in cards]


def test_employers_are_named_with_what_they_lack(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.PARTNERSHIPS)
    make_partnership(quiet := make_employer("Stille"))
    make_opening(counting := make_employer("Tæller"))
    make_partnership(counting)

    page = client_for(mette).get(f"/goals/{goal.id}/near").page

    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select("tbody tr")]
    assert rows == [["Stille", "En åbning eller et forløb i perioden"]]
    assert page.select_one(f"#near-table a[href='/employers/{quiet.id}']")


def test_a_consultant_sees_card_numbers_and_no_names(
    client_for: ClientFor, karin: User, nearly: list[NearMiss]
) -> None:
    goal = set_goal(Measure.CARDS)
    first, second = people(nearly, 2)
    client = client_for(karin)

    page = client.get(f"/goals/{goal.id}/near")

    assert {first, second} <= set(page.words.split())
    assert "Haddad" not in page.words
    assert client.get(f"/goals/{goal.id}/near?q={first}").page.select("tbody tr")[1:] == []
    assert first in client.get(f"/goals/{goal.id}/near?format=csv").get_data(as_text=True)


def test_a_leader_sees_numbers_from_five_on(
    client_for: ClientFor, mette: User, nearly: list[NearMiss]
) -> None:
    goal: Goal = set_goal(Measure.CARDS)
    client = client_for(mette)
    numbers = people(nearly, 4)
    words = client.get(f"/goals/{goal.id}/near").words
    assert "under 5 personer" in words

    numbers += people(nearly, 8, "Der mangler færdigheder")
    page = client.get(f"/goals/{goal.id}/near")

    assert "12 personer" in page.words
    assert not set(numbers) & set(page.words.split())
    assert [cell.get_text() for cell in page.page.select("td.number")] == ["få", "få"]
    assert not set(numbers) & set(client.get(f"/goals/{goal.id}/near?format=csv").words.split())


def test_steps_of_five_or_more_are_told(app: object) -> None:
    near_ones = [NearMiss(key, "A" if key < 6 else "B") for key in range(12)]

    assert by_step(near_ones) == (12, [("A", 6), ("B", 6)])
    assert by_step(near_ones[:3]) == (None, [])
    assert by_step([]) == (0, [])


def test_a_goal_without_near_misses_says_so(client_for: ClientFor, mette: User) -> None:
    for measure in (Measure.PUBLIC_SUPPORT, Measure.CARDS):
        page = client_for(mette).get(f"/goals/{set_goal(measure).id}/near").page
        assert page.select_one("#near-list .empty-state")
    assert near.near_misses_of(set_goal(Measure.COURSE_PLACES), set_goal(Measure.REFERRALS).last_on) == ()
