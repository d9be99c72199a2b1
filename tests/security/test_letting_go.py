"""ASVS 8.2: an employer lets go of people: at once when it is set passive, and a set time after a placement.

Everything it can reach is searched: its pages with and without htmx, its lists as files, and every link it was given.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.clock import DANISH_TIME
from portal.base.database import db, transaction
from portal.base.terms import Party
from portal.loop.assessments.models import Assessment
from portal.loop.cards.fields import SharedField
from portal.loop.citizens.models import CitizenStatus
from portal.loop.employers import services as employers
from portal.loop.employers.models import ContactPerson, Employer, EmployerStatus
from portal.loop.placements.models import Expectation, Outcome, Placement, PlacementStatus
from portal.loop.placements.services import cancel_placement
from portal.loop.reviews.models import Answer, EmployerReason, Review
from portal.shared.accounts.models import User
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.shared.rules.models import Certainty
from portal.shared.rules.services import RuleDetails, put_rule
from portal.web.links import LinkPurpose, portal_links
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.answers.reminders import remind
from portal.workspaces.consents.models import ANONYMOUS
from tests import factories
from tests.client import PortalClient
from tests.support.crawl import Crawler

FIRST, LAST, GOAL, WORDS = (
    "Zahrabibi",
    "Quetzalcoatl",
    "Jeg drømmer om krabber",
    "Vi vil lære hende at flænse hvaler",
)
PERSON = (FIRST, LAST, GOAL, WORDS, "krabber", "hvaler")
DAYS_KEPT = 90
LONG = {"expires_at": datetime(2030, 1, 1, tzinfo=DANISH_TIME)}


def morning_of(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(9), DANISH_TIME), tick=False)


class Story:
    """Bo's employer, who was shown one person in every way there is."""

    def __init__(self, app: Flask, **placed: Any) -> None:
        self.app = app
        self.employer = factories.make_employer("Bos Køkken")
        self.bo = factories.owner_of(self.employer)
        self.citizen = factories.make_citizen(FIRST, last_name=LAST, with_login=True)
        self.card = factories.make_card(self.citizen, goal=GOAL)
        self.placement = self.placed(**placed) if placed else None

    def review(self, **answers: Any) -> Review:
        match = factories.make_match(factories.make_opening(self.employer), self.card)
        return factories.make_review(match, **{"citizen_answer": Answer.YES, **answers})

    def placed(self, **values: Any) -> Placement:
        agreed = {key: values.pop(key) for key in ("citizen_answered_at",) if key in values}
        placement = factories.make_placement(self.review(employer_answer=Answer.YES, **agreed), **values)
        karin = factories.user("karin@kommune.example")
        with transaction():
            said = {"purpose": WORDS, "time_frame": WORDS, "development": WORDS, "stated_at": factories.NOW}
            db.session.add(
                Expectation(placement_id=placement.id, party=Party.EMPLOYER, recorded_by_id=karin.id, **said)
            )
        return placement

    def consent(self, **values: Any) -> Any:
        fields = [*ANONYMOUS, SharedField.FIRST_NAME, SharedField.GOAL]
        return factories.make_consent(
            self.card, self.employer, fields=[one.value for one in fields], **values
        )

    def link(self, endpoint: str, purpose: LinkPurpose, key: int) -> str:
        with self.app.app_context():
            return f"/{endpoint}/{portal_links().sign(purpose, key, **LONG)}"

    def card_link(self, **values: Any) -> str:
        return self.link("consents/shared", LinkPurpose.CARD, self.consent(**values).id)

    def proposal_link(self, review: Review) -> str:
        consent = factories.make_consent(self.card, self.employer, review=review)
        return self.link("answers/proposal", LinkPurpose.PROPOSAL, consent.id)

    def sheet_link(self, placement: Placement) -> str:
        sheet = factories.make_sheet(placement)
        return self.link("assessments/link", LinkPurpose.ASSESSMENT, sheet.id)

    def set_passive(self) -> None:
        with transaction():
            karin = factories.user("karin@kommune.example")
            employers.set_passive(db.session.get_one(Employer, self.employer.id), by=karin, at=factories.NOW)

    def set_active(self) -> None:
        with transaction():
            karin = factories.user("karin@kommune.example")
            employers.set_active(db.session.get_one(Employer, self.employer.id), by=karin, at=factories.NOW)

    def everything_bo_can_read(self, *also: str) -> str:
        """All pages by links, each list as a file too, the addresses he kept, and the links without an account."""
        browser, stranger, read = PortalClient(self.app, self.bo), PortalClient(self.app), []

        def fetch(path: str) -> list[str]:
            for htmx in (True, False):
                answer = browser.get(path, htmx=htmx)
                read.append(f"{path} {answer.headers} {answer.told}")
            page = answer.page if answer.mimetype == "text/html" else None
            return [str(link["href"]) for link in page.select("a[href]")] if page else []

        Crawler(self.app, fetch, per_endpoint=6).walk()
        for path in (*self.kept_addresses(), *also):
            fetch(path)
        read += [f"{path} {stranger.get(path).get_data(as_text=True)}" for path in also]
        return "\n".join(read)

    def kept_addresses(self) -> list[str]:
        """Whatever no link leads to any more."""
        tabs = [f"/reviews/proposals?tab={tab}" for tab in ("waiting", "yes", "past")]
        kept = [*tabs, *(f"{tab}&format=csv" for tab in tabs), "/placements/?format=csv"]
        for key in db.session.scalars(sa.select(Placement.id).order_by(Placement.id)).all():
            kept += [f"/placements/{key}{path}" for path in ("", "/expectations/employer", "/calendar.ics")]
            kept.append(f"/assessments/placement/{key}")
        kept += [f"/reviews/proposal/{key}" for key in db.session.scalars(sa.select(Review.id)).all()]
        sheets = db.session.scalars(sa.select(Assessment.id)).all()
        return kept + [f"/assessments/{key}{path}" for key in sheets for path in ("", "/print")]

    def found_in(self, read: str) -> list[str]:
        return [secret for secret in (*PERSON, self.card.number) if secret in read]


