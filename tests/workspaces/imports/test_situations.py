"""Karin brings in the case system's list of who is in a target group, and of people's periods."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import SpellKind
from portal.interventions.cohorts.models import LanguageHours
from portal.interventions.target_groups.models import Membership, Spell, SpellSource, TargetGroup
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.workspaces.imports import services
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.reader import UnreadableFile
from portal.workspaces.imports.services import BadRows, Report
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_citizen, municipality, user

ClientFor = Callable[[User | None], PortalClient]

MEMBERS = "Sagsnummer;Målgruppe;Fra;Til;Grund\n"
SPELLS = "Sagsnummer;Slags;Fra;Til;Timer\n"


@pytest.fixture
def amira(app: Flask) -> Citizen:
    """A citizen, and the group that the plan speaks of."""
    with transaction():
        db.session.add(TargetGroup(municipality_id=municipality().id, name="Målgruppe 3", created_at=NOW))
    return make_citizen("Amira", case_reference="26/1001")


def load(kind: ImportKind, content: str, *, only_good_rows: bool = False) -> Report:
    checked = services.read_file(kind, content.encode())
    with transaction():
        report = services.examine(checked, municipality_id=municipality().id, today=TODAY)
        return services.carry_out(
            report,
            municipality_id=municipality().id,
            only_good_rows=only_good_rows,
            by=user("karin@kommune.example"),
            at=NOW,
        )


def refused(kind: ImportKind, content: str) -> list[tuple[str, str]]:
    """Heading and reason of each cell that is refused, and nothing written."""
    with pytest.raises(BadRows) as problem:
        load(kind, content)
    db.session.rollback()
    assert not db.session.scalars(sa.select(Spell)).all()
    return [(error.heading, error.reason) for error in problem.value.report.errors]


def all_of(table: type[Membership] | type[Spell]) -> list[Membership] | list[Spell]:
    return list(db.session.scalars(sa.select(table).order_by(table.id)))  # type: ignore[return-value]


def test_the_same_file_twice_changes_nothing(amira: Citizen) -> None:
    members = f"{MEMBERS}26/1001;målgruppe 3;01-03-2026;;\n"
    spells = f"{SPELLS}26/1001;Aktivitet;01-03-2026;30-04-2026;25\n26/1001;Offentligt forsørget;1/3 2026;;\n"
    spells = spells.replace("1/3 2026", "01/03/2026")

    assert (load(ImportKind.MEMBERSHIPS, members).new, load(ImportKind.SPELLS, spells).new) == (1, 2)
    assert (load(ImportKind.MEMBERSHIPS, members).unchanged, load(ImportKind.SPELLS, spells).unchanged) == (
        1,
        2,
    )
    assert (len(all_of(Membership)), len(all_of(Spell))) == (1, 2)
    assert {spell.source for spell in all_of(Spell)} == {SpellSource.IMPORT}


def test_what_ends_is_written_anew_and_what_stood_is_kept(amira: Citizen) -> None:
    load(ImportKind.MEMBERSHIPS, f"{MEMBERS}26/1001;Målgruppe 3;01-03-2026;;\n")

    report = load(
        ImportKind.MEMBERSHIPS, f"{MEMBERS}26/1001;Målgruppe 3;01-03-2026;31-03-2026;Kom i arbejde\n"
    )

    was, now = all_of(Membership)
    assert report.changed == 1
    assert (was.until_on, was.replaced_at) == (None, NOW)
    assert (now.until_on, now.replaced_at, now.recorded_at) == (date(2026, 3, 31), None, NOW)


def test_two_periods_that_cannot_both_be_true_are_refused_where_they_stand(amira: Citizen) -> None:
    content = f"{SPELLS}26/1001;Selvforsørgende;01-01-2026;;\n26/1001;Offentligt forsørget;01-02-2026;;\n"

    [(heading, reason)] = refused(ImportKind.SPELLS, content)

    assert heading == "Slags"
    assert "enten selvforsørgende eller offentligt forsørget" in reason


@pytest.mark.parametrize(
    ("row", "heading", "said"),
    [
        ("26/9999;Aktivitet;01-01-2026;;", "Sagsnummer", "ingen borger med det sagsnummer"),
        ("26/1001;Ved ikke;01-01-2026;;", "Slags", "ingen periode"),
        ("26/1001;Kontanthjælp;01-01-2026;;", "Slags", "kendes ikke"),
        ("26/1001;Aktivitet;01-02-2026;31-01-2026;", "Til", "ligger før den første"),
        ("26/1001;Aktivitet;01-01-2090;;", "Fra", "fremtiden"),
        ("26/1001;Aktivitet;;;", "Fra", "tomt"),
        ("26/1001;Aktivitet;31-02-2026;;", "Fra", ""),
        ("26/1001;Aktivitet;01-01-2026;;200", "Timer", ""),
    ],
)
def test_a_cell_that_cannot_be_right_is_named_with_why(
    amira: Citizen, row: str, heading: str, said: str
) -> None:
    [(where, reason)] = refused(ImportKind.SPELLS, f"{SPELLS}{row}\n")

    assert where == heading
    assert said in reason


@pytest.mark.parametrize(
    ("row", "heading", "said"),
    [
        ("26/1001;Målgruppe 9;01-01-2026;;", "Målgruppe", "Målgruppe 3"),
        ("26/1001;Målgruppe 3;01-01-2026;;Andet", "Grund", "hører til en sidste dag"),
    ],
)
def test_a_group_that_is_not_there_is_said_with_those_that_are(
    amira: Citizen, row: str, heading: str, said: str
) -> None:
    [(where, reason)] = refused(ImportKind.MEMBERSHIPS, f"{MEMBERS}{row}\n")

    assert where == heading
    assert said in reason


def test_a_citizen_of_the_neighbours_is_nobody_here(amira: Citizen) -> None:
    make_citizen("Lina", case_reference="26/2002", in_municipality="Fredensborg")

    [(where, _reason)] = refused(ImportKind.SPELLS, f"{SPELLS}26/2002;Aktivitet;01-01-2026;;\n")

    assert where == "Sagsnummer"


@pytest.mark.parametrize("column", ["Ydelse", "Diagnose", "KØN", "Cpr-nummer", "Oprindelse"])
def test_a_column_that_the_portal_does_not_hold_stops_the_file(app: Flask, column: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        services.read_file(ImportKind.SPELLS, f"Sagsnummer;Slags;Fra;{column}\n".encode())
    assert column in str(refusal.value.message)


def test_two_small_jobs_at_once_are_two_periods(amira: Citizen) -> None:
    content = f"{SPELLS}26/1001;Ordinært arbejde;01-01-2026;;8\n26/1001;Ordinært arbejde;15-01-2026;;10\n"

    assert load(ImportKind.SPELLS, content).new == 2
    assert [spell.hours_per_week for spell in all_of(Spell)] == [8, 10]


def test_a_period_that_a_placement_wrote_is_the_placements(amira: Citizen) -> None:
    with transaction():
        db.session.add(
            Spell(
                citizen_id=amira.id,
                kind=SpellKind.ACTIVITY,
                from_on=date(2026, 1, 5),
                until_on=date(2026, 2, 1),
                source=SpellSource.PLACEMENT,
                recorded_at=NOW,
            )
        )
    same = f"{SPELLS}26/1001;Aktivitet;05-01-2026;01-02-2026;\n"

    assert load(ImportKind.SPELLS, same).unchanged == 1
    with pytest.raises(BadRows) as problem:
        load(ImportKind.SPELLS, same.replace("01-02-2026", "01-03-2026"))
    assert "kommer fra et forløb" in problem.value.report.errors[0].reason


def test_karin_sees_the_file_before_anything_is_stored(
    amira: Citizen, client_for: ClientFor, karin: User
) -> None:
    client = client_for(karin)
    file = (BytesIO(f"{SPELLS}26/1001;Aktivitet;01-01-2026;;20\n".encode()), "perioder.csv")

    sent = client.post("/imports/", {"kind": "spells", "file": file})
    preview = client.get(sent.headers["Location"])

    assert "Aktivitet" in preview.words
    assert not all_of(Spell)
    assert client.post(f"{sent.headers['Location']}/confirm", {}).status_code == 303
    assert len(all_of(Spell)) == 1


def test_hours_of_a_month_are_read_once_and_corrected_by_the_next_file(app) -> None:
    make_citizen("Amira", case_reference="26/1001")
    content = "Sagsnummer;Måned;Planlagt;Fremmødt\n26/1001;10-2026;40;30\n26/1001;2026-09;48;48\n"

    assert load(ImportKind.LANGUAGE_HOURS, content).new == 2
    assert load(ImportKind.LANGUAGE_HOURS, content).unchanged == 2
    assert load(ImportKind.LANGUAGE_HOURS, content.replace("40;30", "40;36")).changed == 1

    rows = db.session.scalars(sa.select(LanguageHours).order_by(LanguageHours.id)).all()
    assert [(row.month_on.month, row.attended, row.replaced_at is None) for row in rows] == [
        (10, 30, False),
        (9, 48, True),
        (10, 36, True),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("26/1001;10-2026;40;41", "Fremmødt"),
        ("26/1001;12-2026;40;10", "Måned"),
        ("26/9999;10-2026;40;10", "Sagsnummer"),
        ("26/1001;13-2026;40;10", "Måned"),
        ("26/1001;10-0000;40;10", "Måned"),
        ("26/1001;10-2026;10 timer om ugen;10", "Planlagt"),
    ],
)
def test_hours_that_cannot_be_are_refused_by_their_cell(app, row: str, column: str) -> None:
    make_citizen("Amira", case_reference="26/1001")

    [(heading, _reason)] = refused(ImportKind.LANGUAGE_HOURS, f"Sagsnummer;Måned;Planlagt;Fremmødt\n{row}\n")

    assert heading == column
