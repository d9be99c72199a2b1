"""Karin copies a package of the portal, moves its steps and writes one of her own; Mette reads them."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.interventions.pathways.models import JobPackage, PackageStep
from portal.interventions.pathways.shipped import shipped_packages
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.factories import make_package, skill

ClientFor = Callable[[User | None], PortalClient]

NEW = {
    "name": "Vejen til plejehjemmet",
    "industry": "pleje",
    "about": "Timer som afløser.",
    "steps-0-name": "Samvær",
    "steps-0-kind": "praktik",
    "steps-0-weeks": "6",
    "steps-0-skills-0-skill": "ældrepleje",
    "steps-0-skills-0-level": "2",
    "steps-1-name": "Timer",
    "steps-1-kind": "regular_job",
    "steps-1-weeks": "12",
}


def test_every_skill_of_a_shipped_package_is_one_of_the_vocabulary(app) -> None:
    for package in shipped_packages().values():
        assert [step.name for step in package.steps]
        for name in (name for step in package.steps for name in step.skills):
            assert skill(name).area.value in (package.industry.value, "faelles")


@pytest.mark.both_engines
def test_a_shipped_package_is_copied_and_the_copy_is_the_municipalitys_own(
    client_for: ClientFor, karin: User, mette: User
) -> None:
    consultant = client_for(karin)
    made = consultant.post("/pathways/start/rengoering")

    page = consultant.get(made.location).page
    assert [one.get_text(strip=True) for one in page.select(".way-step h3")][1:3] == [
        "Trin 2:Sammen med en kollega",
        "Trin 3:Et område for sig selv",
    ]
    assert "følge rengøringsplan: efter instruktion" in consultant.get(made.location).words
    assert "Kopiér pakken Rengøring" not in consultant.get("/pathways/").words
    assert "Rengøring" in client_for(mette).get("/pathways/").page.select_one("#package-table").text  # type: ignore[union-attr]
    assert "Midler og metoder" in consultant.get(f"{made.location}?format=csv").get_data(as_text=True)


def test_a_package_is_written_from_nothing_with_words_of_the_vocabulary_alone(
    client_for: ClientFor, karin: User
) -> None:
    consultant = client_for(karin)
    refused = consultant.post("/pathways/new", {**NEW, "steps-0-skills-0-skill": "stemme xylofoner"})
    assert refused.status_code == 422
    assert "står på listen" in refused.page.select_one("#steps-0-skills-0-skill-error").text  # type: ignore[union-attr]

    assert consultant.post("/pathways/new", NEW).status_code == 303
    package = db.session.scalars(sa.select(JobPackage)).one()
    assert [(step.name, step.weeks) for step in package.steps] == [("Samvær", 6), ("Timer", 12)]
    assert [(one.skill.name, one.level) for one in package.steps[0].skills] == [("ældrepleje", 2)]

    again = consultant.post("/pathways/new", NEW)
    assert again.status_code == 409
    assert "allerede en pakke" in again.page.select_one("#name-error").text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("button", "names"),
    [
        ("up-1", ["Timer", "Samvær"]),
        ("down-0", ["Timer", "Samvær"]),
        ("up-0", ["Samvær", "Timer"]),
        ("remove-0", ["Timer"]),
        ("add", ["Samvær", "Timer", ""]),
        ("remove-99", ["Samvær", "Timer"]),
    ],
)
def test_steps_are_moved_without_scripts_and_nothing_is_saved_yet(
    client_for: ClientFor, karin: User, button: str, names: list[str]
) -> None:
    shown = client_for(karin).post("/pathways/new", {**NEW, "step": button})

    fields = shown.page.select("fieldset.way-edit")
    assert [one.select_one("input[name$='-name']").get("value", "") for one in fields] == names  # type: ignore[union-attr]
    assert shown.page.select_one("#name")["value"] == "Vejen til plejehjemmet"  # type: ignore[index]
    assert db.session.scalar(sa.select(sa.func.count(JobPackage.id))) == 0


def test_a_step_that_is_left_out_retires_and_the_others_keep_their_rows(
    client_for: ClientFor, karin: User
) -> None:
    package = make_package()
    first, second, third = package.steps
    fields = {"version": "1", "name": package.name, "industry": "koekken"}
    for place, step in enumerate((third, first)):
        fields |= {f"steps-{place}-step_id": str(step.id), f"steps-{place}-name": step.name}
        fields |= {f"steps-{place}-kind": step.kind.value, f"steps-{place}-weeks": "5"}

    assert client_for(karin).post(f"/pathways/{package.id}/edit", fields).status_code == 303

    db.session.expire_all()
    kept = db.session.get(JobPackage, package.id)
    assert kept is not None
    assert [step.id for step in kept.steps] == [third.id, first.id]
    assert db.session.get(PackageStep, second.id).retired_at is not None  # type: ignore[union-attr]
    assert kept.version == 2


def test_an_archived_package_leaves_the_list_and_may_come_back(client_for: ClientFor, karin: User) -> None:
    package, consultant = make_package(), client_for(karin)
    consultant.post(f"/pathways/{package.id}/archive")
    assert consultant.get("/pathways/").page.select_one("#package-table") is None
    assert package.name in consultant.get("/pathways/?state=archived").words

    consultant.post(f"/pathways/{package.id}/reopen")
    assert package.name in consultant.get("/pathways/").words
