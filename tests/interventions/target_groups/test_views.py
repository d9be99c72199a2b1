"""Karin keeps a group: she takes people in, finds out of whom nothing is known, and writes it; Mette reads numbers."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import SpellKind
from portal.interventions.target_groups.models import (
    LadderStep,
    Membership,
    MembershipEnd,
    Spell,
    SpellProposal,
    TargetGroup,
    WorkLadder,
)
from portal.interventions.target_groups.queries import (
    arrival_of,
    memberships_of,
    placings_of,
    spells_of,
)
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.rules.law.case import Readiness
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import TODAY, make_citizen, make_membership, make_spell, make_target_group

ClientFor = Callable[[User | None], PortalClient]
GROUP = {"name": "Målgruppe 3", "sentence": "45 pct. er i ordinært arbejde.", "source": "Planen, side 4"}
NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def group(app) -> TargetGroup:
    return make_target_group()


def names(page: object, table: str = "#member-table") -> list[str]:
    return [row.a.get_text(strip=True) for row in page.select(f"{table} tbody tr")]  # type: ignore[attr-defined]


# --- The groups ------------------------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_leader_and_a_consultant_write_groups_and_one_name_is_one_group(
    client_for: ClientFor, karin: User, mette: User
) -> None:
    assert client_for(mette).post("/target-groups/new", GROUP).status_code == 303

    again = client_for(karin).post("/target-groups/new", {**GROUP, "name": "målgruppe 3"})

    assert again.status_code == 409
    assert "allerede en målgruppe" in again.page.select_one("#name-error").text  # type: ignore[union-attr]
    assert db.session.scalars(sa.select(TargetGroup.created_by_id)).all() == [mette.id]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Psykisk sårbare unge", "Psykisk sårbare"),
        ("Langtidssygemeldte", "Langtidssygemeldte"),
        ("Tidligere straffede", "Tidligere straffede"),
        ("Mænd med misbrug", "misbrug"),
        ("Voldsramte kvinder", "Voldsramte"),
    ],
)
def test_a_name_that_tells_is_refused_beside_the_field_with_its_word(
    client_for: ClientFor, karin: User, name: str, word: str
) -> None:
    answer = client_for(karin).post("/target-groups/new", {**GROUP, "name": name})

    assert answer.status_code == 409
    assert f"“{word}”" in answer.page.select_one("#name-error").text  # type: ignore[union-attr]
    assert db.session.scalar(sa.select(TargetGroup)) is None


@pytest.mark.parametrize(
    "name",
    ["Målgruppe 3", "Match 4", "De 183", "Unge 18-29", "Kokkedal", "Sosu-hjælpere", "Aktivitetsparate"],
)
def test_a_neutral_name_is_taken(client_for: ClientFor, karin: User, name: str) -> None:
    assert client_for(karin).post("/target-groups/new", {**GROUP, "name": name}).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"plan_from": "2026-05-01", "plan_until": "2026-04-30"}, "plan_until"),
        ({"age_from": "30", "age_until": "29"}, "age_until"),
        ({"age_from": "121"}, "age_from"),
        ({"sentence": "010190-1234 er med"}, "sentence"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client_for: ClientFor, karin: User, wrong: dict[str, str], field: str
) -> None:
    answer = client_for(karin).post("/target-groups/new", {**GROUP, **wrong})

    assert answer.status_code in (409, 422)
    assert answer.page.select_one(f"#{field}-error")


def test_two_who_edit_at_once_do_not_overwrite_each_other(
    client_for: ClientFor, karin: User, mette: User, group: TargetGroup
) -> None:
    address = f"/target-groups/{group.id}/edit"

    first = client_for(karin).post(address, {**GROUP, "name": "Første", "version": "1"})
    second = client_for(mette).post(address, {**GROUP, "name": "Anden", "version": "1"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert db.session.get_one(TargetGroup, group.id).name == "Første"


def test_an_archived_group_leaves_the_list_and_comes_back(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    client = client_for(karin)

    client.post(f"/target-groups/{group.id}/archive")
    assert client.get("/target-groups/").page.select("#group-table tbody tr") == []
    assert names(client.get("/target-groups/?state=archived").page, "#group-table") == ["Målgruppe 3"]
    assert not client.get(f"/target-groups/{group.id}").page.select(
        f"a[href='/target-groups/{group.id}/add']"
    )

    client.post(f"/target-groups/{group.id}/reopen")
    assert names(client.get("/target-groups/").page, "#group-table") == ["Målgruppe 3"]


def test_the_list_is_searched_sorted_and_counted(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    make_target_group("Kokkedal", sentence="De unge i Kokkedal")
    amira, selam = make_citizen("Amira"), make_citizen("Selam")
    for one in (amira, selam):
        make_membership(group, one)
    make_spell(amira)
    client = client_for(karin)

    assert names(client.get("/target-groups/?q=unge").page, "#group-table") == ["Kokkedal"]
    assert names(client.get("/target-groups/?sort=name&dir=desc").page, "#group-table")[0] == "Målgruppe 3"
    assert "1 af 2" in client.get("/target-groups/?q=målgruppe").words
    rows = client.get("/target-groups/?format=csv").get_data(as_text=True)
    assert "Målgruppe 3;;;;;2;18-11-2026;1" in rows


# --- Who may not see persons -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "said"), [(0, "0"), (1, "under 5"), (4, "under 5"), (5, "5"), (12, "12")]
)
def test_a_leader_reads_how_many_at_the_quarters_end_and_no_few(
    client_for: ClientFor, mette: User, group: TargetGroup, members: int, said: str
) -> None:
    for number in range(members):
        make_membership(group, make_citizen(f"Person{number}"))
    make_membership(group, make_citizen("Amira"), from_on=date(2026, 10, 1))  # after the end of September
    client = client_for(mette)

    page = client.get(f"/target-groups/{group.id}").page
    rows = [
        [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.select("#count-table tbody tr")
    ]

    assert rows[0] == ["30. september 2026", said]
    assert "Amira" not in page.text
    assert "Person0" not in page.text
    cell = client.get("/target-groups/").page.select_one("#group-table td[data-label=Borgere]")
    assert cell is not None
    assert cell.get_text(strip=True) == said


def test_a_leader_asks_for_members_in_vain(client_for: ClientFor, mette: User, group: TargetGroup) -> None:
    """Neither as a file nor with a search does the page become the consultants'."""
    make_membership(group, make_citizen("Amira"))
    client = client_for(mette)

    for query in ("?format=csv", "?q=Amira", "?when=all"):
        assert "Amira" not in client.get(f"/target-groups/{group.id}{query}").get_data(as_text=True)
    assert db.session.scalars(sa.select(AuditPerson)).all() == []


