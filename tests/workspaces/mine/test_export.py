"""All that is stored about her: no table forgotten, by the export or by the erasure; no employee named."""

import json
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import current_app
from pypdf import PdfReader

from portal.base.database import db, transaction
from portal.base.terms import Language, LanguageLevel, Party, SpellKind
from portal.interventions.cohorts.models import (
    CohortAttendance,
    HoursSource,
    LanguageHours,
    Presence,
    TeamGoal,
)
from portal.interventions.target_groups.models import (
    Arrival,
    LadderStep,
    Membership,
    MembershipSource,
    Spell,
    SpellProposal,
    SpellSource,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.ledger.goals.models import FrozenFigure, FrozenLine, FrozenLinePerson
from portal.loop.assessments.models import (
    Assessment,
    AssessmentAspect,
    AssessmentConfirmation,
    AssessmentKind,
    AssessmentLine,
    TurnedOut,
)
from portal.loop.cards.models import CardLanguage, Certificate, Frequency, Setting, TaskAnswer, WishedWork
from portal.loop.citizens import services as citizens
from portal.loop.citizens.footprint import tables_about_a_citizen
from portal.loop.citizens.models import Citizen
from portal.loop.matches.models import GivenAnswer, Outlook
from portal.loop.placements.models import (
    ChangeKind,
    Expectation,
    FollowUp,
    Outcome,
    PlacementChange,
    PlacementGrounds,
    PlacementStatus,
)
from portal.loop.placements.settled import ConfirmedHow, Settlement, SettlementConfirmation
from portal.loop.reviews.models import Answer, Decision, DecisionReason, PutOff, UndoneDecision
from portal.shared.accounts.models import AccessToken, TokenPurpose, User, UserSession
from portal.shared.audit.models import AuditEntry
from portal.shared.rules.law.case import Act
from portal.shared.skills import esco
from portal.web.rooms import rooms
from portal.workspaces.mine.europass import ELM
from portal.workspaces.mine.everything import LOOKS, OMITTED, everything_about
from portal.workspaces.mine.export import SHAPE, _section, _word, as_europass, as_json, as_pdf
from portal.workspaces.search.models import SearchWord
from portal.workspaces.vitas.models import VitasSheet
from tests import factories
from tests.factories import NOW, TODAY
from tests.support.courses import make_seat

LOGIN = {"users", "user_sessions", "access_tokens"}


def ways_to_a_citizen() -> set[str]:
    """Every table from which foreign keys lead to `citizens`, worked out anew from the tables themselves."""
    leads = {
        table.name: {key.column.table.name for key in table.foreign_keys}
        for table in db.metadata.tables.values()
    }
    found = {"citizens"}
    while grown := {name for name, targets in leads.items() if targets & found} - found:
        found |= grown
    return found


def full_life() -> Citizen:
    """A citizen with a row in every table that can hold one about her."""
    citizen = factories.make_citizen("Zarifa", last_name="Quistgaard", with_login=True, language=Language.AR)
    card = factories.make_card(citizen, goal="Zarifa vil bage brød")
    karin, employer = factories.user("karin@kommune.example"), factories.make_employer("Bos Køkken")
    match = factories.make_match(factories.make_opening(employer), card)
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    ended = {"status": PlacementStatus.ENDED, "outcome": Outcome.COMPLETED, "ended_on": TODAY}
    said = [{"rule": "R1", "verdict": "stop", "sentence": "Der er ikke plads", "reference": "§ 65"}]
    placement = factories.make_placement(
        factories.make_review(match, findings=said, **both),
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY,
        **ended,
    )
    factories.make_consent(card, employer)
    factories.make_first_talk(citizen, TODAY)
    factories.make_merged(citizen)
    factories.make_task(karin, citizen_id=citizen.id)
    factories.make_note(citizen, by=karin, struck_at=NOW, struck_by_id=karin.id, struck_because="Forkert dag")
    factories.make_told_apart(citizen, factories.make_citizen("Hodan", last_name="Vig"))
    factories.make_call(placement.review)
    factories.make_mentor_agreement(citizen, is_agreed=True)
    make_seat(citizen)
    cohort = factories.make_cohort()
    factories.make_enrolment(cohort, citizen)
    session = factories.make_cohort_session(cohort)
    factories.make_journey(citizen)
    factories.make_job_talk(placement)
    factories.make_parents_yes(citizen)
    goal = factories.make_goal()
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
        db.session.add(FrozenLinePerson(line_id=line.id, citizen_id=citizen.id))
        group = TargetGroup(municipality_id=citizen.municipality_id, name="Målgruppe 3", created_at=NOW)
        ladder = WorkLadder(municipality_id=citizen.municipality_id, name="Match", created_at=NOW)
        ladder.steps = [LadderStep(position=1, name="Match 4")]
        db.session.add_all([group, ladder])
        db.session.flush()
        sheet = Assessment(
            placement_id=placement.id,
            kind=AssessmentKind.MIDWAY,
            number=1,
            opened_at=NOW,
            opened_by_id=karin.id,
            answered_by="Bo Lindgaard",
        )
        sheet.lines = [AssessmentLine(task_text="Bage")]
        sheet.aspects = [
            AssessmentAspect(
                aspect="purpose", turned_out=TurnedOut.PARTLY, words="Bagte", said_by_party=Party.EMPLOYER
            )
        ]
        sheet.confirmations = [
            AssessmentConfirmation(
                party=Party.EMPLOYER,
                how=ConfirmedHow.LINK,
                said_by="Bo Lindgaard",
                said_on=TODAY,
                recorded_at=NOW,
            )
        ]
        words = {"purpose": "Lære", "time_frame": "Uger", "development": "Brød"}
        db.session.add_all(
            [
                sheet,
                Expectation(
                    placement_id=placement.id, party=Party.CITIZEN, stated_at=NOW, recorded_by_id=karin.id, **words
                ),
                Settlement(
                    placement_id=placement.id, purpose="Lære", differing=["purpose"], written_at=NOW,
                    written_by_id=karin.id,
                    confirmations=[
                        SettlementConfirmation(
                            party=Party.EMPLOYER, how=ConfirmedHow.PHONE, said_by="Bo Lindgaard", said_on=TODAY,
                            recorded_at=NOW, recorded_by_id=karin.id,
                        )
                    ],
                ),
                FollowUp(placement_id=placement.id, due_on=TODAY),
                PlacementChange(
                    placement_id=placement.id, kind=ChangeKind.FOLLOW_UP_CANCELLED, from_on=TODAY,
                    before={"due_on": TODAY.isoformat()}, reason="Ferie", made_at=NOW, made_by_id=karin.id,
                ),
                PlacementGrounds(placement_id=placement.id, act=Act.LAB, stated_at=NOW, stated_by_id=karin.id),
                VitasSheet(
                    placement_id=placement.id, representative_name="Grete Vang", written_at=NOW, written_by_id=karin.id,
                    staff_average=Decimal("7.5"),
                ),
                Membership(
                    group_id=group.id, citizen_id=citizen.id, from_on=TODAY, source=MembershipSource.IMPORT,
                    recorded_at=NOW,
                ),
                Spell(
                    citizen_id=citizen.id, kind=SpellKind.EDUCATION, from_on=TODAY, source=SpellSource.IMPORT,
                    recorded_at=NOW, recorded_by_id=karin.id, placement_id=placement.id,
                ),
                SpellProposal(
                    placement_id=placement.id, citizen_id=citizen.id, kind=SpellKind.ORDINARY_WORK, from_on=TODAY,
                    proposed_at=NOW,
                ),
                StepPlacing(citizen_id=citizen.id, step_id=ladder.steps[0].id, from_on=TODAY, recorded_at=NOW),
                Arrival(citizen_id=citizen.id, arrived_on=TODAY, recorded_at=NOW),
                CohortAttendance(
                    session_id=session.id, citizen_id=citizen.id, presence=Presence.PRESENT, recorded_at=NOW,
                    recorded_by_id=karin.id,
                ),
                LanguageHours(
                    citizen_id=citizen.id, month_on=TODAY.replace(day=1), planned=40, attended=32,
                    source=HoursSource.CONSULTANT, recorded_at=NOW, recorded_by_id=karin.id,
                ),
                TeamGoal(
                    citizen_id=citizen.id, sentence="Timer i et køkken", recorded_at=NOW, recorded_by_id=karin.id
                ),
                Certificate(card_id=card.id, text="Hygiejnebevis"),
                CardLanguage(card_id=card.id, name="Arabisk", level=LanguageLevel.FLUENT, shown=True),
                WishedWork(
                    card_id=card.id, skill_id=factories.skill("pasning af børn").id, said_at=NOW, by_id=karin.id
                ),
                TaskAnswer(
                    card_id=card.id, task_key="opvask", frequency=Frequency.OFTEN, setting=Setting.HOME, answered_at=NOW
                ),
                GivenAnswer(
                    match_id=match.id, subject="bage", before={}, after={"level": 2}, sure_before=1, possible_before=2,
                    answered_at=NOW, answered_by_id=karin.id,
                ),
                UndoneDecision(
                    match_id=match.id, decision=Decision.APPROVED, reason=DecisionReason.GOOD_FIT,
                    decided_by_id=karin.id, decided_at=NOW, undone_at=NOW,
                ),
                PutOff(match_id=match.id, until_on=NOW.date(), set_by_id=karin.id, set_at=NOW),
                Outlook(card_id=card.id, condition="hours", found=1, good=0, worked_out_at=NOW),
                AccessToken(
                    secret_hash="y" * 64, user_id=citizen.user_id, purpose=TokenPurpose.LOGIN_CODE, created_at=NOW,
                    expires_at=NOW,
                ),
                UserSession(
                    secret_hash="z" * 64, user_id=citizen.user_id, opened_at=NOW, last_seen_at=NOW, device="Firefox"
                ),
                AuditEntry(
                    at=NOW, action="card-read", is_look=True, actor_id=karin.id, actor_role="consultant",
                    actor_unit="Halsnæs Kommune", subject_type="competence_cards", subject_id=card.id,
                    citizen_id=citizen.id, purpose="Opslag på din sag",
                ),
            ]
        )  # fmt: skip
    return db.session.get_one(Citizen, citizen.id)


def test_every_table_that_leads_to_her_is_in_the_export_with_what_it_holds(app):
    everything = everything_about(full_life(), NOW)

    wanted = ways_to_a_citizen() | LOGIN | {LOOKS}
    assert {name for name, rows in everything.tables.items() if rows} == wanted


def test_every_table_that_leads_to_her_is_empty_after_the_erasure(app, karin):
    """The life above fills each of them, so that an erasure which forgets a new table leaves its row."""
    citizen = full_life()
    user_id = citizen.user_id

    with transaction():
        citizens.erase_citizen(
            db.session.merge(citizen), journal=current_app.config["JOURNAL"], by=karin, at=NOW
        )

    left = {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(db.metadata.tables[name]))
        for name in ways_to_a_citizen()
    }
    others = sa.or_(SearchWord.citizen_id.is_(None), SearchWord.citizen_id != citizen.id)
    words = db.session.scalar(sa.select(sa.func.count()).select_from(SearchWord).where(others))
    # whom she was told apart from, and what everything else is found by
    assert left == dict.fromkeys(left, 0) | {"citizens": 1, "search_words": words}
    assert db.session.get(User, user_id) is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 0


