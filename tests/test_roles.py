"""Every endpoint x role, on one's own and on a stranger's records, against a written table.

The table is not derived from GRANTS. An endpoint that is missing here fails; so does a line without an endpoint.

Columns: what a visitor, an employer, a citizen, a consultant, a leader and an administrator get.
    Y  the view answers (a page, a redirect, a message beside a field or a rule's no)
    L  led to the login page
    F  403: the role may not
    N  404: the record does not exist for her
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask, current_app, url_for

from portal.base.database import db, transaction
from portal.loop.employers.models import EmployerInvitation
from portal.loop.placements.models import FollowUp
from portal.loop.reviews.models import Answer
from portal.shared.accounts import queries as account_queries
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User
from portal.web.links import LinkPurpose
from portal.web.permissions import GRANTS, Action, Role
from portal.workspaces.imports.models import ImportFile, ImportKind
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.support.databases import Kept, Stage
from tests.support.links import links_of

pytestmark = pytest.mark.slow

ROLES = ("visitor", "employer", "citizen", "consultant", "leader", "admin")
"""In the order of the columns: nobody, Bo, Amira, Karin, Mette and the administrator, all in Halsnæs."""

TABLE = """
# endpoint                       method own    stranger's
accounts.choose_password         GET   NNNNNN NNNNNN
accounts.choose_password         POST  NNNNNN NNNNNN
accounts.disable                 POST  LFFFFY LFFFFY
accounts.enable                  POST  LFFFFY LFFFFY
accounts.end_other_sessions      POST  LYYYYY LYYYYY
accounts.end_session             POST  LNNYNN LNNNNN
accounts.forgotten               GET   YYYYYY YYYYYY
accounts.forgotten               POST  YYYYYY YYYYYY
accounts.login                   GET   YYYYYY YYYYYY
accounts.login                   POST  YYYYYY YYYYYY
accounts.login_code              GET   YYYYYY YYYYYY
accounts.login_code              POST  YYYYYY YYYYYY
accounts.logout                  POST  LYYYYY LYYYYY
accounts.new_link                POST  LFFFFY LFFFFY
accounts.new_user                GET   LFFFFY LFFFFY
accounts.new_user                POST  LFFFFY LFFFFY
accounts.reset                   GET   YYYYYY YYYYYY
accounts.reset                   POST  YYYYYY YYYYYY
accounts.sessions                GET   LYYYYY LYYYYY
accounts.user                    GET   LFFFFY LFFFFY
accounts.users                   GET   LFFFFY LFFFFY
amendments.correct               GET   LFFFFY LFFFFY
amendments.correct               POST  LFFFFY LFFFFY
amendments.new                   GET   LFFFFY LFFFFY
amendments.new                   POST  LFFFFY LFFFFY
amendments.own_correct           GET   LFFFYF LFFFNF
amendments.own_correct           POST  LFFFYF LFFFNF
amendments.own_end               GET   LFFFYF LFFFNF
amendments.own_end               POST  LFFFYF LFFFNF
amendments.own_new               GET   LFFFYF LFFFYF
amendments.own_new               POST  LFFFYF LFFFYF
amendments.own_withdraw          POST  LFFFYF LFFFNF
amendments.withdraw              POST  LFFFFY LFFFFY
answers.accept                   POST  YYYYYY YYYYYY
answers.ask_for_call             POST  YYYYYY YYYYYY
answers.call_done                POST  LFFYFF LFFNFF
answers.calls                    GET   LFFYFF LFFYFF
answers.decline                  POST  YYYYYY YYYYYY
answers.message                  GET   LFFYFF LFFNFF
answers.message                  POST  LFFYFF LFFNFF
answers.proposal                 GET   YYYYYY YYYYYY
answers.response                 GET   LFFYYF LFFYYF
assessments.agree                POST  LFFYFF LFFNFF
assessments.close                POST  LFFYFF LFFNFF
assessments.comment              POST  LFYFFF LFNFFF
assessments.detail               GET   LYYYFF LNNNFF
assessments.detail               POST  LFFYFF LNNNFF
assessments.index                GET   LYYYFF LNNNFF
assessments.open_sheet           POST  LFFYFF LFFNFF
assessments.paper                GET   LFFYFF LFFYFF
assessments.paper                POST  LFFYFF LFFYFF
assessments.print_sheet          GET   LYYYFF LNNNFF
assessments.withdraw             POST  LFFYFF LFFNFF
assessments.workplace            GET   YYYYYY YYYYYY
assessments.workplace            POST  YYYYYY YYYYYY
audit.index                      GET   LFFFFY LFFFFY
cards.add_certificate            POST  LFYYFF LFNNFF
cards.add_skill                  POST  LFYYFF LFNNFF
cards.create                     POST  LFFYFF LFFNFF
cards.detail                     GET   LFYYFF LFNNFF
cards.edit                       GET   LFYYFF LFNNFF
cards.edit                       POST  LFYYFF LFNNFF
cards.own                        GET   LFYFFF LFYFFF
cards.history                    GET   LFYYFF LFNNFF
cards.paper                      GET   LFYYFF LFNNFF
cards.print_card                 GET   LFYYFF LFNNFF
cards.progress                   GET   LFYYFF LFNNFF
cards.remove_certificate         POST  LFYYFF LFNNFF
cards.remove_skill               POST  LFYYFF LFNNFF
cards.skills                     GET   LFYYFF LFNNFF
citizens.detail                  GET   LFFYFF LFFNFF
citizens.edit                    GET   LFFYFF LFFNFF
citizens.edit                    POST  LFFYFF LFFNFF
citizens.erase                   GET   LFFYFF LFFNFF
citizens.erase                   POST  LFFYFF LFFNFF
citizens.give_login_code         POST  LFFYFF LFFNFF
citizens.index                   GET   LFFYFF LFFYFF
citizens.looks                   GET   LFYFFF LFYFFF
citizens.new                     GET   LFFYFF LFFYFF
citizens.new                     POST  LFFYFF LFFYFF
citizens.set_active              POST  LFFYFF LFFNFF
citizens.set_passive             POST  LFFYFF LFFNFF
citizens.withdraw_login_code     POST  LFFYFF LFFNFF
consents.answer                  POST  LFYFFF LFNFFF
consents.index                   GET   LFFYFF LFFNFF
consents.link                    GET   LFFYFF LFFNFF
consents.new                     GET   LFFYFF LFFNFF
consents.new                     POST  LFFYFF LFFNFF
consents.record_answer           POST  LFFYFF LFFNFF
consents.shared                  GET   NNNNNN NNNNNN
consents.take_back               POST  LFYFFF LFNFFF
consents.withdraw                POST  LFFYFF LFFNFF
curation.dismiss                 POST  LFFYFF LFFNFF
curation.index                   GET   LFFYFF LFFYFF
curation.link                    POST  LFFYFF LFFNFF
curation.make_skill              POST  LFFYFF LFFNFF
curation.phrase                  GET   LFFYFF LFFNFF
curation.restore                 POST  LFFYFF LFFNFF
employers.accept                 GET   YYYYYY YYYYYY
employers.accept                 POST  YYYYYY YYYYYY
employers.add_workplace          GET   LYFFFF LYFFFF
employers.add_workplace          POST  LYFFFF LYFFFF
employers.approve                POST  LFFYFF LFFNFF
employers.confirm                GET   YYYYYY YYYYYY
employers.confirm                POST  YYYYYY YYYYYY
employers.detail                 GET   LFFYYF LFFNNF
employers.edit_contact           GET   LYFFFF LYFFFF
employers.edit_contact           POST  LYFFFF LYFFFF
employers.edit_employer              GET   LYFFFF LYFFFF
employers.edit_employer              POST  LYFFFF LYFFFF
employers.index                  GET   LFFYYF LFFYYF
employers.invite                 GET   LYFFFF LYFFFF
employers.invite                 POST  LYFFFF LYFFFF
employers.name_representative    GET   LYFFFF LNFFFF
employers.name_representative    POST  LYFFFF LNFFFF
employers.own                    GET   LYFFFF LYFFFF
employers.refuse                 POST  LFFYFF LFFNFF
employers.register               GET   YYYYYY YYYYYY
employers.registered             GET   YYYYYY YYYYYY
employers.registration           GET   LFFYFF LFFNFF
employers.registrations          GET   LFFYFF LFFYFF
employers.send_registration      POST  YYYYYY YYYYYY
employers.set_active             POST  LFFYFF LFFNFF
employers.set_passive            POST  LFFYFF LFFNFF
employers.state_staff            GET   LYFFFF LNFFFF
employers.state_staff            POST  LYFFFF LNFFFF
employers.withdraw_invitation    POST  LYFFFF LNFFFF
employer_pages.detail                     GET   LFFYYF LFFNNF
employer_pages.own                        GET   LYFFFF LYFFFF
employer_pages.referrals                  GET   LFFYYF LFFYYF
employer_pages.thanks                     GET   YYYYYY YYYYYY
goals.edit                       GET   LFFFYF LFFFNF
goals.edit                       POST  LFFFYF LFFFNF
goals.figure                     GET   LFFYYF LFFNNF
goals.index                      GET   LFFYYF LFFYYF
goals.new                        GET   LFFFYF LFFFYF
goals.new                        POST  LFFFYF LFFFYF
home.healthz                     GET   YYYYYY YYYYYY
home.index                       GET   YYYYYY YYYYYY
home.privacy                     GET   YYYYYY YYYYYY
home.accessibility_statement                         GET   YYYYYY YYYYYY
imports.confirm                  POST  LFFYFF LFFNFF
imports.drop                     POST  LFFYFF LFFNFF
imports.errors                   GET   LFFYFF LFFNFF
imports.example                  GET   LFFYFF LFFYFF
imports.index                    GET   LFFYFF LFFYFF
imports.preview                  GET   LFFYFF LFFNFF
imports.upload                   POST  LFFYFF LFFYFF
matches.answer                   POST  LFFYFF LFFNFF
matches.best_for_card            GET   LFFYFF LFFNFF
matches.best_for_opening         GET   LFFYFF LFFNFF
intake.answer                    POST  LFYYFF LFNNFF
intake.index                     GET   LFYYFF LFNNFF
intake.put_on_card               POST  LFYYFF LFNNFF
intake.step                      GET   LFYYFF LFNNFF
intake.summary                   GET   LFYYFF LFNNFF
matches.for_card                 GET   LFFYFF LFFNFF
matches.for_opening              GET   LFFYFF LFFNFF
matches.unmatched_cards          GET   LFFYFF LFFYFF
matches.unmatched_openings       GET   LFFYFF LFFYFF
matches.near_misses              GET   LFFYFF LFFNFF
matches.near_openings            GET   LFFYFF LFFNFF
matches.suggestion               GET   LFFYFF LFFNFF
matches.take_back                POST  LFFYFF LFFNFF
meetings.for_match               GET   LFFYFF LFFNFF
meetings.for_placement           GET   LFFYFF LFFNFF
meetings.index                   GET   LFFYFF LFFYFF
meetings.print_cards             GET   LFFYFF LFFYFF
meetings.print_match             GET   LFFYFF LFFNFF
meetings.print_placement         GET   LFFYFF LFFNFF
mine.data                        GET   LFYFFF LFYFFF
mine.data_of                     GET   LFFYFF LFFNFF
mine.enter                       GET   YYYYYY YYYYYY
mine.enter                       POST  YYYYYY YYYYYY
mine.index                       GET   LFYFFF LFYFFF
mine.language                    POST  LFYFFF LFYFFF
openings.detail                  GET   LYFYYF LNFNNF
openings.edit                    GET   LYFYFF LNFNFF
openings.edit                    POST  LYFYFF LNFNFF
openings.index                   GET   LYFYYF LYFYYF
openings.acknowledge_wording           POST  LFFYFF LFFNFF
openings.new                     GET   LYFYFF LYFYFF
openings.new                     POST  LYFYFF LYFYFF
openings.pause                   POST  LYFYFF LNFNFF
openings.publish                 POST  LYFYFF LNFNFF
openings.renew                   POST  LYFYFF LNFNFF
openings.renew_by_link           GET   YYYYYY YYYYYY
openings.renew_by_link           POST  YYYYYY YYYYYY
openings.resume                  POST  LYFYFF LNFNFF
openings.withdraw                POST  LYFYFF LNFNFF
outbox.detail                    GET   LFFYFY LFFNFY
outbox.index                     GET   LFFYFY LFFYFY
outbox.mine                      GET   LYYYYY LYYYYY
outbox.mine                      POST  LYYYYY LYYYYY
outbox.send_anew                 POST  LFFYFY LFFNFY
outbox.settle                    POST  LFFYFY LFFNFY
outbox.stop                      GET   YYYYYY YYYYYY
outbox.stop                      POST  YYYYYY YYYYYY
partnerships.detail              GET   LFFYYF LFFNNF
partnerships.end                 POST  LFFYFF LFFNFF
partnerships.index               GET   LFFYYF LFFYYF
partnerships.name_consultant     POST  LFFYFF LFFNFF
partnerships.new                 GET   LFFYFF LFFYFF
partnerships.new                 POST  LFFYFF LFFYFF
placements.add_follow_up         POST  LFFYFF LFFNFF
placements.calendar              GET   LYYYFF LNNNFF
placements.cancel                POST  LFFYFF LFFNFF
placements.detail                GET   LYYYFF LNNNFF
placements.expectation           GET   LNNYFF LNNNFF
placements.expectation           POST  LNNYFF LNNNFF
placements.hold_follow_up        GET   LFFYFF LFFNFF
placements.hold_follow_up        POST  LFFYFF LFFNFF
placements.index                 GET   LYYYFF LYYYFF
placements.plan                  GET   LFFYFF LFFNFF
placements.plan                  POST  LFFYFF LFFNFF
placements.start                 POST  LFFYFF LFFNFF
posting.begin                    POST  LYFYFF LYFYFF
posting.copy                     POST  LYFYFF LNFNFF
posting.discard                  POST  LYFNFF LNFNFF
posting.index                    GET   LYFYFF LYFYFF
posting.publish                  POST  LYFNFF LNFNFF
posting.reach                    GET   LYFNFF LNFNFF
posting.save                     POST  LYFNFF LNFNFF
posting.step                     GET   LYFNFF LNFNFF
posting.summary                  GET   LYFNFF LNFNFF
quality.change_weights           POST  LFFFYF LFFFYF
quality.index                    GET   LFFYYF LFFYYF
quality.runs                     GET   LFFYYY LFFYYY
quality.weights                  GET   LFFYYF LFFYYF
reviews.accept                   POST  LYFFFF LNFFFF
reviews.answer                   POST  LFYFFF LFNFFF
reviews.approve                  POST  LFFYFF LFFNFF
reviews.decline                  POST  LYFFFF LNFFFF
reviews.detail                   GET   LFFYFF LFFNFF
reviews.match_record             GET   LFFYFF LFFNFF
reviews.mine                     GET   LFYFFF LFYFFF
reviews.print_record             GET   LFFYFF LFFNFF
reviews.proposal                 GET   LYFFFF LNFFFF
reviews.proposals                GET   LYFFFF LYFFFF
reviews.queue                    GET   LFFYFF LFFYFF
reviews.record_answer            POST  LFFYFF LFFNFF
reviews.record_withdrawal        POST  LFFYFF LFFNFF
reviews.refuse                   POST  LFFYFF LFFNFF
reviews.withdraw                 POST  LFYFFF LFNFFF
rules.history                    GET   LFFYYY LFFYYY
rules.index                      GET   LFFYYY LFFYYY
skills.add_synonym               POST  LFFYFF LFFYFF
skills.changes                   GET   LFFYYY LFFYYY
skills.edit                      GET   LFFYFF LFFYFF
skills.edit                      POST  LFFYFF LFFYFF
skills.index                     GET   LFFYYY LFFYYY
skills.phrases                   GET   LFFYYY LFFYYY
skills.remove                    POST  LFFYFF LFFYFF
skills.remove_synonym            POST  LFFYFF LFFYFF
skills.suggest                   POST  LYYYFF LYYYFF
vitas.declare_ready              POST  LFFYFF LFFNFF
vitas.note_case_number           POST  LFFYFF LFFNFF
vitas.print_sheet                GET   LFFYFF LFFNFF
vitas.sheet                      GET   LFFYFF LFFNFF
vitas.write                      POST  LFFYFF LFFNFF
static                           GET   YYYYYY YYYYYY
"""


@dataclass(frozen=True)
class Line:
    endpoint: str
    method: str
    own: str
    stranger: str


def read_table(text: str) -> dict[tuple[str, str], Line]:
    lines = [Line(*row.split()) for row in text.strip().splitlines() if row and not row.startswith("#")]
    return {(line.endpoint, line.method): line for line in lines}


EXPECTED = read_table(TABLE)


@dataclass
class Scene:
    """An employer, a citizen and all that can happen between them, in one municipality."""

    values: dict[str, Any] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)


def set_scene(home: str, consultant: str) -> Scene:
    """Three matches stand at three stages: one to decide, one to plan from, one with a running placement."""
    scene = Scene()
    employer = factories.make_employer("Bos Køkken", owner="Bo", in_municipality=home)
    person = factories.make_citizen("Amira", in_municipality=home, with_login=True)
    card = factories.make_card(person)
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    openings = [factories.make_opening(employer, places=2) for _ in range(3)]
    waiting = factories.make_match(openings[0], card)
    agreed = factories.make_review(factories.make_match(openings[1], card), **both)
    placement = factories.make_placement(
        factories.make_review(factories.make_match(openings[2], card), **both)
    )
    with transaction():
        follow_up = FollowUp(placement_id=placement.id, due_on=factories.TODAY)
        db.session.add(follow_up)
    sheet = factories.make_sheet(placement)
    agreement = factories.make_partnership(employer, consultant=consultant)
    vegetables = factories.skill("skære og klargøre grøntsager")
    scene.values = {
        "opening_id": openings[0].id,
        "employer_id": employer.id,
        "workplace_id": employer.workplaces[0].id,
        "citizen_id": person.id,
        "card_id": card.id,
        "evidence_id": card.evidence[0].id,
        "certificate_id": factories.make_certificate(card).id,
        "match_id": waiting.id,
        "review_id": agreed.id,
        "placement_id": placement.id,
        "follow_up_id": follow_up.id,
        "sheet_id": sheet.id,
        "link": a_sheet_link(sheet.id),
        "mail_id": factories.make_mail(in_municipality=home).id,
        "stop_link": a_stop_link(),
        "call_id": factories.make_call(agreed).id,
        "password_link": "nobody's",
        "proposal_link": a_proposal_link(factories.make_consent(card, employer, review=agreed).id),
        "partnership_id": agreement.id,
        "consent_id": factories.make_consent(card, employer).id,
        "file_kind": "json",
        "sheet_kind": "midway",
        "token": a_link(home),
        "invitation": an_invitation_link(invitation := factories.make_invitation(employer)),
        "invitation_id": invitation.id,
        "confirmation": a_confirmation_link(home),
        "renewal": a_renewal_link(openings[0].id),
        "goal_id": factories.make_goal(home).id,
        "draft_id": factories.make_draft(factories.owner_of(employer)).id,
        "step": "job",
        "registration_id": factories.make_registration(home).id,
        "industry": "koekken",
        "rule_id": factories.rule("praktik-weeks").id,
        "own_rule_id": factories.put_number("praktik-weeks", "10", date(2027, 1, 1), place=home).id,
        "party": "consultant",
        "where": "card",
        "kind": "evidence",
        "row_id": factories.make_words(card, "polere rumraketter").id,
        "skill_id": vegetables.id,
        "synonym_id": vegetables.synonyms[0].id,
        "secret": "not-a-secret",
        "filename": "portal.css",
        "name": "virksomheder.csv",
    }
    scene.people = {"employer": factories.owner_of(employer), "citizen": person.user}  # type: ignore[dict-item]
    return scene


def full_stage() -> tuple[Scene, Scene]:
    """Halsnæs, where the callers belong, and Fredensborg, where all is a stranger's."""
    own = set_scene("Halsnæs", "karin@kommune.example")
    stranger = set_scene("Fredensborg", "lene@nabo.example")
    own.people |= {
        "consultant": factories.user("karin@kommune.example"),
        "leader": factories.user("mette@kommune.example"),
        "admin": factories.user("admin@kommune.example"),
    }
    for scene, person in ((own, own.people["consultant"]), (stranger, factories.user("lene@nabo.example"))):
        scene.values["user_id"] = person.id
        scene.values["session_id"] = an_open_session(person)
        scene.values["import_id"] = an_upload(person)
    return own, stranger