# --- Members -----------------------------------------------------------------------------------------------------


def test_several_come_in_at_once_and_whoever_is_in_already_stays_as_she_is(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    amira, selam, hodan = (make_citizen(name) for name in ("Amira", "Selam", "Hodan"))
    was = make_membership(group, hodan)

    answer = client_for(karin).post(
        f"/target-groups/{group.id}/add",
        {"citizens": [amira.id, selam.id, hodan.id], "from_on": "2026-11-01"},
    )

    assert answer.status_code == 303
    assert {memberships_of(one.id)[0].from_on for one in (amira, selam)} == {date(2026, 11, 1)}
    assert [row.id for row in memberships_of(hodan.id)] == [was.id]


def test_a_neighbours_citizen_does_not_come_in_by_her_number(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    stranger = make_citizen("Selam", in_municipality="Fredensborg")

    client_for(karin).post(
        f"/target-groups/{group.id}/add", {"citizens": [stranger.id], "from_on": "2026-11-01"}
    )

    assert db.session.scalars(sa.select(Membership)).all() == []


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("born", "is_proposed"),
    [
        ({"born_on": date(2008, 11, 18)}, True),  # 18 today
        ({"born_on": date(2008, 11, 19)}, False),  # 18 tomorrow
        ({"born_on": date(1996, 11, 19)}, True),  # 30 tomorrow
        ({"born_on": date(1996, 11, 18)}, False),  # 30 today
        ({"born_on": None, "birth_year": 2008}, True),  # 17 or 18
        ({"born_on": None, "birth_year": 2009}, False),
        ({"born_on": None, "birth_year": 1996}, True),
        ({"born_on": None, "birth_year": 1995}, False),
        ({"born_on": None}, False),
    ],
)
def test_the_groups_ages_propose_and_do_not_decide(
    client_for: ClientFor, karin: User, born: dict[str, object], is_proposed: bool
) -> None:
    youth = make_target_group("Unge 18-29", age_from=18, age_until=29)
    make_citizen("Amira", **born)
    address, client = f"/target-groups/{youth.id}/add", client_for(karin)

    assert ("Amira" in client.get(f"{address}?suggested=1").words) is is_proposed
    assert "Amira" in client.get(address).words
    assert db.session.scalars(sa.select(Membership)).all() == []


def test_the_members_are_found_by_name_time_and_where_they_are(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    amira, selam, hodan = (make_citizen(name) for name in ("Amira", "Selam", "Hodan"))
    make_membership(group, amira)
    make_membership(group, selam)
    make_membership(group, hodan, until_on=TODAY - timedelta(days=1), end_reason=MembershipEnd.IN_WORK)
    make_spell(amira, SpellKind.EDUCATION)
    make_spell(selam, SpellKind.EDUCATION, until_on=TODAY - timedelta(days=1))
    client, address = client_for(karin), f"/target-groups/{group.id}"

    def found(query: str) -> list[str]:
        return sorted(name.split()[-1] for name in names(client.get(f"{address}?{query}").page))

    assert found("") == ["Amira", "Selam"]
    assert found("q=amira") == ["Amira"]
    assert found("when=ended") == ["Hodan"]
    assert found("when=all") == ["Amira", "Hodan", "Selam"]
    assert found("where=education") == ["Amira"]
    assert found("where=unknown") == ["Selam"]
    assert found("where=ordinary_work") == []
    assert "Kendt for 1 af 2" in client.get(address).words
    assert "Kom i arbejde" in client.get(f"{address}?when=ended").words


def test_a_row_says_where_she_is_her_step_and_what_comes_next(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    nobody, carded, placed, hired = (make_citizen(name) for name in ("Aya", "Bilal", "Chana", "Dina"))
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    card = factories.make_card(carded)
    running = factories.make_placement(
        factories.make_review(factories.make_match(card=factories.make_card(placed)), **both),
        status=PlacementStatus.RUNNING,
        ends_on=date(2026, 12, 24),
    )
    ended = factories.make_placement(
        factories.make_review(factories.make_match(card=factories.make_card(hired)), **both),
        status=PlacementStatus.ENDED,
        outcome=Outcome.HIRED,
        ended_on=TODAY,
    )
    factories.make_spell_proposal(ended)
    for one in (nobody, carded, placed, hired):
        make_membership(group, one)
    factories.make_placing(placed, factories.make_ladder().steps[1])

    page = client_for(karin).get(f"/target-groups/{group.id}").page
    next_of = {
        row.a.get_text(strip=True).split()[-1]: row.select_one("[data-label='Det næste'] a")
        for row in page.select("#member-table tbody tr")
    }

    assert {name: link["href"] for name, link in next_of.items()} == {
        "Aya": f"/citizens/{nobody.id}",
        "Bilal": f"/matches/card/{card.id}",
        "Chana": f"/placements/{running.id}",
        "Dina": f"/citizens/{hired.id}/situation/",
    }
    assert "til 24. december 2026" in next_of["Chana"].text
    assert "Match 4" in page.text


def test_the_list_is_a_file_and_every_look_is_in_the_log(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    amira = make_citizen("Amira")
    make_membership(group, amira, from_on=date(2026, 2, 1))
    make_spell(amira, SpellKind.SELF_SUPPORTING)
    client = client_for(karin)

    rows = client.get(f"/target-groups/{group.id}?format=csv").get_data(as_text=True)
    client.get(f"/target-groups/{group.id}")
    client.get(f"/citizens/{amira.id}/situation/")

    assert f"Amira Haddad;{amira.case_reference};;01-02-2026;;;Selvforsørgende;;Lav et kompetencekort" in rows
    looks = sa.select(AuditEntry.action).where(AuditEntry.is_look).order_by(AuditEntry.id)
    assert db.session.scalars(looks).all() == ["members-exported", "members-listed", "situation-read"]
    assert set(db.session.scalars(sa.select(AuditPerson.citizen_id))) == {amira.id}


def test_a_membership_is_ended_with_a_reason_and_corrected(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    amira = make_citizen("Amira")
    was = make_membership(group, amira)
    client = client_for(karin)

    no_day = client.post(
        f"/target-groups/{group.id}/members/{was.id}", {"from_on": "2026-01-01", "end_reason": "moved"}
    )
    client.post(
        f"/target-groups/{group.id}/members/{was.id}",
        {"from_on": "2026-01-01", "until_on": "2026-10-31", "end_reason": "in_work"},
    )

    assert no_day.status_code == 409
    (row,) = memberships_of(amira.id)
    assert (row.until_on, row.end_reason) == (date(2026, 10, 31), MembershipEnd.IN_WORK)
    assert (
        client.get(f"/target-groups/{group.id}/members/{was.id}").status_code == 404
    )  # another took its place


def test_a_member_by_mistake_is_taken_out_with_a_note(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    amira = make_citizen("Amira")
    was = make_membership(group, amira)
    address = f"/target-groups/{group.id}/members/{was.id}/remove"

    assert client_for(karin).post(address, {"because": ""}).status_code == 422
    assert client_for(karin).post(address, {"because": "Forkert person"}).status_code == 303

    assert memberships_of(amira.id) == []
    assert db.session.get_one(Membership, was.id).replaced_because == "Forkert person"


# --- Of whom nothing is known --------------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_karin_writes_what_was_missing_row_by_row(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    amira, selam = make_citizen("Amira"), make_citizen("Selam")
    for one in (amira, selam):
        make_membership(group, one)
    client, address = client_for(karin), f"/target-groups/{group.id}/unknown"

    assert len(client.get(address).page.select("#unknown-list li.list-card")) == 2
    key = f"of{amira.id}"
    wrong = client.post(
        f"{address}/{amira.id}", {f"{key}-kind": "", f"{key}-from_on": "2026-11-18"}, htmx=True
    )
    assert wrong.status_code == 422
    assert wrong.page.select_one(f"#{key}-kind-error")
    right = client.post(
        f"{address}/{amira.id}",
        {f"{key}-kind": "ordinary_work", f"{key}-from_on": "2026-11-18", f"{key}-hours_per_week": "12,5"},
    )

    assert right.status_code == 303
    (spell,) = spells_of(amira.id)
    assert (spell.kind, spell.hours_per_week, spell.recorded_by_id) == (
        SpellKind.ORDINARY_WORK,
        12.5,
        karin.id,
    )
    assert [one.a.text.split()[-1] for one in client.get(address).page.select("li.list-card")] == ["Selam"]
    assert "Kendt for 1 af 2" in client.get(address).words
    assert "Selam Haddad" in client.get(f"{address}?format=csv").get_data(as_text=True)


# --- The timeline --------------------------------------------------------------------------------------------------


@pytest.fixture
def amira(app) -> Citizen:
    return make_citizen("Amira")


@pytest.mark.both_engines
def test_the_timeline_is_a_picture_and_its_table(
    client_for: ClientFor, karin: User, amira: Citizen, group: TargetGroup
) -> None:
    make_membership(group, amira)
    make_spell(amira, SpellKind.EDUCATION, from_on=NEW_YEAR, until_on=date(2026, 6, 30))
    make_spell(amira, SpellKind.ORDINARY_WORK, from_on=date(2026, 7, 1), hours_per_week=20)
    factories.make_placing(amira, factories.make_ladder().steps[0])

    page = client_for(karin).get(f"/citizens/{amira.id}/situation/").page

    picture = page.select_one("#timeline svg")
    labels = [text.get_text() for text in picture.select(".timeline-label")]
    assert labels == ["Ordinært arbejde", "Uddannelse", "Match: Match 5", "Målgruppe 3"]
    described = picture.select_one("desc").get_text()
    assert "Uddannelse: fra 1. januar 2026 til 30. juni 2026" in described
    assert picture["aria-labelledby"].split() == ["timeline-picture-title", "timeline-picture-desc"]
    rows = [
        row.select_one("[data-label=Periode]").get_text(strip=True)
        for row in page.select("#spell-table tbody tr")
    ]
    assert rows == ["Ordinært arbejde", "Uddannelse"]
    assert len(picture.select("path.bar-value")) == 3  # what goes on: work, step, group


def test_a_spell_is_written_corrected_and_taken_out(
    client_for: ClientFor, karin: User, amira: Citizen
) -> None:
    client, address = client_for(karin), f"/citizens/{amira.id}/situation"

    client.post(f"{address}/spells", {"spell-kind": "education", "spell-from_on": "2026-01-01"})
    (first,) = spells_of(amira.id)
    client.post(
        f"{address}/spells/{first.id}",
        {"kind": "education", "from_on": "2026-01-01", "until_on": "2026-06-30"},
    )
    (second,) = spells_of(amira.id)
    client.post(f"{address}/spells/{second.id}/remove", {"because": "Gjaldt en anden"})

    assert spells_of(amira.id) == []
    words = client.get(f"{address}/").words
    assert "2 rettelser" in words
    assert "Gjaldt en anden" in words
    assert client.get(f"{address}/spells/{first.id}").status_code == 404


def test_what_contradicts_is_refused_with_the_reason_and_keeps_what_was_typed(
    client_for: ClientFor, karin: User, amira: Citizen
) -> None:
    make_spell(amira, SpellKind.PUBLICLY_SUPPORTED)

    answer = client_for(karin).post(
        f"/citizens/{amira.id}/situation/spells",
        {"spell-kind": "self_supporting", "spell-from_on": "2026-05-01"},
        htmx=True,
    )

    assert answer.status_code == 409
    assert "enten selvforsørgende eller offentligt forsørget" in answer.words
    assert answer.page.select_one("#spell-from_on")["value"] == "01-05-2026"  # type: ignore[index]


def test_what_a_placement_wrote_over_somebodys_word_is_marked(
    client_for: ClientFor, karin: User, amira: Citizen
) -> None:
    make_spell(amira, SpellKind.NOT_AVAILABLE)
    make_spell(amira, SpellKind.ACTIVITY)

    assert (
        client_for(karin).get(f"/citizens/{amira.id}/situation/").words.count("Modsiger en anden periode")
        == 2
    )


def test_ansat_waits_on_the_front_page_until_karin_confirms_it(
    client_for: ClientFor, karin: User, lene: User, amira: Citizen
) -> None:
    match = factories.make_match(card=factories.make_card(amira))
    review = factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)
    placement = factories.make_placement(
        review, status=PlacementStatus.ENDED, outcome=Outcome.HIRED, ended_on=TODAY - timedelta(days=1)
    )
    proposal = factories.make_spell_proposal(placement)
    client, address = client_for(karin), f"/citizens/{amira.id}/situation"
    name = f"proposal{proposal.id}"

    assert client.get("/").page.select_one("#to-confirm a")["href"] == f"{address}/"  # type: ignore[index]
    assert "Amira" not in client.get("/").words  # a front page names nobody
    assert client_for(lene).get("/").page.select_one("#to-confirm") is None
    assert client.get(f"{address}/").page.select_one(f"#{name}-hours_per_week")["value"] == "30"  # type: ignore[index]
    client.post(
        f"{address}/proposals/{proposal.id}/confirm",
        {f"{name}-from_on": "2026-11-20", f"{name}-hours_per_week": "25"},
    )

    (spell,) = spells_of(amira.id)
    assert (spell.kind, spell.from_on, spell.hours_per_week) == (
        SpellKind.ORDINARY_WORK,
        date(2026, 11, 20),
        25,
    )
    assert client.get("/").page.select_one("#to-confirm") is None
    assert client.post(f"{address}/proposals/{proposal.id}/dismiss").status_code == 409


def test_a_proposal_that_came_to_nothing_is_dismissed(
    client_for: ClientFor, karin: User, amira: Citizen
) -> None:
    match = factories.make_match(card=factories.make_card(amira))
    review = factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)
    placement = factories.make_placement(
        review, status=PlacementStatus.ENDED, outcome=Outcome.HIRED, ended_on=TODAY
    )
    proposal = factories.make_spell_proposal(placement)

    client_for(karin).post(f"/citizens/{amira.id}/situation/proposals/{proposal.id}/dismiss")

    assert spells_of(amira.id) == []
    assert db.session.get_one(SpellProposal, proposal.id).decided_by_id == karin.id


def test_group_step_and_arrival_are_written_on_the_timeline(
    client_for: ClientFor, karin: User, amira: Citizen, group: TargetGroup
) -> None:
    ladder = factories.make_ladder()
    client, address = client_for(karin), f"/citizens/{amira.id}/situation"

    client.post(f"{address}/groups", {"join-group_id": group.id, "join-from_on": "2026-03-01"})
    client.post(f"{address}/steps", {"placing-step_id": ladder.steps[2].id, "placing-from_on": "2026-03-02"})
    client.post(
        f"{address}/arrival",
        {"arrival-arrived_on": "2025-11-03", "arrival-programme_from": "2025-12-01"},
    )

    assert [row.from_on for row in memberships_of(amira.id)] == [date(2026, 3, 1)]
    (placing,) = placings_of(amira.id)
    assert placing.step.name == "Match 1"
    arrival = arrival_of(amira.id)
    assert arrival is not None
    assert (arrival.arrived_on, arrival.programme_from) == (date(2025, 11, 3), date(2025, 12, 1))

    client.post(f"{address}/steps/{placing.id}/remove")
    client.post(f"{address}/arrival/remove")
    assert placings_of(amira.id) == []
    assert arrival_of(amira.id) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"arrival-arrived_on": ""}, 422),
        ({"arrival-arrived_on": "2025-11-03", "arrival-programme_until": "2026-11-03"}, 409),
        (
            {
                "arrival-arrived_on": "2025-11-03",
                "arrival-programme_from": "2025-12-01",
                "arrival-programme_until": "2025-11-30",
            },
            409,
        ),
    ],
)
def test_an_arrival_that_cannot_be_is_refused(
    client_for: ClientFor, karin: User, amira: Citizen, data: dict[str, str], code: int
) -> None:
    answer = client_for(karin).post(f"/citizens/{amira.id}/situation/arrival", data)

    assert answer.status_code == code
    assert arrival_of(amira.id) is None


