"""A double click on any form makes one record, and both clicks end where the first one led.

The forms are those that stand on the pages of the stage of `test_roles`, and those that show after these were sent.
Nobody keeps a list of them: a new form is found by its page, and fails when it is not protected or cannot be sent.
"""

import contextvars
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from threading import Barrier, local
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, current_app, url_for
from werkzeug.test import TestResponse

from portal import security
from portal.base import database
from portal.base.database import Submission, db, transaction
from portal.base.terms import Industry
from portal.interventions.cohorts.models import Cohort, SessionState
from portal.interventions.pathways import journeys
from portal.interventions.pathways.models import JobPackage
from portal.lexicon import fold
from portal.loop.assessments.models import Assessment, AssessmentKind
from portal.loop.cards import intake
from portal.loop.cards.models import CompetenceCard, Frequency, Setting
from portal.loop.employers.models import AccessReview, Employer
from portal.loop.openings.models import OpeningStatus
from portal.loop.placements.models import Expectation, FollowUp, Party, Placement, PlacementStatus
from portal.loop.reviews.models import Answer, Review
from portal.matching import Weights
from portal.shared.accounts.models import AuthenticatorApp
from portal.shared.outbox.models import MailState
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.shared.rules.services import RuleDetails, put_rule
from portal.web import submissions
from portal.web.link_answers import READER
from portal.web.links import SECRET_ARGUMENTS, LinkPurpose
from portal.web.paper.codes import code_of
from portal.workspaces.curation.models import DismissedPhrase
from portal.workspaces.vitas.models import Confirmation, VitasSheet
from tests import factories
from tests.client import PortalClient
from tests.support.databases import Stage
from tests.support.forms import FILLINGS, SHAPED, SOME_WORDS, Filling, Kind, Sending, fill_in, post_forms
from tests.support.links import links_of, password_token
from tests.test_roles import EXPECTED, ROLES, Scene, a_proposal_link, kept_scene

CARRIED_OUT_EACH_TIME = {
    "accounts.login": "a session each: the repeat must not be sent away without its cookie",
    "accounts.login_code": "as login",
    "accounts.stay": "tells that she is still there; writes nothing but when she was last seen",
    "employer_merging.of_employer": "as merging.index",
    "merging.index": "looks a number up, which no address may hold, and leads to the page; writes nothing",
    "mine.code": "as login",
    "mine.enter": "as login",
    "second_step.step": "as login",
    "second_step.set_up_app": "as login",
    "second_step.set_up_passkey": "as login",
    "accounts.forgotten": "a counted try and a mail each; the answer tells nothing",
}
"""Forms without a `form_id`, and why a repeat of them is harmless."""

ANSWERED_BY_A_DEVICE = {
    "second_step.own_app": "its code is the app's; tests/shared/accounts/test_second_step.py presses twice",
    "second_step.own_passkey": "as own_app",
}

IN_THE_SECOND_STEP = (
    "stands in the second step of a link; tests/workspaces/answers/test_views.py presses twice"
)

IN_THE_STEPS_OF_A_SHEET = "as those; tests/loop/assessments/test_by_link.py presses twice"