RUNNING = {
    "status": PlacementStatus.RUNNING,
    "starts_on": factories.TODAY - timedelta(days=20),
    "ends_on": factories.TODAY + timedelta(days=20),
}


def ended(on: date, **values: Any) -> dict[str, Any]:
    return {
        "status": PlacementStatus.ENDED,
        "starts_on": on - timedelta(days=30),
        "ends_on": on,
        "ended_on": on,
        "outcome": Outcome.COMPLETED,
        **values,
    }


# --- An employer that is set passive ---------------------------------------------------------------------------


@pytest.mark.slow
def test_V8_2_3_a_passive_employer_sees_nobody_on_any_page_or_by_any_link(app):
    story = Story(app, **RUNNING)
    waiting = story.review()
    links = (story.card_link(), story.proposal_link(waiting), story.sheet_link(story.placement))
    assert set(story.found_in(story.everything_bo_can_read(*links))) >= {FIRST, LAST, GOAL, WORDS}

    story.set_passive()

    assert story.found_in(story.everything_bo_can_read(*links)) == []


@pytest.mark.parametrize("kind", ["card", "proposal", "sheet"])
def test_each_link_of_a_passive_employer_is_gone_and_comes_back_with_it(app, visitor, kind):
    story = Story(app, **RUNNING)
    link = {
        "card": story.card_link,
        "proposal": lambda: story.proposal_link(story.review()),
        "sheet": lambda: story.sheet_link(story.placement),
    }[kind]()
    assert visitor.get(link).status_code == 200

    story.set_passive()
    assert visitor.get(link).status_code == 410

    story.set_active()
    assert visitor.get(link).status_code == 200


