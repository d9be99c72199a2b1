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
from dateutil.relativedelta import relativedelta
from flask import Flask

from portal.api.tokens.models import ApiToken
from portal.base.database import Submission, db, transaction
from portal.base.terms import Measure, PeriodKind, SpellKind
from portal.interventions.aftercare.models import JobTalk
from portal.interventions.cohorts.models import (
    Cohort,
    CohortAttendance,
    CohortEnrolment,
    CohortLeader,
    HoursSource,
    LanguageHours,
    Presence,
    TeamGoal,
)
from portal.interventions.courses.models import Course, CourseSeat
from portal.interventions.mentoring.models import Mentor, MentorAgreement
from portal.interventions.pathways.models import JobPackage, Journey, JourneySkill, JourneyStep, StepOffer
from portal.interventions.target_groups.models import Arrival, Membership, Spell, StepPlacing, TargetGroup
from portal.interventions.young.models import ParentsYes, YoungTally
from portal.ledger.comparison.models import OutsideFigure
from portal.ledger.goals.models import FrozenFigure, FrozenLine, FrozenLinePerson, Goal
from portal.loop.cards.fields import SharedField
from portal.loop.citizens.footprint import rows_about, tables_about_a_citizen
from portal.loop.citizens.models import Citizen, CitizenStatus, Erasure
from portal.loop.employers.joining import CONFIRMATION_LIFETIME
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployerInvitation,
    EmployerRegistration,
    RegistrationStatus,
    UnconfirmedRegistration,
)
from portal.loop.notes.models import CitizenNote
from portal.loop.openings.models import WordingLook
from portal.loop.partnerships.models import Partnership
from portal.loop.placements.models import FollowUp, Placement, PlacementGrounds, PlacementStatus
from portal.loop.reviews.models import Answer, Review
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import Passkey, User, UserSession
from portal.shared.accounts.signing_in import DEVICE_COOKIE
from portal.shared.audit.models import AuditEntry
from portal.shared.outbox.models import Mail, MailOptOut, MailState
from portal.shared.rules.law.case import Act
from portal.web.forgetting import forget_all
from portal.web.holdings import WITH_HER
from portal.web.links import LinkPurpose, portal_links
from portal.web.permissions import Role
from portal.web.rooms import rooms
from portal.workspaces.consents.models import Consent
from portal.workspaces.consents.services import (
    LONGEST_DAYS,
    Disclosure,
    TooLong,
    ask_consent,
    withdraw_consent,
)
from portal.workspaces.contacts.models import EmployerContact, EmployerProspect
from portal.workspaces.contacts.prospecting import join_prospect
from portal.workspaces.handover.models import CaseCover
from portal.workspaces.home.models import CalendarAddress
from portal.workspaces.imports.models import ImportFile
from portal.workspaces.imports.services import UPLOAD_LIFETIME
from portal.workspaces.posting.models import OpeningDraft
from portal.workspaces.saved_filters.models import SavedFilter
from portal.workspaces.tasks.models import DeskTask
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY
from tests.support.courses import make_course, make_run, make_seat

DAYS_OF_CONTACTS = 1096

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
        for key in (
            "citizen",
            "card",
            "wished-work",
            "first-talk",
            "told-apart",
            "merged",
            "comparisons",
            "calls",
            "vitas",
            "placement_grounds",
            "frozen-lines",
            "search",
        )
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


@promise("seen: merged")
def _(world: World) -> None:
    """An old address leads those to her who may see her, and shows no word of the merge."""
    old = factories.make_merged(world.citizen).old_id
    assert world.browsers["karin"].get(f"/citizens/{old}").location == f"/citizens/{world.citizen.id}"
    for who, browser in world.browsers.items():
        if who not in HER_HELPERS:
            assert (
                browser.get(f"/citizens/{old}").status_code != 303
                or "login" in browser.get(f"/citizens/{old}").location
            )


@promise("seen: told-apart")
def _(world: World) -> None:
    """Two numbers that no page shows: the portal does not ask a second time, and that is all."""
    other = factories.make_citizen(FIRST, last_name=LAST)
    factories.make_told_apart(world.citizen, other)
    edit = f"/citizens/{world.citizen.id}/edit"
    sent = {
        "case_reference": CASE,
        "first_name": FIRST,
        "last_name": LAST,
        "phone": "20 12 34 56",
        "version": "1",
    }

    assert world.browsers["karin"].post(edit, sent).status_code == 303


