"""The command line: a municipality from nothing, and the nightly work."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from portal import cli
from portal.base import clock
from portal.base.database import db, transaction
from portal.loop.employers.models import RegistrationStatus
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts import services
from portal.shared.accounts.models import Municipality, User, UserSession
from portal.shared.neighbours.queries import neighbour_ids
from portal.shared.outbox.letters import with_links
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.shared.skills.models import Skill
from portal.web.permissions import Role
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW, TODAY


@pytest.fixture
def run(app: Flask):
    runner: FlaskCliRunner = app.test_cli_runner()

    def invoke(*words: str):
        db.session.rollback()
        answer = runner.invoke(args=list(words))
        db.session.rollback()
        return answer

    return invoke


def test_a_municipality_and_its_first_consultant_from_the_command_line(run, visitor: PortalClient):
    words = "--name Gribskov --unit Jobcentret --phone 72496000 --email job@gribskov.dk --neighbour halsnæs"
    assert run("create-municipality", *words.split()).exit_code == 0

    made = run(
        "create-user",
        "--email",
        "Ny@gribskov.dk",
        "--name",
        "Ny",
        "--role",
        "consultant",
        "--municipality",
        "gribskov",
    )

    assert made.exit_code == 0, made.output
    assert "/password/" not in made.output
    [mail] = db.session.scalars(sa.select(Mail)).all()
    assert (mail.kind, mail.recipient) == (MailKind.ACCOUNT, "ny@gribskov.dk")
    [link] = [word for word in with_links(mail).split() if "/password/" in word]
    path = link.removeprefix("http://localhost:5000")
    assert visitor.post(path, {"password": "tre gode ord", "repeated": "tre gode ord"}).status_code == 303
    assert visitor.post("/login", {"email": "ny@gribskov.dk", "password": "tre gode ord"}).status_code == 303
    gribskov = factories.municipality("Gribskov")
    assert factories.user("ny@gribskov.dk").municipality_id == gribskov.id
    halsnaes = factories.municipality()
    assert db.session.scalars(neighbour_ids(gribskov.id, on=clock.today())).all() == [halsnaes.id]
    assert gribskov.id in db.session.scalars(neighbour_ids(halsnaes.id, on=clock.today())).all()


@pytest.mark.parametrize(
    "words",
    [
        ["--email", "a@b.dk", "--role", "consultant"],
        ["--email", "a@b.dk", "--role", "leader", "--municipality", "Atlantis"],
        ["--email", "a@b.dk", "--role", "admin"],
        ["--email", "karin@kommune.example", "--role", "operator"],
        ["--email", "no address", "--role", "operator"],
        ["--email", "a@b.dk", "--role", "citizen"],
    ],
)
def test_a_user_that_cannot_be_is_refused_with_a_reason(run, words):
    with transaction():
        factories.user("karin@kommune.example").password_hash = "chosen"
    before = db.session.scalar(sa.select(sa.func.count(User.id)))

    answer = run("create-user", "--name", "A", *words)

    assert answer.exit_code != 0
    assert "Error" in answer.output
    assert "Traceback" not in answer.output
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == before


def test_a_municipality_is_made_once(run):
    words = ["--name", "halsnæs", "--unit", "x", "--phone", "1", "--email", "a@b.dk"]

    assert run("create-municipality", *words).exit_code == 1
    assert db.session.scalar(sa.select(sa.func.count(Municipality.id))) == 2


def test_reference_data_can_be_loaded_again(run):
    assert run("load-reference").exit_code == 0
    again = run("load-reference")

    assert again.exit_code == 0
    skills = db.session.scalar(sa.select(sa.func.count(Skill.id)))
    assert f"uændrede: {skills}" in again.output


def test_an_opening_past_its_last_day_expires(run):
    opening = factories.make_opening(expires_on=TODAY.replace(day=1))

    assert run("expire-openings").exit_code == 0

    assert db.session.get(Opening, opening.id, populate_existing=True).status is OpeningStatus.EXPIRED


def test_no_erasures_are_no_error(run):
    assert run("reapply-erasures").exit_code == 0


def test_the_first_user_of_an_installation_without_mail_is_shown_her_link_and_the_next_is_not(
    run, app: Flask, visitor: PortalClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(app.config, "PORTAL_MAIL", "none")
    words = ["create-user", "--name", "A", "--role", "operator", "--email"]

    first = run(*words, "a@b.dk").output.strip().splitlines()[-1].removeprefix("http://localhost:5000")
    assert visitor.post(first, {"password": "tre gode ord", "repeated": "tre gode ord"}).status_code == 303

    assert "/password/" not in run(*words, "b@b.dk").output


def test_who_runs_the_portal_needs_no_municipality(run):
    assert run("create-user", "--email", "a@b.dk", "--name", "A", "--role", "operator").exit_code == 0
    assert factories.user("a@b.dk").role is Role.OPERATOR


def test_the_night_forgets_what_no_longer_matters(run, karin: User):
    """A sign-in of two months ago goes; today's stays."""
    with transaction():
        services.open_session(karin, device="Firefox", at=NOW - timedelta(days=60))
        services.open_session(karin, device="Firefox", at=NOW)

    said = run("purge-expired")

    assert said.exit_code == 0, said.output
    assert db.session.scalars(sa.select(UserSession.opened_at)).all() == [NOW]