def a_sheet_link(sheet_id: int) -> str:
    """Whoever has it may answer the sheet; there is no stranger to a link."""
    links = links_of(current_app)
    return links.sign(LinkPurpose.ASSESSMENT, sheet_id, expires_at=factories.NOW + timedelta(days=1))


def a_proposal_link(consent_id: int) -> str:
    """Whoever has it may see the anonymous card and answer."""
    links = links_of(current_app)
    return links.sign(LinkPurpose.PROPOSAL, consent_id, expires_at=factories.NOW + timedelta(days=1))


def a_stop_link() -> str:
    """Whoever got the mail may decline the next."""
    links = links_of(current_app)
    ends = factories.NOW + timedelta(days=1)
    return links.sign(LinkPurpose.STOP_MAIL, "bo@firma.example", "message", expires_at=ends)


def an_invitation_link(invitation: EmployerInvitation) -> str:
    links = links_of(current_app)
    return links.sign(LinkPurpose.INVITATION, invitation.id, expires_at=invitation.expires_at)


def a_confirmation_link(home: str) -> str:
    links = links_of(current_app)
    wish = factories.make_unconfirmed(home)
    return links.sign(LinkPurpose.CONFIRMATION, wish.id, expires_at=wish.expires_at)


def a_renewal_link(opening_id: int) -> str:
    links = links_of(current_app)
    ends = factories.NOW + timedelta(days=1)
    return links.sign(LinkPurpose.RENEWAL, opening_id, "2026-12-01", expires_at=ends)


