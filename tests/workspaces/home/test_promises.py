"""What the page on privacy promises, sentence by sentence, tried on the portal.

Each row of the page has a test `seen: <key>` of who sees it and one `kept: <key>` of how long; each sentence beside
the rows is its own. A row without its tests fails.
"""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.base.database import Submission, db, transaction
from portal.ledger.goals.models import Goal
from portal.loop.cards.fields import SharedField
from portal.loop.citizens.footprint import rows_about, tables_about_a_citizen
from portal.loop.citizens.models import Erasure
from portal.loop.employers.joining import CONFIRMATION_LIFETIME
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployerInvitation,
    EmployerRegistration,
    RegistrationStatus,
    UnconfirmedRegistration,
)
from portal.loop.openings.models import WordingLook
from portal.loop.partnerships.models import Partnership
from portal.loop.placements.models import FollowUp, Placement, PlacementGrounds, PlacementStatus
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User, UserSession
from portal.shared.accounts.signing_in import DEVICE_COOKIE
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.models import Mail, MailOptOut, MailState
from portal.shared.rules.law.case import Act
from portal.web.forgetting import forget_all
from portal.web.holdings import WITH_HER
from portal.web.links import LinkPurpose, portal_links
from portal.web.rooms import rooms
from portal.workspaces.consents.models import Consent
from portal.workspaces.consents.services import (
    LONGEST_DAYS,
    Disclosure,
    TooLong,
    ask_consent,
    withdraw_consent,
)
from portal.workspaces.imports.models import ImportFile
from portal.workspaces.imports.services import UPLOAD_LIFETIME
from portal.workspaces.posting.models import OpeningDraft
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY

FIRST, LAST, CASE, NOTE = "Zahrabibi", "Quetzalcoatl", "26/99887", "Hun græd i telefonen"