@promise("seen: first-talk")
def _(world: World) -> None:
    """On her page at the municipality, and in all that is stored about her."""
    factories.make_first_talk(world.citizen, TODAY)
    assert world.who_opens(f"/citizens/{world.citizen.id}/first-talk", LAST) == HER_HELPERS
    assert world.who_opens(f"/citizens/{world.citizen.id}", "Den første samtale: ") == HER_HELPERS


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


@promise("seen: target_groups")
def _(world: World) -> None:
    """By name; whoever leads reads how many there are, and too few to tell are not told."""
    group = factories.make_target_group("Målgruppe 7")
    factories.make_membership(group, world.citizen)
    assert world.who_opens(f"/target-groups/{group.id}", LAST) == HER_HELPERS
    assert world.who_opens(f"/target-groups/{group.id}", "under 5") == {"mette"}
    assert world.who_opens(f"/placements/{world.placement.id}", "Målgruppe 7") == set()
    assert world.who_opens(f"/matches/{world.match.id}", "Målgruppe 7") == set()


@promise("seen: situation")
def _(world: World) -> None:
    factories.make_spell(world.citizen, SpellKind.SELF_SUPPORTING)
    said = str(SpellKind.SELF_SUPPORTING.label)
    assert world.who_opens(f"/citizens/{world.citizen.id}/situation/", said) == HER_HELPERS
    assert world.who_opens("/mine/situation", said) == {"amira"}
    for page in (f"/placements/{world.placement.id}", f"/matches/{world.match.id}", "/"):
        assert world.who_opens(page, said) == set(), page


@promise("seen: parents_yes", "kept: parents_yes")
def _(world: World) -> None:
    """It goes with her alone: nobody can show it any more once she is erased."""
    with transaction():
        db.session.get_one(Citizen, world.citizen.id).born_on = TODAY - relativedelta(years=16)
    factories.make_parents_yes(world.citizen)
    assert world.who_opens(f"/young/parents/{world.citizen.id}", LAST) == HER_HELPERS
    assert world.who_opens(f"/efforts/citizens/{world.citizen.id}", "under-age") == HER_HELPERS
    world.forget(after=timedelta(days=4000))
    assert db.session.scalars(sa.select(ParentsYes.citizen_id)).all() == [world.citizen.id]


@promise("seen: young_authors", "kept: young_authors")
def _(world: World) -> None:
    factories.make_young_tally()
    assert world.who_opens("/young/", "Ungeenheden", "Karin") == HER_MUNICIPALITY
    world.forget(after=timedelta(days=4000))
    assert db.session.scalars(sa.select(YoungTally.recorded_by_id)).all() == [world.people["karin"].id]


@promise("seen: job_talks")
def _(world: World) -> None:
    """Her page tells the day; no employer is told of it."""
    talk = factories.make_job_talk(world.placement)
    assert world.who_opens(f"/aftercare/{talk.id}", LAST) == HER_HELPERS
    assert world.who_opens("/aftercare/", LAST) == HER_HELPERS
    assert world.who_opens("/mine/efforts", "job-talk") == {"amira"}
    assert world.who_opens(f"/efforts/placements/{world.placement.id}", "job-talks") == HER_HELPERS


@promise("kept: job_talks")
def _(world: World) -> None:
    gone = factories.make_citizen(
        "Selam", status=CitizenStatus.PASSIVE, passive_since=NOW - relativedelta(months=59)
    )
    match = factories.make_match(factories.make_opening(world.employer), factories.make_card(gone))
    kept = factories.make_job_talk(world.placement).id
    factories.make_job_talk(factories.make_placement(factories.make_review(match)))

    world.forget()
    assert len(db.session.scalars(sa.select(JobTalk.id)).all()) == 2
    world.forget(after=timedelta(days=62))
    assert db.session.scalars(sa.select(JobTalk.id)).all() == [kept]