def test_rematch_says_what_changed_in_each_municipality(run):
    factories.make_card()
    factories.make_opening()

    first, second = run("rematch"), run("rematch")

    assert "Halsnæs: 1 nye, 0 ændrede, 0 lukkede, 0 som før." in first.output
    assert "Fredensborg: 0 nye, 0 ændrede, 0 lukkede, 0 som før." in first.output
    assert "Halsnæs: 0 nye, 0 ændrede, 0 lukkede, 1 som før." in second.output


def test_rematch_of_one_municipality(run):
    assert "Fredensborg" not in run("rematch", "--municipality", "halsnæs").output
    assert run("rematch", "--municipality", "Andeby").exit_code == 1


def test_rematch_only_where_something_is_stale(run):
    factories.make_match(vocabulary_version=0)

    output = run("rematch", "--only-stale").output

    assert "Fredensborg: alt er regnet med det, der gælder nu." in output
    assert "Halsnæs: 0 nye, 1 ændrede, 0 lukkede, 0 som før." in output


def test_a_stopped_rematch_says_how_to_go_on(run, monkeypatch: pytest.MonkeyPatch):
    def stop(*_anything: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.matching_anew, "rematch", stop)

    answer = run("rematch")

    assert answer.exit_code == cli.STOPPED
    assert "fortsætter" in answer.output


def test_the_mail_worker_sends_what_is_due(run, app: Flask, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(app.config, "PORTAL_MAIL", "folder")
    monkeypatch.setitem(app.config, "PORTAL_MAIL_FOLDER", str(tmp_path))
    mail = factories.make_mail()

    said = run("mail-worker", "--once")

    assert "1" in said.output
    assert db.session.get_one(Mail, mail.id, populate_existing=True).state is MailState.SENT
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_employers_are_reminded_from_the_command_line(run):
    review = factories.make_review(citizen_answer=Answer.YES, citizen_answered_at=NOW - timedelta(days=3))
    factories.make_consent(review.match.card, review.match.opening.employer, review=review)

    assert "1" in run("remind").output
    assert "0" in run("remind").output
    assert db.session.scalars(sa.select(Mail.kind)).all() == [MailKind.PROPOSAL_REMINDER]


def test_the_nightly_work_forgets_old_mails(run):
    factories.make_mail(state=MailState.SENT, sent_at=NOW, created_at=NOW - timedelta(days=181))
    kept = factories.make_mail(state=MailState.SENT, sent_at=NOW, created_at=NOW - timedelta(days=179))

    run("purge-expired")

    assert db.session.scalars(sa.select(Mail.id)).all() == [kept.id]


def test_purging_on_trial_counts_by_table_and_forgets_nothing(run):
    old = factories.make_mail(state=MailState.SENT, sent_at=NOW, created_at=NOW - timedelta(days=181))

    said = run("purge-expired", "--dry-run")

    assert "outbox: 1" in said.output
    assert "Rækker, der ville blive glemt: 1. Intet er slettet." in said.output
    assert db.session.scalars(sa.select(Mail.id)).all() == [old.id]
    assert "outbox: 1" in run("purge-expired").output
    assert db.session.scalars(sa.select(Mail.id)).all() == []


def test_mails_about_a_person_go_when_her_employer_lets_go_of_her(run):
    """By the same row as the name: the day after the last one, however new the mail is."""
    shares = {
        "status": PlacementStatus.ENDED,
        "outcome": Outcome.COMPLETED,
        "starts_on": TODAY - timedelta(days=200),
        "ends_on": TODAY - timedelta(days=90),
    }
    mails = {}
    for ended_days_ago in (90, 91):
        on = TODAY - timedelta(days=ended_days_ago)
        placement = factories.make_placement(**{**shares, "ends_on": on, "ended_on": on})
        for about in ("placements", "reviews"):
            key = placement.id if about == "placements" else placement.review_id
            mail = factories.make_mail(state=MailState.SENT, sent_at=NOW, about_type=about, about_id=key)
            mails[about, ended_days_ago] = mail.id
    waiting = factories.make_mail(about_type="placements", about_id=placement.id)

    assert "outbox: 2" in run("purge-expired").output

    left = set(db.session.scalars(sa.select(Mail.id)))
    assert left == {mails["placements", 90], mails["reviews", 90], waiting.id}


def test_a_registration_is_forgotten_a_while_after_the_answer(run):
    for days in (179, 181):
        factories.make_registration(status=RegistrationStatus.REFUSED, decided_at=NOW - timedelta(days=days))
    factories.make_registration(registered_at=NOW - timedelta(days=400))

    assert "employer_registrations: 1" in run("purge-expired").output