class World:
    """Amira is with Bo's; Karin helps her, Jonas is her colleague, Lene and Dorte have nothing to do with her."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.employer = factories.make_employer("Bos Køkken")
        self.citizen = factories.make_citizen(FIRST, last_name=LAST, case_reference=CASE, with_login=True)
        self.card = factories.make_card(self.citizen)
        opening = factories.make_opening(self.employer)
        self.match = factories.make_match(opening, self.card)
        self.review = factories.make_review(self.match, citizen_answer=Answer.YES, employer_answer=Answer.YES)
        running = {"starts_on": TODAY - timedelta(days=9), "ends_on": TODAY + timedelta(days=9)}
        self.placement = factories.make_placement(self.review, status=PlacementStatus.RUNNING, **running)
        self.people: dict[str, User] = {
            "amira": self.citizen.user,
            "bo": factories.owner_of(self.employer),
            "dorte": factories.owner_of(factories.make_employer("Dortes Bageri", owner="Dorte")),
            **{
                name: factories.user(f"{name}@{home}.example")
                for name, home in (("karin", "kommune"), ("jonas", "kommune"), ("lene", "nabo"))
            },
            "mette": factories.user("mette@kommune.example"),
            "ali": factories.user("admin@kommune.example"),
        }
        self.browsers = {name: PortalClient(app, user) for name, user in self.people.items()}
        self.browsers["nobody"] = PortalClient(app)

    def who_opens(self, path: str, *words: str) -> set[str]:
        """Who gets the page, with all the words on it."""
        found = set()
        for name, browser in self.browsers.items():
            answer = browser.get(path)
            if answer.status_code == 200 and all(word in answer.get_data(as_text=True) for word in words):
                found.add(name)
        return found

    def forget(self, *, after: timedelta = timedelta()) -> None:
        with transaction():
            forget_all(rooms().forgets, NOW + after, self.app.config)

    def card_link(self, consent: Consent) -> str:
        with self.app.app_context():
            ends = NOW + timedelta(days=400)
            return f"/consents/shared/{portal_links().sign(LinkPurpose.CARD, consent.id, expires_at=ends)}"


PROMISES: dict[str, Callable[[World], None]] = {}

HER_HELPERS = {"karin", "jonas"}
HER_MUNICIPALITY = {"karin", "jonas", "mette"}


def promise(*names: str) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    def keep(tried: Callable[[World], None]) -> Callable[[World], None]:
        for name in names:
            assert name not in PROMISES, name
            PROMISES[name] = tried
        return tried

    return keep


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    return World(app)


def test_every_row_of_the_page_has_its_tests_and_every_test_its_row(app):
    rows = {f"{of}: {holding.key}" for holding in rooms().holds for of in ("seen", "kept")}

    assert {name for name in PROMISES if name.startswith(("seen: ", "kept: "))} == rows


def test_every_sentence_beside_the_rows_has_its_test(visitor):
    said = [
        sentence.text for sentence in visitor.get("/privatliv").page.select("#main .prose li, main .prose li")
    ]

    assert set(said) == {name for name in PROMISES if not name.startswith(("seen: ", "kept: "))}


def test_every_row_stands_on_the_page_with_its_deadline_of_the_day(app, visitor):
    page = visitor.get("/privatliv").page

    for holding in rooms().holds:
        row = page.select_one(f"#held-{holding.key}")
        assert str(holding.seen_by) in row.text
        assert "%(time)s" not in row.text
    assert "90 dage" in page.select_one("#held-placements").text
    with transaction():
        factories.rule("names-after-placement").value = 14
    assert "14 dage" in visitor.get("/privatliv").page.select_one("#held-placements").text


# --- Citizens ---------------------------------------------------------------------------------------------------


@promise("seen: citizen")
def _(world: World) -> None:
    assert world.who_opens(f"/citizens/{world.citizen.id}", LAST, CASE) == HER_HELPERS
    assert "bo" in world.who_opens(f"/placements/{world.placement.id}", LAST)
    with transaction():
        review = db.session.get_one(Review, world.review.id)
        review.citizen_answer = review.employer_answer = Answer.PENDING
        review.citizen_answered_at = review.citizen_answered_via = review.employer_answered_at = None
        placement = db.session.get_one(Placement, world.placement.id)
        placement.status, placement.started_at = PlacementStatus.PLANNED, None
    assert "bo" not in world.who_opens(f"/placements/{world.placement.id}", LAST)


@promise(
    *(
        f"kept: {key}"
        for key in ("citizen", "card", "wished-work", "comparisons", "calls", "vitas", "placement_grounds")
    )
)
def _(world: World) -> None:
    """All that is hers goes with her; which tables that is, the foreign keys say."""
    factories.make_call(world.review)
    citizen_id = world.citizen.id
    hers = {table for holding in rooms().holds if WITH_HER in holding.kept for table in holding.tables}
    assert hers == {table.name for table in tables_about_a_citizen()}
    with transaction():
        placement = db.session.get_one(Placement, world.placement.id)
        placement.status, placement.started_at = PlacementStatus.CANCELLED, None

    assert (
        world.browsers["karin"].post(f"/citizens/{citizen_id}/erase", {"case_reference": CASE}).status_code
        == 303
    )

    for table, hers_in_it in rows_about(citizen_id).items():
        rows = sa.select(sa.func.count()).select_from(table).where(hers_in_it)
        assert db.session.scalar(rows) == 0, table.name


@promise("seen: erasures", "kept: erasures")
def _(world: World) -> None:
    """Nobody has a page of it, and what is kept says nothing of her."""
    with transaction():
        db.session.add(Erasure(subject_hash="0" * 64, at=NOW))

    world.forget(after=timedelta(days=4000))

    assert db.session.scalars(sa.select(Erasure.subject_hash)).all() == ["0" * 64]
    assert {column.name for column in Erasure.__table__.c} == {"id", "subject_hash", "at"}


@promise("seen: card")
def _(world: World) -> None:
    assert world.who_opens(f"/cards/{world.card.id}", world.card.number) == {*HER_HELPERS, "amira"}
    link = world.card_link(factories.make_consent(world.card, world.employer))
    shown = world.browsers["nobody"].get(link).get_data(as_text=True)
    assert world.card.number in shown
    assert FIRST not in shown


@promise("seen: wished-work")
def _(world: World) -> None:
    """Not with a card that is shared, nor with a proposal where the name is known."""
    wish = factories.make_wish(world.card).name
    assert world.who_opens(f"/cards/{world.card.id}", wish) == {*HER_HELPERS, "amira"}
    assert world.who_opens("/mine/", wish) == {"amira"}

    consent = factories.make_consent(
        world.card, world.employer, fields=[field.value for field in SharedField]
    )
    assert wish not in world.browsers["nobody"].get(world.card_link(consent)).get_data(as_text=True)
    proposal = f"/reviews/proposal/{world.review.id}"
    assert world.who_opens(proposal, LAST) == {"bo"}
    assert world.who_opens(proposal, wish) == set()


@promise("seen: comparisons")
def _(world: World) -> None:
    other = factories.make_match(factories.make_opening(world.employer), world.card)
    assert world.who_opens(f"/matches/{other.id}") == HER_HELPERS


@promise("seen: proposals")
def _(world: World) -> None:
    assert world.who_opens(f"/reviews/match/{world.match.id}") == HER_HELPERS
    asked = factories.make_review(factories.make_match(factories.make_opening(world.employer), world.card))
    assert world.who_opens(f"/reviews/proposal/{asked.id}") == set()
    assert world.who_opens(f"/reviews/proposal/{world.review.id}", LAST) == {"bo"}


@promise("kept: proposals")
def _(world: World) -> None:
    """tests/security/test_letting_go.py tries the boundary of each kind of proposal."""
    match = factories.make_match(factories.make_opening(world.employer), world.card)
    review = factories.make_review(
        match, citizen_answer=Answer.YES, citizen_answered_at=NOW - timedelta(days=91)
    )

    assert world.who_opens(f"/reviews/proposal/{review.id}", LAST) == set()


@promise("seen: consents")
def _(world: World) -> None:
    consent = factories.make_consent(world.card, world.employer)
    assert world.who_opens(f"/consents/card/{world.card.id}", "Bos Køkken") == HER_HELPERS
    assert world.who_opens(world.card_link(consent), LAST) == set()


@promise(
    "kept: consents",
    "Du kan trække dit ja tilbage. Så er navnet væk med det samme. Mens du er der, ser arbejdspladsen det.",
)
def _(world: World) -> None:
    karin = world.people["karin"]
    too_long = Disclosure(world.employer, [], TODAY + timedelta(days=LONGEST_DAYS + 1))
    with pytest.raises(TooLong), transaction():
        ask_consent(db.session.merge(world.card), too_long, by=karin, at=NOW, today=TODAY)
    consent = factories.make_consent(world.card, world.employer)
    link = world.card_link(consent)
    assert world.browsers["nobody"].get(link).status_code == 200
    with transaction():
        withdraw_consent(db.session.get_one(Consent, consent.id), by=karin, at=NOW)
    assert world.browsers["nobody"].get(link).status_code == 410

    assert world.browsers["amira"].post(f"/reviews/{world.review.id}/withdraw").status_code == 409
    assert "bo" in world.who_opens(f"/placements/{world.placement.id}", LAST)

    with transaction():
        placement = db.session.get_one(Placement, world.placement.id)
        placement.status, placement.started_at = PlacementStatus.PLANNED, None
    assert "bo" in world.who_opens(f"/reviews/proposal/{world.review.id}", LAST)
    assert world.browsers["amira"].post(f"/reviews/{world.review.id}/withdraw").status_code == 303
    assert world.who_opens(f"/reviews/proposal/{world.review.id}", LAST) == set()
    assert "bo" not in world.who_opens(f"/placements/{world.placement.id}", LAST)


@promise("seen: calls")
def _(world: World) -> None:
    factories.make_call(world.review)
    assert world.who_opens("/answers/calls", world.card.number) == HER_HELPERS


@promise("seen: placements")
def _(world: World) -> None:
    with transaction():
        db.session.add(FollowUp(placement_id=world.placement.id, due_on=TODAY, held_on=TODAY, note=NOTE))
    path = f"/placements/{world.placement.id}"
    assert world.who_opens(path, LAST) == {*HER_HELPERS, "bo", "amira"}
    assert world.who_opens(path, NOTE) == {*HER_HELPERS, "amira"}


@promise("kept: placements", "kept: assessments")
def _(world: World) -> None:
    """The days before and after are tried in tests/security/test_letting_go.py."""
    sheet = factories.make_sheet(world.placement)
    with time_machine.travel(NOW + timedelta(days=9 + 91), tick=False):
        bo = PortalClient(world.app, world.people["bo"])
        assert LAST not in bo.get(f"/placements/{world.placement.id}").get_data(as_text=True)
        assert bo.get(f"/assessments/{sheet.id}").status_code == 404


@promise("seen: placement_grounds")
def _(world: World) -> None:
    with transaction():
        grounds = PlacementGrounds(
            placement_id=world.placement.id,
            act=Act.UKRAINE,
            stated_at=NOW,
            stated_by_id=world.people["karin"].id,
        )
        db.session.add(grounds)
    said = str(Act.UKRAINE.label)
    assert world.who_opens(f"/placements/{world.placement.id}", said) == HER_HELPERS


@promise("seen: assessments")
def _(world: World) -> None:
    sheet = factories.make_sheet(world.placement)
    assert world.who_opens(f"/assessments/{sheet.id}") == {*HER_HELPERS, "bo", "amira"}


@promise("seen: vitas")
def _(world: World) -> None:
    assert world.who_opens(f"/vitas/placement/{world.placement.id}") == HER_HELPERS


@promise(
    "seen: audit",
    "Hver gang nogen åbner en borgers side eller kort, bliver det skrevet ned. Borgeren kan selv se det.",
)
def _(world: World) -> None:
    world.browsers["karin"].get(f"/cards/{world.card.id}")

    looks = world.browsers["amira"].get("/citizens/looks").words
    assert "Virksomhedsindgangen" in looks or "Halsnæs" in looks
    assert "Karin" not in looks
    assert world.who_opens("/audit/") == {"ali"}
    assert world.who_opens("/citizens/looks") == {"amira"}


@promise("kept: audit")
def _(world: World) -> None:
    """Whole months go by `flask audit close-months` (tests/shared/audit); this promise is its row."""
    assert (factories.rule("audit-months").value, factories.rule("audit-months").unit) == (24, "måneder")
    before = db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    world.forget(after=timedelta(days=300))
    assert before
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) >= before


@promise("seen: imports")
def _(world: World) -> None:
    uploaded = _uploaded(world)
    assert world.who_opens(f"/imports/{uploaded}") == {"karin"}


@promise("kept: imports")
def _(world: World) -> None:
    _uploaded(world)
    world.forget(after=UPLOAD_LIFETIME - timedelta(seconds=1))
    assert db.session.scalar(sa.select(sa.func.count(ImportFile.id))) == 1
    world.forget(after=UPLOAD_LIFETIME)
    assert db.session.scalar(sa.select(sa.func.count(ImportFile.id))) == 0


def _uploaded(world: World) -> int:
    example = world.browsers["karin"].get("/imports/examples/virksomheder.csv").get_data()
    sent = {"kind": "employers", "file": (io.BytesIO(example), "virksomheder.csv")}
    assert world.browsers["karin"].post("/imports/", sent).status_code in (200, 204, 303)
    found: int = db.session.scalars(sa.select(ImportFile.id)).one()
    return found


# --- People at employers --------------------------------------------------------------------------------------


@promise("seen: contacts")
def _(world: World) -> None:
    email = world.people["bo"].email or "?"
    assert world.who_opens(f"/employers/{world.employer.id}", email) == HER_MUNICIPALITY
    assert world.who_opens("/employers/own", email) == {"bo"}


@promise("kept: contacts")
def _(world: World) -> None:
    with transaction():
        employer = db.session.get_one(Employer, world.employer.id)
        db.session.delete(employer.contacts[0])
    assert (
        db.session.scalars(
            sa.select(ContactPerson.name).where(ContactPerson.employer_id == employer.id)
        ).all()
        == []
    )
    assert world.who_opens("/employers/own", "Bos Køkken") == set()


@promise("seen: registrations")
def _(world: World) -> None:
    registration = factories.make_registration()
    assert world.who_opens(f"/employers/registrations/{registration.id}") == HER_HELPERS


@promise("kept: registrations")
def _(world: World) -> None:
    factories.make_registration(status=RegistrationStatus.REFUSED, decided_at=NOW)
    world.forget(after=timedelta(days=180))
    assert db.session.scalar(sa.select(sa.func.count(EmployerRegistration.id))) == 1
    world.forget(after=timedelta(days=181))
    assert db.session.scalar(sa.select(sa.func.count(EmployerRegistration.id))) == 0
    with transaction():
        wish = {"email": "ny@firma.example", "written": {}, "sent_at": NOW}
        db.session.add(UnconfirmedRegistration(**wish, expires_at=NOW + CONFIRMATION_LIFETIME))
    world.forget(after=timedelta(days=2) - timedelta(seconds=1))
    assert db.session.scalar(sa.select(sa.func.count(UnconfirmedRegistration.id))) == 1
    world.forget(after=timedelta(days=2))
    assert db.session.scalar(sa.select(sa.func.count(UnconfirmedRegistration.id))) == 0


@promise("seen: invitations")
def _(world: World) -> None:
    factories.make_invitation(world.employer, email="pia@firma.example")
    assert world.who_opens("/employers/own", "pia@firma.example") == {"bo"}


@promise("kept: invitations")
def _(world: World) -> None:
    factories.make_invitation(world.employer, accepted_at=NOW)
    world.forget(after=timedelta(days=30))
    assert db.session.scalar(sa.select(sa.func.count(EmployerInvitation.id))) == 1
    world.forget(after=timedelta(days=31))
    assert db.session.scalar(sa.select(sa.func.count(EmployerInvitation.id))) == 0


@promise("seen: drafts")
def _(world: World) -> None:
    draft = factories.make_draft(world.people["bo"])
    assert world.who_opens(f"/posting/{draft.id}") == {"bo"}


@promise("kept: drafts")
def _(world: World) -> None:
    draft = factories.make_draft(world.people["bo"])
    with transaction():
        db.session.get_one(OpeningDraft, draft.id).changed_at = NOW
    world.forget(after=timedelta(days=180))
    assert db.session.scalar(sa.select(sa.func.count(OpeningDraft.id))) == 1
    world.forget(after=timedelta(days=181))
    assert db.session.scalar(sa.select(sa.func.count(OpeningDraft.id))) == 0


@promise("seen: mails")
def _(world: World) -> None:
    mail = factories.make_mail()
    assert world.who_opens(f"/mails/{mail.id}") == {*HER_HELPERS, "ali"}


@promise("kept: mails")
def _(world: World) -> None:
    factories.make_mail(state=MailState.SENT, sent_at=NOW)
    world.forget(after=timedelta(days=180))
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 1
    world.forget(after=timedelta(days=181))
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 0


@promise("seen: stopped_mails", "kept: stopped_mails")
def _(world: World) -> None:
    """It holds until she chooses otherwise herself, on the page that only she has."""
    bo = world.browsers["bo"]
    bo.post("/mails/mine", {"wanted": ["proposal"]})
    gone = sa.select(MailOptOut.kind).order_by(MailOptOut.kind)
    declined = db.session.scalars(gone).all()
    assert declined
    world.forget(after=timedelta(days=4000))
    assert db.session.scalars(gone).all() == declined
    bo.sign_in(world.people["bo"])
    every = [one["value"] for one in bo.get("/mails/mine").page.select("input[name=wanted]")]
    bo.post("/mails/mine", {"wanted": every})
    assert db.session.scalars(gone).all() == []


# --- Everybody who signs in -----------------------------------------------------------------------------------


@promise("seen: users")
def _(world: World) -> None:
    assert world.who_opens(f"/users/{world.people['jonas'].id}", "Jonas Friis") == {"ali"}


@promise("kept: users")
def _(world: World) -> None:
    with transaction():
        accounts.disable_user(db.session.merge(world.people["jonas"]), by=world.people["ali"], at=NOW)
    world.forget(after=timedelta(days=4000))
    assert "jonas" not in world.who_opens("/citizens/")
    assert (
        db.session.scalar(sa.select(User.name).where(User.email == "jonas@kommune.example")) == "Jonas Friis"
    )


@promise("seen: sign_ins")
def _(world: World) -> None:
    db.session.rollback()
    own = db.session.scalars(
        sa.select(UserSession).where(UserSession.user_id == world.people["karin"].id)
    ).all()
    ends = f"/sessions/{own[0].id}/end"
    assert world.browsers["jonas"].post(ends).status_code == 404
    assert world.browsers["karin"].get("/sessions").status_code == 200


@promise("kept: sign_ins")
def _(world: World) -> None:
    world.forget(after=timedelta(days=30))
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id)))
    world.forget(after=timedelta(days=31))
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 0


@promise("seen: forms", "kept: forms")
def _(world: World) -> None:
    with transaction():
        db.session.add(Submission(form_id="x" * 36, user_id=None, at=NOW, location=None))
    world.forget(after=timedelta(days=7))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1
    world.forget(after=timedelta(days=8))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 0


@promise("seen: tries", "kept: tries")
def _(world: World) -> None:
    counts = db.metadata.tables["throttle_counts"]
    wrong = {"email": "karin@kommune.example", "password": "ikke den"}
    world.browsers["nobody"].post("/login", wrong)
    rows = db.session.execute(sa.select(counts)).mappings().all()
    assert rows
    assert not any("karin" in str(row["key_hash"]) for row in rows)
    world.forget(after=timedelta(days=400))
    assert db.session.execute(sa.select(counts)).all() == []


# --- The municipality's people --------------------------------------------------------------------------------


@promise("seen: weights", "kept: weights")
def _(world: World) -> None:
    sees = world.who_opens("/quality/weights")
    assert {"mette", "karin"} <= sees
    assert not {"bo", "dorte", "amira", "nobody", "ali"} & sees


@promise("seen: approvals", "kept: approvals")
def _(world: World) -> None:
    """No page of an employer says who approved it; the log does."""
    assert world.who_opens("/audit/") == {"ali"}


@promise("seen: wording", "kept: wording")
def _(world: World) -> None:
    opening = factories.make_opening(world.employer, description="Vi søger en ung pige.")
    with transaction():
        db.session.add(
            WordingLook(
                opening_id=opening.id,
                words_digest="x" * 64,
                note="",
                looked_by_id=world.people["karin"].id,
                looked_at=NOW,
            )
        )
    assert "bo" not in world.who_opens(f"/openings/{opening.id}", "Karin Holm")
    world.forget(after=timedelta(days=4000))
    assert db.session.scalar(sa.select(WordingLook.looked_by_id)) == world.people["karin"].id


@promise("seen: partnerships", "kept: partnerships")
def _(world: World) -> None:
    partnership = factories.make_partnership(world.employer)
    assert world.who_opens(f"/partnerships/{partnership.id}", "Karin Holm") == HER_MUNICIPALITY
    world.forget(after=timedelta(days=4000))
    assert len(db.session.get_one(Partnership, partnership.id).consultants) == 1


@promise("seen: goals", "kept: goals")
def _(world: World) -> None:
    goal = factories.make_goal(set_by_id=world.people["mette"].id)
    assert world.who_opens(f"/goals/{goal.id}") == HER_MUNICIPALITY
    world.forget(after=timedelta(days=4000))
    assert db.session.get_one(Goal, goal.id).set_by_id == world.people["mette"].id


@promise("seen: rules", "kept: rules")
def _(world: World) -> None:
    sees = world.who_opens(f"/rules/{factories.rule('answer-hours').id}/history", "Portalen")
    world.forget(after=timedelta(days=4000))
    assert factories.rule("answer-hours").checked_by == "Portalen"
    assert not {"bo", "dorte", "amira", "nobody"} & sees
    assert {*HER_MUNICIPALITY, "ali"} <= sees


# --- The sentences beside the rows ----------------------------------------------------------------------------


@promise("En virksomhed ser først dit navn, når en konsulent og du selv har sagt ja.")
def _(world: World) -> None:
    match = factories.make_match(factories.make_opening(world.employer), world.card)
    review = factories.make_review(match)
    path = f"/reviews/proposal/{review.id}"
    assert world.who_opens(path) == set()
    assert world.browsers["amira"].post(f"/reviews/{review.id}/answer", {"answer": "yes"}).status_code == 303
    assert world.who_opens(path, LAST) == {"bo"}


@promise("Holder en virksomhed pause, ser den ingen navne.")
def _(world: World) -> None:
    """Each page and link is tried in tests/security/test_letting_go.py."""
    assert "bo" in world.who_opens(f"/placements/{world.placement.id}", LAST)
    assert world.browsers["karin"].post(f"/employers/{world.employer.id}/passive").status_code == 303
    assert "bo" not in world.who_opens(f"/placements/{world.placement.id}", LAST)


@promise("Et menneske beslutter altid. Portalen sammenligner kun opgaver med det, du kan, og siger hvorfor.")
def _(world: World) -> None:
    """Nobody but a consultant can approve, and the machine's own result is a list of reasons."""
    match = factories.make_match(factories.make_opening(world.employer), world.card)
    approve = {"reason": "good_fit", "words": "Godt sted."}
    for name in ("bo", "amira", "mette", "ali", "nobody"):
        assert world.browsers[name].post(f"/reviews/match/{match.id}/approve", approve).status_code in (
            303,
            403,
        )
    assert db.session.scalar(sa.select(sa.func.count(Review.id)).where(Review.match_id == match.id)) == 0
    assert match.result["lines"]


