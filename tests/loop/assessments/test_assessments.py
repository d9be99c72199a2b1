"""A sheet that the workplace and Karin fill in together, on a phone or on paper, and what it leaves on the card."""

import io
import itertools
import re
from datetime import timedelta

import pypdf
import pytest
import sqlalchemy as sa
import time_machine

from portal.base.database import db, transaction
from portal.base.terms import SkillSource
from portal.loop.assessments import services
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.assessments.services import TaskRating
from portal.loop.cards import queries as cards
from portal.loop.cards.models import SkillEvidence
from portal.loop.matches.models import Match
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.placements.services import WrongStep
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.web.paper.codes import _SIGNS, NoSuchCode, code_of, number_of
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_match,
    make_opening,
    make_placement,
    make_review,
    user,
)
from tests.support.answering import send_typed

RUNNING = {
    "status": PlacementStatus.RUNNING,
    "starts_on": TODAY - timedelta(days=10),
    "ends_on": TODAY + timedelta(days=20),
}


@pytest.fixture
def placement(app) -> Placement:
    return make_placement(**RUNNING)


@pytest.fixture
def sheet(placement, karin) -> Assessment:
    return opened(placement, karin)


def opened(placement: Placement, by, kind: AssessmentKind = AssessmentKind.MIDWAY) -> Assessment:
    with transaction():
        place = db.session.get_one(Placement, placement.id)
        return services.open_sheet(place, kind, by=db.session.merge(by), at=NOW)


def fresh(sheet: Assessment) -> Assessment:
    return db.session.get_one(Assessment, sheet.id, populate_existing=True)


def say(sheet: Assessment, level: int | None, *, name: str = "Bo", note: str = "") -> None:
    """The workplace says the same of every task."""
    with transaction():
        found = fresh(sheet)
        services.answer_as_workplace(
            found,
            {line.id: TaskRating(level, note) for line in found.lines},
            name=name,
            on_paper=False,
            by=None,
            at=NOW,
        )


def seen(placement: Placement) -> list[SkillEvidence]:
    statement = sa.select(SkillEvidence).where(SkillEvidence.placement_id == placement.id)
    return list(db.session.scalars(statement.order_by(SkillEvidence.id)))


def link_of(client: PortalClient, sheet: Assessment) -> str:
    url = client.get(f"/assessments/{sheet.id}").page.select_one("#workplace-link")["value"]
    return re.sub(r"^https?://[^/]+", "", url)


def test_the_lines_are_the_tasks_agreed_at_the_start(sheet, placement):
    tasks = {task.text for task in placement.opening.tasks}

    assert {line.task_text for line in sheet.lines} == tasks


@pytest.mark.parametrize("status", [PlacementStatus.PLANNED, PlacementStatus.CANCELLED])
def test_a_sheet_is_only_for_a_placement_that_is_running(app, karin, status):
    with pytest.raises(WrongStep):
        opened(make_placement(status=status), karin)


@pytest.mark.parametrize("first", list(AssessmentKind))
def test_one_sheet_is_open_at_a_time(placement, karin, first):
    opened(placement, karin, first)

    with pytest.raises(services.SheetAlreadyOpen):
        opened(placement, karin, AssessmentKind.MIDWAY)


def test_the_workplace_answers_by_link_without_an_account(client_for, karin, app, sheet):
    path = link_of(client_for(karin), sheet)
    phone = PortalClient(app)

    page = phone.get(path)
    answers = {f"level_{line.id}": "3" for line in sheet.lines}
    sent = send_typed(phone, path, {**answers, "name": "Bo Berg"})

    assert page.status_code == 200
    assert sent.status_code == 303
    assert [line.employer_level for line in fresh(sheet).lines] == [3] * len(sheet.lines)
    assert "Bo Berg" in client_for(karin).get(f"/assessments/{sheet.id}").text