def a_link(about: str) -> str:
    """One that works, to what nobody has any more: the page behind it answers without showing anybody."""
    links = links_of(current_app)
    return links.sign(LinkPurpose.CODE_PAGE, about, expires_at=factories.NOW + timedelta(days=1))


def an_open_session(person: User) -> int:
    with transaction():
        secret = accounts.open_session(person, device="Test", at=factories.NOW)
    found = account_queries.live_session(secret, at=factories.NOW, idle=timedelta(1), absolute=timedelta(1))
    assert found is not None
    return found.id


def an_upload(person: User) -> int:
    """A file of employers that waits between preview and yes."""
    with transaction():
        upload = ImportFile(
            user_id=person.id,
            municipality_id=person.municipality_id,
            kind=ImportKind.EMPLOYERS,
            filename="virksomheder.csv",
            parsed={"headings": ["CVR", "P-nummer", "Navn"], "rows": [[2, ["12345678", "1", "Forkert"]]]},
            uploaded_at=factories.NOW,
            expires_at=factories.NOW + timedelta(hours=1),
        )
        db.session.add(upload)
    return upload.id


def outcome(response: PortalResponse) -> str:
    if response.status_code == 303 and response.headers["Location"].startswith("/login"):
        return "L"
    return {403: "F", 404: "N"}.get(response.status_code, "Y" if response.status_code < 500 else "!")


