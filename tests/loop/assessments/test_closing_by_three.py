"""An end sheet is opened by whoever is there, filled from midway, and closed with a yes of the three or a reason."""

from datetime import timedelta
from typing import Any

import pytest

from portal.base.database import db, transaction
from portal.base.recorded_days import RecordedAhead
from portal.base.terms import Language, Party
from portal.loop.assessments import services
from portal.loop.assessments.confirming import SaidBeforeSheet
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.assessments.services import TaskRating
from portal.loop.placements.models import PlacementStatus
from portal.loop.placements.settled import ConfirmedHow
from portal.loop.reviews.models import Answer
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY
from tests.support.answering import send_typed

C, E, K = Party.CITIZEN, Party.EMPLOYER, Party.CONSULTANT


class Ending:
    """Amira, who reads Tigrinya, has been at Bo's for a month."""

    def __init__(self, app: Any) -> None:
        employer = factories.make_employer()
        citizen = factories.make_citizen("Amira", with_login=True, language=Language("ti"))
        review = factories.make_review(
            factories.make_match(factories.make_opening(employer), factories.make_card(citizen)),
            citizen_answer=Answer.YES,
            employer_answer=Answer.YES,
        )
        self.placement = factories.make_placement(
            review, status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=30)
        )
        assert citizen.user is not None
        self.amira, self.bo = PortalClient(app, citizen.user), PortalClient(app, factories.owner_of(employer))
        self.karin = PortalClient(app, factories.user("karin@kommune.example"))

    def sheet(self, **values: Any) -> Assessment:
        return factories.make_sheet(self.placement, **{"kind": AssessmentKind.END, **values})

    def says(self, sheet: Assessment, level: int, *, by_consultant: bool = False) -> None:
        karin = factories.user("karin@kommune.example")
        with transaction():
            found = db.session.get_one(Assessment, sheet.id)
            answers = {line.id: TaskRating(level) for line in found.lines}
            if by_consultant:
                services.answer_as_consultant(found, answers, {}, by=karin, at=NOW)
            else:
                services.answer_as_workplace(found, answers, name="Bo", on_paper=False, by=None, at=NOW)

    def confirms(self, sheet: Assessment) -> int:
        seen = self.amira.get(f"/assessments/{sheet.id}").page.select_one("[name=seen]")
        sent = {"seen": str(seen["value"])} if seen else {}
        return self.amira.post(f"/assessments/{sheet.id}/confirm", sent).status_code

    def closes(self, sheet: Assessment, **more: str) -> int:
        sent = {"outcome": "completed", "assessed_on": TODAY.isoformat(), **more}
        return self.karin.post(f"/assessments/{sheet.id}/close", sent).status_code


def confirmed(sheet: Assessment) -> set[Party]:
    db.session.rollback()
    found = db.session.get_one(Assessment, sheet.id, populate_existing=True)
    return {one.party for one in found.confirmations}


@pytest.fixture
def ending(app, karin) -> Ending:
    return Ending(app)


def test_it_is_closed_when_all_three_have_said_yes(ending: Ending) -> None:
    sheet = ending.sheet()
    assert ending.closes(sheet) == 409
    ending.says(sheet, 3)
    assert ending.closes(sheet) == 409
    assert ending.confirms(sheet) == 303

    assert ending.closes(sheet) == 303

    assert confirmed(sheet) == {C, E, K}
    assert "Kun konsulenten" not in ending.karin.get(f"/assessments/{sheet.id}").words


def test_closed_alone_it_says_so_and_why(ending: Ending) -> None:
    sheet = ending.sheet()
    ending.says(sheet, 3)

    assert ending.closes(sheet, alone_because="Amira er flyttet") == 303

    shown = ending.karin.get(f"/assessments/{sheet.id}").words
    assert "Kun konsulenten" in shown
    assert "Amira er flyttet" in shown


def test_a_yes_is_to_what_counted_then(ending: Ending) -> None:
    sheet = ending.sheet()
    ending.says(sheet, 2, by_consultant=True)
    ending.confirms(sheet)
    assert confirmed(sheet) == {C}

    ending.says(sheet, 3)

    assert confirmed(sheet) == {E}
    assert ending.amira.post(f"/assessments/{sheet.id}/confirm", {"seen": "1"}).status_code == 409


def test_a_yes_at_the_table_is_recorded_with_who_and_when(ending: Ending) -> None:
    sheet = ending.sheet()
    ending.says(sheet, 3)
    seen = ending.karin.get(f"/assessments/{sheet.id}").page.select_one("#yeses [name=seen]")
    said = {"party": "citizen", "how": "meeting", "said_by": "Amira", "said_on": TODAY.isoformat()}
    path = f"/assessments/{sheet.id}/record"

    assert ending.karin.post(path, {"seen": str(seen["value"])}).status_code == 422  # type: ignore[index]
    assert ending.karin.post(path, {**said, "seen": str(seen["value"])}).status_code == 303  # type: ignore[index]

    assert confirmed(sheet) == {C, E}
    assert "på et møde (Amira)" in ending.karin.get(f"/assessments/{sheet.id}").words