def test_a_plan_begins_with_the_step_and_the_arrival(
    client_for: ClientFor, karin: User, amira: Citizen
) -> None:
    """R24 reads the step; the consultant may say otherwise."""
    opening = factories.make_opening(form=factories.PlacementForm.IGU)
    match = factories.make_match(opening, factories.make_card(amira))
    review = factories.make_review(match, citizen_answer=Answer.YES, employer_answer=Answer.YES)
    factories.make_placing(amira, factories.make_ladder().steps[0])
    client = client_for(karin)
    client.post(f"/citizens/{amira.id}/situation/arrival", {"arrival-arrived_on": "2025-11-03"})

    page = client.get(f"/placements/plan/{review.id}").page

    assert page.select_one("#arrived_on")["value"] == "03-11-2025"  # type: ignore[index]
    praktik = factories.make_review(
        factories.make_match(factories.make_opening(), match.card),
        citizen_answer=Answer.YES,
        employer_answer=Answer.YES,
    )
    chosen = client.get(f"/placements/plan/{praktik.id}").page.select_one("#readiness option[selected]")
    assert chosen is not None
    assert chosen["value"] == Readiness.OTHER
    other_form = client.post(f"/placements/plan/{praktik.id}/judged", {"form": "igu"}, htmx=True)
    assert other_form.page.select_one("#arrived_on")["value"] == "03-11-2025"  # type: ignore[index]


