"""What is asked, what is kept, and what the answers become on the card."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from portal.base import events
from portal.base.database import db, transaction
from portal.base.terms import Industry, SkillSource
from portal.loop.cards import intake, queries, services
from portal.loop.cards.intake import Done
from portal.loop.cards.models import CompetenceCard, Frequency, Setting, SkillEvidence, TaskAnswer
from portal.loop.citizens.services import erase_citizen, set_passive
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.skills.tasks import tasks, tasks_of
from tests.factories import NOW, TODAY, make_card, make_citizen
from tests.loop.cards.test_card_services import heard

KITCHEN = Industry.KOEKKEN
FLOOR, WINDOWS = "wash-floor", "clean-windows"
DAILY_AT_HOME = Done(Frequency.DAILY, Setting.HOME)
OFTEN_AT_WORK = Done(Frequency.OFTEN, Setting.WORK)
NEVER = Done(Frequency.NEVER, None)


@pytest.fixture
def card(app) -> CompetenceCard:
    return make_card(make_citizen("Amira", with_login=True), skills={})


@pytest.fixture
def amira(card) -> User:
    return db.session.get_one(User, card.citizen.user_id)


def save(card, given, *, by=None, at=NOW):
    with transaction():
        intake.save_answers(card, given, by=by, at=at)


def put(card, *, by=None, at=NOW, today=TODAY, industry=Industry.RENGOERING):
    with transaction():
        return intake.put_on_card(card, industry, by=by, at=at, today=today)


def lines(card) -> list[SkillEvidence]:
    statement = (
        sa.select(SkillEvidence)
        .where(SkillEvidence.card_id == card.id)
        .order_by(SkillEvidence.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(statement))


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


# --- Asking


def test_a_trade_is_asked_in_steps_of_six():
    steps = intake.steps_of(KITCHEN)

    assert [len(step) for step in steps] == [6] * 6
    assert [task for step in steps for task in step] == list(tasks_of(KITCHEN))


def test_the_trades_she_wishes_come_first(app):
    card = make_card(wishes=["rengoering"])

    others = [trade for trade in Industry if trade is not Industry.RENGOERING]
    assert intake.trades_for(card) == [Industry.RENGOERING, *others]


@pytest.mark.parametrize(
    ("answered", "expected"),
    [((), 1), ((0,), 2), ((5,), 2), ((6,), 3), ((0, 12), 4), ((35,), None)],
    ids=["nothing", "first", "last of the first step", "second step", "a step passed by", "all passed"],
)
def test_she_goes_on_after_the_last_step_with_an_answer(answered, expected):
    answers = {tasks_of(KITCHEN)[position].key: NEVER for position in answered}

    reached = intake.progress(KITCHEN, answers)

    assert (reached.next_step, reached.answered, reached.total) == (expected, len(answered), 36)


def test_another_trades_answers_do_not_count():
    assert intake.progress(KITCHEN, {FLOOR: DAILY_AT_HOME}).answered == 0


# --- Answering


def test_an_answer_is_kept_with_who_wrote_it_and_when(card, karin):
    save(card, {FLOOR: DAILY_AT_HOME, WINDOWS: NEVER}, by=karin)

    assert intake.answers_of(card) == {FLOOR: DAILY_AT_HOME, WINDOWS: NEVER}
    stored = db.session.scalars(sa.select(TaskAnswer)).all()
    assert {(answer.answered_at, answer.by_id) for answer in stored} == {(NOW, karin.id)}
    assert actions().count("tasks-answered") == 1


def test_a_draft_is_not_on_the_card(card):
    version = card.version

    with heard(events.card_changed) as changed:
        save(card, {FLOOR: DAILY_AT_HOME})

    assert (lines(card), changed, card.version) == ([], [], version)


def test_an_unchanged_answer_keeps_its_day_and_leaves_no_line(card, amira, karin):
    save(card, {FLOOR: DAILY_AT_HOME}, by=amira)

    save(card, {FLOOR: DAILY_AT_HOME}, by=karin, at=NOW + timedelta(days=9))

    answer = db.session.scalars(sa.select(TaskAnswer)).one()
    assert (answer.answered_at, answer.by_id) == (NOW, amira.id)
    assert actions().count("tasks-answered") == 1


@pytest.mark.parametrize("changed", [OFTEN_AT_WORK, NEVER, None])
def test_an_answer_can_be_changed_and_taken_back(card, changed):
    save(card, {FLOOR: DAILY_AT_HOME})

    save(card, {FLOOR: changed})

    assert intake.answers_of(card) == ({FLOOR: changed} if changed else {})


@pytest.mark.parametrize(
    ("frequency", "setting"),
    [(Frequency.NEVER, Setting.HOME), (Frequency.OFTEN, None)],
    ids=["where it was never done", "done nowhere"],
)
def test_the_database_refuses_half_an_answer(card, frequency, setting):
    with pytest.raises(IntegrityError):
        save(card, {FLOOR: Done(frequency, setting)})


# --- What it becomes


@pytest.mark.parametrize(
    ("frequency", "level"), [(Frequency.FEW, 1), (Frequency.OFTEN, 2), (Frequency.DAILY, 3)]
)
@pytest.mark.parametrize("setting", Setting)
def test_how_often_becomes_a_level_wherever_it_was(card, frequency, level, setting):
    save(card, {FLOOR: Done(frequency, setting)})

    put(card)

    (line,) = lines(card)
    assert (line.level, line.frequency, line.setting) == (level, frequency, setting)
    assert (line.text, line.skill.name) == ("vaske gulv", "gulvvask og mopning")
    assert (line.source, line.seen_on, line.task_key, line.chosen) == (SkillSource.OWN, TODAY, FLOOR, True)


def test_no_frequency_says_that_she_can_show_others():
    assert max(intake.LEVELS.values()) == 3
    assert Frequency.NEVER not in intake.LEVELS


def test_never_leaves_nothing_on_the_card(card):
    save(card, {FLOOR: NEVER})

    found = intake.summary(card, Industry.RENGOERING)
    put(card)

    assert [task.key for task in found.never] == [FLOOR]
    assert lines(card) == []
    assert queries.card_input(card, on=TODAY).skills == ()  # "not known" for the matcher, not "cannot"


def test_all_of_it_is_one_change_of_the_card(card, amira):
    save(card, {FLOOR: DAILY_AT_HOME, WINDOWS: OFTEN_AT_WORK}, by=amira)
    version = card.version

    with heard(events.card_changed) as changed:
        new = put(card, by=amira)

    assert {tried.task.key for tried in new} == {FLOOR, WINDOWS}
    assert changed == [card]
    assert card.version == version + 1
    assert actions().count("tasks-put-on-card") == 1


def test_only_the_trade_that_was_looked_at_is_put_on_the_card(card):
    save(card, {FLOOR: DAILY_AT_HOME, "bake": DAILY_AT_HOME})

    put(card)

    assert [line.task_key for line in lines(card)] == [FLOOR]


def test_putting_it_on_the_card_again_changes_nothing(card):
    save(card, {FLOOR: DAILY_AT_HOME})
    put(card)
    version = card.version

    with heard(events.card_changed) as changed:
        again = put(card)

    assert (again, changed, card.version) == ((), [], version)
    assert [tried.task.key for tried in intake.summary(card, Industry.RENGOERING).standing] == [FLOOR]


def test_a_later_intake_adds_only_what_changed_beside_what_stands(card):
    save(card, {FLOOR: Done(Frequency.FEW, Setting.HOME), WINDOWS: OFTEN_AT_WORK})
    put(card)
    later = timedelta(days=90)

    save(card, {FLOOR: OFTEN_AT_WORK, WINDOWS: OFTEN_AT_WORK}, at=NOW + later)
    put(card, at=NOW + later, today=TODAY + later)

    told = [(line.task_key, line.level, line.seen_on) for line in lines(card)]
    assert sorted(told) == [(WINDOWS, 2, TODAY), (FLOOR, 1, TODAY), (FLOOR, 2, TODAY + later)]


def test_never_after_all_is_told_apart_and_removes_nothing(card):
    save(card, {FLOOR: DAILY_AT_HOME})
    put(card)

    save(card, {FLOOR: NEVER})
    put(card)

    found = intake.summary(card, Industry.RENGOERING)
    assert [task.key for task in found.taken_back] == [FLOOR]
    assert [line.task_key for line in lines(card)] == [FLOOR]


def test_what_she_removes_from_the_card_does_not_come_back(card, amira):
    save(card, {FLOOR: DAILY_AT_HOME, WINDOWS: OFTEN_AT_WORK})
    put(card)

    with transaction():
        services.remove_own_evidence(card, lines(card)[0], by=amira, at=NOW)

    assert len(intake.answers_of(card)) == 1
    assert put(card) == ()


def test_removing_own_words_leaves_the_answers_alone(card, amira):
    save(card, {FLOOR: DAILY_AT_HOME})
    with transaction():
        spoken = services.add_evidence(
            card, text="vaske gulv", level=2, source=SkillSource.OWN, by=amira, at=NOW, seen_on=TODAY
        )

    with transaction():
        services.remove_own_evidence(card, db.session.merge(spoken), by=amira, at=NOW)

    assert intake.answers_of(card) == {FLOOR: DAILY_AT_HOME}


def test_a_skill_the_vocabulary_lost_stands_in_her_own_words(card, monkeypatch):
    monkeypatch.setattr(intake, "ids_of", lambda names: {})
    save(card, {FLOOR: DAILY_AT_HOME})

    put(card)

    (line,) = lines(card)
    assert (line.skill_id, line.text, line.chosen) == (None, "vaske gulv", False)


def test_every_skill_of_every_task_is_found(card):
    save(card, dict.fromkeys(tasks(), DAILY_AT_HOME))

    for industry in Industry:
        put(card, industry=industry)

    assert len(lines(card)) == len(tasks())
    assert [line.text for line in lines(card) if line.skill_id is None] == []


def test_the_paper_says_where_it_was_done(card):
    save(card, {FLOOR: DAILY_AT_HOME})
    put(card)
    db.session.expire_all()

    paper = queries.card_on_paper(card, url="https://portal.example", printed_on=TODAY)

    (line,) = paper.groups[0].skills
    assert line.seen_by == "Egne ord, hjemme"


@pytest.mark.parametrize(
    "values",
    [
        {"task_key": FLOOR},
        {"task_key": FLOOR, "frequency": Frequency.OFTEN},
        {"task_key": FLOOR, "frequency": Frequency.NEVER, "setting": Setting.HOME},
        {"frequency": Frequency.OFTEN, "setting": Setting.HOME},
    ],
    ids=["only the task", "nowhere", "never done", "no task"],
)
def test_the_database_refuses_half_a_task_as_evidence(card, values):
    line = {"card_id": card.id, "text": "vaske gulv", "level": 2, "source": SkillSource.OWN, "seen_on": TODAY}

    with pytest.raises(IntegrityError), transaction():
        db.session.add(SkillEvidence(**line, **values))


def test_erasing_a_citizen_erases_her_answers(card, karin):
    save(card, {FLOOR: DAILY_AT_HOME})
    with transaction():
        set_passive(card.citizen, by=karin, at=NOW)

    with transaction():
        erase_citizen(card.citizen, journal=current_app.config["JOURNAL"], by=karin, at=NOW)

    assert db.session.scalars(sa.select(TaskAnswer)).all() == []