WITHOUT_A_FORM = {
    "consents.undo": "of a no that was just said; tests/workspaces/consents/test_views.py presses twice",
    "mentor_agreements.answer_by_link": "as those; tests/interventions/mentoring/test_story.py presses twice",
    "settling.answer_by_link": "as those of answers; tests/loop/placements/test_settling.py presses twice",
    "answers.send_proposal_link": "of a proposal an employer has not answered; the form of openings.send_renewal_link",
    "settling.send_link": "of a settlement an employer has not said yes to; as answer_by_link",
    "answers.accept": IN_THE_SECOND_STEP,
    "answers.ask_for_call": IN_THE_SECOND_STEP,
    "answers.decline": IN_THE_SECOND_STEP,
    "answers.take_back": IN_THE_SECOND_STEP,
    "openings.renew_by_link": IN_THE_SECOND_STEP,
    "assessments.take_back": IN_THE_STEPS_OF_A_SHEET,
    "outbox.new_link": "stands where a link is too old; tests/shared/outbox/test_anew.py asks twice",
    "outbox.stop": "as those; tests/security/test_secret_addresses.py presses twice",
    "freezing.freeze": "of a goal whose time is over; tests/ledger/goals/test_freezing_views.py presses twice",
    "placements.judge_going_on": "sent by the fields of a plan while one writes it; writes nothing",
    "placements.judge_change": "sent by the fields of a change while one writes it; writes nothing",
    "placements.judge": "sent by the fields of a plan while one writes it; writes nothing",
    "skills.suggest": "asked by the field while one types; writes nothing",
    "cards.add_found": "stands in the answer to a text that was read; tests/loop/cards/test_found.py presses twice",
    "imports.bring_reference_in": "of an empty portal; tests/workspaces/home/test_start.py presses twice",
}

MOST_WAYS = 6
"""On how many pages a form is tried before it counts as one that cannot be sent."""

LONGEST_WAY = 3

Values = dict[str, Any]


# --- The stage -----------------------------------------------------------------------------------------------