def test_her_page_leads_to_the_timeline(client_for: ClientFor, karin: User, amira: Citizen) -> None:
    assert (
        client_for(karin)
        .get(f"/citizens/{amira.id}")
        .page.select(f"a[href='/citizens/{amira.id}/situation/']")
    )


# --- Ladders -------------------------------------------------------------------------------------------------------


def lines(*steps: tuple[str, str, str, str]) -> dict[str, str]:
    """Number, name, readiness and key of each."""
    found: dict[str, str] = {}
    for place, (number, name, readiness, key) in enumerate(steps):
        found |= {
            f"steps-{place}-place": number,
            f"steps-{place}-name": name,
            f"steps-{place}-readiness": readiness,
            f"steps-{place}-step_id": key,
        }
    return found


@pytest.mark.both_engines
def test_a_municipality_names_its_steps_and_changes_their_order(client_for: ClientFor, mette: User) -> None:
    client = client_for(mette)
    client.post(
        "/ladders/new",
        {"name": "Match", **lines(("", "Match 5", "other", ""), ("", "", "", ""), ("", "Match 4", "", ""))},
    )
    ladder = db.session.scalars(sa.select(WorkLadder)).one()
    five, four = ladder.steps

    client.post(
        f"/ladders/{ladder.id}/edit",
        {
            "name": "Match",
            **lines(
                ("2", "Match 5", "other", str(five.id)),
                ("1", "Match 4", "other", str(four.id)),
                ("", "Match 1", "job_ready", ""),
            ),
        },
    )

    steps = db.session.execute(
        sa.select(LadderStep.position, LadderStep.id, LadderStep.name, LadderStep.readiness).order_by(
            LadderStep.position
        )
    ).all()
    assert [(one.position, one.name) for one in steps] == [(1, "Match 4"), (2, "Match 5"), (3, "Match 1")]
    assert [one.id for one in steps[:2]] == [four.id, five.id]
    assert steps[2].readiness is Readiness.JOB_READY