@promise("Portalen gemmer ikke CPR-numre. Et felt, der ligner et CPR-nummer, bliver afvist.")
def _(world: World) -> None:
    assert not [
        column.name for table in db.metadata.tables.values() for column in table.c if "cpr" in column.name
    ]
    page = world.browsers["karin"].get(f"/citizens/{world.citizen.id}/edit").page
    sent = {one["name"]: one.get("value", "") for one in page.select("main input[name]")}
    sent |= {"case_reference": "010190-1234", "version": sent.get("version", "1")}
    answer = world.browsers["karin"].post(f"/citizens/{world.citizen.id}/edit", sent)
    assert answer.status_code == 422
    assert "CPR" in answer.words


@promise("Portalen spørger ikke om helbred, religion, oprindelse eller ydelse.")
def _(world: World) -> None:
    asked = {
        str(one.get("name"))
        for path in ("/citizens/new", f"/citizens/{world.citizen.id}/edit", f"/cards/{world.card.id}/edit")
        for one in world.browsers["karin"].get(path).page.select("main [name]")
    }
    assert len(asked) > 20
    forbidden = ("health", "religion", "origin", "nationality", "benefit", "sex", "gender", "diagnos")
    assert not [name for name in asked for word in forbidden if word in name]


@promise("portal holder dig logget ind. Den forsvinder, når du lukker browseren.")
def _(world: World) -> None:
    cookies = _cookies_of_a_sign_in(world)
    assert "Expires" not in cookies["portal"]
    assert "Max-Age" not in cookies["portal"]