@promise("seen: mentor_agreements", "seen: mentors")
def _(world: World) -> None:
    """She reads the first name of her mentor, and how to reach one who said yes to it."""
    mentor = factories.make_mentor("Bodil Xenakis", phone="20 20 20 20", is_shared=True)
    agreed = factories.make_mentor_agreement(
        world.citizen, mentor, is_agreed=True, placement_id=world.placement.id, agreed="Vise kantinen rundt"
    )
    assert world.who_opens(f"/mentors/agreements/{agreed.id}", LAST, "Vise kantinen rundt") == HER_HELPERS
    assert world.who_opens("/mine/efforts", "Bodil", "20 20 20 20", "Vise kantinen rundt") == {"amira"}
    assert world.who_opens("/mine/efforts", "Xenakis") == set()
    assert world.who_opens(f"/mentors/{mentor.id}", "Bodil") == HER_HELPERS
    for page in (f"/placements/{world.placement.id}", f"/matches/{world.match.id}"):
        assert world.who_opens(page, "Bodil") == set(), page
    assert world.who_opens(f"/efforts/placements/{world.placement.id}", "Bodil") == HER_HELPERS


@promise("kept: mentor_agreements", "kept: mentors")
def _(world: World) -> None:
    """Of who is helped no more nothing stays after the months of the row, and then the mentor goes too."""
    gone = factories.make_citizen(
        "Selam", status=CitizenStatus.PASSIVE, passive_since=NOW - relativedelta(months=59)
    )
    mentor = factories.make_mentor(archived_at=NOW, email=None)
    hers = factories.make_mentor_agreement(world.citizen, is_agreed=True).id
    past = factories.make_mentor_agreement(gone, mentor, is_agreed=True).id

    def left() -> set[int]:
        return set(db.session.scalars(sa.select(MentorAgreement.id)))

    world.forget()
    assert left() == {hers, past}
    world.forget(after=timedelta(days=62))
    assert left() == {hers}
    assert db.session.scalars(sa.select(Mentor.id).where(Mentor.archived_at.is_not(None))).all() == []


@promise("seen: tasks")
def _(world: World) -> None:
    """Her consultants, and she herself in all that is stored about her."""
    task = factories.make_task(world.people["karin"], "Kvadratrodsmøde", citizen_id=world.citizen.id)
    assert world.who_opens(f"/tasks/{task.id}/edit", "Kvadratrodsmøde") == HER_HELPERS
    assert world.who_opens("/tasks/?whose=all", "Kvadratrodsmøde") == HER_HELPERS
    assert "Kvadratrodsmøde" in world.browsers["amira"].get("/mine/data/json").get_data(as_text=True)


@promise("kept: tasks")
def _(world: World) -> None:
    karin = world.people["karin"]
    factories.make_task(karin, "Gammel", due_on=TODAY - timedelta(days=366))
    factories.make_task(karin, "Ny", due_on=TODAY - timedelta(days=364))
    world.forget()
    assert list(db.session.scalars(sa.select(DeskTask.title))) == ["Ny"]


@promise("seen: calendar_addresses", "kept: calendar_addresses")
def _(world: World) -> None:
    world.browsers["karin"].post("/calendar/make")
    world.forget(after=timedelta(days=30))
    assert world.who_opens("/calendar/", "Din adresse er lavet") == {"karin"}
    world.browsers["karin"].post("/calendar/withdraw")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarAddress)) == 0


@promise("seen: saved_filters", "kept: saved_filters")
def _(world: World) -> None:
    saved = factories.make_saved_filter(world.people["karin"], "Kvadratrødder").id
    world.forget(after=timedelta(days=30))
    assert world.who_opens("/filters/?list=/tasks/", "Kvadratrødder") == {"karin"}
    assert world.browsers["jonas"].post(f"/filters/{saved}/delete").status_code == 404
    world.browsers["karin"].post(f"/filters/{saved}/delete")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedFilter)) == 0


@promise("seen: search")
def _(world: World) -> None:
    """Who helps her finds her by each of the words; who does not finds nobody."""
    for word, found in (
        (LAST, f"/citizens/{world.citizen.id}"),
        (CASE, f"/citizens/{world.citizen.id}"),
        (world.card.number, f"/cards/{world.card.id}"),
    ):
        assert world.who_opens(f"/search/?q={word}", found) == HER_HELPERS, word
    factories.make_note(world.citizen, by=world.people["karin"], text="Kvadratrodsmøde")
    assert world.who_opens("/search/?q=Kvadratrodsmøde", f"/citizens/{world.citizen.id}") == set()


@promise("seen: notes")
def _(world: World) -> None:
    note = factories.make_note(world.citizen, by=world.people["karin"], text="Kvadratrodsmøde")
    assert world.who_opens(f"/notes/{note.id}", "Kvadratrodsmøde") == HER_HELPERS
    assert world.who_opens("/mine/efforts", "Kvadratrodsmøde") == {"amira"}
    for page in (f"/placements/{world.placement.id}", f"/reviews/proposal/{world.review.id}"):
        assert world.who_opens(page, "Kvadratrodsmøde") == set(), page