def test_a_step_that_somebody_stood_on_stays(client_for: ClientFor, karin: User, amira: Citizen) -> None:
    ladder = factories.make_ladder(steps={"Trin 1": None, "Trin 2": None, "Trin 3": None})
    one, two, three = ladder.steps
    factories.make_placing(amira, one)
    client, address = client_for(karin), f"/ladders/{ladder.id}/edit"

    without_the_first = client.post(
        address,
        {
            "name": "Match",
            **lines(
                ("", "", "", str(one.id)),
                ("1", "Trin 2", "", str(two.id)),
                ("2", "Trin 3", "", str(three.id)),
            ),
        },
    )
    without_the_second = client.post(
        address,
        {
            "name": "Match",
            **lines(
                ("1", "Trin 1", "", str(one.id)),
                ("", "", "", str(two.id)),
                ("2", "Trin 3", "", str(three.id)),
            ),
        },
    )

    assert (without_the_first.status_code, without_the_second.status_code) == (409, 303)
    kept = sa.select(LadderStep.name).order_by(LadderStep.position)
    assert db.session.scalars(kept).all() == ["Trin 1", "Trin 3"]


def test_a_step_that_a_colleague_added_meanwhile_is_not_swept_away(
    client_for: ClientFor, karin: User
) -> None:
    ladder = factories.make_ladder(steps={"Trin 1": None, "Trin 2": None, "Trin 3": None})
    one, two, _three = ladder.steps

    answer = client_for(karin).post(
        f"/ladders/{ladder.id}/edit",
        {"name": "Match", **lines(("1", "Trin 1", "", str(one.id)), ("2", "Trin 2", "", str(two.id)))},
    )

    assert answer.status_code == 409
    assert [one["value"] for one in answer.page.select("input[name$='-name']")][:3] == [
        "Trin 1",
        "Trin 2",
        "Trin 3",
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LadderStep)) == 3