def test_the_link_shows_what_the_consultant_said_and_leaves_a_line_that_names_the_employer(
    client_for, karin, app, sheet
):
    with transaction():
        found = fresh(sheet)
        services.answer_as_consultant(
            found, {line.id: TaskRating(2) for line in found.lines}, {}, by=db.session.merge(karin), at=NOW
        )

    page = PortalClient(app).get(link_of(client_for(karin), sheet))

    assert "Konsulenten siger: Efter instruktion" in page.text
    line = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.is_look).order_by(AuditEntry.id.desc())
    ).first()
    assert line.actor_unit == sheet.placement.opening.employer.name
    assert line.actor_id is None


def test_the_name_is_asked_for_and_nothing_typed_is_lost(client_for, karin, app, sheet):
    path = link_of(client_for(karin), sheet)
    first = sheet.lines[0]

    answer = PortalClient(app).post(path, {f"level_{first.id}": "3", f"note_{first.id}": "Møder til tiden"})

    assert answer.status_code == 422
    assert "Møder til tiden" in answer.text
    assert fresh(sheet).answered_at is None


@pytest.mark.parametrize("days", [30, 31, 400])
def test_a_link_ends_after_thirty_days(client_for, karin, app, sheet, days):
    path = link_of(client_for(karin), sheet)

    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        assert PortalClient(app).get(path).status_code == 410


def test_a_forged_link_opens_nothing(client_for, karin, app, sheet):
    path = link_of(client_for(karin), sheet)

    assert PortalClient(app).get(path[:-2] + "xx").status_code == 404
    assert PortalClient(app).get("/assessments/link/1").status_code == 404


def test_a_closed_sheet_answers_gone_and_keeps_its_answers(client_for, karin, app, sheet):
    path = link_of(client_for(karin), sheet)
    say(sheet, 3)
    close(client_for(karin), sheet)

    assert PortalClient(app).get(path).status_code == 410
    assert PortalClient(app).post(path, {"name": "Bo"}).status_code == 410
    assert {line.employer_level for line in fresh(sheet).lines} == {3}


def close(client: PortalClient, sheet: Assessment, **more):
    return client.post(
        f"/assessments/{sheet.id}/close",
        {"assessed_on": TODAY.isoformat(), "alone_because": "Kun mig", **more},
    )


def test_a_closed_midway_sheet_is_dated_evidence_with_the_workplace(client_for, karin, sheet, placement):
    say(sheet, 3)

    assert close(client_for(karin), sheet).status_code == 303

    found = seen(placement)
    assert [line.level for line in found] == [3] * len(sheet.lines)
    assert {(line.source, line.seen_on, line.seen_at) for line in found} == {
        (SkillSource.EMPLOYER, TODAY, placement.opening.workplace.name)
    }


@pytest.mark.parametrize("day", ["2001-01-01", "2100-01-01"])
def test_a_midway_talk_lies_within_what_has_happened(client_for, karin, sheet, placement, day):
    say(sheet, 3)

    refused = close(client_for(karin), sheet, assessed_on=day)

    assert refused.status_code == 409
    assert "mellem forløbets første dag og i dag" in refused.words
    assert fresh(sheet).is_open
    assert seen(placement) == []


def test_not_tried_leaves_the_card_alone(client_for, karin, sheet, placement):
    say(sheet, 0)

    close(client_for(karin), sheet)

    assert seen(placement) == []
    assert not fresh(sheet).is_open


def test_an_empty_sheet_cannot_be_closed(client_for, karin, sheet):
    answer = close(client_for(karin), sheet)

    assert answer.status_code == 409
    assert "ikke svaret på nogen opgave" in answer.text
    assert fresh(sheet).is_open


def test_where_the_two_differ_they_choose_before_it_is_closed(client_for, karin, sheet, placement):
    say(sheet, 3)
    with transaction():
        found = fresh(sheet)
        line = found.lines[0]
        services.answer_as_consultant(found, {line.id: TaskRating(1)}, {}, by=db.session.merge(karin), at=NOW)

    refused = close(client_for(karin), sheet)
    client_for(karin).post(f"/assessments/{sheet.id}/agree", {f"agreed_{line.id}": "1"})
    accepted = close(client_for(karin), sheet)

    assert (refused.status_code, accepted.status_code) == (409, 303)
    assert sorted(one.level for one in seen(placement))[0] == 1