@promise("seen: case_covers")
def _(world: World) -> None:
    asta = factories.make_user("Xanthippe Quist", Role.CONSULTANT, email="asta@kommune.example")
    factories.make_cover(world.people["karin"], asta)
    assert world.who_opens("/handover/", "Xanthippe Quist for Karin") == HER_HELPERS


@promise("kept: case_covers")
def _(world: World) -> None:
    karin, jonas = world.people["karin"], world.people["jonas"]
    days = {"from_on": TODAY - timedelta(days=400)}
    factories.make_cover(karin, jonas, until_on=TODAY - timedelta(days=366), **days)
    kept = factories.make_cover(karin, jonas, until_on=TODAY - timedelta(days=364), **days).id
    world.forget()
    assert list(db.session.scalars(sa.select(CaseCover.id))) == [kept]


@promise("seen: desk_choices", "kept: desk_choices")
def _(world: World) -> None:
    """Each sees the day as she chose it; another's choice shows nowhere."""
    factories.make_task(world.people["jonas"], "Kvadratrodsmøde")
    world.browsers["karin"].post("/desk/lines", {"whose": "all"})
    world.forget(after=timedelta(days=30))
    assert world.who_opens("/", "Kvadratrodsmøde", "Du ser alles") == {"karin"}


@promise("seen: team_members", "kept: team_members")
def _(world: World) -> None:
    """Who is chosen is not told, and it stays until another is."""
    world.browsers["karin"].post("/team/", {"members": str(world.people["jonas"].id)})
    world.browsers["karin"].post("/desk/lines", {"whose": "team"})
    world.forget(after=timedelta(days=30))
    assert world.who_opens("/", "dig og 1 kollega") == {"karin"}


@promise("kept: target_groups", "kept: situation", "kept: notes")
def _(world: World) -> None:
    """Somebody who is helped keeps what is written; of who is not, nothing stays after the months of the row."""
    gone = factories.make_citizen(
        "Selam", status=CitizenStatus.PASSIVE, passive_since=NOW - relativedelta(months=59)
    )
    group, ladder = factories.make_target_group(), factories.make_ladder()
    for one in (gone, world.citizen):
        factories.make_membership(group, one)
        factories.make_spell(one)
        factories.make_placing(one, ladder.steps[0])
        factories.make_note(one, by=world.people["karin"])
    with transaction():
        db.session.add(Arrival(citizen_id=gone.id, arrived_on=TODAY, recorded_at=NOW))

    def left(citizen: Citizen) -> list[int]:
        tables = (Membership, Spell, StepPlacing, CitizenNote, Arrival)
        return [
            db.session.scalar(sa.select(sa.func.count()).where(table.citizen_id == citizen.id))
            for table in tables
        ]

    world.forget(after=timedelta(days=27))
    assert left(gone) == [1, 1, 1, 1, 1]
    world.forget(after=timedelta(days=35))
    assert left(gone) == [0, 0, 0, 0, 0]
    assert left(world.citizen) == [1, 1, 1, 1, 0]
    world.forget(after=timedelta(days=9000))
    assert left(world.citizen) == [1, 1, 1, 1, 0]


@promise("seen: target_group_authors", "kept: target_group_authors")
def _(world: World) -> None:
    group = factories.make_target_group(created_by_id=world.people["mette"].id)
    assert world.who_opens(f"/target-groups/{group.id}", "Mette Bruun") == HER_MUNICIPALITY
    world.forget(after=timedelta(days=4000))
    assert db.session.scalar(sa.select(TargetGroup.created_by_id)) == world.people["mette"].id


