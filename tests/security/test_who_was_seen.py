"""Whoever is shown a person leaves a line that names her, on every page, list, file, fragment and by every link.

Each citizen has a name, a phone number, a case and a card that are nobody else's. Every route of the URL map is read by
every role, and by strangers who got hold of a link. Whoever stands in the answer must be in a look of that request.
"""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.employers.queries import employer_of
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry, AuditPerson
from portal.shared.skills.phrases import INTERFACE
from portal.web.links import LinkPurpose
from tests import factories
from tests.client import PortalClient
from tests.security.test_every_method import addresses, real_links, rules
from tests.support.crawl import client_of
from tests.test_roles import ROLES, Scene, a_proposal_link, full_stage

pytestmark = pytest.mark.slow

NOT_BY_NAME = {"phrases-listed", "mail-read", "import-previewed"}
"""Shows a citizen's own words, or a mail about her, without saying whose: more are in the line than are named."""


@dataclass(frozen=True)
class Canary:
    """What only this citizen has."""

    citizen_id: int
    user_id: int | None
    signs: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        return any(sign in text for sign in self.signs)


def release_canaries() -> list[Canary]:
    """Rename every citizen, so that whoever is named is known."""
    canaries = []
    with transaction():
        cards = dict(db.session.execute(sa.select(CompetenceCard.citizen_id, CompetenceCard.number)).all())
        for citizen in db.session.scalars(sa.select(Citizen).order_by(Citizen.id)):
            number = citizen.id
            citizen.first_name, citizen.last_name = f"Fugl{number}x", f"Rede{number}x"
            citizen.case_reference, citizen.phone = f"26/9{number:04}7", f"4000{number:04}"
            if citizen.user:
                citizen.user.name = citizen.name
            signs = [citizen.first_name, citizen.last_name, citizen.case_reference, citizen.phone]
            canaries.append(Canary(number, citizen.user_id, (*signs, *filter(None, [cards.get(number)]))))
    return canaries


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Halsnæs, with strangers from Fredensborg among those who ask."""
    own, stranger = full_stage()
    links = real_links(app, own)
    own.values |= {"password_link": links[LinkPurpose.FORGOTTEN], "token": links[LinkPurpose.CARD]}
    own.people |= {f"another {role}": stranger.people[role] for role in ("employer", "citizen")}
    return own


@dataclass
class Reader:
    """Somebody at a browser, and what the log says of each page she gets."""

    browser: PortalClient
    user_id: int | None
    canaries: list[Canary]
    saw: int = 0
    """Persons in the answers, so that a test that asks for nothing is found out."""

    def faults_of(self, path: str, *, htmx: bool) -> list[str]:
        """Who was shown without a line, and whom a list's line names who was not shown."""
        before = self._last_line()
        answer = self.browser.get(path, htmx=htmx)
        text = answer.told
        self.offers_a_file = "format=csv" in text
        shown = {one.citizen_id for one in self.canaries if one.stands_in(text)}
        herself = {one.citizen_id for one in self.canaries if self.user_id and one.user_id == self.user_id}
        self.saw += len(shown - herself)
        noted, listed = self._noted_since(before)
        if self._writes_since(before):
            return [f"{path} left a line that is no look"]
        faults = [f"{path} shows {one} without a line" for one in sorted(shown - herself - noted)]
        if answer.status_code == 200 and not answer.mimetype.endswith("pdf"):
            faults += [f"{path} has a line of {one}, who is not there" for one in sorted(listed - shown)]
        return faults

    def faults_of_sending(self, path: str) -> tuple[list[str], int]:
        """Who was shown without any line: what was carried out leaves its own."""
        before = self._last_line()
        answer = self.browser.post(path, {"version": "1"})
        text = answer.told
        shown = {one.citizen_id for one in self.canaries if one.stands_in(text)}
        herself = {one.citizen_id for one in self.canaries if one.user_id == self.user_id}
        self.saw += len(shown - herself)
        noted, _listed = self._noted_since(before)
        missed = sorted(shown - herself - noted)
        return [f"{path} shows {one} without a line" for one in missed], answer.status_code

    def _last_line(self) -> int:
        with self.browser.app.app_context():
            return db.session.scalar(sa.select(sa.func.max(AuditEntry.id))) or 0

    def _writes_since(self, line: int) -> int:
        """`PortalClient.get` watches every other table; that something was refused is no change."""
        lines = sa.select(sa.func.count()).select_from(AuditEntry)
        written = lines.where(
            AuditEntry.id > line, ~AuditEntry.is_look, AuditEntry.action.not_like("%-refused")
        )
        with self.browser.app.app_context():
            return db.session.scalar(written) or 0

    def _noted_since(self, line: int) -> tuple[set[int], set[int]]:
        """All that stand in the new lines, and those of them who stand in a list's."""
        many = sa.select(AuditPerson.citizen_id, AuditEntry.action).join(AuditEntry)
        one = sa.select(AuditEntry.citizen_id).where(AuditEntry.citizen_id.is_not(None))
        with self.browser.app.app_context():
            people = db.session.execute(many.where(AuditPerson.entry_id > line)).all()
            noted = set(db.session.scalars(one.where(AuditEntry.id > line)))
        listed = {citizen_id for citizen_id, action in people if action not in NOT_BY_NAME}
        return noted | {citizen_id for citizen_id, _ in people}, listed


