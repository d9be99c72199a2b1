"""The workplace answers a sheet by its link in two presses, and takes the answer back within the hour."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.base.taking_back import TAKE_BACK_FOR, TooLateToTakeBack
from portal.base.terms import Party
from portal.loop.assessments import services
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.assessments.services import TaskRating
from portal.loop.assessments.taking_back import forget_what_stands
from portal.loop.placements.settled import ConfirmedHow
from portal.shared.audit.models import AuditEntry
from portal.workspaces.mine.everything import everything_about
from tests.client import PortalClient
from tests.factories import NOW, make_municipality
from tests.loop.assessments.test_assessments import (  # noqa: F401 - fixtures
    close,
    fresh,
    link_of,
    opened,
    placement,
    say,
    sheet,
)
from tests.support.answering import press, press_on, send_typed, step_of
from tests.support.scanner import Scanner

NOTE = "Møder til tiden, også kl. 6"


@pytest.fixture
def path(client_for, karin, sheet) -> str:  # noqa: F811
    return link_of(client_for(karin), sheet)


@pytest.fixture
def phone(app: Flask) -> PortalClient:
    return PortalClient(app)


def typed(sheet: Assessment, level: str = "3", **more: str) -> dict[str, str]:  # noqa: F811
    return {**{f"level_{line.id}": level for line in fresh(sheet).lines}, "name": "Bo Berg", **more}


def levels(sheet: Assessment) -> set[int | None]:  # noqa: F811
    return {line.employer_level for line in fresh(sheet).lines}


def form_of_review(phone: PortalClient, path: str, said: dict[str, str]):
    phone.get(path)
    form = phone.post(path, said).page.select_one("form.second-step")
    assert form is not None
    return form


def test_the_first_press_shows_in_words_what_is_about_to_be_sent_and_stores_nothing(phone, path, sheet):  # noqa: F811
    first = sheet.lines[0].id
    phone.get(path)

    page = phone.post(path, typed(sheet, **{f"note_{first}": NOTE, f"level_{sheet.lines[1].id}": ""}))

    assert page.status_code == 200
    assert page.page.title.get_text().startswith("Du er ved at sende svarene")
    for words in ("De er ikke sendt endnu", "Selvstændigt", "Ved ikke", NOTE, "Bo Berg"):
        assert words in page.words
    assert fresh(sheet).answered_at is None
    shown = page.page.select("form.second-step button:not([hidden])")
    assert [button["value"] for button in shown] == ["send", "back"]


def test_correcting_leads_back_to_the_form_with_every_word(phone, path, sheet):  # noqa: F811
    first = sheet.lines[0].id
    form = form_of_review(phone, path, typed(sheet, **{f"note_{first}": NOTE}))

    page = press_on(phone, form, "back").page

    assert page.select_one(f"[name=note_{first}]")["value"] == NOTE
    assert {one["value"] for one in page.select("input[type=radio][checked]")} == {"3"}
    assert page.select_one("[name=name]")["value"] == "Bo Berg"
    assert fresh(sheet).answered_at is None


@pytest.mark.parametrize("keeps_cookies", [True, False], ids=["cookies", "no-cookies"])
@pytest.mark.parametrize("presses", ["first", "none", "every"])
def test_what_presses_at_once_stores_nothing(app, path, sheet, keeps_cookies, presses):  # noqa: F811
    say(sheet, 2)  # with a name that stands in the form already

    scanner = Scanner(app, keeps_cookies=keeps_cookies, presses=presses)
    scanner.visit(path)

    assert any(target == path for target, _status in scanner.posted)
    if presses == "every":  # nobody can tell it from a person: what it took back is answered again
        return
    assert levels(sheet) == {2}


def test_a_post_without_the_ticket_is_shown_to_be_read(phone, path, sheet):  # noqa: F811
    phone.get(path)

    page = phone.post(path, typed(sheet, send="send"))
    forged = phone.post(path, typed(sheet, send="send", ticket="x.y"))

    for answer in (page, forged):
        assert "De er ikke sendt endnu" in answer.words
    assert fresh(sheet).answered_at is None


def test_a_browser_without_cookies_is_told_to_phone_and_has_stored_nothing(app, path, sheet):  # noqa: F811
    page = PortalClient(app).post(path, typed(sheet))  # the first page was never seen by this browser
    bare = PortalClient(app)._send("POST", path, htmx=False, data=typed(sheet))

    assert not page.page.select("form.second-step")
    assert "ring til kommunen" in page.words
    assert (bare.status_code, "ring til kommunen" in bare.words) == (400, True)
    assert fresh(sheet).answered_at is None


def test_a_double_click_sends_once(phone, path, sheet):  # noqa: F811
    form = form_of_review(phone, path, typed(sheet))

    answers = [press_on(phone, form, "send") for _click in range(2)]

    assert {answer.headers["Location"] for answer in answers} == {path}
    assert entries("assessment-answered") == 1
    undo = step_of(phone, path, "take-back")
    assert [press_on(phone, undo, "take-back").status_code for _click in range(2)] == [303, 303]
    assert entries("assessment-answer-taken-back") == 1


def entries(action: str) -> int:
    return db.session.query(AuditEntry).filter_by(action=action).count()


def test_the_thanks_offer_to_take_it_back_and_nothing_stands_then(phone, path, sheet):  # noqa: F811
    thanks = phone.get(send_typed(phone, path, typed(sheet, f"{3}")).headers["Location"])
    assert thanks.page.select_one(f'a[href="{path}?answer=take-back"]').get_text(strip=True) == "Fortryd"
    assert thanks.page.select_one(f'a[href="{path}?answer=change"]')
    assert not phone.get(path).page.select(".rate"), "whoever comes back is thanked, not asked again"
    assert phone.get(f"{path}?answer=change").page.select(".rate")

    after = phone.get(press(phone, path, "take-back").headers["Location"])

    assert "Dine svar er taget tilbage" in after.words
    stands = fresh(sheet)
    assert (stands.answered_at, stands.answered_by, stands.answer_before) == (None, "", None)
    assert levels(sheet) == {None}
    assert stands.confirmations == []
    assert send_typed(phone, path, typed(sheet, "1")).status_code == 303
    assert levels(sheet) == {1}


def test_taking_a_correction_back_leaves_the_earlier_answer(phone, path, sheet, karin):  # noqa: F811
    say(sheet, 3, note=NOTE)
    with transaction():
        found = fresh(sheet)
        lines = {line.id: TaskRating(1) for line in found.lines}
        agreed = dict.fromkeys(lines, 3)
        services.answer_as_consultant(found, lines, agreed, by=db.session.merge(karin), at=NOW)
    send_typed(phone, path, typed(sheet, "4", name="Vikaren"))
    assert fresh(sheet).differing

    press(phone, path, "take-back")

    stands = fresh(sheet)
    assert levels(sheet) == {3}
    assert {line.employer_note for line in stands.lines} == {NOTE}
    assert {line.agreed_level for line in stands.lines} == {3}
    assert (stands.answered_by, stands.answered_at) == ("Bo", NOW)
    assert [one.party for one in stands.confirmations] == [Party.EMPLOYER]


def test_a_yes_of_hers_to_what_is_taken_back_goes_with_it(placement, karin):  # noqa: F811
    last = opened(placement, karin, AssessmentKind.END)
    say(last, 3)
    with transaction():
        found = fresh(last)
        services.confirm_sheet(
            found,
            Party.CITIZEN,
            how=ConfirmedHow.MEETING,
            seen=found.version,
            by=db.session.merge(karin),
            at=NOW,
        )

    with transaction():
        services.take_back_as_workplace(fresh(last), by=None, at=NOW)

    assert fresh(last).confirmations == []


def test_it_can_be_taken_back_for_an_hour_from_the_last_answer(phone, path, sheet):  # noqa: F811
    say(sheet, 3)
    step = step_of(phone, path, "take-back")

    with time_machine.travel(NOW + TAKE_BACK_FOR, tick=False):
        late = press_on(phone, step, "take-back")
        page = phone.get(path)
        with pytest.raises(TooLateToTakeBack), transaction():
            services.take_back_as_workplace(fresh(sheet), by=None, at=NOW + TAKE_BACK_FOR)

    assert late.status_code == 303
    assert "kan ikke tages tilbage længere" in page.words
    assert not page.page.select("a[href$='answer=take-back']")
    assert levels(sheet) == {3}
    almost = NOW + TAKE_BACK_FOR - timedelta(seconds=1)
    with transaction():
        services.take_back_as_workplace(fresh(sheet), by=None, at=almost)
    assert levels(sheet) == {None}


def test_what_was_said_before_is_read_and_kept_no_longer_than_it_can_be_put_back(phone, path, sheet):  # noqa: F811
    say(sheet, 3)
    send_typed(phone, path, typed(sheet, "4"))
    over, citizen = NOW + TAKE_BACK_FOR, fresh(sheet).placement.card.citizen

    def in_her_file(at):
        (row,) = everything_about(citizen, at).tables["assessments"]
        return row["answer_before"]

    assert in_her_file(over - timedelta(seconds=1))["answered_by"] == "Bo"
    assert in_her_file(over) is None
    with transaction():
        assert forget_what_stands(over - timedelta(seconds=1), {}) == {"assessments": 0}
        assert forget_what_stands(over, {}) == {"assessments": 1}
    assert fresh(sheet).answer_before is None


def test_nothing_is_taken_back_from_a_closed_sheet(phone, path, sheet, client_for, karin):  # noqa: F811
    say(sheet, 3)
    step = step_of(phone, path, "take-back")
    close(client_for(karin), sheet)

    answer = press_on(phone, step, "take-back")

    assert answer.status_code == 410
    with pytest.raises(services.SheetClosed), transaction():
        services.take_back_as_workplace(fresh(sheet), by=None, at=NOW)
    assert levels(sheet) == {3}
    assert fresh(sheet).answer_before is None


def test_the_consultant_takes_nothing_back_by_the_workplaces_link(sheet, karin):  # noqa: F811
    say(sheet, 3)

    with pytest.raises(services.AnswerIsTheWorkplaces), transaction():
        services.take_back_as_workplace(fresh(sheet), by=db.session.merge(karin), at=NOW)


def test_the_two_answers_that_say_nothing_say_each_what_it_means(phone, path, sheet):  # noqa: F811
    page = phone.get(path).page
    meanings = [one.get_text(" ", strip=True) for one in page.select(".rate-meanings li")]

    assert meanings == [
        "Ikke afprøvet: Opgaven har ikke været der. Det tæller ikke imod nogen.",
        "Ved ikke: Opgaven har været der, men du har ikke selv set den løst.",
    ]
    assert len(sheet.lines) > 1, "said once, however many tasks"


def test_its_head_and_foot_name_the_one_municipality_to_call(phone, path, sheet):  # noqa: F811
    make_municipality("Nabolev")

    page = phone.get(path).page

    home = sheet.placement.opening.employer.municipality.name
    assert page.select_one(".site-owner").get_text(strip=True) == f"{home} Kommune"
    assert "Nabolev" not in page.select_one("footer").get_text()