def further_records(scene: Scene) -> list[tuple[str, Values]]:
    """What stands beside the scene's records, by the names in URLs, in the states in which the other forms show.

    Each with who comes to see it.
    """
    employer = db.session.get_one(Employer, scene.values["employer_id"])
    card = db.session.get_one(CompetenceCard, scene.values["card_id"])
    karin = factories.user("karin@kommune.example")
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    begun = {"status": PlacementStatus.RUNNING, "starts_on": factories.TODAY - timedelta(days=20)}

    def review(**answers: Answer) -> Review:
        return factories.make_review(factories.make_match(factories.make_opening(employer), card), **answers)

    newcomer = factories.make_card(factories.make_citizen("Selam", case_reference=SOME_WORDS))
    unknown = factories.make_target_group("Målgruppe 9")
    factories.make_membership(unknown, newcomer.citizen)
    expiring = factories.make_opening(
        employer, expires_on=factories.TODAY + timedelta(days=2), description="Vi søger en ung mand."
    )
    planned, running, ending = (
        factories.make_placement(review(**both), **values)
        for values in ({"starts_on": factories.TODAY}, begun, begun)
    )
    settled, halfway = (factories.make_placement(review(**both), starts_on=factories.TODAY) for _ in range(2))
    factories.make_settlement(settled)
    factories.make_settlement(halfway, confirmations=[])
    lawful = factories.make_placement(
        factories.make_review(
            factories.make_match(factories.make_opening(factories.make_employer("Dorte"))), **both
        )
    )
    factories.make_change(lawful)
    elsewhere = factories.make_opening(factories.make_employer("Erna"))  # each employer has few that wait
    unasked, agreed = (
        factories.make_review(factories.make_match(elsewhere, one), citizen_answer=answer)
        for one, answer in ((card, Answer.PENDING), (newcomer, Answer.YES))
    )
    with transaction():
        talk = FollowUp(placement_id=running.id, due_on=factories.TODAY)
        db.session.add(talk)
    disputed = factories.make_sheet(running)
    last = factories.make_sheet(running, kind=AssessmentKind.END, number=2)
    closed = factories.make_sheet(ending, closed_at=factories.NOW, assessed_on=factories.TODAY)
    set_aside = factories.make_words(card, "folde papirsvaner")
    with transaction():
        mette = factories.user("mette@kommune.example")  # who may change her password, because she has one
        mette.password_hash = current_app.extensions["passwords"].hash(SHAPED["old"])
        mette.second_factor_since = factories.NOW
        app = {"sealed_secret": "nobody's", "made_at": factories.NOW, "last_step": 0}
        db.session.add(AuthenticatorApp(user_id=mette.id, **app))
        for party in Party:
            words = {"purpose": "Lære", "time_frame": "4 uger", "development": "Hygiejne"}
            said = {"placement_id": planned.id, "stated_at": factories.NOW, "recorded_by_id": karin.id}
            db.session.add(Expectation(party=party, **said, **words))
        for line in db.session.get_one(Assessment, disputed.id).lines:
            line.employer_level, line.consultant_level = 1, 3
        for task in intake.steps_of(Industry.KOEKKEN)[0]:
            done = intake.Done(Frequency.OFTEN, Setting.WORK)
            intake.save_answers(card, {task.key: done}, by=None, at=factories.NOW)
        db.session.add(
            DismissedPhrase(
                municipality_id=karin.municipality_id, folded=fold(set_aside.text), dismissed_at=factories.NOW
            )
        )
        db.session.add(
            VitasSheet(
                placement_id=lawful.id,
                purpose=PraktikPurpose.TRAINING,
                representative_name="Grete",
                representative_stated_on=factories.TODAY,
                answers=dict.fromkeys(
                    (Confirmation.NOT_LAST_EMPLOYER, Confirmation.NOT_OWNED_BY_FAMILY), "yes"
                ),
                written_at=factories.NOW,
                written_by_id=karin.id,
            )
        )
        weeks = factories.rule("answer-hours")
        kept = ("key", "title", "value", "unit", "reference", "source", "certainty", "valid_to")
        new_year = RuleDetails(
            **{name: getattr(weeks, name) for name in kept},
            valid_from=date(2027, 1, 1),
            checked_by="Ali",
            checked_on=factories.TODAY,
        )
        coming = put_rule(new_year, by=karin, at=factories.NOW)
        small = factories.skill("mundpleje og tandbørstning")
        small.broader.append(factories.skill("hjælp til personlig hygiejne og bad"))
    links, tomorrow = links_of(current_app), factories.NOW + timedelta(days=1)
    sixteen = factories.TODAY.replace(year=factories.TODAY.year - 16)
    pupil, asked_for = (factories.make_citizen(name, born_on=sixteen) for name in ("Ali", "Hodan"))
    factories.make_parents_yes(pupil)
    helped = factories.make_mentor_agreement(newcomer.citizen, is_agreed=True)
    idle = factories.make_mentor("Anton Aller")
    former = factories.make_mentor("Bente Bo", email=None, archived_at=factories.NOW)
    renewal = links.sign(LinkPurpose.RENEWAL, expiring.id, f"{expiring.expires_on}", expires_at=tomorrow)
    token = password_token(current_app, karin)
    proposal = factories.make_consent(card, employer, review=review(citizen_answer=Answer.YES))
    factories.make_municipality("Allerød")  # which has no agreement with anybody yet
    with transaction():
        db.session.add(AccessReview(employer_id=employer.id, begun_at=factories.NOW))
    imported = factories.make_employer("Indlæst ApS", owner=None)
    ida = factories.make_colleague(imported, "Ida", login=False)
    factories.make_invitation(imported, email=ida.email, invited_by_id=karin.id)
    # On the citizen's own page, as the first of the two above is:
    factories.make_consent(card, employer, answer=Answer.PENDING)
    return [
        ("leader", {"passkey_id": factories.make_passkey(mette).id}),
        ("admin", {"user_id": mette.id}),
        ("consultant", {"citizen_id": newcomer.citizen_id, "card_id": newcomer.id}),
        ("consultant", {"citizen_id": factories.make_citizen("Zahra").id}),  # on no way yet
        ("consultant", {"group_id": unknown.id}),
        *(("consultant", {"citizen_id": one.id}) for one in (pupil, asked_for)),
        *(("consultant", {"mentor_id": one.id}) for one in (idle, former)),
        ("consultant", {"mentor_agreement_id": helped.id}),
        ("consultant", {"citizen_note_id": factories.make_note(newcomer.citizen, by=karin).id}),
        (
            "consultant",
            {
                "employer_contact_id": factories.make_employer_contact(
                    employer, next_done_at=factories.NOW, next_done_by_id=karin.id
                ).id
            },
        ),
        ("consultant", {"opening_id": expiring.id}),
        ("consultant", {"registration_id": factories.make_registration().id}),
        ("employer", {"opening_id": expiring.id}),
        ("visitor", {"renewal": renewal}),
        ("employer", {"opening_id": factories.make_opening(employer, status=OpeningStatus.DRAFT).id}),
        ("employer", {"review_id": review(citizen_answer=Answer.YES).id}),
        *(("consultant", {"match_id": one.match_id}) for one in (unasked, agreed)),
        (
            "consultant",
            {"task_id": factories.make_task(karin, done_at=factories.NOW, done_by_id=karin.id).id},
        ),
        ("visitor", {"proposal_link": a_proposal_link(proposal.id)}),
        ("consultant", {"placement_id": planned.id}),
        ("consultant", {"placement_id": settled.id}),
        ("consultant", {"placement_id": halfway.id}),
        ("consultant", {"placement_id": running.id, "sheet_id": disputed.id}),
        ("consultant", {"follow_up_id": talk.id, "placement_id": running.id}),
        ("consultant", {"placement_id": ending.id}),
        ("citizen", {"sheet_id": last.id}),
        ("consultant", {"sheet_id": last.id}),
        ("citizen", {"sheet_id": closed.id}),
        ("consultant", {"sheet_id": closed.id}),
        ("consultant", {"placement_id": lawful.id}),
        ("consultant", {"row_id": set_aside.id}),
        ("consultant", {"mail_id": factories.make_mail(state=MailState.UNCONFIRMED).id}),
        (
            "visitor",
            {"password_link": token},
        ),
        ("operator", {"rule_id": coming.id}),
        ("operator", {"rule_id": factories.make_waiting_rule().id}),
        ("consultant", {"skill_id": small.id}),
        ("consultant", {"employer_id": imported.id, "contact_id": ida.id}),
        *(("consultant", values) for values in in_the_efforts(scene, lawful)),
    ]