def test_every_route_names_whom_it_shows(app, scene):
    canaries = release_canaries()
    readers = {
        role: Reader(
            PortalClient(app, scene.people.get(role)),
            scene.people[role].id if role in scene.people else None,
            canaries,
        )
        for role in (*ROLES, *scene.people)
    }
    faults = []
    for number, rule in enumerate(rules(app)):
        if "GET" not in (rule.methods or ()):
            continue
        (path,) = addresses(app, rule, scene, {})
        for role, reader in readers.items():
            found = reader.faults_of(path, htmx=number % 3 == 0)
            if reader.offers_a_file:
                found += reader.faults_of(f"{path}?format=csv", htmx=False)
            faults += [f"{role}: {fault}" for fault in found]
    assert faults == []
    assert sum(reader.saw for reader in readers.values()) > 60
    assert said_to_citizens() - {phrase.danish for phrase in INTERFACE if phrase.kind == "purpose"} == set()


def said_to_citizens() -> set[str]:
    """The reasons that stand in somebody's own log, which speaks her language."""
    many = sa.select(AuditPerson.citizen_id).where(AuditPerson.entry_id == AuditEntry.id).exists()
    seen = sa.select(AuditEntry.purpose).where(
        AuditEntry.is_look, AuditEntry.citizen_id.is_not(None) | many, AuditEntry.purpose.is_not(None)
    )
    return set(db.session.scalars(seen))


def test_every_answer_to_a_form_names_whom_it_shows(app, current_stage, scene):
    """A form that is sent empty comes back with the page around it."""
    canaries, sends = release_canaries(), ("employer", "citizen", "consultant")
    readers = {
        role: Reader(PortalClient(app, scene.people[role]), scene.people[role].id, canaries) for role in sends
    }
    kept = current_stage.keep("canaries")
    faults = []
    for rule in rules(app):
        if "POST" not in (rule.methods or ()) or rule.endpoint == "accounts.logout":
            continue
        (path,) = addresses(app, rule, scene, {})
        for role, reader in readers.items():
            found, status = reader.faults_of_sending(path)
            faults += [f"{role}: {fault}" for fault in found]
            if status in (200, 204, 303):
                db.session.remove()
                current_stage.reset(kept)
    assert faults == []
    assert sum(reader.saw for reader in readers.values()) > 15


READ = ("konsulent@demo.dk", "virksomhed@demo.dk", "leder@demo.dk")
OF_EACH = 1
"""Pages of one endpoint that are read, beside its lists as files."""


@pytest.mark.parametrize("demo_app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("email", READ)
def test_every_page_of_the_demo_names_whom_it_shows(demo_app, walks, email):
    """Many citizens in many states: near misses, lists behind figures, mails, calls, and lists as files."""
    with demo_app.app_context():
        canaries = release_canaries()
    walked = walks.of(email)
    reader = Reader(client_of(demo_app, email), None, canaries)
    paths = [path for paths in walked.pages.values() for path in paths[:OF_EACH]]
    paths += [path for path in walked.questions.values() if "format=csv" in path and "sort" not in path]

    faults = [
        fault for place, path in enumerate(paths) for fault in reader.faults_of(path, htmx=place % 3 == 0)
    ]

    assert faults == []


# --- By link: who really looked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "unit"),
    [
        ("visitor", "Bos Køkken"),
        ("employer", "Bos Køkken"),
        ("another employer", "Dortes Hotel"),
        ("another citizen", "En borger"),
        ("consultant", "Halsnæs Kommune"),
    ],
)
@pytest.mark.parametrize("route", ["assessments.workplace", "consents.shared", "answers.proposal"])
def test_a_link_names_who_really_looked(app, scene, reader, unit, route):
    stranger = db.session.merge(scene.people["another employer"])
    with transaction():
        employer_of(stranger).name = "Dortes Hotel"
    scene.values["proposal_link"] = open_proposal(scene)
    rule = next(iter(app.url_map.iter_rules(route)))
    (path,) = addresses(app, rule, scene, {})

    PortalClient(app, scene.people.get(reader)).get(path)

    db.session.rollback()
    line = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert line is not None
    assert (line.by_link, line.actor_unit, line.citizen_id) == (True, unit, scene.values["citizen_id"])
    assert line.actor_id == (scene.people[reader].id if reader in scene.people else None)


def open_proposal(scene: Scene) -> str:
    """One that the employer has not answered: its page shows her card."""
    opening = db.session.get_one(Opening, scene.values["opening_id"])
    card = db.session.get_one(CompetenceCard, scene.values["card_id"])
    match = factories.make_match(factories.make_opening(opening.employer), card)
    review = factories.make_review(match, citizen_answer=Answer.YES)
    return a_proposal_link(factories.make_consent(card, opening.employer, review=review).id)


def test_her_log_says_that_another_citizen_looked_by_link(app, scene):
    (path,) = addresses(app, next(iter(app.url_map.iter_rules("assessments.workplace"))), scene, {})
    release_canaries()
    PortalClient(app, scene.people["another citizen"]).get(path)

    page = PortalClient(app, scene.people["citizen"]).get("/citizens/looks")

    assert "En borger (med link)" in page.words
    assert db.session.get_one(User, scene.people["another citizen"].id).name not in page.words