def endpoints(app: Flask) -> list[tuple[str, str]]:
    return sorted(
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    )


def call(app: Flask, endpoint: str, method: str, role: str, *, own: Scene, target: Scene) -> str:
    with app.test_request_context():
        rule = next(rule for rule in app.url_map.iter_rules(endpoint) if method in (rule.methods or set()))
        url = url_for(endpoint, **{name: target.values[name] for name in rule.arguments})
    client = PortalClient(app, own.people.get(role))
    return outcome(client.get(url) if method == "GET" else client.post(url))


_built: dict[str, tuple[Kept, Scene, Scene]] = {}


def kept_scene(stage: Stage) -> tuple[Kept, Scene, Scene]:
    """Built once an engine: what stands there, and what it is called."""
    if stage.engine_name not in _built:
        stage.reset()  # whatever an earlier test left
        own, stranger = full_stage()
        db.session.expunge_all()
        _built[stage.engine_name] = (stage.keep("roles"), own, stranger)
    return _built[stage.engine_name]


def observed(app: Flask, stage: Stage, endpoint: str, method: str) -> Line:
    """What each role really gets. The stage is set anew after each call that may have changed it."""
    seen = {"own": "", "stranger": ""}
    kept, own, stranger = kept_scene(stage)
    stage.reset(kept)
    for whose in ("stranger", "own"):
        for role in ROLES:
            got = call(app, endpoint, method, role, own=own, target=own if whose == "own" else stranger)
            seen[whose] += got
            if method == "POST" and got == "Y":
                db.session.remove()
                stage.reset(kept)
    return Line(endpoint, method, seen["own"], seen["stranger"])


