"""What differs is settled in words all three confirm, and only then it begins."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.errors import StaleVersion
from portal.base.recorded_days import RecordedAhead
from portal.base.terms import Language, Party
from portal.loop.placements import settling
from portal.loop.placements.models import ASPECTS, Placement, PlacementStatus
from portal.loop.placements.settled import ConfirmedHow
from portal.loop.placements.settled_paper import paper_code
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.outbox.models import Mail
from portal.shared.skills.translations import PhraseKind, translated
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY

SAME = {"purpose": "Job", "time_frame": "8 uger", "development": "Varme retter"}
C, E, K = Party.CITIZEN, Party.EMPLOYER, Party.CONSULTANT


class Meeting:
    """Amira, who reads Arabic, Bo and Karin, who have each said what they expect; its papers are ready."""

    def __init__(self, app: Any, **values: Any) -> None:
        employer = factories.make_employer()
        citizen = factories.make_citizen("Amira", with_login=True, language=Language("ar"))
        review = factories.make_review(
            factories.make_match(factories.make_opening(employer), factories.make_card(citizen)),
            citizen_answer=Answer.YES,
            employer_answer=Answer.YES,
        )
        self.placement = factories.make_placement(review, **{"starts_on": TODAY, **values})
        factories.make_ready_sheet(self.placement)
        factories.state_expectations(self.placement, **SAME)
        self.path = f"/placements/{self.placement.id}"
        assert citizen.user is not None
        self.amira, self.bo = PortalClient(app, citizen.user), PortalClient(app, factories.owner_of(employer))
        self.karin = PortalClient(app, factories.user("karin@kommune.example"))

    def differ(self, **words: str) -> None:
        """Bo expects something else."""
        with transaction():
            for said in db.session.get_one(Placement, self.placement.id).expectations:
                if said.party is E:
                    for name, text in words.items():
                        setattr(said, name, text)

    def settles(self, seen: int = 0, **sent: str) -> Any:
        return self.karin.post(f"{self.path}/settlement", {"seen": str(seen), **sent})

    def start(self, **sent: str) -> int:
        return self.karin.post(f"{self.path}/start", sent).status_code

    @property
    def now(self) -> Placement:
        db.session.rollback()
        return db.session.get_one(Placement, self.placement.id, populate_existing=True)

    @property
    def confirmed(self) -> set[Party]:
        settlement = self.now.settlement
        return set() if settlement is None else {one.party for one in settlement.confirmations}


@pytest.fixture
def meeting(app, karin) -> Meeting:
    return Meeting(app)


def test_who_say_the_same_confirm_that_and_then_it_begins(meeting: Meeting) -> None:
    assert meeting.start() == 409
    assert meeting.settles().status_code == 303
    assert meeting.start() == 409
    assert meeting.amira.post(f"{meeting.path}/settlement/confirm", {"seen": "1"}).status_code == 303
    assert meeting.start() == 409
    assert meeting.bo.post(f"{meeting.path}/settlement/confirm", {"seen": "1"}).status_code == 303

    assert meeting.confirmed == {C, E, K}
    assert meeting.start() == 303
    assert not meeting.now.is_unsettled


def test_eight_weeks_against_twelve_must_be_settled_in_words(meeting: Meeting) -> None:
    meeting.differ(time_frame="tolv uger")

    refused = meeting.settles()

    assert refused.status_code == 422
    assert refused.page.select_one("#time_frame-error")
    assert not refused.page.select_one("#purpose-error")
    assert meeting.settles(time_frame="Ti uger").status_code == 303
    settlement = meeting.now.settlement
    assert settlement is not None
    assert settlement.differing == ["time_frame"]


def test_what_has_no_number_is_marked_by_the_consultant(meeting: Meeting) -> None:
    meeting.differ(purpose="Lære dansk")

    assert meeting.settles(purpose_differs="y").status_code == 422
    assert meeting.settles(purpose_differs="y", purpose="Dansk, og så job").status_code == 303
    assert "Dansk, og så job" in meeting.bo.get(meeting.path).words


def test_other_words_ask_all_anew_and_the_same_do_not(meeting: Meeting) -> None:
    meeting.settles(purpose="Job")
    meeting.amira.post(f"{meeting.path}/settlement/confirm", {"seen": "1"})
    meeting.settles(1, purpose="Job")
    assert meeting.confirmed == {C, K}

    meeting.settles(1, purpose="Praktik, så job")

    assert meeting.confirmed == {K}
    stale = meeting.amira.post(f"{meeting.path}/settlement/confirm", {"seen": "1"})
    assert stale.status_code == 409
    assert meeting.confirmed == {K}


def test_new_expectations_ask_all_anew(meeting: Meeting) -> None:
    meeting.settles()
    meeting.amira.post(f"{meeting.path}/settlement/confirm", {"seen": "1"})

    meeting.bo.post(f"{meeting.path}/expectations/employer", {**SAME, "purpose": "Noget andet"})

    assert meeting.confirmed == set()
    assert meeting.start() == 409


def test_nobody_says_yes_to_the_same_where_new_expectations_name_other_amounts(meeting: Meeting) -> None:
    meeting.settles()
    meeting.bo.post(f"{meeting.path}/expectations/employer", {**SAME, "time_frame": "12 uger"})
    settlement = meeting.now.settlement
    assert settlement is not None
    seen = {"seen": f"{settlement.version}"}

    for one in (meeting.amira, meeting.bo, meeting.karin):
        assert one.post(f"{meeting.path}/settlement/confirm", seen).status_code == 409

    assert meeting.confirmed == set()
    assert meeting.start() == 409
    assert meeting.settles(settlement.version, time_frame="10 uger").status_code == 303
    assert meeting.confirmed == {K}


def test_nobody_saves_past_a_colleague(meeting: Meeting) -> None:
    meeting.settles(purpose="Job")

    refused = meeting.settles(0, purpose="Noget andet")
    assert refused.status_code == 409
    assert refused.page.select_one("[name=seen]")["value"] == "1"  # type: ignore[index]
    with pytest.raises(StaleVersion), transaction():
        settling.confirm(
            meeting.now, E, how=ConfirmedHow.PAGE, seen=0, by=factories.user("karin@kommune.example"), at=NOW
        )


def test_a_yes_by_phone_or_on_paper_is_recorded_with_who_and_when(meeting: Meeting) -> None:
    meeting.settles()
    path = f"{meeting.path}/settlement/record"
    said = {"seen": "1", "said_by": "Bo Holm", "said_on": TODAY.isoformat()}

    assert meeting.karin.get(f"{path}/employer").status_code == 200
    assert meeting.karin.post(f"{path}/employer", {"seen": "1"}).status_code == 422
    assert meeting.karin.post(f"{path}/employer", {**said, "how": "phone"}).status_code == 303
    settlement = meeting.now.settlement
    assert settlement is not None
    wrong = meeting.karin.post(f"{path}/citizen", {**said, "how": "code", "code": "ABC-1"})
    assert wrong.status_code == 422
    assert wrong.page.select_one("#code-error")
    code = paper_code(meeting.now.settlement)  # type: ignore[arg-type]
    assert meeting.karin.post(f"{path}/citizen", {**said, "how": "code", "code": code}).status_code == 303

    shown = meeting.karin.get(meeting.path).words
    assert "I telefonen (Bo Holm)" in shown
    assert "Med koden på papiret" in shown
    assert meeting.confirmed == {C, E, K}


@pytest.mark.parametrize("days", [-3650, -1, 1])
def test_nobody_said_yes_before_the_words_were_there_or_on_a_day_to_come(meeting: Meeting, days: int) -> None:
    meeting.settles()
    day = TODAY + timedelta(days=days)
    said = {"seen": "1", "how": "phone", "said_by": "Bo Holm", "said_on": day.isoformat()}

    refused = meeting.karin.post(f"{meeting.path}/settlement/record/employer", said)

    assert refused.status_code == 422
    assert refused.page.select_one("#said_on-error")
    assert meeting.confirmed == {K}
    with pytest.raises((settling.SaidBeforeWords, RecordedAhead)), transaction():
        settling.confirm(
            meeting.now,
            E,
            how=ConfirmedHow.PHONE,
            seen=1,
            said_on=day,
            by=factories.user("karin@kommune.example"),
            at=NOW,
        )


def test_the_code_of_other_words_is_another(meeting: Meeting) -> None:
    meeting.settles(purpose="Job")
    before = paper_code(meeting.now.settlement)  # type: ignore[arg-type]

    meeting.settles(1, purpose="Praktik")

    assert paper_code(meeting.now.settlement) != before  # type: ignore[arg-type]
    assert meeting.karin.get(f"{meeting.path}/settlement/print").data.startswith(b"%PDF")


def test_her_page_asks_in_her_language_and_marks_the_danish_words(meeting: Meeting) -> None:
    meeting.settles(purpose="Et job i køkkenet")

    page = meeting.amira.get(f"{meeting.path}/expectations/citizen")

    assert page.page.select_one("html")["lang"] == "ar"  # type: ignore[index]
    assert "كتب المستشار الكلمات بالدنماركية" in page.words
    assert [one.get_text() for one in page.page.select('#settled dd [lang="da"]')] == ["Et job i køkkenet"]
    assert meeting.amira.post(f"{meeting.path}/settlement/confirm", {"seen": "1"}).status_code == 303
    assert meeting.confirmed == {C, K}
    assert meeting.amira.post(f"{meeting.path}/settlement/take-back/citizen").status_code == 303
    assert meeting.confirmed == {K}


def test_nobody_says_yes_for_another(meeting: Meeting) -> None:
    meeting.settles()
    meeting.bo.post(f"{meeting.path}/settlement/confirm", {"seen": "1"})

    assert meeting.amira.post(f"{meeting.path}/settlement/take-back/employer").status_code == 404
    assert meeting.bo.get(f"{meeting.path}/settlement").status_code == 403
    assert meeting.confirmed == {E, K}


def test_nothing_is_settled_before_all_three_have_written(app, karin: User) -> None:
    placement = factories.make_placement()
    factories.state_expectations(placement, but=E)

    refused = PortalClient(app, karin).post(
        f"/placements/{placement.id}/settlement", {"seen": "0", **dict.fromkeys(ASPECTS, "Job")}
    )

    assert refused.status_code == 409
    assert "Virksomheden" in refused.words


@pytest.mark.parametrize(("days", "status"), [(6, 409), (7, 303), (8, 303)])
def test_after_the_days_of_the_rule_it_may_begin_unsettled_with_a_reason(
    app, karin: User, days: int, status: int
) -> None:
    meeting = Meeting(app, planned_at=NOW - timedelta(days=days))
    assert meeting.start() == 409, "never without a reason"

    assert meeting.start(unsettled_reason="Bo er på ferie") == status

    is_unsettled = status == 303
    assert meeting.now.is_unsettled is is_unsettled
    for browser in (meeting.karin, meeting.bo):
        for path in (meeting.path, "/placements/"):
            assert ("Ikke afstemt" in browser.get(path).words) is is_unsettled
    hers = translated(PhraseKind.PAGE, "settled_not_at_start", Language.AR).text
    assert (hers in meeting.amira.get(f"/mine{meeting.path}").words) is is_unsettled
    assert ("Bo er på ferie" in meeting.bo.get(meeting.path).words) is False


def test_what_was_planned_before_may_begin_as_it_could(app, karin: User) -> None:
    meeting = Meeting(app, asks_settlement=False)

    assert meeting.start() == 303
    assert meeting.now.status is PlacementStatus.RUNNING
    assert not meeting.now.is_unsettled


def test_settled_or_not_the_papers_for_vitas_are_asked_for(app, karin: User) -> None:
    placement = factories.make_placement(starts_on=TODAY)
    factories.make_settlement(placement)
    client = PortalClient(app, karin)

    refused = client.post(f"/placements/{placement.id}/start")

    assert refused.status_code == 409
    assert "Arket til VITAS er ikke meldt klar." in refused.words
    because = {"stop_reason": "Aftalen bliver sendt i dag"}
    assert client.post(f"/placements/{placement.id}/start", because).status_code == 303


def test_the_employer_says_yes_by_its_link_in_two_steps_and_takes_it_back(app, meeting: Meeting) -> None:
    meeting.settles(purpose="Job")
    shown = meeting.karin.get(f"{meeting.path}/settlement/record/employer").page
    address = urlsplit(str(shown.select_one("#settle-link")["value"]))  # type: ignore[index]
    scanner, phone = PortalClient(app), PortalClient(app)

    scanner.get(address.path)
    scanner.post(address.path, {"send": "yes"})
    assert meeting.confirmed == {K}

    def presses(answer: str) -> None:
        phone.get(address.path)
        step = phone.get(f"{address.path}?answer={answer}").page
        ticket = step.select_one("[name=ticket]")["value"]  # type: ignore[index]
        twice, said = str(uuid4()), {"ticket": str(ticket), "send": answer}
        clicks = [phone.post(address.path, said, form_id=twice) for _click in range(2)]
        assert [one.status_code for one in clicks] == [303, 303]

    presses("yes")
    assert meeting.confirmed == {E, K}
    presses("take-back")
    assert meeting.confirmed == {K}
    presses("yes")

    meeting.settles(1, purpose="Praktik")
    assert phone.get(address.path).status_code == 410
    assert meeting.confirmed == {K}


def test_the_link_is_sent_to_a_contact_person(meeting: Meeting) -> None:
    meeting.settles()
    page = meeting.karin.get(f"{meeting.path}/settlement/record/employer").page
    to = page.select_one("[name=recipient] option")["value"]  # type: ignore[index]

    twice, said = str(uuid4()), {"recipient": str(to)}
    clicks = [
        meeting.karin.post(f"{meeting.path}/settlement/send", said, form_id=twice) for _click in range(2)
    ]
    assert [one.status_code for one in clicks] == [303, 303]

    mail = db.session.scalars(sa.select(Mail)).one()
    assert mail.recipient == to
    assert "enige" in mail.subject