@pytest.mark.parametrize(
    "steps",
    [
        [("", "", "", "")],
        [("", "Ens", "", ""), ("", "ens", "", "")],
        [("", "Syge", "", ""), ("", "Raske", "", "")],
    ],
)
def test_a_ladder_needs_neutral_steps_of_different_names(
    client_for: ClientFor, karin: User, steps: list[tuple[str, ...]]
) -> None:
    answer = client_for(karin).post("/ladders/new", {"name": "Match", **lines(*steps)})  # type: ignore[arg-type]

    assert answer.status_code == 409
    assert db.session.scalar(sa.select(WorkLadder)) is None


def test_the_ladders_count_where_people_stand_now(
    client_for: ClientFor, karin: User, mette: User, amira: Citizen
) -> None:
    ladder = factories.make_ladder()
    factories.make_placing(amira, ladder.steps[0], from_on=NEW_YEAR)
    factories.make_placing(amira, ladder.steps[1], from_on=TODAY)

    def counts(user: User) -> list[str]:
        page = client_for(user).get("/ladders/").page
        return [cell.get_text(strip=True) for cell in page.select("td[data-label=Borgere]")]

    assert counts(karin) == ["0", "1", "0"]
    assert counts(mette) == ["under 5", "0", "0"]  # as of the end of September
    client_for(karin).post(f"/ladders/{ladder.id}/archive")
    assert client_for(karin).get(f"/citizens/{amira.id}/situation/").page.select("#placing-step_id") == []
    client_for(karin).post(f"/ladders/{ladder.id}/reopen")
    assert client_for(karin).get(f"/citizens/{amira.id}/situation/").page.select("#placing-step_id")


