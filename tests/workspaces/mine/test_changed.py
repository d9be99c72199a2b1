"""What was changed in her placement stands on her page, in her language."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.base.database import transaction
from portal.base.terms import Language
from portal.loop.placements import changes, follow_ups
from portal.loop.placements.agreed import Agreed
from portal.loop.placements.models import ChangeKind, FollowUp, Placement, PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.skills.translations import PhraseKind, translated
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY

ClientFor = Callable[[User | None], PortalClient]


def changed_in_every_way(karin: User, language: Language | None) -> Placement:
    citizen = factories.make_citizen("Amira", with_login=True, language=language)
    match = factories.make_match(factories.make_opening(), factories.make_card(citizen))
    placement = factories.make_placement(
        factories.make_review(match, citizen_answer="yes", employer_answer="yes"),
        status=PlacementStatus.RUNNING,
        starts_on=TODAY - timedelta(days=7),
        ends_on=TODAY + timedelta(days=30),
    )
    later = TODAY + timedelta(days=3)

    def agree(kind: ChangeKind, **values: object) -> None:
        new = Agreed.from_row({**Agreed.of(placement).as_row(), **values})
        wish = changes.Wish(kind, new, later, reason="Bo har ferie", stop_reason="Det er aftalt.")
        changes.change_placement(placement, wish, seen_version=placement.version, by=karin, at=NOW)

    with transaction():
        talks = [FollowUp(due_on=later), FollowUp(due_on=later)]
        placement.follow_ups.extend(talks)
        agree(ChangeKind.EXTENDED, ends_on=TODAY + timedelta(days=33))
        agree(ChangeKind.HOURS, later_hours=[[later.isoformat(), 20]])
        agree(ChangeKind.TASKS, tasks="Bage")
        agree(ChangeKind.PAUSED, pauses=[[later.isoformat(), later.isoformat()]])
        changes.withdraw_change(placement.changes[-1], by=karin, at=NOW)
        follow_ups.move_follow_up(talks[0], due_on=TODAY, seen_version=1, by=karin, at=NOW)
        follow_ups.cancel_follow_up(talks[1], by=karin, at=NOW)
    return placement


@pytest.mark.parametrize("language", [None, Language.TI], ids=["danish", "tigrinya"])
def test_every_change_is_said_in_her_language(
    client_for: ClientFor, karin: User, language: Language | None
) -> None:
    placement = changed_in_every_way(karin, language)

    answer = client_for(placement.card.citizen.user).get(f"/mine/placements/{placement.id}")

    title = "Det er ændret"
    if language is not None:
        found = translated(PhraseKind.PAGE, "changed_title", language)
        assert found is not None
        title = found.text
    heading = next(one for one in answer.page.select("h2") if one.get_text(strip=True) == title)
    lines = heading.find_next("ul").find_all("li")  # type: ignore[union-attr]
    assert len(lines) == 7
    danish = [one.get_text() for one in heading.find_next("ul").select("[lang=da]")]  # type: ignore[union-attr]
    assert set(danish) <= {"Bage", "Bo har ferie"}, "only what somebody wrote is Danish"
    if language is None:
        assert "Samtalen er flyttet fra 21. november 2026 til 18. november 2026." in answer.words


def test_a_pause_and_other_hours_stand_on_her_pages(client_for: ClientFor) -> None:
    citizen = factories.make_citizen("Amira", with_login=True, language=Language.TI)
    match = factories.make_match(factories.make_opening(), factories.make_card(citizen))
    placement = factories.make_placement(
        factories.make_review(match, citizen_answer="yes", employer_answer="yes"),
        status=PlacementStatus.RUNNING,
        starts_on=TODAY - timedelta(days=7),
    )
    factories.make_change(placement)
    pauses = translated(PhraseKind.PAGE, "pauses", Language.TI)
    assert pauses is not None

    for path in ("/mine/placements", f"/mine/placements/{placement.id}"):
        assert pauses.text in client_for(citizen.user).get(path).words, path
