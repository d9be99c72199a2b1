"""The proposal by link, the calls, and a message to an employer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.citizens.models import Citizen
from portal.loop.employers import people
from portal.loop.employers.models import ContactPerson
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.reviews.models import Answer, EmployerReason, Review
from portal.loop.reviews.services import withdraw_as_citizen
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.models import Mail, MailKind
from portal.shared.outbox.services import decline
from portal.web.links import LinkPurpose
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.consents.models import Consent
from portal.workspaces.consents.services import withdraw_consent
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY
from tests.support.answering import press, step_of
from tests.support.links import links_of

Clients = Callable[[User | None], PortalClient]


def proposal(**values) -> Consent:
    """Amira's yes to a place at Bo's, with the consent that came with it."""
    employer = factories.make_employer("Bos Køkken ApS")
    card = factories.make_card(factories.make_citizen("Amira"))
    opening = factories.make_opening(employer, title="Køkkenmedhjælper")
    review = factories.make_review(factories.make_match(opening, card), citizen_answer=Answer.YES)
    return factories.make_consent(card, employer, review=review, **values)


def address(app: Flask, consent: Consent, *, lasts: timedelta = timedelta(days=1)) -> str:
    links = links_of(app)
    return f"/answers/proposal/{links.sign(LinkPurpose.PROPOSAL, consent.id, expires_at=NOW + lasts)}"


def stored(consent: Consent) -> Review:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Review, consent.review_id)


def test_the_employer_sees_the_anonymous_card_and_no_name(app: Flask, visitor: PortalClient) -> None:
    consent = proposal()
    citizen = db.session.scalars(sa.select(Citizen)).one()

    page = visitor.get(address(app, consent))

    assert page.status_code == 200
    assert consent.card.number in page.words
    assert "grøntsager" in page.words.lower()
    for name in (citizen.first_name, citizen.last_name):
        assert name not in page.words
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_link_shows_and_has_no_form_at_all(app: Flask, visitor: PortalClient) -> None:
    page = visitor.get(address(app, proposal())).page

    assert not page.select("main form")
    assert {str(link["href"]).rpartition("?answer=")[2] for link in page.select("#answer a")} == {
        "yes",
        "no",
        "call",
    }


def test_the_second_step_begins_with_the_answer_and_what_is_pressed_unseen_leads_back(
    app: Flask, visitor: PortalClient
) -> None:
    consent = proposal()
    url = address(app, consent)

    form = step_of(visitor, url, "no")

    assert form is not None
    unseen, *buttons = form.select("button")
    assert unseen.has_attr("hidden")
    assert [str(button["value"]) for button in (unseen, *buttons)] == ["back", *EmployerReason, "back"]
    assert ["button-primary" in button["class"] for button in buttons] == [
        *[True] * len(EmployerReason),
        False,
    ]
    assert stored(consent).employer_answer is Answer.PENDING


@pytest.mark.parametrize(
    ("step", "button", "answer", "reason"),
    [
        ("yes", None, Answer.YES, None),
        ("no", "time", Answer.NO, EmployerReason.TIME),
        ("yes", "back", Answer.PENDING, None),
        ("no", "back", Answer.PENDING, None),
        ("call", None, Answer.PENDING, None),
    ],
)
def test_what_a_button_does(
    app: Flask,
    visitor: PortalClient,
    step: str,
    button: str | None,
    answer: Answer,
    reason: EmployerReason | None,
) -> None:
    consent = proposal()

    done = press(visitor, address(app, consent), step, button)

    assert done.status_code == 303
    review = stored(consent)
    assert (review.employer_answer, review.employer_reason) == (answer, reason)
    assert review.employer_answered_by_id is None
    asked = db.session.scalars(sa.select(Call.reason)).all()
    assert asked == ([CallReason.ASKED] if step == "call" else [])
    assert visitor.get(done.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("step", "button", "line"),
    [
        ("yes", "yes", "employer-answered-yes"),
        ("no", "time", "employer-answered-no"),
        ("call", "call", "call-wished"),
        ("take-back", "take-back", "employer-took-back"),
    ],
)
def test_two_clicks_are_one_answer(
    app: Flask, visitor: PortalClient, step: str, button: str, line: str
) -> None:
    url = address(app, proposal())
    if step == "take-back":
        press(visitor, url, "yes")
    form = step_of(visitor, url, step)
    assert form is not None
    sent = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
    form_id = sent.pop("form_id")

    clicks = [
        visitor.post(str(form["action"]), {**sent, "send": button}, form_id=form_id) for _click in range(2)
    ]

    assert [click.status_code for click in clicks] == [303, 303]
    assert clicks[0].location == clicks[1].location
    assert db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action == line)).all() == [line]


@pytest.mark.parametrize("path", ["accept", "decline", "call"])
@pytest.mark.parametrize(
    "sent", [{}, {"send": "yes"}, {"reason": "time", "send": "time", "ticket": "forged"}]
)
def test_what_is_sent_without_the_second_step_answers_nothing(
    app: Flask, visitor: PortalClient, path: str, sent: dict
) -> None:
    consent = proposal()

    assert visitor.post(f"{address(app, consent)}/{path}", sent).status_code == 303

    assert stored(consent).employer_answer is Answer.PENDING
    assert db.session.scalar(sa.select(sa.func.count(Call.id))) == 0


def test_the_second_step_of_another_browser_answers_nothing(app: Flask, visitor: PortalClient) -> None:
    """What a scanner was shown is no use to anybody else, nor is the step of another answer or link."""
    consent, scanner = proposal(), PortalClient(app)
    url = address(app, consent)
    form = step_of(scanner, url, "yes")
    assert form is not None
    press_token = form.select_one("input[name=ticket]")
    assert press_token is not None
    visitor.get(url)

    visitor.post(f"{url}/accept", {"ticket": str(press_token["value"]), "send": "yes"})
    scanner.post(f"{url}/decline", {"ticket": str(press_token["value"]), "send": "time"})

    assert stored(consent).employer_answer is Answer.PENDING


def test_without_cookies_a_person_is_told_what_to_do(app: Flask, visitor: PortalClient) -> None:
    consent = proposal()
    url = address(app, consent)

    step = PortalClient(app).get(f"{url}?answer=yes")
    refused = PortalClient(app).post(f"{url}/accept", {"send": "yes"}, csrf=False)

    assert not step.page.select("main form")
    assert "cookies" in step.words
    assert "ring til kommunen" in step.words
    assert refused.status_code == 400
    assert "cookies" in refused.words
    assert stored(consent).employer_answer is Answer.PENDING


@pytest.mark.parametrize("first", [("yes", None), ("no", "time")])
def test_an_answer_is_taken_back_on_the_same_link_and_given_anew(
    app: Flask, visitor: PortalClient, first: tuple[str, str | None]
) -> None:
    consent = proposal()
    url = address(app, consent)
    press(visitor, url, *first)

    with time_machine.travel(NOW + timedelta(minutes=59), tick=False):
        assert "kl. 11.00" in visitor.get(url).words
        press(visitor, url, "take-back")

    assert stored(consent).employer_answer is Answer.PENDING
    assert stored(consent).employer_answered_at is None
    press(visitor, url, "yes")
    assert stored(consent).employer_answer is Answer.YES


@pytest.mark.parametrize("why", ["the hour is over", "a placement is planned", "she withdrew"])
def test_what_others_build_on_is_not_taken_back(
    app: Flask, visitor: PortalClient, karin: User, why: str
) -> None:
    consent = proposal()
    url = address(app, consent)
    press(visitor, url, "yes")
    form = step_of(visitor, url, "take-back")
    assert form is not None
    token = str(form.select_one("input[name=ticket]")["value"])  # type: ignore[index]
    later = timedelta(hours=1) if why == "the hour is over" else timedelta()
    if why == "a placement is planned":
        factories.make_placement(stored(consent))
    elif why == "she withdrew":
        with transaction():
            withdraw_as_citizen(db.session.get_one(Review, consent.review_id), by=karin, at=NOW)

    with time_machine.travel(NOW + later, tick=False):
        visitor.post(f"{url}/take-back", {"ticket": token, "send": "take-back"})
        again = step_of(visitor, url, "take-back")

    assert stored(consent).employer_answer is Answer.YES
    assert again is None


def test_the_log_says_the_employer_and_no_user(app: Flask, visitor: PortalClient) -> None:
    consent = proposal()

    press(visitor, address(app, consent), "yes")

    lines = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.actor_unit, AuditEntry.actor_role)
        .where(AuditEntry.actor_unit == "Bos Køkken ApS")
        .order_by(AuditEntry.id)
    ).all()
    assert [tuple(line) for line in lines] == [
        ("shared-card-opened", None, "Bos Køkken ApS", "employer"),
        ("employer-answered-yes", None, "Bos Køkken ApS", "employer"),
    ]


def test_staff_who_try_the_link_leave_a_line_of_their_own(
    app: Flask, client_for: Clients, karin: User
) -> None:
    client_for(karin).get(address(app, proposal()))

    statement = sa.select(AuditEntry.actor_id).where(AuditEntry.action == "shared-card-opened")
    assert db.session.scalars(statement).all() == [karin.id]


@pytest.mark.parametrize("who", ["consultant", "leader", "admin", "citizen", "another employer"])
@pytest.mark.parametrize(("path", "sent"), [("accept", {}), ("decline", {"reason": "time"}), ("call", {})])
def test_nobody_signed_in_but_the_employer_answers_by_its_link(
    app: Flask, client_for: Clients, who: str, path: str, sent: dict
) -> None:
    consent = proposal()
    person = {
        "consultant": lambda: factories.user("karin@kommune.example"),
        "leader": lambda: factories.user("mette@kommune.example"),
        "admin": lambda: factories.user("admin@kommune.example"),
        "citizen": lambda: factories.make_citizen("Zara", with_login=True).user,
        "another employer": lambda: factories.owner_of(factories.make_employer("Naboens Køkken")),
    }[who]()
    client = client_for(person)

    shown = client.get(address(app, consent))
    refused = client.post(f"{address(app, consent)}/{path}", sent)

    assert not shown.page.select("form[action^='/answers']")
    assert refused.status_code == 409
    assert "Linket er virksomhedens" in refused.words
    assert stored(consent).employer_answer is Answer.PENDING
    assert db.session.scalar(sa.select(sa.func.count(Call.id))) == 0


def test_the_employer_signed_in_answers_by_its_link_in_its_own_name(app: Flask, client_for: Clients) -> None:
    consent = proposal()
    bo = factories.owner_of(consent.employer)

    done = press(client_for(bo), address(app, consent), "yes")

    assert done.status_code == 303
    review = stored(consent)
    assert (review.employer_answer, review.employer_answered_by_id) == (Answer.YES, bo.id)


def test_after_the_answer_the_card_is_gone_and_the_answer_stands(app: Flask, visitor: PortalClient) -> None:
    consent = proposal()
    press(visitor, address(app, consent), "no", "filled")

    page = visitor.get(address(app, consent))
    again = visitor.post(f"{address(app, consent)}/accept")

    assert page.status_code == 200
    assert "grøntsager" not in page.words.lower()
    assert not page.page.select("main form")
    assert again.status_code == 303
    assert stored(consent).employer_answer is Answer.NO


@pytest.mark.parametrize("over", ["withdrawn", "consent", "expired", "opening", "erased"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_over_is_gone(app: Flask, visitor: PortalClient, karin: User, over: str, method: str) -> None:
    consent = proposal(until_on=TODAY)
    url = address(app, consent, lasts=timedelta(0) if over == "expired" else timedelta(days=1))
    with transaction():
        review = db.session.get_one(Review, consent.review_id)
        if over == "withdrawn":
            withdraw_as_citizen(review, by=karin, at=NOW)
        elif over == "consent":
            withdraw_consent(db.session.merge(consent), by=karin, at=NOW)
        elif over == "opening":
            db.session.get_one(Opening, review.match.opening_id).status = OpeningStatus.WITHDRAWN
        elif over == "erased":
            db.session.execute(sa.delete(Consent))

    answer = visitor.get(url) if method == "get" else visitor.post(f"{url}/accept")

    assert answer.status_code == (303 if (over, method) == ("opening", "post") else 410)
    assert stored(consent).employer_answer is Answer.PENDING


def test_a_link_for_something_else_opens_nothing(app: Flask, visitor: PortalClient) -> None:
    consent = proposal()
    card_link = links_of(app).sign(LinkPurpose.CARD, consent.id, expires_at=NOW + timedelta(days=1))

    assert visitor.get(f"/answers/proposal/{card_link}").status_code == 404
    assert visitor.get("/answers/proposal/nonsense").status_code == 404


def test_an_employer_that_answered_is_not_phoned_for_its_silence(client_for: Clients, karin: User) -> None:
    waits = factories.make_review(citizen_answer=Answer.YES)
    answered = factories.make_review(citizen_answer=Answer.YES, employer_answer=Answer.NO)
    for review in (waits, answered):
        factories.make_call(review, reason=CallReason.SILENT)

    page = client_for(karin).get("/answers/calls").page

    assert len(page.select("#call-table tbody tr")) == 1


def test_a_call_is_done_once_and_is_found_among_the_done(
    client_for: Clients, karin: User, lene: User
) -> None:
    call = factories.make_call()
    client = client_for(karin)
    assert client.get("/").page.select("main a[href^='/answers/calls']"), "among the day's lines"

    assert client_for(lene).post(f"/answers/calls/{call.id}/done").status_code == 404
    said = {"words": "Chefen er på ferie", "next_step": "Ring igen", "next_on": "30-11-2026"}
    assert client.post(f"/answers/calls/{call.id}/done", said).status_code == 303
    assert client.post(f"/answers/calls/{call.id}/done").status_code == 409

    assert not client.get("/answers/calls").page.select("#call-table")
    assert "Karin" in client.get("/answers/calls?state=done").words


@pytest.mark.parametrize(
    ("query", "rows"), [("?reason=asked", 1), ("?reason=silent", 0), ("?q=zzz", 0), ("?reason=x", 0)]
)
def test_the_calls_are_narrowed(client_for: Clients, karin: User, query: str, rows: int) -> None:
    factories.make_call()

    assert len(client_for(karin).get(f"/answers/calls{query}").page.select("#call-table tbody tr")) == rows


def test_the_calls_are_a_file_with_whom_to_phone(client_for: Clients, karin: User) -> None:
    call = factories.make_call()

    lines = client_for(karin).get("/answers/calls?format=csv").get_data(as_text=True).splitlines()

    assert call.review.match.opening.employer.contacts[0].phone in lines[1]


def test_a_message_answers_the_employer_in_time(client_for: Clients, karin: User) -> None:
    opening = factories.make_opening(answer_due_at=NOW + timedelta(hours=1), answered_at=None)

    sent = client_for(karin).post(
        f"/answers/opening/{opening.id}/message", {"how": "mail", "words": "Vi leder stadig."}
    )

    assert sent.status_code == 303
    (mail,) = db.session.scalars(sa.select(Mail)).all()
    assert "Vi leder stadig." in mail.text
    db.session.refresh(opening)
    assert opening.answered_at == NOW


def test_a_talk_on_the_phone_is_an_answer_too(client_for: Clients, karin: User) -> None:
    opening = factories.make_opening(answer_due_at=NOW + timedelta(hours=1), answered_at=None)

    assert (
        client_for(karin).post(f"/answers/opening/{opening.id}/message", {"how": "phone"}).status_code == 303
    )

    assert db.session.scalars(sa.select(Mail)).all() == []
    db.session.refresh(opening)
    assert opening.answered_at == NOW


@pytest.mark.parametrize("words", ["", "Hun hedder Amira, 010190-1234"])
def test_a_message_needs_words_and_no_number_of_a_person(
    client_for: Clients, karin: User, words: str
) -> None:
    opening = factories.make_opening(answer_due_at=NOW, answered_at=None)

    page = client_for(karin).post(f"/answers/opening/{opening.id}/message", {"how": "mail", "words": words})

    assert page.status_code == 422
    assert page.page.select(".form-error-message, [aria-invalid=true]")
    db.session.refresh(opening)
    assert opening.answered_at is None


def test_an_employer_that_nobody_can_write_to_keeps_what_was_typed(client_for: Clients, karin: User) -> None:
    opening = factories.make_opening(answer_due_at=NOW, answered_at=None)
    with transaction():
        for contact in opening.employer.contacts:
            decline(contact.email, {MailKind.MESSAGE}, at=NOW)

    page = client_for(karin).post(
        f"/answers/opening/{opening.id}/message", {"how": "mail", "words": "Hej Bo"}
    )

    assert page.status_code == 409
    assert page.page.select_one("textarea").get_text(strip=True) == "Hej Bo"  # type: ignore[union-attr]


def test_the_consultants_queue_says_how_long_an_employer_has_been_silent(
    client_for: Clients, karin: User
) -> None:
    factories.make_review(citizen_answer=Answer.YES, citizen_answered_at=NOW - timedelta(days=5))  # Friday

    words = client_for(karin).get("/reviews/?tab=employer").words

    assert "Virksomheden har haft forslaget i 3 hverdage" in words


def test_a_mailed_link_ends_when_its_reader_leaves_the_employer(app: Flask, visitor: PortalClient) -> None:
    consent = proposal()
    carla = factories.make_colleague(consent.employer)
    about = (consent.id, carla.id)
    ends = NOW + timedelta(days=1)
    hers = f"/answers/proposal/{links_of(app).sign(LinkPurpose.PROPOSAL, *about, expires_at=ends)}"
    assert visitor.get(hers).status_code == 200

    with transaction():
        people.remove_contact(db.session.merge(carla), by=None, at=NOW)

    assert visitor.get(hers).status_code == 410
    assert visitor.post(f"{hers}/accept").status_code == 410
    assert stored(consent).employer_answer is Answer.PENDING


def test_an_employer_whose_last_contact_has_left_is_still_on_the_list(
    client_for: Clients, karin: User
) -> None:
    call = factories.make_call()
    with transaction():
        db.session.execute(sa.delete(ContactPerson))

    for path in ("/", "/answers/calls", "/answers/calls?format=csv"):
        answer = client_for(karin).get(path)
        assert answer.status_code == 200
        assert call.review.match.opening.employer.name in answer.get_data(as_text=True)