# --- What nobody means to send -----------------------------------------------------------------------------------

BAD = ("", "a\x00b", "9" * 400, "2147483648", "-1", "NaN", "æ" * 20_000, "\u202e", "2026-13-45", "0001-01-01")


@pytest.mark.both_engines
@pytest.mark.parametrize("bad", BAD)
def test_whatever_is_sent_is_answered(
    client_for: ClientFor, karin: User, amira: Citizen, group: TargetGroup, bad: str
) -> None:
    member, spell = make_membership(group, amira), make_spell(amira)
    ladder, here = factories.make_ladder(), f"/citizens/{amira.id}/situation"
    forms = {
        "/target-groups/new": (
            "name",
            "sentence",
            "source",
            "plan_from",
            "plan_until",
            "age_from",
            "age_until",
        ),
        f"/target-groups/{group.id}/edit": ("name", "version", "age_from"),
        f"/target-groups/{group.id}/add": ("citizens", "from_on"),
        f"/target-groups/{group.id}/members/{member.id}": ("from_on", "until_on", "end_reason"),
        f"/target-groups/{group.id}/members/{member.id}/remove": ("because",),
        f"/target-groups/{group.id}/unknown/{amira.id}": (f"of{amira.id}-kind", f"of{amira.id}-from_on"),
        f"{here}/spells": ("spell-kind", "spell-from_on", "spell-until_on", "spell-hours_per_week"),
        f"{here}/spells/{spell.id}": ("kind", "from_on", "until_on", "hours_per_week"),
        f"{here}/spells/{spell.id}/remove": ("because",),
        f"{here}/groups": ("join-group_id", "join-from_on"),
        f"{here}/steps": ("placing-step_id", "placing-from_on"),
        f"{here}/arrival": ("arrival-arrived_on", "arrival-programme_from", "arrival-programme_until"),
        f"/ladders/{ladder.id}/edit": (
            "name",
            "steps-0-place",
            "steps-0-name",
            "steps-0-step_id",
            "steps-0-readiness",
        ),
    }
    client = client_for(karin)

    for address, names in forms.items():
        assert client.post(address, dict.fromkeys(names, bad)).status_code < 500, address
    for query in ("q", "when", "where", "sort", "page", "suggested", "state"):
        for page in ("/target-groups/", f"/target-groups/{group.id}", f"/target-groups/{group.id}/add"):
            assert client.get(page, query_string={query: bad}).status_code < 500, (page, query)


# --- How much it costs ---------------------------------------------------------------------------------------------


def test_the_pages_ask_as_often_for_many_as_for_few(
    client_for: ClientFor, karin: User, group: TargetGroup
) -> None:
    client = client_for(karin)
    pages = (
        f"/target-groups/{group.id}",
        f"/target-groups/{group.id}/unknown",
        "/target-groups/",
        "/ladders/",
    )
    amira = make_citizen("Amira")
    make_membership(group, amira)
    make_spell(amira)
    ladder = factories.make_ladder()
    factories.make_placing(amira, ladder.steps[0])
    pages = (*pages, f"/citizens/{amira.id}/situation/", f"/target-groups/{group.id}/add")

    def asked() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with counted_statements(client.app) as seen:
                client.get(page)
            found.append(len(seen))
        return found

    few = asked()
    for number in range(6):
        one = make_citizen(f"Person{number}")
        make_membership(group, one)
        make_spell(one, SpellKind.EDUCATION, until_on=TODAY - timedelta(days=number))
        factories.make_placing(one, ladder.steps[number % 3])
        make_target_group(f"Gruppe {number}")

    assert max(few) <= 12
    assert asked() == few
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Spell)) == 7
