"""Consents over HTTP: asked, given, shown to an employer by its link, withdrawn; and what no link opens."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
import time_machine

from portal.base.database import db, transaction
from portal.base.terms import Language
from portal.loop.cards.fields import SharedField
from portal.loop.citizens import services as citizens
from portal.loop.reviews.models import Answer, AnsweredVia
from portal.shared.audit.models import AuditEntry
from portal.shared.audit.writer import GroupCommitWriter
from portal.web.links import LinkPurpose, Links
from portal.workspaces.consents.models import ANONYMOUS, Consent
from portal.workspaces.consents.queries import link_ends_at
from tests import factories
from tests.factories import NOW, TODAY
from tests.security.test_looks import refuse
from tests.support.links import links_of


@pytest.fixture
def amira(app):
    return factories.make_citizen("Zahrabibi", last_name="Quetzalcoatl", phone="51 52 53 54", with_login=True)


@pytest.fixture
def card(amira):
    return factories.make_card(amira, goal="Jeg drømmer om krabber", next_step="Tage bus til hvalskolen")


@pytest.fixture
def employer(app):
    return factories.make_employer("Bos Køkken")


def link_to(app, consent: Consent, **other) -> str:
    links = Links((other["key"],)) if "key" in other else links_of(app)
    ends = other.get("ends", link_ends_at(consent))
    return "/consents/shared/" + links.sign(LinkPurpose.CARD, consent.id, expires_at=ends)


def fields(employer, **other) -> dict:
    return {
        "employer_id": str(employer.id),
        "purpose": "show_card",
        "fields_shown": [field.value for field in ANONYMOUS],
        "until_on": (TODAY + timedelta(days=30)).isoformat(),
        "how": "portal",
        **other,
    }


def the_consent() -> Consent:
    db.session.rollback()
    return db.session.scalars(sa.select(Consent)).one()


def test_what_was_given_on_paper_opens_the_employers_page_and_says_so(
    app, client_for, visitor, karin, card, employer
):
    answer = client_for(karin).post(f"/consents/card/{card.id}/new", fields(employer, how="paper"))

    consent = the_consent()
    assert answer.location == f"/consents/{consent.id}/link"
    assert (consent.answer, consent.answered_via) == (Answer.YES, AnsweredVia.PAPER)
    assert consent.recorded_by_id == karin.id
    address = client_for(karin).get(answer.location).page.select_one("#shared-link")["value"]
    shown = visitor.get("/consents" + address.split("/consents")[1])
    assert shown.status_code == 200
    assert "Vist til Bos Køkken" in shown.words
    assert "på papir, skrevet af Karin Holm" in client_for(karin).get(f"/consents/card/{card.id}").words


def test_an_anonymous_view_says_what_she_can_and_nothing_of_who_she_is(app, visitor, amira, card, employer):
    shown = visitor.get(link_to(app, factories.make_consent(card, employer))).words

    assert card.number in shown
    assert "Skære og klargøre grøntsager" in shown
    assert "Egne ord, august 2026" in shown
    for secret in (
        "Zahrabibi",
        "Quetzalcoatl",
        "krabber",
        "hvalskolen",
        "51 52",
        amira.case_reference,
        "3300",
        "1990",
    ):
        assert secret not in shown, secret


def test_she_reads_which_employer_opened_the_link_and_why(app, client_for, visitor, amira, card, employer):
    visitor.get(link_to(app, factories.make_consent(card, employer)))

    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "shared-card-opened")).one()
    assert (line.is_look, line.actor_id, line.actor_unit) == (True, None, "Bos Køkken")
    assert line.citizen_id == amira.id
    for page in ("/mine/", "/citizens/looks"):
        words = client_for(amira.user).get(page).words
        assert "Bos Køkken" in words
        assert "Visning af dit kort med din tilladelse" in words


def test_staff_who_try_the_link_leave_a_line_of_their_own(app, client_for, karin, card, employer):
    client_for(karin).get(link_to(app, factories.make_consent(card, employer)))

    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "shared-card-opened")).one()
    assert (line.actor_id, line.actor_unit) == (karin.id, "Halsnæs Kommune")


@pytest.mark.parametrize(("whose", "unit"), [("next door", "Naboens Køkken"), ("its own", "Bos Køkken")])
def test_she_reads_which_employer_was_signed_in(app, client_for, amira, card, employer, whose, unit):
    reader = factories.owner_of(
        factories.make_employer("Naboens Køkken") if whose == "next door" else employer
    )

    client_for(reader).get(link_to(app, factories.make_consent(card, employer)))

    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "shared-card-opened")).one()
    assert (line.actor_id, line.actor_unit) == (reader.id, unit)
    assert unit in client_for(amira.user).get("/citizens/looks").words


def test_no_page_without_the_line(app, visitor, card, employer, monkeypatch):
    consent = factories.make_consent(card, employer)
    monkeypatch.setattr(GroupCommitWriter, "write", refuse)

    answer = visitor.get(link_to(app, consent))

    assert answer.status_code == 503
    assert card.number not in answer.words


def withdraw_herself(client_for, amira, consent):
    assert client_for(amira.user).post(f"/consents/{consent.id}/take-back").status_code == 303


def withdraw_by_karin(client_for, amira, consent):
    karin = factories.user("karin@kommune.example")
    assert client_for(karin).post(f"/consents/{consent.id}/withdraw").status_code == 303


def set_passive(client_for, amira, consent):
    karin = factories.user("karin@kommune.example")
    assert client_for(karin).post(f"/citizens/{amira.id}/passive").status_code == 303


def erase(client_for, amira, consent):
    karin = factories.user("karin@kommune.example")
    fields = {"case_reference": amira.case_reference}
    assert client_for(karin).post(f"/citizens/{amira.id}/erase", fields).status_code == 303


@pytest.mark.parametrize("end", [withdraw_herself, withdraw_by_karin, set_passive, erase])
def test_the_link_is_gone_from_the_very_next_request(app, client_for, visitor, amira, card, employer, end):
    consent, number = factories.make_consent(card, employer), card.number
    link = link_to(app, consent)
    assert visitor.get(link).status_code == 200

    end(client_for, amira, consent)

    gone = visitor.get(link)
    assert gone.status_code == 410
    assert "trukket tilbage eller udløbet" in gone.words
    assert number not in gone.words
    assert gone.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"until_on": TODAY}, 200),
        ({"until_on": TODAY - timedelta(days=1)}, 410),
        ({"answer": Answer.PENDING}, 410),
        ({"answer": Answer.NO}, 410),
        ({"answer": Answer.WITHDRAWN, "withdrawn_at": NOW}, 410),
    ],
)
def test_only_a_standing_yes_opens_the_page(app, visitor, card, employer, values, status):
    consent = factories.make_consent(card, employer, **values)

    assert visitor.get(link_to(app, consent, ends=NOW + timedelta(days=300))).status_code == status


def test_a_link_ends_with_its_last_day_in_denmark(app, card, employer):
    consent = factories.make_consent(card, employer, until_on=TODAY)

    assert link_ends_at(consent).isoformat() == "2026-11-19T00:00:00+01:00"


@pytest.mark.parametrize("forged", ["x", "a.b", "%00", "WzEsMV0.abc", "a" * 600])
def test_a_made_up_link_is_unknown(visitor, forged):
    assert visitor.get(f"/consents/shared/{forged}").status_code == 404


def test_a_link_signed_by_another_portal_is_unknown(app, visitor, card, employer):
    assert visitor.get(link_to(app, factories.make_consent(card, employer), key="x" * 40)).status_code == 404


def test_what_is_added_to_the_card_later_is_not_shown(app, client_for, visitor, karin, card, employer):
    link = link_to(app, factories.make_consent(card, employer))

    client_for(karin).post(
        f"/cards/{card.id}/skills/add",
        {"skill-text": "bagning af brød og kager", "skill-level": "3", "skill-source": "consultant"},
    )

    assert "Bagning" not in visitor.get(link).words


def test_nothing_is_written_by_opening_but_the_line(app, visitor, card, employer):
    link = link_to(app, factories.make_consent(card, employer))

    for _time in range(2):
        assert visitor.get(link).status_code == 200

    lines = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "shared-card-opened")
    assert db.session.scalar(lines) == 2


def test_the_employers_page_is_not_kept_or_found(app, visitor, card, employer):
    answer = visitor.get(link_to(app, factories.make_consent(card, employer)))

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(("said", "state"), [("yes", Answer.YES), ("no", Answer.NO)])
def test_she_answers_on_her_page_in_her_language(app, client_for, karin, amira, card, employer, said, state):
    with transaction():
        citizens.choose_language(db.session.merge(amira), Language.AR, by=karin, at=NOW)
    client_for(karin).post(f"/consents/card/{card.id}/new", fields(employer))
    consent = the_consent()
    page = client_for(amira.user).get("/mine/").page
    assert page.html["dir"] == "rtl"
    assert page.select_one(f"form[action='/consents/{consent.id}/answer'] [name=answer]")

    answer = client_for(amira.user).post(f"/consents/{consent.id}/answer", {"answer": said})

    assert answer.location == "/mine/#consents"
    consent = the_consent()
    assert (consent.answer, consent.answered_via) == (state, AnsweredVia.PORTAL)
    assert consent.recorded_by_id == amira.user_id


@pytest.mark.parametrize("said", ["", "withdrawn", "pending", "%00"])
def test_what_is_neither_yes_nor_no_changes_nothing(client_for, amira, card, employer, said):
    consent = factories.make_consent(card, employer, answer=Answer.PENDING)

    client_for(amira.user).post(f"/consents/{consent.id}/answer", {"answer": said})

    assert the_consent().answer is Answer.PENDING


@pytest.mark.parametrize(("answer", "via"), [("yes", "phone"), ("no", "paper")])
def test_the_consultant_writes_down_what_she_was_told(client_for, karin, card, employer, answer, via):
    consent = factories.make_consent(card, employer, answer=Answer.PENDING)
    prefix = f"consent-{consent.id}-"

    client_for(karin).post(f"/consents/{consent.id}/record", {f"{prefix}answer": answer, f"{prefix}via": via})

    consent = the_consent()
    assert (consent.answer.value, consent.answered_via.value) == (answer, via)
    assert consent.recorded_by_id == karin.id


def test_an_answer_without_how_it_came_is_asked_for_again(client_for, karin, card, employer):
    consent = factories.make_consent(card, employer, answer=Answer.PENDING)

    answer = client_for(karin).post(f"/consents/{consent.id}/record", {f"consent-{consent.id}-answer": "yes"})

    assert answer.status_code == 422
    assert answer.page.select("[aria-invalid=true]")
    assert the_consent().answer is Answer.PENDING


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"until_on": (TODAY - timedelta(days=1)).isoformat()}, 409),
        ({"until_on": TODAY.isoformat()}, 303),
        ({"until_on": (TODAY + timedelta(days=182)).isoformat()}, 303),
        ({"until_on": (TODAY + timedelta(days=183)).isoformat()}, 409),
        ({"until_on": ""}, 422),
        ({"purpose": "proposal"}, 409),
        ({"purpose": "marketing"}, 422),
        ({"how": "telepathy"}, 422),
        ({"fields_shown": ["number", "phone"]}, 422),
        ({"fields_shown": ["number", "note"]}, 422),
        ({"employer_id": ""}, 422),
        ({"employer_id": "x"}, 422),
        ({"employer_id": "999999"}, 422),
    ],
)
def test_only_what_may_be_asked_is_asked(client_for, karin, card, employer, changed, status):
    answer = client_for(karin).post(f"/consents/card/{card.id}/new", fields(employer, **changed))

    assert answer.status_code == status


def test_a_strangers_employer_is_not_offered(client_for, karin, card):
    far = factories.make_employer("Fjern", in_municipality="Fredensborg", owner="Far")

    answer = client_for(karin).post(f"/consents/card/{card.id}/new", fields(far))

    assert answer.status_code == 422


def test_an_employer_finds_nothing_by_signing_in(client_for, card, employer):
    consent = factories.make_consent(card, employer)
    bo = client_for(factories.owner_of(employer))

    for path in (f"/consents/card/{card.id}", f"/consents/{consent.id}/link"):
        assert bo.get(path).status_code == 403


def test_every_field_opens_itself_and_nothing_else(app, visitor, card, employer):
    told = {
        SharedField.FIRST_NAME: "Zahrabibi",
        SharedField.GOAL: "krabber",
        SharedField.NEXT_STEP: "hvalskolen",
        SharedField.DANISH: "Læser",
        SharedField.RANGE: "3300",
        SharedField.SKILLS: "Skære og klargøre",
        SharedField.HOURS: "Mindst timer",
    }
    for opened in told:
        shown = visitor.get(
            link_to(app, factories.make_consent(card, employer, fields=["number", opened.value]))
        ).words
        seen = {field for field, words in told.items() if words in shown}
        assert seen == {opened}


@pytest.mark.parametrize(("minutes", "undone"), [(59, True), (60, False)])
def test_her_no_is_taken_back_within_the_hour(
    client_for, amira, card, employer, minutes: int, undone: bool
) -> None:
    consent = factories.make_consent(card, employer, answer=Answer.PENDING)
    client_for(amira.user).post(f"/consents/{consent.id}/answer", {"answer": "no"})

    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        her = client_for(amira.user)
        offered = bool(her.get("/mine/").page.select(f"form[action='/consents/{consent.id}/undo']"))
        twice = str(uuid4())
        answer = her.post(f"/consents/{consent.id}/undo", form_id=twice)
        if undone:
            assert her.post(f"/consents/{consent.id}/undo", form_id=twice).status_code == 303

    assert (offered, answer.status_code) == (undone, 303 if undone else 409)
    assert db.session.get_one(Consent, consent.id).answer is (Answer.PENDING if undone else Answer.NO)