def test_what_a_passive_employer_still_sees_is_its_own(app):
    story = Story(app, **RUNNING)
    story.set_passive()
    bo = PortalClient(app, story.bo)

    assert bo.get("/placements/").page.select("#placement-table tbody tr")
    detail = bo.get(f"/placements/{story.placement.id}").words
    assert "20" in detail
    assert bo.get("/employer-pages/own").status_code == 200
    assert bo.get("/employers/own").status_code == 200


def test_an_answer_from_a_page_that_was_open_when_the_employer_was_set_passive_is_refused(app):
    story = Story(app)
    review = story.review()
    link = story.proposal_link(review)
    story.set_passive()
    bo, stranger = PortalClient(app, story.bo), PortalClient(app)

    answers = [
        bo.post(f"/reviews/proposal/{review.id}/accept"),
        bo.post(f"/reviews/proposal/{review.id}/decline", {"reason": EmployerReason.TIME.value}),
        bo.post(f"/reviews/proposal/{review.id}/decline", {"reason": ""}),
        stranger.post(f"{link}/accept"),
        stranger.post(f"{link}/decline", {"reason": EmployerReason.TIME.value}),
        stranger.post(f"{link}/call"),
    ]

    assert [one.status_code for one in answers] == [409, 409, 422, 410, 410, 410]
    for answer in answers:
        assert story.found_in(answer.get_data(as_text=True)) == []
    assert db.session.get_one(Review, review.id).employer_answer is Answer.PENDING


def test_a_sheet_and_expectations_from_an_open_page_are_refused_too(app):
    story = Story(app, **RUNNING)
    planned = story.placed()
    link = story.sheet_link(story.placement)
    story.set_passive()

    by_link = PortalClient(app).post(link, {"name": "Bo"})
    said = {"purpose": "x", "time_frame": "x", "development": "x"}
    stated = PortalClient(app, story.bo).post(f"/placements/{planned.id}/expectations/employer", said)

    assert (by_link.status_code, stated.status_code) == (410, 409)
    for answer in (by_link, stated):
        assert story.found_in(answer.get_data(as_text=True)) == []
    assert (
        db.session.scalar(sa.select(Expectation.purpose).where(Expectation.placement_id == planned.id))
        == WORDS
    )


def test_no_mail_about_a_person_is_written_to_a_passive_employer(app):
    story = Story(app)
    review = story.review(citizen_answered_at=factories.NOW - timedelta(days=9))
    factories.make_consent(story.card, story.employer, review=review)
    planned = story.placed()
    story.set_passive()

    with transaction():
        remind(factories.NOW)
    with transaction():
        cancel_placement(
            db.session.get_one(Placement, planned.id),
            by=factories.user("karin@kommune.example"),
            at=factories.NOW,
        )

    assert db.session.scalars(sa.select(Mail)).all() == []


def test_a_yes_to_a_passive_employers_proposal_is_phoned_about_not_mailed(app):
    story = Story(app)
    review = story.review(citizen_answer=Answer.PENDING)
    story.set_passive()

    answer = PortalClient(app, story.citizen.user).post(f"/reviews/{review.id}/answer", {"answer": "yes"})

    assert answer.status_code in (303, 409)
    assert db.session.scalars(sa.select(Mail)).all() == []
    assert set(db.session.scalars(sa.select(Call.reason))) <= {CallReason.UNREACHABLE}


def test_mails_that_wait_when_the_employer_is_set_passive_are_called_back(app):
    story = Story(app, **RUNNING)
    about = {"about_type": Placement.__tablename__, "about_id": story.placement.id}
    factories.make_mail(**about, kind=MailKind.PLACEMENT)
    review = {"about_type": Review.__tablename__, "about_id": story.review().id}
    factories.make_mail(**review, kind=MailKind.PROPOSAL)
    factories.make_mail(**review, kind=MailKind.PROPOSAL, state=MailState.SENT, sent_at=factories.NOW)
    other = factories.make_mail()

    story.set_passive()

    left = set(db.session.scalars(sa.select(Mail.id).where(Mail.state == MailState.WAITING)))
    assert left == {other.id}