@promise(
    "portal-device husker i et år, at nogen har logget ind på enheden. Så kan andre ikke spærre for dit login ved at "
    "gætte. Den siger ikke, hvem det var."
)
def _(world: World) -> None:
    cookies = _cookies_of_a_sign_in(world)
    assert set(cookies) == {"portal", DEVICE_COOKIE}
    assert "Max-Age=31536000" in cookies[DEVICE_COOKIE]
    assert "karin" not in cookies[DEVICE_COOKIE].lower()


def _cookies_of_a_sign_in(world: World) -> dict[str, str]:
    word = "en helt hemmelig hest"
    with transaction():
        karin = db.session.merge(world.people["karin"])
        accounts.set_password(karin, word, passwords=world.app.extensions["passwords"], by=karin, at=NOW)
    answer = PortalClient(world.app).post("/login", {"email": "karin@kommune.example", "password": word})
    assert answer.status_code == 303
    return {one.split("=", 1)[0]: one for one in answer.headers.getlist("Set-Cookie")}


@promise("Du kan få at vide, hvad der står om dig.")
def _(world: World) -> None:
    assert world.browsers["amira"].get("/mine/data/json").status_code == 200


@promise("Du kan få fejl rettet.")
def _(world: World) -> None:
    assert world.who_opens(f"/citizens/{world.citizen.id}/edit") == HER_HELPERS


@promise("Du kan bede om at blive slettet.")
def _(world: World) -> None:
    assert world.who_opens(f"/citizens/{world.citizen.id}/erase") == HER_HELPERS


@promise("Du kan sige nej til, at dine oplysninger bliver brugt.")
def _(world: World) -> None:
    """Set passive, no new comparison is made and no card is shown."""
    link = world.card_link(factories.make_consent(world.card, world.employer))
    assert world.browsers["karin"].post(f"/citizens/{world.citizen.id}/passive").status_code == 303
    assert world.browsers["nobody"].get(link).status_code == 410
    assert not db.session.get_one(type(world.card), world.card.id).is_active


@pytest.mark.parametrize("name", sorted(PROMISES))
def test_promise(world: World, name: str) -> None:
    PROMISES[name](world)