def test_every_column_is_exported_or_left_out_for_a_reason_and_has_danish_words(app):
    for table in tables_about_a_citizen():
        columns = {column.name for column in table.columns} - set(OMITTED)
        assert set(rooms().personal[table.name].columns) == columns, table.name


def test_the_words_name_no_table_that_is_not_there(app):
    assert set(rooms().personal) == {table.name for table in tables_about_a_citizen()} | LOGIN | {LOOKS}


def test_nothing_that_opens_a_door_and_no_employee_is_in_any_file(app):
    citizen = full_life()

    for write in (as_json, as_europass):
        text = write(citizen, NOW, Party.CITIZEN).decode()
        for secret in ("y" * 64, "z" * 64, "Karin", "Bo Lindgaard", "Grete Vang", "karin@"):
            assert secret not in text, (write, secret)


def test_who_wrote_something_is_she_the_municipality_or_the_employer(app):
    tables = json.loads(as_json(full_life(), NOW, Party.CITIZEN))["tables"]

    assert tables["consents"][0]["asked_by_id"] == "municipality"
    assert tables["consents"][0]["employer_id"] == "Bos Køkken"
    assert tables["group_memberships"][0]["group_id"] == "Målgruppe 3"
    assert tables["step_placings"][0]["step_id"] == "Match 4"
    assert tables["skill_evidence"][0]["skill_id"] == "skære og klargøre grøntsager"
    assert tables[LOOKS] == [
        {
            "day": "2026-11-18",
            "times": 1,
            "at": NOW.isoformat(),
            "unit": "Halsnæs Kommune",
            "by_link": False,
            "purpose": "Opslag på din sag",
        }
    ]