def test_a_new_answer_from_the_workplace_asks_for_agreement_again(sheet, karin):
    say(sheet, 3)
    with transaction():
        found = fresh(sheet)
        line = found.lines[0]
        services.answer_as_consultant(
            found, {line.id: TaskRating(1)}, {line.id: 1}, by=db.session.merge(karin), at=NOW
        )
    assert fresh(sheet).differing == []

    say(sheet, 4)

    assert [one.id for one in fresh(sheet).differing] == [line.id]


def test_the_last_sheet_ends_the_placement(client_for, karin, placement):
    sheet = opened(placement, karin, AssessmentKind.END)
    say(sheet, 4)

    answer = close(client_for(karin), sheet, outcome=Outcome.HIRED.value)

    assert answer.status_code == 303
    ended = db.session.get_one(Placement, placement.id, populate_existing=True)
    assert (ended.status, ended.outcome, ended.ended_on) == (PlacementStatus.ENDED, Outcome.HIRED, TODAY)
    assert {line.level for line in seen(placement)} == {4}


@pytest.mark.parametrize("kind", list(AssessmentKind))
def test_a_withdrawn_assessment_leaves_the_card_and_the_match_is_counted_again(client_for, karin, app, kind):
    opening = make_opening(status="published")
    placement = make_placement(make_review(citizen_answer="yes", employer_answer="yes"), **RUNNING)
    sheet = opened(placement, karin, kind)
    say(sheet, 4)
    close(client_for(karin), sheet, outcome=Outcome.COMPLETED.value)
    with_it = score_of(opening, placement)

    client_for(karin).post(f"/assessments/{sheet.id}/withdraw", {"because": "Forkert person"})

    assert seen(placement) == []
    assert fresh(sheet).withdrawn_at == NOW
    assert score_of(opening, placement) <= with_it
    card = placement.card
    steps = cards.version_steps(card, name_staff=True)
    assert steps[0].action == "assessment-taken-off-card"


def score_of(opening, placement) -> float:
    statement = sa.select(Match.sure).where(
        Match.opening_id == opening.id, Match.card_id == placement.card_id
    )
    return db.session.scalar(statement) or 0.0


def test_the_citizen_adds_her_own_words(client_for, karin, app):
    card = make_card(make_citizen("Amira", with_login=True))
    agreed = make_review(make_match(card=card), citizen_answer="yes", employer_answer="yes")
    sheet = opened(make_placement(agreed, **RUNNING), karin)
    amira = db.session.get_one(User, card.citizen.user_id)
    say(sheet, 2)

    early = client_for(amira).post(f"/assessments/{sheet.id}/comment", {"words": "For tidligt"})
    close(client_for(karin), sheet)
    client_for(amira).post(f"/assessments/{sheet.id}/comment", {"words": "Jeg har også gjort rent."})

    assert early.status_code == 409
    assert fresh(sheet).citizen_comment == "Jeg har også gjort rent."
    assert "Jeg har også gjort rent." in client_for(karin).get(f"/assessments/{sheet.id}").text


def test_all_three_get_the_sheet_as_pdf(client_for, karin, sheet):
    blank = client_for(karin).get(f"/assessments/{sheet.id}/print")
    say(sheet, 3, note="Hurtig og grundig")
    close(client_for(karin), sheet)
    filled = client_for(karin).get(f"/assessments/{sheet.id}/print")

    read = [
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
        for answer in (blank, filled)
    ]
    assert all(code_of(line.id) in read[0] for line in sheet.lines)
    assert "Selvstændigt" in read[1]
    assert "Hurtig og grundig" in read[1]


# --- Codes on paper


@pytest.mark.parametrize("number", [1, 2, 34, 35, 1000, 123_456, 2**31 - 1])
def test_a_code_leads_back_to_its_line_however_it_is_typed(number):
    code = code_of(number)

    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code} "):
        assert number_of(typed) == number
    assert number_of(code.replace("1", "I").replace("0", "O")) == number