def test_somebody_who_is_no_longer_a_contact_person_sees_nobody(app):
    story = Story(app, **RUNNING)
    with transaction():
        employer = db.session.get_one(Employer, story.employer.id)
        for contact in list(employer.contacts):
            db.session.delete(contact)

    assert story.found_in(story.everything_bo_can_read()) == []


def test_the_link_in_a_mail_ends_with_its_reader_at_the_employer(app, visitor):
    """Each contact person is mailed a link of her own; her colleague's goes on."""
    story = Story(app)
    with transaction():
        pia = employers.ContactDetails("Pia", "pia@firma.example", "12345678")
        employer = db.session.get_one(Employer, story.employer.id)
        employers.add_contact(employer, pia, user=None, by=None, at=factories.NOW)
    review = story.review(citizen_answer=Answer.PENDING)
    PortalClient(app, story.citizen.user).post(f"/reviews/{review.id}/answer", {"answer": "yes"})
    mails = {mail.recipient: mail for mail in db.session.scalars(sa.select(Mail))}

    def opened(address: str) -> int:
        return visitor.get(Link.read(mails[address].links["answer"]).path()).status_code

    assert len(mails) == 2
    assert {opened(address) for address in mails} == {200}
    with transaction():
        db.session.delete(
            db.session.scalars(sa.select(ContactPerson).where(ContactPerson.name == "Pia")).one()
        )

    assert opened("pia@firma.example") == 410
    assert opened(story.bo.email) == 200

    with transaction():
        db.session.get_one(User, story.bo.id).disabled_at = factories.NOW
    assert opened(story.bo.email) == 410


# --- After a placement -----------------------------------------------------------------------------------------

END = factories.TODAY - timedelta(days=10)


def test_an_ended_placement_shows_the_name_through_its_last_day_and_not_the_day_after(app):
    story = Story(app, **ended(END))
    paths = ["/placements/", "/placements/?format=csv", f"/placements/{story.placement.id}"]
    paths += [f"/reviews/proposal/{story.placement.review_id}", "/reviews/proposals?tab=yes"]

    def seen_on(day: date) -> list[bool]:
        with morning_of(day):
            bo = PortalClient(app, story.bo)
            return [bool(story.found_in(bo.get(path).get_data(as_text=True))) for path in paths]

    assert seen_on(END + timedelta(days=DAYS_KEPT)) == [True] * len(paths)
    assert seen_on(END + timedelta(days=DAYS_KEPT + 1)) == [False] * len(paths)


@pytest.mark.slow
def test_V8_2_3_long_after_the_placement_nothing_reached_by_page_or_link_names_her(app):
    """The first name opened for the proposal goes with it, though she said yes to a later day."""
    story = Story(app, **ended(END))
    review = db.session.get_one(Review, story.placement.review_id)
    far = END + timedelta(days=DAYS_KEPT + 1)
    links = (
        story.card_link(review=review, until_on=far + timedelta(days=30)),
        story.sheet_link(story.placement),
    )
    assert FIRST in PortalClient(app).get(links[0]).get_data(as_text=True)

    with morning_of(far):
        read = story.everything_bo_can_read(*links)

    assert story.found_in(read) == []


def test_a_sheet_by_link_ends_when_the_names_go(app, visitor):
    """A sheet left open on a placement that nobody closed: the days count from the day that was agreed."""
    story = Story(app, status=PlacementStatus.RUNNING, starts_on=END - timedelta(days=30), ends_on=END)
    link = story.sheet_link(story.placement)

    for day, status in ((DAYS_KEPT, 200), (DAYS_KEPT + 1, 410)):
        with morning_of(END + timedelta(days=day)):
            answer = visitor.get(link)
            assert answer.status_code == status
            assert bool(story.found_in(answer.get_data(as_text=True))) is (status == 200)


