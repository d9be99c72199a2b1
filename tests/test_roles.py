"""Every endpoint x role, on one's own and on a stranger's records, against a written table.

The table is not derived from GRANTS. An endpoint that is missing here fails; so does a line without an endpoint.

Columns: what a visitor, an employer, a citizen, a consultant, a leader, an administrator and who runs the portal get.
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
import sqlalchemy as sa
from flask import Flask, current_app, url_for

from portal.base.database import db, transaction
from portal.loop.employers.models import EmployerInvitation
from portal.loop.placements.models import FollowUp
from portal.loop.reviews.models import Answer
from portal.shared.accounts import queries as account_queries
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User
from portal.shared.neighbours.models import NeighbourAgreement
from portal.web.links import LinkPurpose
from portal.web.permissions import GRANTS, Action, Role
from portal.workspaces.imports.models import ImportFile, ImportKind
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.support.databases import Kept, Stage
from tests.support.links import links_of

pytestmark = pytest.mark.slow

ROLES = ("visitor", "employer", "citizen", "consultant", "leader", "admin", "operator")
"""In the order of the columns: nobody, Bo, Amira, Karin, Mette and the administrator, all in Halsnæs, and Drude."""

TABLE = """
# endpoint                       method own    stranger's
accounts.change_password         GET   LYYYYYY LYYYYYY
accounts.change_password         POST  LYYYYYY LYYYYYY
accounts.choose_password         GET   NNNNNNN NNNNNNN
accounts.choose_password         POST  NNNNNNN NNNNNNN
accounts.end_other_sessions      POST  LYYYYYY LYYYYYY
accounts.end_session             POST  LNNYNNN LNNNNNN
accounts.forgotten               GET   YYYYYYY YYYYYYY
accounts.forgotten               POST  YYYYYYY YYYYYYY
accounts.login                   GET   YYYYYYY YYYYYYY
accounts.login                   POST  YYYYYYY YYYYYYY
accounts.login_code              GET   YYYYYYY YYYYYYY
accounts.login_code              POST  YYYYYYY YYYYYYY
accounts.logout                  POST  LYYYYYY LYYYYYY
accounts.sessions                GET   LYYYYYY LYYYYYY
amendments.backwards             GET   LFFFFFY LFFFFFY
amendments.backwards             POST  LFFFFFY LFFFFFY
amendments.correct               GET   LFFFFFY LFFFFFY
amendments.correct               POST  LFFFFFY LFFFFFY
amendments.new                   GET   LFFFFFY LFFFFFY
amendments.new                   POST  LFFFFFY LFFFFFY
amendments.own_correct           GET   LFFFYFF LFFFNFF
amendments.own_correct           POST  LFFFYFF LFFFNFF
amendments.own_end               GET   LFFFYFF LFFFNFF
amendments.own_end               POST  LFFFYFF LFFFNFF
amendments.own_new               GET   LFFFYFF LFFFYFF
amendments.own_new               POST  LFFFYFF LFFFYFF
amendments.own_withdraw          POST  LFFFYFF LFFFNFF
amendments.waiting               GET   LFFFFFY LFFFFFY
amendments.waiting               POST  LFFFFFY LFFFFFY
amendments.withdraw              POST  LFFFFFY LFFFFFY
answers.accept                   POST  YYYYYYY YYYYYYY
answers.ask_for_call             POST  YYYYYYY YYYYYYY
answers.call_done                POST  LFFYFFF LFFNFFF
answers.calls                    GET   LFFYFFF LFFYFFF
answers.decline                  POST  YYYYYYY YYYYYYY
answers.message                  GET   LFFYFFF LFFNFFF
answers.message                  POST  LFFYFFF LFFNFFF
answers.proposal                 GET   YYYYYYY YYYYYYY
answers.response                 GET   LFFYYFF LFFYYFF
assessments.agree                POST  LFFYFFF LFFNFFF
assessments.close                POST  LFFYFFF LFFNFFF
assessments.comment              POST  LFYFFFF LFNFFFF
assessments.detail               GET   LYYYFFF LNNNFFF
assessments.detail               POST  LFFYFFF LNNNFFF
assessments.index                GET   LYYYFFF LNNNFFF
assessments.open_sheet           POST  LFFYFFF LFFNFFF
assessments.paper                GET   LFFYFFF LFFYFFF
assessments.paper                POST  LFFYFFF LFFYFFF
assessments.print_sheet          GET   LYYYFFF LNNNFFF
assessments.withdraw             POST  LFFYFFF LFFNFFF
assessments.workplace            GET   YYYYYYY YYYYYYY
assessments.workplace            POST  YYYYYYY YYYYYYY
audit.index                      GET   LFFFFYY LFFFFYY
audit.people                     GET   LFFFFYN LFFFFNN
cards.add_certificate            POST  LFYYFFF LFNNFFF
cards.add_found                  POST  LFYYFFF LFNNFFF
cards.add_skill                  POST  LFYYFFF LFNNFFF
cards.create                     POST  LFFYFFF LFFNFFF
cards.detail                     GET   LFYYFFF LFNNFFF
cards.edit                       GET   LFYYFFF LFNNFFF
cards.edit                       POST  LFYYFFF LFNNFFF
cards.own                        GET   LFYFFFF LFYFFFF
cards.history                    GET   LFYYFFF LFNNFFF
cards.paper                      GET   LFYYFFF LFNNFFF
cards.print_card                 GET   LFYYFFF LFNNFFF
cards.progress                   GET   LFYYFFF LFNNFFF
cards.remove_certificate         POST  LFYYFFF LFNNFFF
cards.remove_skill               POST  LFYYFFF LFNNFFF
cards.skills                     GET   LFYYFFF LFNNFFF
citizens.detail                  GET   LFFYFFF LFFNFFF
citizens.edit                    GET   LFFYFFF LFFNFFF
citizens.edit                    POST  LFFYFFF LFFNFFF
citizens.erase                   GET   LFFYFFF LFFNFFF
citizens.erase                   POST  LFFYFFF LFFNFFF
citizens.give_login_code         POST  LFFYFFF LFFNFFF
citizens.index                   GET   LFFYFFF LFFYFFF
citizens.looks                   GET   LFYFFFF LFYFFFF
citizens.new                     GET   LFFYFFF LFFYFFF
citizens.new                     POST  LFFYFFF LFFYFFF
citizens.set_active              POST  LFFYFFF LFFNFFF
citizens.set_passive             POST  LFFYFFF LFFNFFF
citizens.withdraw_login_code     POST  LFFYFFF LFFNFFF
consents.answer                  POST  LFYFFFF LFNFFFF
consents.index                   GET   LFFYFFF LFFNFFF
consents.link                    GET   LFFYFFF LFFNFFF
consents.new                     GET   LFFYFFF LFFNFFF
consents.new                     POST  LFFYFFF LFFNFFF
consents.record_answer           POST  LFFYFFF LFFNFFF
consents.shared                  GET   NNNNNNN NNNNNNN
consents.take_back               POST  LFYFFFF LFNFFFF
consents.withdraw                POST  LFFYFFF LFFNFFF
curation.dismiss                 POST  LFFYFFF LFFNFFF
curation.index                   GET   LFFYFFF LFFYFFF
curation.link                    POST  LFFYFFF LFFNFFF
curation.make_skill              POST  LFFYFFF LFFNFFF
curation.phrase                  GET   LFFYFFF LFFNFFF
curation.restore                 POST  LFFYFFF LFFNFFF
employers.accept                 GET   YYYYYYY YYYYYYY
employers.accept                 POST  YYYYYYY YYYYYYY
employers.access                 GET   LYFFFFF LYFFFFF
employers.access                 POST  LYFFFFF LYFFFFF
employers.add_workplace          GET   LYFFFFF LYFFFFF
employers.add_workplace          POST  LYFFFFF LYFFFFF
employers.approve                POST  LFFYFFF LFFNFFF
employers.approve_after_call     POST  LFFYFFF LFFNFFF
employers.approve_colleague      POST  LYFFFFF LNFFFFF
employers.confirm                GET   YYYYYYY YYYYYYY
employers.confirm                POST  YYYYYYY YYYYYYY
employers.detail                 GET   LFFYYFF LFFNNFF
employers.edit_contact           GET   LYFFFFF LYFFFFF
employers.edit_contact           POST  LYFFFFF LYFFFFF
employers.edit_employer              GET   LYFFFFF LYFFFFF
employers.edit_employer              POST  LYFFFFF LYFFFFF
employers.index                  GET   LFFYYFF LFFYYFF
employers.invite                 GET   LYFFFFF LYFFFFF
employers.invite                 POST  LYFFFFF LYFFFFF
employers.joining_wish           GET   LYFFFFF LNFFFFF
employers.name_representative    GET   LYFFFFF LNFFFFF
employers.name_representative    POST  LYFFFFF LNFFFFF
employers.own                    GET   LYFFFFF LYFFFFF
employers.refuse                 POST  LFFYFFF LFFNFFF
employers.refuse_colleague       POST  LYFFFFF LNFFFFF
employers.remove_colleague       GET   LYFFFFF LNFFFFF
employers.remove_colleague       POST  LYFFFFF LNFFFFF
employers.remove_contact         GET   LFFYFFF LFFNFFF
employers.remove_contact         POST  LFFYFFF LFFNFFF
employers.register               GET   YYYYYYY YYYYYYY
employers.registered             GET   YYYYYYY YYYYYYY
employers.registration           GET   LFFYFFF LFFNFFF
employers.registrations          GET   LFFYFFF LFFYFFF
employers.send_registration      POST  YYYYYYY YYYYYYY
employers.set_active             POST  LFFYFFF LFFNFFF
employers.set_passive            POST  LFFYFFF LFFNFFF
employers.state_staff            GET   LYFFFFF LNFFFFF
employers.state_staff            POST  LYFFFFF LNFFFFF
employers.withdraw_invitation    POST  LYFFFFF LNFFFFF
employer_pages.detail                     GET   LFFYYFF LFFNNFF
employer_pages.own                        GET   LYFFFFF LYFFFFF
employer_pages.referrals                  GET   LFFYYFF LFFYYFF
employer_pages.thanks                     GET   YYYYYYY YYYYYYY
goals.edit                       GET   LFFFYFF LFFFNFF
goals.edit                       POST  LFFFYFF LFFFNFF
goals.figure                     GET   LFFYYFF LFFNNFF
goals.index                      GET   LFFYYFF LFFYYFF
goals.new                        GET   LFFFYFF LFFFYFF
goals.new                        POST  LFFFYFF LFFFYFF
home.healthz                     GET   YYYYYYY YYYYYYY
home.index                       GET   YYYYYYY YYYYYYY
home.privacy                     GET   YYYYYYY YYYYYYY
home.accessibility_statement                         GET   YYYYYYY YYYYYYY
imports.confirm                  POST  LFFYFFN LFFNFFN
imports.drop                     POST  LFFYFFN LFFNFFN
imports.errors                   GET   LFFYFFN LFFNFFN
imports.example                  GET   LFFYFFY LFFYFFY
imports.index                    GET   LFFYFFY LFFYFFY
imports.preview                  GET   LFFYFFN LFFNFFN
imports.upload                   POST  LFFYFFY LFFYFFY
imports.words                    GET   LFFFFFY LFFFFFY
matches.answer                   POST  LFFYFFF LFFNFFF
matches.best_for_card            GET   LFFYFFF LFFNFFF
matches.best_for_opening         GET   LFFYFFF LFFNFFF
intake.answer                    POST  LFYYFFF LFNNFFF
intake.index                     GET   LFYYFFF LFNNFFF
intake.put_on_card               POST  LFYYFFF LFNNFFF
intake.step                      GET   LFYYFFF LFNNFFF
intake.summary                   GET   LFYYFFF LFNNFFF
matches.for_card                 GET   LFFYFFF LFFNFFF
matches.for_opening              GET   LFFYFFF LFFNFFF
matches.unmatched_cards          GET   LFFYFFF LFFYFFF
matches.unmatched_openings       GET   LFFYFFF LFFYFFF
matches.near_misses              GET   LFFYFFF LFFNFFF
matches.near_openings            GET   LFFYFFF LFFNFFF
matches.suggestion               GET   LFFYFFF LFFNFFF
matches.take_back                POST  LFFYFFF LFFNFFF
meetings.for_match               GET   LFFYFFF LFFNFFF
meetings.for_placement           GET   LFFYFFF LFFNFFF
meetings.index                   GET   LFFYFFF LFFYFFF
meetings.print_cards             GET   LFFYFFF LFFYFFF
meetings.print_match             GET   LFFYFFF LFFNFFF
meetings.print_placement         GET   LFFYFFF LFFNFFF
mine.data                        GET   LFYFFFF LFYFFFF
mine.data_of                     GET   LFFYFFF LFFNFFF
mine.enter                       GET   YYYYYYY YYYYYYY
mine.enter                       POST  YYYYYYY YYYYYYY
mine.index                       GET   LFYFFFF LFYFFFF
mine.language                    POST  LFYFFFF LFYFFFF
municipalities.index             GET   LFFFFFY LFFFFFY
municipalities.new               GET   LFFFFFY LFFFFFY
municipalities.new               POST  LFFFFFY LFFFFFY
neighbours.end                   GET   LFFFFFY LFFFFFY
neighbours.end                   POST  LFFFFFY LFFFFFY
neighbours.index                 GET   LFFFYYY LFFFYYY
neighbours.new                   GET   LFFFFFY LFFFFFY
neighbours.new                   POST  LFFFFFY LFFFFFY
openings.detail                  GET   LYFYYFF LNFNNFF
openings.edit                    GET   LYFYFFF LNFNFFF
openings.edit                    POST  LYFYFFF LNFNFFF
openings.index                   GET   LYFYYFF LYFYYFF
openings.acknowledge_wording           POST  LFFYFFF LFFNFFF
openings.new                     GET   LYFYFFF LYFYFFF
openings.new                     POST  LYFYFFF LYFYFFF
openings.pause                   POST  LYFYFFF LNFNFFF
openings.publish                 POST  LYFYFFF LNFNFFF
openings.renew                   POST  LYFYFFF LNFNFFF
openings.renew_by_link           GET   YYYYYYY YYYYYYY
openings.renew_by_link           POST  YYYYYYY YYYYYYY
openings.resume                  POST  LYFYFFF LNFNFFF
openings.withdraw                POST  LYFYFFF LNFNFFF
outbox.detail                    GET   LFFYFYF LFFNFNF
outbox.index                     GET   LFFYFYF LFFYFYF
outbox.mine                      GET   LYYYYYY LYYYYYY
outbox.mine                      POST  LYYYYYY LYYYYYY
outbox.send_anew                 POST  LFFYFYF LFFNFNF
outbox.settle                    POST  LFFYFYF LFFNFNF
outbox.stop                      GET   YYYYYYY YYYYYYY
outbox.stop                      POST  YYYYYYY YYYYYYY
partnerships.detail              GET   LFFYYFF LFFNNFF
partnerships.end                 POST  LFFYFFF LFFNFFF
partnerships.index               GET   LFFYYFF LFFYYFF
partnerships.name_consultant     POST  LFFYFFF LFFNFFF
partnerships.new                 GET   LFFYFFF LFFYFFF
partnerships.new                 POST  LFFYFFF LFFYFFF
placements.add_follow_up         POST  LFFYFFF LFFNFFF
placements.calendar              GET   LYYYFFF LNNNFFF
placements.cancel                POST  LFFYFFF LFFNFFF
placements.detail                GET   LYYYFFF LNNNFFF
placements.expectation           GET   LNNYFFF LNNNFFF
placements.expectation           POST  LNNYFFF LNNNFFF
placements.hold_follow_up        GET   LFFYFFF LFFNFFF
placements.hold_follow_up        POST  LFFYFFF LFFNFFF
placements.index                 GET   LYYYFFF LYYYFFF
placements.judge                 POST  LFFYFFF LFFNFFF
placements.plan                  GET   LFFYFFF LFFNFFF
placements.plan                  POST  LFFYFFF LFFNFFF
placements.start                 POST  LFFYFFF LFFNFFF
posting.begin                    POST  LYFYFFF LYFYFFF
posting.copy                     POST  LYFYFFF LNFNFFF
posting.discard                  POST  LYFNFFF LNFNFFF
posting.index                    GET   LYFYFFF LYFYFFF
posting.publish                  POST  LYFNFFF LNFNFFF
posting.reach                    GET   LYFNFFF LNFNFFF
posting.save                     POST  LYFNFFF LNFNFFF
posting.step                     GET   LYFNFFF LNFNFFF
posting.summary                  GET   LYFNFFF LNFNFFF
quality.change_weights           POST  LFFFYFF LFFFYFF
quality.index                    GET   LFFYYFF LFFYYFF
quality.runs                     GET   LFFYYYY LFFYYYY
quality.weights                  GET   LFFYYFF LFFYYFF
reviews.accept                   POST  LYFFFFF LNFFFFF
reviews.answer                   POST  LFYFFFF LFNFFFF
reviews.approve                  POST  LFFYFFF LFFNFFF
reviews.decline                  POST  LYFFFFF LNFFFFF
reviews.detail                   GET   LFFYFFF LFFNFFF
reviews.match_record             GET   LFFYFFF LFFNFFF
reviews.mine                     GET   LFYFFFF LFYFFFF
reviews.print_record             GET   LFFYFFF LFFNFFF
reviews.proposal                 GET   LYFFFFF LNFFFFF
reviews.proposals                GET   LYFFFFF LYFFFFF
reviews.queue                    GET   LFFYFFF LFFYFFF
reviews.record_answer            POST  LFFYFFF LFFNFFF
reviews.record_withdrawal        POST  LFFYFFF LFFNFFF
reviews.refuse                   POST  LFFYFFF LFFNFFF
reviews.withdraw                 POST  LFYFFFF LFNFFFF
rules.history                    GET   LFFYYYY LFFYYYY
rules.index                      GET   LFFYYYY LFFYYYY
rules.not_read                   GET   LFFYYYY LFFYYYY
skills.add_broader               POST  LFFYFFY LFFYFFY
skills.add_synonym               POST  LFFYFFY LFFYFFY
skills.changes                   GET   LFFYYYY LFFYYYY
skills.edit                      GET   LFFYFFY LFFYFFY
skills.edit                      POST  LFFYFFY LFFYFFY
skills.index                     GET   LFFYYYY LFFYYYY
skills.phrases                   GET   LFFYYYY LFFYYYY
skills.remove                    POST  LFFYFFY LFFYFFY
skills.remove_broader            POST  LFFYFFY LFFYFFY
skills.remove_synonym            POST  LFFYFFY LFFYFFY
skills.suggest                   POST  LYYYFFF LYYYFFF
users.detail                     GET   LFFFFYN LFFFFNN
users.disable                    POST  LFFFFYN LFFFFNN
users.enable                     POST  LFFFFYN LFFFFNN
users.index                      GET   LFFFFYY LFFFFYY
users.new                        GET   LFFFFYY LFFFFYY
users.new                        POST  LFFFFYY LFFFFYY
users.new_link                   POST  LFFFFYN LFFFFNN
users.withdraw_link              POST  LFFFFYN LFFFFNN
vitas.declare_ready              POST  LFFYFFF LFFNFFF
vitas.note_case_number           POST  LFFYFFF LFFNFFF
vitas.print_sheet                GET   LFFYFFF LFFNFFF
vitas.sheet                      GET   LFFYFFF LFFNFFF
vitas.write                      POST  LFFYFFF LFFNFFF
wishes.add                       POST  LFFYFFF LFFNFFF
wishes.index                     GET   LFFYFFF LFFNFFF
wishes.remove                    POST  LFFYFFF LFFNFFF
work.add_wish                    POST  LFYFFFF LFYFFFF
work.index                       GET   LFYFFFF LFYFFFF
work.remove_wish                 POST  LFYFFFF LFNFFFF
static                           GET   YYYYYYY YYYYYYY
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
        "contact_id": factories.make_colleague(employer).id,
        "citizen_id": person.id,
        "card_id": card.id,
        "evidence_id": card.evidence[0].id,
        "certificate_id": factories.make_certificate(card).id,
        "wish_id": factories.make_wish(card).id,
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
        "registration_id": factories.make_registration(home, cvr=employer.cvr).id,
        "industry": "koekken",
        "rule_id": factories.rule("praktik-weeks").id,
        "own_rule_id": factories.put_number("praktik-hours-most", "30", date(2027, 1, 1), place=home).id,
        "agreement_id": db.session.scalars(sa.select(NeighbourAgreement.id)).first(),
        "party": "consultant",
        "where": "card",
        "kind": "evidence",
        "row_id": factories.make_words(card, "stemme xylofoner").id,
        "skill_id": vegetables.id,
        "broader_id": factories.skill("køkkenhygiejne").id,
        "synonym_id": vegetables.synonyms[0].id,
        "filename": "portal.css",
        "name": "virksomheder.csv",
        "entry_id": factories.make_list_look(person).id,
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
        "operator": factories.user("drift@portal.example"),
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
        assert re.fullmatch("[YLFN]{7}", line.own), line
        assert re.fullmatch("[YLFN]{7}", line.stranger), line