def test_another_citizens_rows_are_not_in_it(app):
    citizen = full_life()
    factories.make_review(factories.make_match(card=factories.make_card(factories.make_citizen("Selam"))))

    assert "Selam" not in as_json(citizen, NOW, Party.CITIZEN).decode()


def test_the_json_says_its_shape(app):
    written = json.loads(as_json(full_life(), NOW, Party.CITIZEN))

    assert (written["shape"], written["shape_version"]) == (SHAPE, 1)
    assert next(iter(written["tables"])) == "citizens"


def test_the_pdf_is_tagged_and_holds_every_section(app):
    reader = PdfReader(BytesIO(as_pdf(full_life(), NOW, Party.CITIZEN)))

    text = "".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "da-DK"
    for words in rooms().personal.values():
        assert str(words.title) in text, words.title
    for said in ("Quistgaard", "Zarifa vil bage brød", "Bos Køkken", "Opslag på din sag", "kommunen"):
        assert said in text, said


def test_whoever_did_something_is_told_in_danish_whatever_the_column_is_called(app):
    """The codes of who it was ("municipality") are for machines."""
    table = rooms().personal["tasks"]
    everything = everything_about(full_life(), NOW)

    rows = _section(table, everything, None)["rows"]

    assert [said for label, said in rows[0] if label == str(table.columns["owner_id"])] == ["kommunen"]
    for name in (table.name for table in tables_about_a_citizen()):
        for key in db.metadata.tables[name].foreign_keys:
            if key.column.table.name == "users" and key.parent.name not in OMITTED:
                assert _word(name, key.parent.name, "municipality") == "kommunen", (name, key.parent.name)


