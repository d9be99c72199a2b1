"""Answering a suggestion's question on the spot: what the card learns, what the interval does, and the way back."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal.base.database import db, transaction
from portal.base.errors import StaleVersion
from portal.base.terms import SkillSource, TaskKind
from portal.loop.cards import services as cards
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.cards.services import ConditionOfOpening, HoursOutOfOrder
from portal.loop.citizens import services as citizens
from portal.loop.citizens.models import Citizen
from portal.loop.matches import answering, services
from portal.loop.matches.models import ClosedReason, GivenAnswer, Match, MatchStatus
from portal.loop.openings.models import Opening
from portal.matching import Suggestion
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.web.permissions import GRANTS, Action
from tests.client import PortalClient
from tests.factories import NOW, make_card, make_citizen, make_opening

ClientFor = Callable[[User | None], PortalClient]


def suggested(opening: dict[str, Any] | None = None, card: dict[str, Any] | None = None) -> Match:
    """One opening and one card, compared as the portal does it."""
    known = make_card(make_citizen("Amira"), **(card or {}))
    place = make_opening(**(opening or {}))
    with transaction():
        services.renew_for_opening(db.session.merge(place), at=NOW)
    return db.session.scalars(sa.select(Match).where(Match.card_id == known.id)).one()


def asked(match: Match) -> tuple[str, str]:
    question = Suggestion.from_dict(match.result).question
    assert question is not None
    return question.kind, question.key


def say(match: Match, by: User, **said: Any) -> GivenAnswer:
    """Answer whatever the suggestion asks."""
    kind, key = asked(match)
    common: dict[str, Any] = {"seen_version": match.card.version, "by": by, "at": NOW}
    with transaction():
        if kind == "task":
            said = {"source": SkillSource.OWN, **said}
            return answering.answer_task(match, int(key), **said, **common)
        return answering.answer_condition(match, key, said, **common)


def take_back(match: Match, by: User) -> None:
    with transaction():
        answering.take_back(match, by=by, at=NOW)


def interval(match: Match) -> tuple[int, int] | str | None:
    """The interval while it stands, else why it fell."""
    db.session.refresh(match)
    return match.closed_reason if match.is_closed else (round(match.sure), round(match.possible))


FALLEN = ClosedReason.NO_LONGER_FITS.value

CONDITIONS = [
    # the opening asks, the card says nothing, the answer, what the card then says, the interval
    pytest.param("shift_weekend", {"shifts": ["weekend"]}, {}, {"can": True}, {"shifts_yes": ["weekend"]}, (75, 100)),
    pytest.param("shift_weekend", {"shifts": ["weekend"]}, {}, {"can": False}, {"shifts_no": ["weekend"]}, FALLEN),
    pytest.param(
        "shift_evening",
        {"shifts": ["evening"]},
        {"shifts_yes": ["night"], "shifts_no": ["weekend"]},
        {"can": True},
        {"shifts_yes": ["night", "evening"], "shifts_no": ["weekend"]},
        (75, 100),
    ),
    pytest.param(
        "hours", {}, {"hours_min": None, "hours_max": None}, {"hours_min": 20.0, "hours_max": 25.0},
        {"hours_min": 20.0, "hours_max": 25.0}, (75, 100),
    ),
    pytest.param(
        "hours", {}, {"hours_min": None, "hours_max": None}, {"hours_min": None, "hours_max": 24.5},
        {"hours_min": None, "hours_max": 24.5}, FALLEN,
    ),
    pytest.param("distance", {"postcode": "3400"}, {"range_km": None}, {"range_km": 30}, {"range_km": 30}, (75, 100)),
    pytest.param("distance", {"postcode": "3400"}, {"range_km": None}, {"range_km": 5}, {"range_km": 5}, FALLEN),
    pytest.param(
        "distance", {}, {"postcode": None, "range_km": None}, {"postcode": "3300", "range_km": 1},
        {"postcode": "3300", "range_km": 1}, (75, 100),
    ),
    pytest.param(
        "industry", {}, {"wishes": []}, {"wishes": ["koekken", "pleje"]},
        {"wishes": ["koekken", "pleje"]}, (75, 100),
    ),
    pytest.param("industry", {}, {"wishes": []}, {"wishes": ["pleje"]}, {"wishes": ["pleje"]}, FALLEN),
    pytest.param(
        "danish_speaking", {"danish_speaking": 2, "danish_use": "beskeder"}, {"danish_speaking": None},
        {"danish_speaking": 2}, {"danish_speaking": 2}, (75, 100),
    ),
    pytest.param(
        "danish_speaking", {"danish_speaking": 2, "danish_use": "beskeder"}, {"danish_speaking": None},
        {"danish_speaking": 1}, {"danish_speaking": 1}, FALLEN,
    ),
    pytest.param(
        "danish_reading", {"danish_reading": 1, "danish_use": "skilte"}, {"danish_reading": None},
        {"danish_reading": 0}, {"danish_reading": 0}, FALLEN,
    ),
    pytest.param(
        "danish_reading", {"danish_reading": 1, "danish_use": "skilte"}, {"danish_reading": None},
        {"danish_reading": 4}, {"danish_reading": 4}, (75, 100),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "opening", "card", "said", "then", "outcome"), CONDITIONS)
def test_an_answer_changes_exactly_what_was_asked_and_the_suggestion_follows(
    app: Flask,
    karin: User,
    name: str,
    opening: dict[str, Any],
    card: dict[str, Any],
    said: dict[str, Any],
    then: dict[str, Any],
    outcome: Any,
) -> None:
    match = suggested(opening, card)
    standing = details(match.card)
    assert asked(match) == ("condition", name)
    assert interval(match) == (75, 100)

    say(match, karin, **said)

    assert interval(match) == outcome
    assert details(match.card) == {**standing, **then}

    take_back(match, karin)

    assert interval(match) == (75, 100)
    assert asked(match) == ("condition", name)
    assert details(match.card) == standing


def details(card: CompetenceCard) -> dict[str, Any]:
    return vars(cards.changed(card, {}))


@pytest.mark.parametrize(
    ("level", "outcome"), [(0, (75, 75)), (1, (94, 94)), (2, (100, 100)), (3, (100, 100)), (4, (100, 100))]
)
@pytest.mark.parametrize("source", [SkillSource.OWN, SkillSource.CONSULTANT])
def test_a_task_is_answered_with_a_level_from_nought_to_four(
    app: Flask, karin: User, level: int, outcome: tuple[int, int], source: SkillSource
) -> None:
    match = suggested()

    say(match, karin, level=level, source=source)

    assert interval(match) == outcome
    line = match.card.evidence[-1]
    assert (line.skill.name, line.level, line.source) == ("køkkenhygiejne", level, source)
    assert line.seen_on == NOW.date()

    take_back(match, karin)

    assert interval(match) == (75, 100)
    assert [one.skill.name for one in match.card.evidence] == ["skære og klargøre grøntsager"]


def test_a_task_without_a_concept_is_put_on_the_card_in_its_own_words(app: Flask, karin: User) -> None:
    match = suggested()
    with transaction():
        opening = db.session.get_one(Opening, match.opening_id)
        wish = opening.tasks_of(TaskKind.NICE)[0]
        wish.text, wish.skill = "folde papirsvaner", None
        services.renew_for_opening(opening, at=NOW)

    say(match, karin, level=3)

    line = match.card.evidence[-1]
    assert (line.text, line.skill_id) == ("folde papirsvaner", None)
    assert interval(match) == (100, 100)


def test_an_answer_is_in_the_log_and_so_is_the_way_back(app: Flask, karin: User) -> None:
    match = suggested()
    say(match, karin, level=2)

    take_back(match, karin)

    actions = {"question-answered", "answer-taken-back", "skill-added", "skill-removed"}
    found = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.citizen_id).where(
            AuditEntry.action.in_(actions)
        )
    ).all()
    assert {row.action for row in found} == actions
    assert {(row.actor_id, row.citizen_id) for row in found} == {(karin.id, match.card.citizen_id)}


# --- What is refused ---------------------------------------------------------------------------------------------


def test_a_card_that_changed_meanwhile_is_not_answered_over(app: Flask, karin: User, jonas: User) -> None:
    match = suggested()
    seen = match.card.version
    task = int(asked(match)[1])
    with transaction():
        cards.edit_card(match.card, cards.changed(match.card, {"goal": "Mit køkken"}), by=jonas, at=NOW)

    with pytest.raises(StaleVersion), transaction():
        answering.answer_task(
            match, task, level=2, source=SkillSource.OWN, seen_version=seen, by=karin, at=NOW
        )

    assert len(match.card.evidence) == 1


@pytest.mark.parametrize("task_id", [0, 2**31 - 1, 2**70])
def test_a_task_that_the_opening_does_not_ask_about_is_no_question(
    app: Flask, karin: User, task_id: int
) -> None:
    match = suggested()

    with pytest.raises(answering.QuestionGone), transaction():
        answering.answer_task(
            match, task_id, level=2, source=SkillSource.OWN, seen_version=None, by=karin, at=NOW
        )


def test_a_condition_that_is_known_is_no_question(app: Flask, karin: User) -> None:
    match = suggested()

    with pytest.raises(answering.QuestionGone), transaction():
        answering.answer_condition(
            match, "hours", {"hours_min": 1.0, "hours_max": 2.0}, seen_version=None, by=karin, at=NOW
        )


def test_what_the_employer_must_say_is_not_put_on_the_card(app: Flask, karin: User) -> None:
    match = suggested({"postcode": "0800"})
    assert asked(match) == ("condition", "distance")

    with pytest.raises(answering.QuestionGone):
        say(match, karin, range_km=10)


def test_hours_the_wrong_way_round_are_refused(app: Flask, karin: User) -> None:
    match = suggested(card={"hours_min": None, "hours_max": None})

    with pytest.raises(HoursOutOfOrder):
        say(match, karin, hours_min=30.0, hours_max=20.0)


def test_an_attest_is_asked_of_a_place_and_never_kept_on_a_card(app: Flask, karin: User) -> None:
    match = suggested(
        {"must": ["skære og klargøre grøntsager"], "nice": ["straffeattest indhentes af arbejdsgiver"]}
    )

    with pytest.raises(ConditionOfOpening):
        say(match, karin, level=2)


def test_a_decided_suggestion_takes_no_answers(app: Flask, karin: User) -> None:
    match = suggested()
    say(match, karin, level=2)
    with transaction():
        services.mark_decided(match, at=NOW)

    with pytest.raises(services.MatchNotOpen), transaction():
        answering.answer_task(match, 1, level=2, source=SkillSource.OWN, seen_version=None, by=karin, at=NOW)
    with pytest.raises(services.MatchNotOpen):
        take_back(match, karin)


# --- The way back ------------------------------------------------------------------------------------------------


def test_answers_are_taken_back_one_by_one_the_last_first(app: Flask, karin: User) -> None:
    match = suggested({"shifts": ["weekend"]})
    say(match, karin, can=True)
    say(match, karin, level=2)
    assert interval(match) == (100, 100)

    take_back(match, karin)
    assert asked(match)[0] == "task"
    take_back(match, karin)
    assert asked(match) == ("condition", "shift_weekend")

    with pytest.raises(answering.NoAnswerLeft):
        take_back(match, karin)


def test_what_a_colleague_wrote_since_is_not_overwritten(app: Flask, karin: User, jonas: User) -> None:
    match = suggested({"shifts": ["weekend"]})
    say(match, karin, can=True)
    with transaction():
        changed = cards.changed(match.card, {"shifts_yes": ["weekend", "night"]})
        cards.edit_card(match.card, changed, by=jonas, at=NOW)

    with pytest.raises(answering.AnswerOverwritten):
        take_back(match, karin)

    assert match.card.shifts_yes == ["weekend", "night"]


def test_a_line_that_is_gone_from_the_card_cannot_be_taken_back(app: Flask, karin: User, jonas: User) -> None:
    match = suggested()
    say(match, karin, level=2)
    with transaction():
        card = db.session.get_one(CompetenceCard, match.card_id)
        cards.remove_own_evidence(card, card.evidence[-1], by=jonas, at=NOW)

    with pytest.raises(answering.AnswerOverwritten):
        take_back(match, karin)


def test_erasing_the_citizen_takes_the_answers_along(app: Flask, karin: User) -> None:
    match = suggested()
    say(match, karin, level=2)
    citizen_id = match.card.citizen_id

    with transaction():
        citizens.erase_citizen(
            db.session.get_one(Citizen, citizen_id), by=karin, at=NOW, journal=current_app.config["JOURNAL"]
        )

    assert db.session.scalar(sa.select(sa.func.count()).select_from(GivenAnswer)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SkillEvidence)) == 0


# --- Over HTTP ---------------------------------------------------------------------------------------------------


def fields(match: Match, **said: str) -> dict[str, str]:
    kind, key = asked(match)
    filled = {"version": str(match.card.version), "asked": f"{kind}:{key}", **said}
    return {f"answer-{match.id}-{name}": value for name, value in filled.items()}


def test_who_answers_questions_may_edit_cards() -> None:
    assert GRANTS[Action.ANSWER_QUESTION] <= GRANTS[Action.EDIT_CARD]


@pytest.mark.parametrize(("on", "page"), [("", "/matches/{}"), ("?on=review", "/reviews/match/{}")])
@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_tells_the_interval_before_and_now(
    client_for: ClientFor, karin: User, on: str, page: str, htmx: bool
) -> None:
    match = suggested()
    client = client_for(karin)

    sent = client.post(f"/matches/{match.id}/answer{on}", fields(match, level="1", source="own"), htmx=htmx)

    assert (sent.status_code, sent.location) == (303, page.format(match.id))
    shown = client.get(page.format(match.id), htmx=htmx)
    assert "Før 75–100, nu 94." in shown.words
    assert "Karin Holm: køkkenhygiejne: med hjælp. Før: 75–100." in shown.words
    assert shown.page.select_one(f"form[action^='/matches/{match.id}/take-back']")
    assert not shown.page.select_one(f"form[action^='/matches/{match.id}/answer']")


def test_an_answer_that_settles_a_condition_says_that_the_suggestion_holds(
    client_for: ClientFor, karin: User
) -> None:
    match = suggested({"shifts": ["weekend"]})
    client = client_for(karin)

    client.post(f"/matches/{match.id}/answer", fields(match, can="yes"))

    assert "Forslaget holder: 75–100" in client.get(f"/matches/{match.id}").words


def test_an_answer_that_ends_the_suggestion_says_why_and_can_be_taken_back(
    client_for: ClientFor, karin: User
) -> None:
    match = suggested({"shifts": ["weekend"]})
    client = client_for(karin)

    client.post(f"/matches/{match.id}/answer", fields(match, can="no"))
    closed = client.get(f"/matches/{match.id}")

    assert "Passer ikke længere: weekendarbejde: nej" in closed.words
    assert not closed.page.select_one(".score")

    client.post(f"/matches/{match.id}/take-back")
    back = client.get(f"/matches/{match.id}")

    assert "Kortet siger det samme som før" in back.words
    assert back.page.select_one(f"form[action='/matches/{match.id}/answer']")


@pytest.mark.parametrize(
    ("opening", "card", "said"),
    [
        ({}, {}, {}),
        ({}, {}, {"level": "5", "source": "own"}),
        ({}, {}, {"level": "2", "source": "employer"}),
        ({}, {}, {"level": "2", "source": "consultant_only"}),
        ({"shifts": ["night"]}, {}, {"can": "perhaps"}),
        ({}, {"hours_min": None, "hours_max": None}, {}),
        ({}, {"hours_min": None, "hours_max": None}, {"hours_min": "169"}),
        ({}, {"hours_min": None, "hours_max": None}, {"hours_min": "30", "hours_max": "20"}),
        ({}, {"postcode": None, "range_km": None}, {"postcode": "0800", "range_km": "10"}),
        ({}, {"postcode": None, "range_km": None}, {"postcode": "3300"}),
        ({}, {"postcode": "3300", "range_km": None}, {"range_km": "201"}),
        ({}, {"wishes": []}, {}),
        ({}, {"wishes": []}, {"wishes": "fiskeri"}),
    ],
)
def test_a_half_answer_is_asked_again_beside_the_field(
    client_for: ClientFor, karin: User, opening: dict[str, Any], card: dict[str, Any], said: dict[str, str]
) -> None:
    match = suggested(opening, card)

    answer = client_for(karin).post(f"/matches/{match.id}/answer?on=review", fields(match, **said), htmx=True)

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == f"#suggestion-{match.id}"
    assert answer.page.select_one("[aria-invalid=true], .form-error-message")
    assert answer.page.select_one("details[open] form")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(GivenAnswer)) == 0


@pytest.mark.parametrize("what", ["", "task:x", "task:-1", "condition:", "condition:age", ":", "task"])
def test_what_nobody_asks_is_not_answered(client_for: ClientFor, karin: User, what: str) -> None:
    match = suggested()
    sent = {f"answer-{match.id}-asked": what, f"answer-{match.id}-level": "2"}

    assert client_for(karin).post(f"/matches/{match.id}/answer", sent).status_code == 422


def test_a_stale_answer_keeps_what_was_chosen_and_goes_through_the_second_time(
    client_for: ClientFor, karin: User, jonas: User
) -> None:
    match = suggested()
    sent = fields(match, level="3", source="consultant")
    with transaction():
        cards.edit_card(match.card, cards.changed(match.card, {"goal": "Mit køkken"}), by=jonas, at=NOW)
    client = client_for(karin)

    stale = client.post(f"/matches/{match.id}/answer", sent)

    assert stale.status_code == 409
    assert "En anden har ændret det samme" in stale.words
    kept = {str(field["value"]) for field in stale.page.select("form input[type=radio][checked]")}
    assert kept == {"3", "consultant"}
    again = {str(f["name"]): str(f.get("value", "")) for f in stale.page.select("main input[type=hidden]")}
    version = again[f"answer-{match.id}-version"]
    client.post(f"/matches/{match.id}/answer", {**sent, f"answer-{match.id}-version": version})
    assert interval(match) == (100, 100)


@pytest.mark.parametrize("said", [None, "", "0", "nonsense"])
def test_V2_3_4_an_answer_that_says_of_no_version_is_not_taken(
    client_for: ClientFor, karin: User, said: str | None
) -> None:
    match = suggested()
    sent = fields(match, level="3", source="own") | {f"answer-{match.id}-version": said}
    if said is None:
        del sent[f"answer-{match.id}-version"]

    assert client_for(karin).post(f"/matches/{match.id}/answer", sent).status_code in (409, 422)
    assert interval(match) != (100, 100)


def test_a_question_that_a_colleague_answered_says_so(
    client_for: ClientFor, karin: User, jonas: User
) -> None:
    match = suggested()
    sent = fields(match, level="3", source="own")
    say(match, jonas, level=1)
    sent[f"answer-{match.id}-version"] = str(match.card.version)

    late = client_for(karin).post(f"/matches/{match.id}/answer", sent, htmx=True)

    assert late.status_code == 409
    assert "allerede svar på" in late.words
    assert "Jonas Friis: køkkenhygiejne: med hjælp" in late.words


def test_page_and_fragment_of_a_suggestion_are_the_same(client_for: ClientFor, karin: User) -> None:
    match = suggested()
    client = client_for(karin)

    found = []
    for htmx in (False, True):
        [part] = client.get(f"/matches/{match.id}", htmx=htmx).page.select(f"#suggestion-{match.id}")
        for token in part.select("input[name=form_id], input[name=csrf_token]"):
            token.decompose()
        found.append(str(part))

    assert found[0] == found[1]


def test_an_employer_without_a_place_is_asked_on_its_opening(client_for: ClientFor, karin: User) -> None:
    match = suggested({"postcode": "0800"})

    page = client_for(karin).get(f"/matches/{match.id}").page

    assert page.select_one(f".question a[href='/openings/{match.opening_id}/edit']")
    assert not page.select_one(f"form[action^='/matches/{match.id}/answer']")


def test_a_decided_suggestion_shows_no_question(client_for: ClientFor, karin: User) -> None:
    match = suggested()
    with transaction():
        services.mark_decided(match, at=NOW)

    page = client_for(karin).get(f"/matches/{match.id}").page

    assert match.status is MatchStatus.DECIDED
    assert not page.select_one(".question, .given")