def test_the_table_names_every_endpoint(app: Flask) -> None:
    assert set(EXPECTED) == set(endpoints(app))


@pytest.mark.parametrize(("endpoint", "method"), sorted(EXPECTED))
def test_role_by_role(app: Flask, current_stage: Stage, endpoint: str, method: str) -> None:
    assert observed(app, current_stage, endpoint, method) == EXPECTED[endpoint, method]


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)  # no database decides this
@pytest.mark.parametrize("action", [action for action in Action if GRANTS[action] != frozenset(Role)])
def test_a_removed_guard_is_caught(
    app: Flask, current_stage: Stage, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening an action to every role changes what the table sees of at least one of its endpoints."""
    guarded = [key for key in endpoints(app) if _action(app, key[0]) is action]
    monkeypatch.setitem(GRANTS, action, frozenset(Role))

    def caught(key: tuple[str, str]) -> bool:
        db.session.remove()
        return observed(app, current_stage, *key).own != EXPECTED[key].own

    assert any(caught(key) for key in guarded), f"nobody would notice that {action} is open to all"


def _action(app: Flask, endpoint: str) -> Action | None:
    return getattr(app.view_functions[endpoint], "required_action", None)


def test_the_table_is_well_formed() -> None:
    for line in EXPECTED.values():
        assert re.fullmatch("[YLFN]{6}", line.own), line
        assert re.fullmatch("[YLFN]{6}", line.stranger), line