def in_the_efforts(scene: Scene, planned: Placement) -> list[Values]:
    """A session that was cancelled, a step that was begun, and one that a placement carries."""
    cohort = db.session.get_one(Cohort, scene.values["cohort_id"])
    next_week = factories.TODAY + timedelta(days=7)
    cancelled = factories.make_cohort_session(
        cohort, on_day=next_week, state=SessionState.CANCELLED, settled_at=factories.NOW
    )
    package = db.session.get_one(JobPackage, scene.values["package_id"])
    way = factories.make_journey(planned.card.citizen, package)
    with transaction():
        begun, carried, *_later = way.steps
        journeys.begin_step(begun, on=factories.TODAY, by=None, at=factories.NOW)
        carried.placement_id = planned.id
    return [
        {"cohort_session_id": cancelled.id},
        *({"journey_id": way.id, "way_step_id": step.id} for step in (begun, carried)),
    ]


TRIED_WEIGHTS = {name: str(value) for name, value in (asdict(Weights()) | {"must": 4}).items()}
"""Part of the address where the form stands that sets them."""

QUESTIONS = {
    "quality.weights": TRIED_WEIGHTS,
    "skills.edit": {"q": "opvask"},
    "cohorts.new": {"kind": "1"},
    "saved_filters.index": {"list": "/tasks/", "now": "state=late"},
    "reviews.several": {"match": "{match_id}"},
}
"""What a page is asked, by its view, so that its other forms show; a name in braces is the record of the scene."""


@dataclass(frozen=True)
class Page:
    """A page by the name of its view, and the number of the records that it is about."""

    endpoint: str
    records: int