def test_a_misread_or_swapped_sign_is_noticed():
    missed = tried = 0
    for number in range(1, 200):
        signs = code_of(number).replace("-", "")
        wrong = {
            signs[:place] + sign + signs[place + 1 :]
            for place, sign in itertools.product(range(len(signs)), _SIGNS)
            if sign != signs[place]
        }
        wrong |= {
            signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
            for place in range(len(signs) - 1)
            if signs[place] != signs[place + 1]
        }
        for typed in wrong:
            tried += 1
            try:
                missed += number_of(typed) != 0
            except NoSuchCode:
                continue

    assert missed / tried < 0.002


@pytest.mark.parametrize("typed", ["", "-", "A", "AB", "???-?", "0000", "ÆØÅ-1", "Z" * 40, "١٢٣-٤"])
def test_what_was_never_printed_is_no_code(typed):
    with pytest.raises(NoSuchCode):
        number_of(typed)


def test_a_paper_sheet_comes_back_by_keyboard(client_for, karin, sheet, placement):
    rows = {}
    for place, line in enumerate(sheet.lines):
        rows |= {f"rows-{place}-code": code_of(line.id).lower(), f"rows-{place}-level": "3"}

    answer = client_for(karin).post("/assessments/paper", {"name": "Bo Berg", **rows})

    assert answer.status_code in (204, 303)
    assert {line.employer_level for line in fresh(sheet).lines} == {3}
    assert fresh(sheet).on_paper


def test_paper_never_overwrites_what_the_workplace_said_by_its_link(client_for, karin, sheet):
    """Bo said 1 by the link; a sheet with 4 turns up. He may still correct himself."""
    client, code = client_for(karin), code_of(sheet.lines[0].id)
    typed = {"name": "Bo Berg", "rows-0-code": code, "rows-0-level": "4"}
    say(sheet, None)
    assert client.post("/assessments/paper", typed | {"rows-0-level": "2"}).status_code == 303
    assert client.post("/assessments/paper", typed).status_code == 303
    say(sheet, 1)

    refused = client.post("/assessments/paper", typed)

    assert refused.status_code == 409
    assert "Arbejdspladsen har selv svaret" in refused.page.select_one("[id='rows-0-code-error']").text
    assert refused.page.select_one("[name='rows-0-code']")["value"] == code
    assert {line.employer_level for line in fresh(sheet).lines} == {1}
    assert not fresh(sheet).on_paper
    assert not client.get(f"/assessments/{sheet.id}").page.select("a[href='/assessments/paper']")
    assert not client.get(f"/assessments/placement/{sheet.placement_id}").page.select(
        "a[href='/assessments/paper']"
    )
    assert "papiret kan ikke tastes ind oven i" in client.get("/assessments/paper").words
    say(sheet, 3)
    assert {line.employer_level for line in fresh(sheet).lines} == {3}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"code": "ZZZ-Z", "level": "3"}, "Et tegn er læst forkert"),
        ({"code": "", "level": "3"}, "Skriv også koden"),
        ({"code": code_of(1), "level": ""}, "Vælg niveauet"),
        ({"code": code_of(987_654), "level": "2"}, "Ingen åbne ark har linjen"),
    ],
)
def test_a_wrong_line_is_told_and_the_rest_stays_typed(client_for, karin, sheet, row, words):
    form = {"name": "Bo Berg", **{f"rows-0-{name}": value for name, value in row.items()}}

    answer = client_for(karin).post("/assessments/paper", form)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Bo Berg" in answer.text


def test_lenes_sheets_are_not_karins_to_type_in(client_for, sheet):
    lene = user("lene@nabo.example")
    form = {"name": "Bo", "rows-0-code": code_of(sheet.lines[0].id), "rows-0-level": "3"}

    answer = client_for(lene).post("/assessments/paper", form)

    assert answer.status_code == 422
    assert fresh(sheet).answered_at is None
    assert client_for(lene).get(f"/assessments/{sheet.id}").status_code == 404