@promise("seen: cohorts")
def _(world: World) -> None:
    """Who leads the group reads her name there and nowhere else."""
    cohort = factories.make_cohort("Café Havnen")
    factories.make_enrolment(cohort, world.citizen)
    session = factories.make_cohort_session(cohort)
    tine = PortalClient(world.app, factories.make_group_leader(cohort.id))
    attendance = f"/cohorts/{cohort.id}/sessions/{session.id}/attendance"
    assert world.who_opens(f"/cohorts/{cohort.id}", LAST) == HER_HELPERS
    assert world.who_opens(attendance, LAST) == HER_HELPERS
    assert LAST in tine.get(attendance).get_data(as_text=True)
    assert tine.get(f"/cohorts/{cohort.id}").status_code == 403
    assert tine.get(f"/citizens/{world.citizen.id}").status_code == 403
    assert world.who_opens("/mine/efforts", "Café Havnen") == {"amira"}
    assert world.who_opens(f"/efforts/citizens/{world.citizen.id}", "Café Havnen") == HER_HELPERS
    for page in (f"/efforts/placements/{world.placement.id}", f"/placements/{world.placement.id}"):
        assert world.who_opens(page, "Café Havnen") == set(), page


@promise("seen: language_school")
def _(world: World) -> None:
    said = "Timer i et stort køkken"
    _leave_language_traces(world.citizen, said)
    cohort = factories.make_cohort()
    factories.make_enrolment(cohort, world.citizen)
    tine = PortalClient(world.app, factories.make_group_leader(cohort.id))
    assert world.who_opens(f"/cohorts/citizens/{world.citizen.id}", said) == HER_HELPERS
    assert world.who_opens(f"/efforts/citizens/{world.citizen.id}", said) == HER_HELPERS
    assert tine.get(f"/cohorts/citizens/{world.citizen.id}").status_code == 403
    assert world.who_opens(f"/efforts/placements/{world.placement.id}", said) == set()


def _leave_language_traces(citizen: Citizen, sentence: str) -> None:
    with transaction():
        db.session.add_all(
            [
                TeamGoal(citizen_id=citizen.id, sentence=sentence, recorded_at=NOW),
                LanguageHours(
                    citizen_id=citizen.id,
                    month_on=TODAY.replace(day=1),
                    planned=40,
                    attended=30,
                    source=HoursSource.CONSULTANT,
                    recorded_at=NOW,
                ),
            ]
        )


@promise("seen: course_seats")
def _(world: World) -> None:
    """A neighbour that holds the course learns of the seat, and not whose it is."""
    run = make_run(make_course("Kursus i kager"))
    seat = make_seat(world.citizen, run)
    shared = make_run(
        make_course("Kursus i saft", in_municipality="Fredensborg"), shared_with_neighbours=True
    )
    make_seat(world.citizen, shared)
    assert world.who_opens(f"/courses/runs/{run.id}", LAST) == HER_HELPERS
    assert world.who_opens(f"/courses/seats/{seat.id}", LAST) == HER_HELPERS
    assert world.who_opens("/mine/efforts", "Kursus i kager") == {"amira"}
    assert world.who_opens(f"/courses/runs/{shared.id}", LAST) == HER_HELPERS
    assert world.who_opens(f"/courses/runs/{shared.id}", "Borger fra Halsnæs") == {"lene"}


@promise("seen: journeys")
def _(world: World) -> None:
    """A firm reads the step that is taken at its own workplace, and no other."""
    journey = factories.make_journey(world.citizen)
    with transaction():
        journey.steps[1].placement_id = world.placement.id
    assert world.who_opens(f"/journeys/{journey.id}", LAST) == HER_HELPERS
    assert world.who_opens("/mine/efforts", "Kend køkkenet", "Timer i kantinen") == {"amira"}
    panel = f"/efforts/placements/{world.placement.id}"
    assert {"bo"} < world.who_opens(panel, "De første opgaver")
    assert "bo" not in world.who_opens(panel, "Kend køkkenet") | world.who_opens(panel, "Timer i kantinen")


@promise("kept: cohorts", "kept: language_school", "kept: course_seats", "kept: journeys")
def _(world: World) -> None:
    """As of their situation; also where a step of the way followed the seat and the place that go."""
    gone = factories.make_citizen(
        "Selam", status=CitizenStatus.PASSIVE, passive_since=NOW - relativedelta(months=59)
    )
    cohort, package = factories.make_cohort(), factories.make_package()
    session, run = factories.make_cohort_session(cohort), make_run()
    for number, one in enumerate((gone, world.citizen), start=1):
        place = factories.make_enrolment(cohort, one, number=number)
        seat = make_seat(one, run)
        _leave_language_traces(one, "Timer i et stort køkken")
        journey = factories.make_journey(one, package)
        with transaction():
            journey.steps[0].course_seat_id, journey.steps[1].cohort_enrolment_id = seat.id, place.id
            db.session.add(
                CohortAttendance(
                    session_id=session.id, citizen_id=one.id, presence=Presence.PRESENT, recorded_at=NOW
                )
            )

    def left(citizen: Citizen) -> list[int]:
        tables = (CohortEnrolment, CohortAttendance, TeamGoal, LanguageHours, CourseSeat, Journey)
        return [
            db.session.scalar(sa.select(sa.func.count()).where(table.citizen_id == citizen.id))
            for table in tables
        ]

    world.forget(after=timedelta(days=27))
    assert left(gone) == [1, 1, 1, 1, 1, 1]
    world.forget(after=timedelta(days=35))
    assert left(gone) == [0, 0, 0, 0, 0, 0]
    assert left(world.citizen) == [1, 1, 1, 1, 1, 1]
    assert db.session.scalar(sa.select(sa.func.count(JourneyStep.id))) == 3
    assert db.session.scalar(sa.select(sa.func.count(JourneySkill.step_id.distinct()))) == 2


