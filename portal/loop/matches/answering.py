"""Answering the question of a suggestion: the card learns it, which renews the suggestion; the last can be undone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.terms import SkillSource
from portal.loop.cards import services as cards
from portal.loop.cards.fields import MATCHED
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.matches import queries
from portal.loop.matches.models import GivenAnswer, Match, MatchStatus
from portal.loop.matches.sentences import SHIFT
from portal.loop.matches.services import MatchNotOpen
from portal.matching import Met, Suggestion
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


def asked_fields(condition: str) -> tuple[str, ...]:
    """What of the card an answer about a hard condition changes; about a shift: one of the two lists of shifts."""
    return tuple(
        field.column
        for field in MATCHED
        if field.matched is not None and field.matched.condition == condition
    )


class QuestionGone(DomainError):
    """It was answered on the card, or the opening no longer asks."""

    message = _l("Det er der allerede svar på, eller åbningen spørger ikke længere. Svaret er ikke gemt.")


class NoAnswerLeft(DomainError):
    message = _l("Der er ikke noget svar at fortryde.")


class AnswerOverwritten(DomainError):
    """The card was changed after the answer: taking it back would overwrite what somebody wrote since."""

    message = _l("Kortet er ændret, siden svaret blev skrevet. Ret det på kortet i stedet.")


def answer_task(  # noqa: PLR0913 - what was asked, what was said in whose eyes, who, when, and what was seen
    match: Match,
    task_id: int,
    *,
    level: int,
    source: SkillSource,
    seen_version: int | None,
    by: User,
    at: datetime,
) -> GivenAnswer:
    """Put the level on the card: as the citizen said it, or as the consultant saw it.

    Raises MatchNotOpen, StaleVersion, QuestionGone, NotOnCards.
    """
    card = _card_to_change(match, seen_version)
    if task_id not in {line.task_id for line in _read(match).unknown}:
        raise QuestionGone
    task = queries.task_of(match.opening_id, task_id)
    if task is None:
        raise QuestionGone
    answer = _begin(match, None, task.text, before={}, after={"level": level}, by=by, at=at)
    answer.evidence = cards.add_evidence(
        card,
        text=task.text,
        level=level,
        source=source,
        by=by,
        at=at,
        seen_on=danish_day(at),
        skill_id=task.skill_id,
    )
    return _keep(answer)


def answer_condition(
    match: Match, name: str, said: Mapping[str, Any], *, seen_version: int | None, by: User, at: datetime
) -> GivenAnswer:
    """Put what she said on the card: for a shift `{"can": bool}`, else the condition's `asked_fields`.

    Raises MatchNotOpen, StaleVersion, QuestionGone, HoursOutOfOrder.
    """
    card = _card_to_change(match, seen_version)
    asked = [one for one in _read(match).conditions if one.name == name and one.met is Met.NOT_KNOWN]
    if not asked or asked[0].detail.get("missing") != "card":
        raise QuestionGone
    after = _changes(card, name, said)
    before = {field: getattr(card, field) for field in after}
    answer = _begin(match, name, "", before=before, after=after, by=by, at=at)
    cards.edit_card(card, cards.changed(card, after), by=by, at=at)
    return _keep(answer)


def take_back(match: Match, *, by: User, at: datetime) -> None:
    """Undo the last answer: the card says what it said before, and the suggestion follows.

    Raises NoAnswerLeft, AnswerOverwritten, and MatchNotOpen once somebody has decided.
    """
    if match.status is MatchStatus.DECIDED:
        raise MatchNotOpen(match)
    answer = queries.last_answers([match.id]).get(match.id)
    if answer is None:
        raise NoAnswerLeft
    card = _locked(match)
    answer.taken_back_at = at
    audit.record("answer-taken-back", subject=match, by=by, at=at, citizen_id=card.citizen_id)
    if answer.condition is None:
        _remove(card, answer.evidence, by=by, at=at)
    elif any(getattr(card, field) != value for field, value in answer.after.items()):
        raise AnswerOverwritten
    else:
        cards.edit_card(card, cards.changed(card, answer.before), by=by, at=at)
    db.session.refresh(match)


def _remove(card: CompetenceCard, evidence: SkillEvidence | None, *, by: User, at: datetime) -> None:
    if evidence is None:
        raise AnswerOverwritten
    cards.remove_own_evidence(card, evidence, by=by, at=at)


def _card_to_change(match: Match, seen_version: int | None) -> CompetenceCard:
    if not match.awaits_review:
        raise MatchNotOpen(match)
    card = _locked(match)
    check_version(card, seen_version)
    return card


def _locked(match: Match) -> CompetenceCard:
    """The card, read anew and held: a colleague may be answering the same."""
    card = match.card
    db.session.refresh(card, with_for_update=True)
    return card


def _read(match: Match) -> Suggestion:
    return Suggestion.from_dict(match.result)


def _changes(card: CompetenceCard, name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    if name.startswith(SHIFT):
        field = "shifts_yes" if said["can"] else "shifts_no"
        return {field: [*getattr(card, field), name.removeprefix(SHIFT)]}
    return {field: said[field] for field in asked_fields(name) if field in said}


def _begin(  # noqa: PLR0913
    match: Match, condition: str | None, subject: str, *, before: Any, after: Any, by: User, at: datetime
) -> GivenAnswer:
    """The answer with the interval as it was: what follows renews the match."""
    audit.record("question-answered", subject=match, by=by, at=at, citizen_id=match.card.citizen_id)
    return GivenAnswer(
        match_id=match.id,
        condition=condition,
        subject=subject,
        before=before,
        after=after,
        sure_before=match.sure,
        possible_before=match.possible,
        answered_at=at,
        answered_by_id=by.id,
    )


def _keep(answer: GivenAnswer) -> GivenAnswer:
    db.session.add(answer)
    db.session.flush()
    db.session.refresh(answer.match)
    return answer
