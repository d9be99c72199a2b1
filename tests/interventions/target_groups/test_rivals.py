"""Two who write of one person at once: one after the other, and what contradicts is refused to the second."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from portal.base.database import db
from portal.base.terms import SpellKind
from portal.interventions.target_groups.queries import memberships_of, spells_of
from portal.shared.accounts.models import User
from tests import factories
from tests.client import PortalClient

pytestmark = pytest.mark.both_engines

RIVALS = 8


def at_once(app: Flask, user: User, act: Callable[[PortalClient, int], int]) -> Counter[int]:
    clients, ready = [PortalClient(app, user) for _ in range(RIVALS)], Barrier(RIVALS)

    def one(client: PortalClient, number: int) -> int:
        ready.wait()
        return act(client, number)

    with ThreadPoolExecutor(RIVALS) as together:
        answers = Counter(together.map(one, clients, range(RIVALS)))
    db.session.expire_all()
    return answers


def test_what_contradicts_is_written_once(app: Flask, karin: User) -> None:
    amira = factories.make_citizen("Amira")
    kinds = ("self_supporting", "publicly_supported")

    def write(client: PortalClient, number: int) -> int:
        data = {"spell-kind": kinds[number % 2], "spell-from_on": "2026-05-01"}
        return client.post(f"/citizens/{amira.id}/situation/spells", data).status_code

    assert at_once(app, karin, write) == {303: 1, 409: RIVALS - 1}
    assert len(spells_of(amira.id)) == 1


def test_somebody_comes_into_a_group_once(app: Flask, karin: User) -> None:
    amira, group = factories.make_citizen("Amira"), factories.make_target_group()

    def write(client: PortalClient, _number: int) -> int:
        data = {"join-group_id": group.id, "join-from_on": "2026-05-01"}
        return client.post(f"/citizens/{amira.id}/situation/groups", data).status_code

    assert at_once(app, karin, write) == {303: 1, 409: RIVALS - 1}
    assert len(memberships_of(amira.id)) == 1


def test_one_correction_of_several_stands_and_the_others_are_told(app: Flask, karin: User) -> None:
    amira = factories.make_citizen("Amira")
    spell = factories.make_spell(amira, SpellKind.EDUCATION)

    def write(client: PortalClient, number: int) -> int:
        data = {"kind": "education", "from_on": "2026-01-01", "until_on": f"2026-02-{number + 10}"}
        return client.post(f"/citizens/{amira.id}/situation/spells/{spell.id}", data).status_code

    answers = at_once(app, karin, write)

    assert answers[303] == 1
    assert set(answers) <= {303, 404, 409}  # who reads after it was replaced finds nothing to correct
    assert len(spells_of(amira.id)) == 1