@promise("seen: cohort_staff", "kept: cohort_staff")
def _(world: World) -> None:
    cohort = factories.make_cohort(lead_id=world.people["jonas"].id, partner="Sundhedsplejen")
    name = world.people["jonas"].name
    tine = factories.make_group_leader(cohort.id)
    assert world.who_opens("/cohorts/", cohort.name, name) == HER_MUNICIPALITY
    assert world.who_opens(f"/cohorts/{cohort.id}/leaders", tine.name) == HER_HELPERS
    world.forget(after=timedelta(days=4000))
    assert db.session.scalars(sa.select(Cohort.lead_id)).all() == [world.people["jonas"].id]
    assert db.session.scalars(sa.select(CohortLeader.user_id)).all() == [tine.id]


@promise("seen: course_authors", "kept: course_authors")
def _(world: World) -> None:
    course = make_course(created_by_id=world.people["mette"].id)
    make_run(course, shared_with_neighbours=True)
    assert world.who_opens(f"/courses/{course.id}", "Mette Bruun") == HER_MUNICIPALITY
    world.forget(after=timedelta(days=4000))
    assert db.session.scalars(sa.select(Course.created_by_id)).all() == [world.people["mette"].id]


@promise("seen: package_authors", "kept: package_authors")
def _(world: World) -> None:
    package = factories.make_package()
    with transaction():
        db.session.get_one(JobPackage, package.id).created_by_id = world.people["mette"].id
    assert world.who_opens(f"/pathways/{package.id}", "Mette Bruun") == HER_MUNICIPALITY
    world.forget(after=timedelta(days=4000))
    assert db.session.scalars(sa.select(JobPackage.created_by_id)).all() == [world.people["mette"].id]


@promise("seen: step_offers", "kept: step_offers")
def _(world: World) -> None:
    offer = factories.make_step_offer(world.employer, factories.make_package())
    with transaction():
        db.session.get_one(StepOffer, offer.id).offered_by_id = world.people["karin"].id
    said = "Skrevet af Karin Holm"
    assert world.who_opens(f"/efforts/employers/{world.employer.id}", said) == HER_MUNICIPALITY
    assert world.who_opens("/efforts/employer", said) == {"bo"}
    world.forget(after=timedelta(days=4000))
    assert db.session.scalars(sa.select(StepOffer.offered_by_id)).all() == [world.people["karin"].id]


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


@promise("seen: employer_contacts")
def _(world: World) -> None:
    said = factories.make_employer_contact(world.employer, words="Kvadratrodsmøde")
    assert world.who_opens(f"/contacts/{said.id}", "Kvadratrodsmøde") == HER_HELPERS
    assert world.who_opens(f"/employers/{world.employer.id}", "Kvadratrodsmøde") == HER_HELPERS
    assert world.who_opens("/employers/own", "Kvadratrodsmøde") == set()


@promise("kept: employer_contacts")
def _(world: World) -> None:
    """The days before and after are tried in tests/workspaces/contacts/test_story.py."""
    settled = {"next_step": None, "next_on": None}
    old, new = (
        factories.make_employer_contact(world.employer, happened_on=TODAY - timedelta(days=days), **settled)
        for days in (DAYS_OF_CONTACTS + 1, DAYS_OF_CONTACTS - 1)
    )
    waits = factories.make_employer_contact(world.employer, happened_on=old.happened_on)
    kept = {new.id, waits.id}
    world.forget()
    assert set(db.session.scalars(sa.select(EmployerContact.id))) == kept


