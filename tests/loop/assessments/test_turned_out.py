"""The end sheet asks of each aspect that was settled before the start whether it became so, and all three read it."""

import io
from typing import Any

import pypdf
import pytest

from portal.base.database import db, transaction
from portal.base.terms import Party
from portal.loop.assessments import services
from portal.loop.assessments.models import Assessment, AssessmentKind, TurnedOut
from portal.loop.assessments.services import AspectRating
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW
from tests.loop.assessments.test_closing_by_three import Ending, confirmed
from tests.support.answering import press, send_typed

WORDS = "Det blev til 10 uger, fordi hun var syg"
PARTLY = {"turned_out_time_frame": "partly", "words_time_frame": WORDS}


@pytest.fixture
def ending(app: Any, karin: Any) -> Ending:
    made = Ending(app)
    factories.make_settlement(made.placement, purpose="Et job i køkkenet", time_frame="8 uger")
    return made


def link_of(ending: Ending, sheet: Assessment) -> str:
    page = ending.karin.get(f"/assessments/{sheet.id}").page
    address = str(page.select_one("#workplace-link")["value"])  # type: ignore[index]
    return "/assessments" + address.partition("/assessments")[2]


def says(ending: Ending, sheet: Assessment, **sent: str) -> int:
    return ending.karin.post(f"/assessments/{sheet.id}", sent).status_code


def stored(sheet: Assessment) -> dict[str, tuple[TurnedOut, str, Party]]:
    db.session.rollback()
    found = db.session.get_one(Assessment, sheet.id, populate_existing=True)
    return {one.aspect: (one.turned_out, one.words, one.said_by_party) for one in found.aspects}


def text_of(client: PortalClient, sheet: Assessment) -> str:
    paper = io.BytesIO(client.get(f"/assessments/{sheet.id}/print").data)
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(paper).pages).split())


def test_all_three_read_it_beside_what_was_settled(app: Any, ending: Ending) -> None:
    sheet = ending.sheet()
    assert says(ending, sheet, **PARTLY) == 303

    by_link = PortalClient(app).get(link_of(ending, sheet)).page
    hers = ending.amira.get(f"/assessments/{sheet.id}").page.select_one("#settled").get_text()
    own = ending.karin.get(f"/assessments/{sheet.id}").page.select_one("#settled").get_text()

    assert stored(sheet) == {"time_frame": (TurnedOut.PARTLY, WORDS, Party.CONSULTANT)}
    assert by_link.select_one("[name=turned_out_time_frame][checked]")["value"] == "partly"
    assert by_link.select_one("[name=words_time_frame]")["value"] == WORDS
    for said in (hers, own):
        assert "8 uger" in said
        assert WORDS in said
    assert "ብኽፋል" in hers
    assert "Delvist" in own
    assert "8 uger" in text_of(ending.bo, sheet)
    assert WORDS in text_of(ending.bo, sheet)


def test_the_workplace_says_it_by_its_link_and_takes_it_back(app: Any, ending: Ending) -> None:
    sheet, phone = ending.sheet(), PortalClient(app)
    says(ending, sheet, turned_out_purpose="yes")
    path = link_of(ending, sheet)
    levels = {str(one["name"]): "3" for one in phone.get(path).page.select("input[name^=level_]")}

    sent = send_typed(
        phone, path, {**levels, **PARTLY, "turned_out_purpose": "no", "words_purpose": "", "name": "Bo"}
    )

    assert stored(sheet) == {
        "purpose": (TurnedOut.NO, "", Party.EMPLOYER),
        "time_frame": (TurnedOut.PARTLY, WORDS, Party.EMPLOYER),
    }
    assert WORDS in phone.get(sent.headers["Location"]).words
    assert confirmed(sheet) == {Party.EMPLOYER}

    press(phone, path, "take-back")

    assert stored(sheet) == {"purpose": (TurnedOut.YES, "", Party.CONSULTANT)}
    assert confirmed(sheet) == set()


def test_what_the_consultant_said_after_the_answer_is_not_taken_back_with_it(
    app: Any, ending: Ending
) -> None:
    sheet, phone = ending.sheet(), PortalClient(app)
    says(ending, sheet, turned_out_purpose="yes")
    path = link_of(ending, sheet)
    levels = {str(one["name"]): "3" for one in phone.get(path).page.select("input[name^=level_]")}
    of_both = {"turned_out_purpose": "no", "turned_out_development": "yes"}
    send_typed(phone, path, {**levels, **PARTLY, **of_both, "name": "Bo"})
    agreed = {"turned_out_purpose": "partly", "words_purpose": "Timer fra maj"}
    says(
        ending, sheet, **agreed, turned_out_time_frame="no", words_time_frame="", turned_out_development="yes"
    )

    press(phone, path, "take-back")

    assert stored(sheet) == {
        "purpose": (TurnedOut.PARTLY, "Timer fra maj", Party.CONSULTANT),
        "time_frame": (TurnedOut.NO, "", Party.CONSULTANT),
    }


def test_a_yes_is_to_how_it_turned_out_too(ending: Ending) -> None:
    sheet = ending.sheet()
    ending.says(sheet, 3)
    ending.confirms(sheet)
    assert confirmed(sheet) == {Party.CITIZEN, Party.EMPLOYER}

    says(ending, sheet, **PARTLY)

    assert confirmed(sheet) == set()
    ending.confirms(sheet)
    says(ending, sheet, **PARTLY)
    assert confirmed(sheet) == {Party.CITIZEN}


def test_words_alone_are_asked_for_their_answer(ending: Ending) -> None:
    sheet = ending.sheet()

    page = ending.karin.post(f"/assessments/{sheet.id}", {"words_purpose": "Næsten"})

    assert page.status_code == 422
    assert page.page.select_one("#turned_out_purpose-error")
    assert page.page.select_one("[name=words_purpose]")["value"] == "Næsten"
    assert stored(sheet) == {}


def test_a_midway_sheet_asks_nothing_of_it(ending: Ending) -> None:
    sheet = ending.sheet(kind=AssessmentKind.MIDWAY)

    says(ending, sheet, **PARTLY)
    with transaction():
        found = db.session.get_one(Assessment, sheet.id)
        rated = {"purpose": AspectRating(TurnedOut.YES)}
        services.answer_as_consultant(
            found, {}, {}, rated, by=factories.user("karin@kommune.example"), at=NOW
        )

    assert stored(sheet) == {}
    assert not ending.karin.get(f"/assessments/{sheet.id}").page.select("[name^=turned_out_]")


def test_where_nobody_expected_anything_nothing_is_asked(app: Any, karin: Any) -> None:
    ending = Ending(app)
    sheet = ending.sheet()

    assert not ending.karin.get(f"/assessments/{sheet.id}").page.select("[name^=turned_out_]")


def test_it_stands_on_the_closed_sheet(ending: Ending) -> None:
    sheet = ending.sheet()
    says(ending, sheet, **PARTLY)
    ending.closes(sheet, alone_because="De svarer ikke")

    assert WORDS in ending.karin.get(f"/assessments/{sheet.id}").words
    assert "Delvist" in text_of(ending.karin, sheet)
    assert says(ending, sheet, turned_out_purpose="yes") == 409