def bo_reads_the_name(app: Flask, story: Story, placement: Placement | None = None) -> bool:
    of = placement or story.placement
    return LAST in PortalClient(app, story.bo).get(f"/placements/{of.id}").get_data(as_text=True)


def test_one_ended_early_counts_from_the_day_it_ended(app):
    story = Story(app, **ended(END, ends_on=END + timedelta(days=60)))

    with morning_of(END + timedelta(days=DAYS_KEPT + 1)):
        assert not bo_reads_the_name(app, story)


def test_an_extended_one_counts_from_the_end_of_what_it_went_on_in(app):
    story = Story(app, **ended(END, outcome=Outcome.EXTENDED))
    again = story.placed(**ended(END + timedelta(days=60), starts_on=END + timedelta(days=1)))

    with morning_of(END + timedelta(days=60 + DAYS_KEPT)):
        assert bo_reads_the_name(app, story)
        assert bo_reads_the_name(app, story, again)
    with morning_of(END + timedelta(days=60 + DAYS_KEPT + 1)):
        assert not bo_reads_the_name(app, story)
        assert not bo_reads_the_name(app, story, again)


def test_a_new_placement_does_not_bring_back_one_that_was_over(app):
    story = Story(app, **ended(END - timedelta(days=200), outcome=Outcome.EXTENDED))
    story.placed(**ended(END - timedelta(days=150), starts_on=END - timedelta(days=199)))
    now_there = story.placed(**RUNNING)

    assert bo_reads_the_name(app, story, now_there)
    assert not bo_reads_the_name(app, story)


def test_another_employers_placement_keeps_nothing_here(app):
    story = Story(app, **ended(END - timedelta(days=200), outcome=Outcome.EXTENDED))
    elsewhere = factories.make_opening(factories.make_employer("Dortes Bageri", owner="Dorte"))
    agreed = factories.make_review(
        factories.make_match(elsewhere, story.card), citizen_answer=Answer.YES, employer_answer=Answer.YES
    )
    factories.make_placement(agreed, **RUNNING)

    assert not bo_reads_the_name(app, story)


def test_the_name_of_a_passive_citizen_is_shown_only_while_she_works_there(app):
    story = Story(app, **RUNNING)
    past = story.placed(**ended(END))
    PortalClient(app, factories.user("karin@kommune.example")).post(f"/citizens/{story.citizen.id}/passive")
    db.session.expire_all()
    assert db.session.get_one(type(story.citizen), story.citizen.id).status is CitizenStatus.PASSIVE

    assert bo_reads_the_name(app, story)
    assert not bo_reads_the_name(app, story, past)


def test_the_order_of_a_list_tells_nothing_of_whom_it_no_longer_shows(app):
    """By card number those without one stand together, whoever they were."""
    story = Story(app)
    cards = [factories.make_card(factories.make_citizen(name)) for name in ("Selam", "Olena", "Hodan")]
    for card, ended_on in zip(
        cards, (END - timedelta(days=200), END, END - timedelta(days=201)), strict=True
    ):
        story.card = card
        story.placed(**ended(ended_on))

    for direction in ("", "&dir=desc"):
        page = PortalClient(app, story.bo).get(f"/placements/?sort=card{direction}").page
        shown = [row.text for row in page.select("#placement-table td[data-label='Borger']")]
        known = f"Olena ({cards[1].number})"
        assert sorted(shown) == sorted([known, "Vises ikke længere", "Vises ikke længere"])
        assert shown.index(known) != 1


def a_row(key: str, days: int, first: date) -> RuleDetails:
    return RuleDetails(
        key=key,
        title="Navne",
        value=days,
        unit="dage",
        valid_from=first,
        valid_to=None,
        reference="Kommunens egen regel",
        source="Byrådet",
        checked_by="Ali",
        checked_on=first,
        certainty=Certainty.READ,
    )