@promise("seen: employer_prospects")
def _(world: World) -> None:
    prospect = factories.make_prospect("Vaskeriet", contact_name="Xanthippe Quist")
    assert world.who_opens(f"/prospects/{prospect.id}", "Xanthippe Quist") == HER_HELPERS
    assert world.who_opens("/prospects/", "Vaskeriet") == HER_HELPERS


@promise("kept: employer_prospects")
def _(world: World) -> None:
    """Once the company takes part, nobody to phone stays; nor where nobody has phoned for so long."""
    karin, since = world.people["karin"], NOW - timedelta(days=DAYS_OF_CONTACTS + 1)
    factories.make_prospect("Gammelt", created_at=since)
    joined, dropped = factories.make_prospect("Bos Køkken"), factories.make_prospect("Lukket")
    with transaction():
        join_prospect(db.session.merge(joined), db.session.merge(world.employer), by=karin, at=NOW)
    world.browsers["karin"].post(f"/prospects/{dropped.id}/drop")

    world.forget()

    left = db.session.execute(sa.select(EmployerProspect.name, EmployerProspect.contact_name)).all()
    assert [tuple(one) for one in left] == [("Bos Køkken", "")]


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


@promise("seen: second_steps")
def _(world: World) -> None:
    karin = world.people["karin"]
    key = factories.make_passkey(karin, "Karins nøglering")
    with transaction():
        db.session.execute(sa.update(User).where(User.id == karin.id).values(second_factor_since=NOW))
    for name, browser in world.browsers.items():
        if name != "karin":
            assert "nøglering" not in browser.get("/second-step").get_data(as_text=True)
            assert browser.get(f"/second-step/passkeys/{key.id}/remove").status_code != 200
    page = f"/users/{karin.id}"
    assert world.who_opens(page, "Andet trin ved login", "Sat op") == {"ali"}
    assert "nøglering" not in world.browsers["ali"].get(page).get_data(as_text=True)


@promise("kept: second_steps")
def _(world: World) -> None:
    karin = world.people["karin"]
    factories.make_passkey(karin)
    with transaction():
        db.session.execute(sa.update(User).where(User.id == karin.id).values(second_factor_since=NOW))
    world.forget(after=timedelta(days=4000))
    assert db.session.scalar(sa.select(Passkey.user_id)) == karin.id
    world.browsers["ali"].sign_in(world.people["ali"])
    world.browsers["ali"].post(f"/users/{karin.id}/second-step/reset")
    assert db.session.scalar(sa.select(Passkey.user_id)) is None


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


@promise("seen: frozen-lines")
def _(world: World) -> None:
    """A frozen figure opens into no card number, not even for the consultant whose citizen it is."""
    goal = factories.make_goal(measure=Measure.CARDS, period=PeriodKind.YEAR, last_on=TODAY)
    with transaction():
        figure = FrozenFigure(
            goal_id=goal.id, municipality_id=goal.municipality_id, on=TODAY, lines=1, amount=1, known=1,
            unknown_out_of=0, rule="Et kort tæller.", frozen_at=NOW,
        )  # fmt: skip
        db.session.add(figure)
        db.session.flush()
        line = FrozenLine(figure_id=figure.id, amount=1, is_known=True, quarter_on=TODAY)
        db.session.add(line)
        db.session.flush()
        db.session.add(FrozenLinePerson(line_id=line.id, citizen_id=world.citizen.id))

    assert world.who_opens(f"/goals/{goal.id}", "Et kort tæller.") == HER_MUNICIPALITY
    assert world.who_opens(f"/goals/{goal.id}", world.card.number) == set()


@promise("seen: outside-figures", "kept: outside-figures")
def _(world: World) -> None:
    figure = factories.make_outside_figure(recorded_by_id=world.people["mette"].id)
    assert world.who_opens("/comparison/", "Mette Bruun") == HER_MUNICIPALITY
    world.forget(after=timedelta(days=4000))
    assert db.session.get_one(OutsideFigure, figure.id).recorded_by_id == world.people["mette"].id


@promise("seen: api-tokens", "kept: api-tokens")
def _(world: World) -> None:
    token, _secret = factories.make_token(by=world.people["ali"])
    assert world.who_opens("/systems/", "Fagsystemet") == {"ali"}
    world.forget(after=timedelta(days=4000))
    assert db.session.get_one(ApiToken, token.id).made_by_id == world.people["ali"].id


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