@pytest.mark.parametrize("days", [-3650, -1, 1])
def test_nobody_said_yes_before_the_sheet_was_there_or_on_a_day_to_come(ending: Ending, days: int) -> None:
    sheet, day = ending.sheet(), TODAY + timedelta(days=days)
    said = {"party": "citizen", "how": "meeting", "said_by": "Amira", "said_on": day.isoformat(), "seen": "1"}

    refused = ending.karin.post(f"/assessments/{sheet.id}/record", said)

    assert refused.status_code == 422
    assert refused.page.select_one("#said_on-error")
    assert confirmed(sheet) == set()
    with pytest.raises((SaidBeforeSheet, RecordedAhead)), transaction():
        services.confirm_sheet(
            db.session.get_one(Assessment, sheet.id),
            C,
            how=ConfirmedHow.MEETING,
            seen=1,
            said_on=day,
            by=factories.user("karin@kommune.example"),
            at=NOW,
        )


@pytest.mark.parametrize("who", ["amira", "bo", "karin"])
def test_whoever_is_there_opens_it(ending: Ending, who: str) -> None:
    browser: PortalClient = getattr(ending, who)

    opened = browser.post(f"/assessments/placement/{ending.placement.id}/open/end")

    assert opened.status_code == 303
    assert ("/assessments/link/" in opened.headers["Location"]) is (who == "bo")
    assert browser.get(opened.headers["Location"]).status_code == 200


def test_what_was_said_midway_is_proposed_and_counts_only_when_sent(ending: Ending) -> None:
    midway = ending.sheet(kind=AssessmentKind.MIDWAY)
    ending.says(midway, 2)
    ending.says(midway, 2, by_consultant=True)
    ending.karin.post(f"/assessments/{midway.id}/close", {"assessed_on": TODAY.isoformat()})
    sheet = ending.sheet(number=2)

    page = ending.karin.get(f"/assessments/{sheet.id}").page

    chosen = [one["value"] for one in page.select("input[name^=level_][checked]")]
    assert chosen == ["2"] * len(sheet.lines)
    assert "Fra midtvejs" in page.get_text()
    db.session.rollback()
    assert {line.level for line in db.session.get_one(Assessment, sheet.id).lines} == {None}


def test_her_page_is_in_her_language_and_her_comment_stands(ending: Ending) -> None:
    sheet = ending.sheet()
    ending.says(sheet, 3)
    page = ending.amira.get(f"/assessments/{sheet.id}")
    assert page.page.select_one("html")["lang"] == "ti"  # type: ignore[index]
    assert "ገምጋም ዕማማተይ" in page.words
    ending.closes(sheet, alone_because="Vi nåede det ikke")

    ending.amira.post(f"/assessments/{sheet.id}/comment", {"words": "Jeg gjorde også rent"})
    ending.karin.post(f"/assessments/{sheet.id}/withdraw", {"because": "Forkert ark"})

    for browser in (ending.amira, ending.karin, ending.bo):
        assert "Jeg gjorde også rent" in browser.get(f"/assessments/{sheet.id}").get_data(as_text=True)


def test_after_sending_the_workplace_reads_what_it_sent_and_may_correct_it(app, ending: Ending) -> None:
    sheet = ending.sheet()
    page = ending.karin.get(f"/assessments/{sheet.id}").page
    link = str(page.select_one("#workplace-link")["value"]).partition("/assessments")  # type: ignore[index]
    path, phone = link[1] + link[2], PortalClient(app)
    names = {one["name"] for one in phone.get(path).page.select("input[name^=level_]")}

    sent = send_typed(phone, path, {**dict.fromkeys(map(str, names), "3"), "name": "Bo"})
    thanks = phone.get(sent.headers["Location"])

    assert "Tak for svaret" in thanks.words
    assert not thanks.page.select("input[name^=level_]")
    assert thanks.page.select_one(f'a[href="{path}?answer=change"]')


def test_what_was_settled_stands_beside_the_end(ending: Ending) -> None:
    factories.make_settlement(ending.placement, purpose="Et job i køkkenet")

    assert "Et job i køkkenet" in ending.karin.get(f"/assessments/{ending.sheet().id}").words


def test_what_each_expected_stands_there_where_nothing_was_settled(ending: Ending) -> None:
    factories.state_expectations(ending.placement, purpose="Prøve faget")

    assert "Borgeren: Prøve faget" in ending.bo.get(f"/assessments/{ending.sheet().id}").words