@pytest.mark.parametrize(("days", "shown"), [(30, False), (365, True)])
def test_a_new_row_acts_from_its_day_both_ways(app, days, shown):
    """Shorter hides what was shown, longer shows what was hidden: it is judged by the row of the day."""
    story = Story(app, **ended(factories.TODAY - timedelta(days=60 if days == 30 else 120)))
    assert bo_reads_the_name(app, story) is not shown

    with transaction():
        put_rule(
            a_row("names-after-placement", days, factories.TODAY + timedelta(days=1)),
            by=None,
            at=factories.NOW,
        )

    assert bo_reads_the_name(app, story) is not shown
    with morning_of(factories.TODAY + timedelta(days=1)):
        assert bo_reads_the_name(app, story) is shown


@pytest.mark.parametrize(("place", "shown"), [("Halsnæs", False), ("Fredensborg", True)])
def test_a_municipality_lets_go_of_its_own_people_sooner(app, place, shown):
    story = Story(app, **ended(factories.TODAY - timedelta(days=60)))

    factories.put_number("names-after-placement", "30", place=place)

    assert bo_reads_the_name(app, story) is shown


def test_where_no_row_is_in_force_names_go_with_the_placement(app):
    story = Story(app, **ended(factories.TODAY))
    with transaction():
        db.session.delete(factories.rule("names-after-placement"))

    assert bo_reads_the_name(app, story)
    with morning_of(factories.TODAY + timedelta(days=1)):
        assert not bo_reads_the_name(app, story)


# --- Proposals that came to nothing ---------------------------------------------------------------------------


@pytest.mark.parametrize("answered", [Answer.PENDING, Answer.YES])
def test_a_proposal_that_became_no_placement_names_her_for_a_set_time(app, answered):
    story = Story(app)
    review = story.review(
        employer_answer=answered,
        citizen_answered_at=factories.NOW - timedelta(days=5),
        **({} if answered is Answer.PENDING else {"employer_answered_at": factories.NOW}),
    )
    last = factories.TODAY + timedelta(days=90 - (5 if answered is Answer.PENDING else 0))
    paths = [
        f"/reviews/proposal/{review.id}",
        *(f"/reviews/proposals?tab={tab}" for tab in ("waiting", "yes", "past")),
    ]

    def seen_on(day: date) -> bool:
        with morning_of(day):
            bo = PortalClient(app, story.bo)
            return any(story.found_in(bo.get(path).get_data(as_text=True)) for path in paths)

    assert seen_on(last)
    assert not seen_on(last + timedelta(days=1))


@pytest.mark.parametrize("how", ["declined", "called off"])
def test_a_card_shown_for_a_proposal_closes_with_the_proposal(app, visitor, how):
    story = Story(app)
    answered = Answer.NO if how == "declined" else Answer.YES
    review = story.review(employer_answer=answered)
    if how == "called off":
        factories.make_placement(review, status=PlacementStatus.CANCELLED)

    answer = visitor.get(story.card_link(review=review))

    assert answer.status_code == 410
    assert story.found_in(answer.get_data(as_text=True)) == []


def test_the_thanks_for_an_answer_names_no_card_after_a_no(app, visitor):
    story = Story(app)
    link = story.proposal_link(story.review(employer_answer=Answer.NO, employer_reason=EmployerReason.TIME))

    answer = visitor.get(link)

    assert answer.status_code == 200
    assert story.found_in(answer.get_data(as_text=True)) == []


def test_employers_are_passive_or_active_and_nothing_else():
    """A third status must decide what it sees; it is asked in one place (Employer.takes_part)."""
    assert set(EmployerStatus) == {EmployerStatus.ACTIVE, EmployerStatus.PASSIVE}