def test_the_europass_file_is_a_person_with_claims_in_the_models_terms(app):
    written = json.loads(as_europass(full_life(), NOW, Party.CITIZEN))

    assert written["@context"]["@vocab"] == ELM
    assert written["type"] == "Person"
    assert written["givenName"] == {"da": ["Zarifa"]}
    titles = [claim["title"]["da"][0] for claim in written["hasClaim"]]
    assert titles == ["skære og klargøre grøntsager", "Hygiejnebevis"]
    outcome = written["hasClaim"][0]["specifiedBy"]["learningOutcome"][0]
    assert outcome["relatedSkill"][0]["id"] == "urn:det-gode-match:skills:skære-og-klargøre-grøntsager"
    assert "relatedESCOSkill" not in outcome


def test_a_skill_that_is_escos_goes_out_under_escos_identifier(app, tmp_path, monkeypatch):
    file = tmp_path / "esco.csv"
    uri = "http://data.europa.eu/esco/skill/example"
    file.write_text(
        f"skill,uri,esco_label,checked_on\nskære og klargøre grøntsager,{uri},x,2026-11-01\n", "utf-8"
    )
    monkeypatch.setattr(esco, "FILE", file)

    written = json.loads(as_europass(full_life(), NOW, Party.CITIZEN))

    outcome = written["hasClaim"][0]["specifiedBy"]["learningOutcome"][0]
    assert outcome["relatedESCOSkill"][0]["id"] == uri
    assert "relatedSkill" not in outcome


def test_the_list_of_escos_identifiers_is_well_formed(app):
    known = {row.name for row in db.session.scalars(sa.select(factories.Skill))}

    for skill, uri in esco._uris(esco.FILE).items():
        assert skill in known
        assert uri.startswith("http://data.europa.eu/esco/skill/")


@pytest.mark.parametrize(
    ("kind", "mimetype"),
    [("pdf", "application/pdf"), ("json", "application/json"), ("europass", "application/ld+json")],
)
def test_she_and_her_consultant_fetch_the_files_and_the_log_says_so(app, client_for, karin, kind, mimetype):
    citizen = full_life()

    mine = client_for(citizen.user).get(f"/mine/data/{kind}")
    karins = client_for(karin).get(f"/mine/data/{kind}/of/{citizen.id}")

    for answer in (mine, karins):
        assert (answer.status_code, answer.mimetype) == (200, mimetype)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "no-store"
    lines = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "data-exported")).all()
    assert {line.actor_id for line in lines} == {citizen.user_id, karin.id}


@pytest.mark.parametrize("kind", ["xml", "PDF", "%00", "../json"])
def test_there_is_no_other_kind_of_file(client_for, kind):
    citizen = factories.make_citizen(with_login=True)

    assert client_for(citizen.user).get(f"/mine/data/{kind}").status_code == 404