class Browsers:
    """Everybody signed in on one stage, and how to put back what stood there before a click."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        kept, scene, _stranger = kept_scene(stage)
        stage.reset(kept)
        further = further_records(scene)
        self.records: list[Values] = [scene.values, *(scene.values | values for _role, values in further)]
        self.comers = [(role, set(values)) for role, values in further]
        self.known = {"code": code_of(db.session.get_one(Assessment, scene.values["sheet_id"]).lines[0].id)}
        self.people = scene.people
        self._by_role = {role: PortalClient(stage.app, scene.people.get(role)) for role in ROLES}
        self._cookies = {
            role: _cookie(browser) | {READER: f"the browser of the {role}"}
            for role, browser in self._by_role.items()
        }
        self._kept = stage.keep("double-click")

    def reset(self) -> None:
        db.session.remove()
        self._stage.reset(self._kept)

    def fresh(self, role: str) -> PortalClient:
        """A browser as it was before the click: the second is sent before the first is answered."""
        twin = PortalClient(self._stage.app)
        with twin._browser.session_transaction() as cookie:
            cookie.update(self._cookies[role])
        return twin

    def url(self, page: Page) -> str:
        with self._stage.app.test_request_context():
            rules = [
                one
                for one in self._stage.app.url_map.iter_rules(page.endpoint)
                if "GET" in (one.methods or ())
            ]
            records = self.records[page.records]
            query = {
                name: said.format_map(records) for name, said in QUESTIONS.get(page.endpoint, {}).items()
            }
            values = {name: records[name] for name in rules[0].arguments}
            return url_for(page.endpoint, **values, **query)


def _cookie(browser: PortalClient) -> Values:
    browser._csrf_token()
    with browser._browser.session_transaction() as cookie:
        return dict(cookie)


def ask(browser: PortalClient, url: str) -> TestResponse:
    """A page without the house rules: they are looked at elsewhere, on every page."""
    return contextvars.Context().run(browser._browser.get, url)


def send(browser: PortalClient, sending: Sending, *, htmx: bool = False) -> TestResponse:
    headers = {"HX-Request": "true"} if htmx else {}
    return contextvars.Context().run(
        lambda: browser._browser.post(sending.action, data=sending.data(), headers=headers)
    )


def led_to(answer: TestResponse) -> str | None:
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect")


def result_of(sending: Sending) -> Submission | None:
    """What is remembered of a form that was carried out."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Submission, sending.form_id) if sending.form_id else None


def location_of(app: Flask, result: Submission, sending: Sending) -> str | None:
    """Where the repeat is led: what opens the form's own page is not stored, and filled in again from its address."""
    _endpoint, values = app.url_map.bind("localhost").match(urlsplit(sending.action).path, method="POST")
    led = result.location
    for name, value in values.items():
        assert name not in SECRET_ARGUMENTS or str(value) not in (led or ""), (
            f"{sending.action}: stored in clear"
        )
        led = led and led.replace(f"[[{name}]]", str(value))
    return led


def rows() -> Counter[str]:
    """How many rows each table holds."""
    tables = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in db.metadata.tables)
    with db.engine.connect() as connection:
        return Counter(dict(connection.exec_driver_sql(tables).all()))


# --- The walk ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """How to come to a form: who opens which page, and which forms she sends before it."""

    role: str
    page: Page
    before: tuple[tuple[Kind, Filling], ...] = ()


@dataclass(frozen=True)
class Recipe:
    """A form that can be carried out, how, and how many rows it makes."""

    kind: Kind
    way: Way
    filling: Filling
    makes: Counter[str]


