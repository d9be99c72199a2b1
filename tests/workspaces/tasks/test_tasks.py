"""Karin writes what is to be done, gives some of it to Jonas, and does the rest; Lene next door sees nothing."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.base.database import db, transaction
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.workspaces.erasure import erase_upper_rooms
from portal.workspaces.tasks.forgetting import KEPT_WHEN_DONE, forget_tasks
from portal.workspaces.tasks.models import DeskTask, TaskSubject
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_citizen, make_employer, make_placement, make_task

ClientFor = Callable[[User | None], PortalClient]


def typed(owner: User, title: str = "Ring om arbejdstøj", due_on: str = "20-11-2026") -> dict[str, str]:
    return {"title": title, "due_on": due_on, "owner_id": str(owner.id)}


def titles(client: PortalClient, **query: str) -> list[str]:
    rows = client.get(f"/tasks/?{urlencode(query)}").page.select("#task-table tbody tr")
    return [row.select("td")[1].get_text(strip=True) for row in rows]


def test_a_task_is_made_from_a_record_given_away_done_and_taken_back(
    client_for: ClientFor, karin: User, jonas: User
) -> None:
    amira, karins = make_citizen(), client_for(karin)

    made = karins.post(f"/tasks/new?citizen={amira.id}", typed(karin))
    assert made.location == f"/citizens/{amira.id}"
    panel = karins.get(f"/efforts/citizens/{amira.id}").page.select_one("#tasks")
    assert "Ring om arbejdstøj" in panel.text
    task = db.session.scalars(sa.select(DeskTask)).one()
    assert titles(karins) == ["Ring om arbejdstøj"]

    karins.post(f"/tasks/{task.id}/edit", {**typed(jonas, due_on="23-11-2026"), "version": "1"})
    assert titles(karins) == []
    jonases = client_for(jonas)
    assert titles(jonases) == ["Ring om arbejdstøj"]

    assert jonases.post(f"/tasks/{task.id}/done", {"back": "/"}).location == "/"
    assert titles(jonases) == []
    assert titles(jonases, state="done") == ["Ring om arbejdstøj"]
    jonases.post(f"/tasks/{task.id}/reopen", {})
    assert titles(jonases) == ["Ring om arbejdstøj"]
    lines = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_type == "tasks"))
    assert list(lines) == ["task-made", "task-given", "task-done", "task-reopened"]


@pytest.mark.parametrize("key", ["9" * 25, "2147483648", "-1", "x", "٣"])
def test_what_no_record_is_called_is_not_found(client_for: ClientFor, karin: User, key: str) -> None:
    assert client_for(karin).get("/tasks/new", query_string={"employer": key}).status_code == 404


def test_a_task_leads_nowhere_outside_the_portal(client_for: ClientFor, karin: User) -> None:
    task = make_task(karin)
    for back in ("https://evil.example/", "//evil.example", ""):
        assert client_for(karin).post(f"/tasks/{task.id}/done", {"back": back}).location == "/tasks/"


def test_the_list_is_searched_and_filtered(client_for: ClientFor, karin: User, jonas: User) -> None:
    placement = make_placement()
    make_task(karin, "Om pladsen", placement=placement)
    make_task(karin, "Om firmaet", employer=make_employer("Dortes Hotel", owner="Dorte"))
    make_task(karin, "Om ingen", due_on=TODAY - timedelta(days=1))
    make_task(jonas, "Jonas skal")
    karins = client_for(karin)

    assert titles(karins, about=TaskSubject.PLACEMENT) == ["Om pladsen"]
    assert titles(karins, q="dortes") == ["Om firmaet"]
    assert titles(karins, q=placement.card.citizen.last_name) == ["Om pladsen"]
    assert titles(karins, state="late") == ["Om ingen"]
    assert titles(karins, whose=str(jonas.id)) == ["Jonas skal"]
    assert len(titles(karins, whose="all")) == 4
    assert set(db.session.scalars(sa.select(AuditPerson.citizen_id))) == {placement.card.citizen_id}


def test_neighbours_and_others_see_none(client_for: ClientFor, karin: User, lene: User) -> None:
    task = make_task(karin)
    assert client_for(lene).get(f"/tasks/{task.id}/edit").status_code == 404
    assert titles(client_for(lene), whose="all") == []
    assert client_for(lene).get(f"/tasks/new?citizen={make_citizen().id}").status_code == 404


def test_a_colleagues_change_is_not_overwritten(client_for: ClientFor, karin: User) -> None:
    task = make_task(karin)
    karins = client_for(karin)
    karins.post(f"/tasks/{task.id}/edit", {**typed(karin, "Først"), "version": "1"})
    late = karins.post(f"/tasks/{task.id}/edit", {**typed(karin, "Sidst"), "version": "1"})
    assert late.status_code == 409
    assert titles(karins) == ["Først"]


def test_a_task_is_about_one_thing_at_most(karin: User) -> None:
    both = {"citizen_id": make_citizen().id, "employer_id": make_employer().id}
    with pytest.raises(IntegrityError):
        make_task(karin, **both)


def test_what_is_about_her_goes_with_her_and_the_old_goes_by_itself(karin: User) -> None:
    amira = make_citizen()
    make_task(karin, "Om hende", citizen=amira)
    old = KEPT_WHEN_DONE + timedelta(days=1)
    make_task(karin, "Gjort for længe siden", done_at=NOW - old, done_by_id=karin.id)
    make_task(karin, "Glemt", due_on=TODAY - old)
    make_task(karin, "Ny")
    with transaction():
        erase_upper_rooms(amira, at=NOW)
        forget_tasks(NOW, {})
    assert list(db.session.scalars(sa.select(DeskTask.title))) == ["Ny"]