class Walk:
    """Sends every form, each on a stage set anew; what only shows after another was sent comes after that one."""

    def __init__(self, app: Flask, browsers: Browsers) -> None:
        self._app, self._browsers, self._at_first = app, browsers, rows()
        self.recipes: dict[Kind, Recipe] = {}
        self.first_steps: set[Kind] = set()
        """Forms that only show what the next one sends, which was carried out."""
        self.refused: dict[Kind, str] = {}
        self.repeated_badly: list[str] = []
        self._waiting: deque[tuple[Kind, Way, Tag]] = deque()
        self._ways: Counter[Kind] = Counter()

    def send_all(self) -> None:
        for role in ROLES:
            browser = self._browsers.fresh(role)
            for page in self._pages_of(role):
                self._note(ask(browser, self._browsers.url(page)), Way(role, page))
        while self._waiting:
            kind, way, form = self._waiting.popleft()
            if not self._is_done(kind) and self._ways[kind] < MOST_WAYS:
                self._ways[kind] += 1
                self._send_one(kind, way, form)

    def _is_done(self, kind: Kind) -> bool:
        return kind in self.recipes or kind in self.first_steps

    def _pages_of(self, role: str) -> Iterator[Page]:
        """The pages of the scene that the role may open, and those of the records that she comes to see."""
        for rule in self._app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            expected = EXPECTED[rule.endpoint, "GET"].own[ROLES.index(role)]
            if expected == "Y" or (expected == "N" and rule.endpoint in QUESTIONS):
                yield Page(rule.endpoint, 0)
            for number, (comer, names) in enumerate(self._browsers.comers, 1):
                if comer == role and names & rule.arguments:
                    yield Page(rule.endpoint, number)

    def _note(self, answer: TestResponse, way: Way) -> None:
        if answer.mimetype != "text/html" or answer.status_code >= 400:
            return
        for kind, form in post_forms(self._app, answer.data):
            skipped = CARRIED_OUT_EACH_TIME.keys() | ANSWERED_BY_A_DEVICE.keys()
            if not self._is_done(kind) and kind.endpoint not in skipped:
                self.refused.setdefault(kind, "is gone when it shall be sent")
                self._waiting.append((kind, way, form))

    def _send_one(self, kind: Kind, way: Way, form: Tag) -> None:
        for filling in FILLINGS:
            self._browsers.reset()
            browser = self._browsers.fresh(way.role)
            if way.before:
                sending, before = self.ready(browser, kind, way, filling), rows()
            else:  # the stage is as it was when the page was asked for
                sending, before = fill_in(form, filling, self._browsers.known), self._at_first
            if sending is None:
                return
            answer = send(browser, sending)
            further = replace(way, before=(*way.before, (kind, filling)))
            if result_of(sending) is not None:
                self.refused.pop(kind)
                self._pass_first_steps(kind, way)
                after = rows()
                self.recipes[kind] = Recipe(kind, way, filling, after - before)
                self._repeat(kind, way.role, sending, after)
                for page in self._after(browser, sending, answer):
                    self._note(page, further)
                return
            why = "" if sending.form_id else "carries no form_id; "
            self.refused[kind] = f"{why}{answer.status_code} {led_to(answer) or ''} {_said(answer)}"
            if answer.status_code == 200 and len(further.before) <= LONGEST_WAY:
                self._note(answer, further)  # a form of two steps

    def _pass_first_steps(self, kind: Kind, way: Way) -> None:
        """What was only shown to be read, on the same address, has done its part when the second step is sent."""
        shown = {one for one, _filling in way.before if one.endpoint == kind.endpoint} - self.recipes.keys()
        self.first_steps |= shown
        for one in shown:
            self.refused.pop(one, None)

    def _repeat(self, kind: Kind, role: str, sending: Sending, after: Counter[str]) -> None:
        """The second click of a browser, of htmx, and one that looked for the first before that was stored."""
        result = result_of(sending)
        led = location_of(self._app, result, sending) if result else None
        answers = [send(self._browsers.fresh(role), sending, htmx=htmx) for htmx in (False, True)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(submissions, "was_carried_out", lambda form_id: False)
            answers.append(send(self._browsers.fresh(role), sending))
        seen = [(answer.status_code, led_to(answer)) for answer in answers]
        if led is None or seen != [(303, led), (204, led), (303, led)] or rows() != after:
            self.repeated_badly.append(f"{kind}: first {led}, then {seen}, and made {rows() - after}")

    def ready(self, browser: PortalClient, kind: Kind, way: Way, filling: Filling) -> Sending | None:
        """The form as it stands on its page, filled in; what comes before it is sent."""
        pages = iter([ask(browser, self._browsers.url(way.page))])
        for step, filled in way.before:
            sending = self._find(step, pages, filled)
            if sending is None:
                return None
            pages = self._after(browser, sending, send(browser, sending))
        return self._find(kind, pages, filling)

    def _find(self, kind: Kind, pages: Iterable[TestResponse], filling: Filling) -> Sending | None:
        forms = (form for page in pages for found, form in post_forms(self._app, page.data) if found == kind)
        form = next(forms, None)
        return None if form is None else fill_in(form, filling, self._browsers.known)

    def _after(self, browser: PortalClient, sending: Sending, answer: TestResponse) -> Iterator[TestResponse]:
        """The answer, and the page to which it leads."""
        yield answer
        result = result_of(sending)
        led = location_of(self._app, result, sending) if result is not None else None
        if led is not None:
            yield ask(browser, led)


def _said(answer: TestResponse) -> str:
    page = BeautifulSoup(answer.data, "html.parser")
    return " ".join(
        text for one in page.select(".form-error-message, .alert") for text in one.stripped_strings
    )


# --- The tests -----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a form led is stored however busy the machine is; in earnest nobody waits that long for it."""
    monkeypatch.setattr(security, "MARKS_WAIT_SECONDS", 30.0)


_walked: list[Walk] = []


def walk_on(stage: Stage) -> Walk:
    """Once a worker: what can be sent, and how."""
    if not _walked:
        with stage.app.app_context():
            walk = Walk(stage.app, Browsers(stage))
            walk.send_all()
            db.session.remove()
        _walked.append(walk)
    return _walked[0]


def test_the_repeat_of_any_form_is_led_to_where_the_first_one_led(
    sqlite_stage: Stage, frozen_clock: None
) -> None:
    walk = walk_on(sqlite_stage)

    assert walk.refused == {}, "not protected, or not sent: tests/support/forms.py says what stands in fields"
    assert walk.repeated_badly == []
    sent = {kind.endpoint for kind in walk.recipes}
    posts = {endpoint for endpoint, method in EXPECTED if method == "POST"}
    elsewhere = CARRIED_OUT_EACH_TIME.keys() | ANSWERED_BY_A_DEVICE.keys() | WITHOUT_A_FORM.keys()
    assert sorted(posts - sent - elsewhere) == [], "on no page of the stage"
    assert sent.isdisjoint(CARRIED_OUT_EACH_TIME)


def both_at_once(
    app: Flask, browsers: list[PortalClient], sending: Sending, monkeypatch: Any
) -> list[TestResponse]:
    """Both clicks have read what they want to know before either of them writes."""
    meet, claim, met = Barrier(len(browsers), timeout=60), database._claim_form, local()

    def claim_together() -> None:
        if not hasattr(met, "once"):
            met.once = True
            meet.wait()
        claim()

    with monkeypatch.context() as patch, ThreadPoolExecutor(len(browsers)) as hands:
        patch.setattr(database, "_claim_form", claim_together)
        return list(hands.map(lambda browser: send(browser, sending, htmx=True), browsers))


@pytest.mark.postgres
def test_two_clicks_at_the_same_moment_are_one(
    sqlite_stage: Stage, postgresql_stage: Stage, frozen_clock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which forms there are, how they are sent and what they make is the same on both databases."""
    recipes, app = walk_on(sqlite_stage).recipes.values(), postgresql_stage.app
    wrong = []
    with app.app_context():
        browsers = Browsers(postgresql_stage)
        walk = Walk(app, browsers)
        for recipe in recipes:
            browsers.reset()
            role = recipe.way.role
            sending = walk.ready(browsers.fresh(role), recipe.kind, recipe.way, recipe.filling)
            assert sending is not None, f"{recipe.kind}, {recipe.way}, {recipe.filling}"
            before = rows()

            answers = both_at_once(app, [browsers.fresh(role) for _click in range(2)], sending, monkeypatch)

            made, led = rows() - before, {led_to(answer) for answer in answers} - {None}
            led = {
                submissions.without_words(str(where)) for where in led
            }  # a search is told to the first click alone
            result = result_of(sending)
            if made != recipe.makes or result is None or led != {location_of(app, result, sending)}:
                wrong.append(f"{recipe.kind}: {answers} led to {led} and made {made}, not {recipe.makes}")
        db.session.remove()

    assert wrong == []
