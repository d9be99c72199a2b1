"""What unsure words may mean: kept with them, seen by the matcher, and gone once somebody has answered."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import SkillSource, TaskKind
from portal.loop.cards import services as cards
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_input
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.matches.services import renew_for_card, renew_for_opening
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import opening_input
from portal.loop.openings.services import TaskDraft
from portal.matching import Basis, TaskVerdict
from portal.shared.skills.services import understand
from tests.factories import NOW, TODAY, make_card, make_employer, make_opening, skill
from tests.loop.openings.test_services import DETAILS

UNSURE = "noget med gulv"
MEANT = "gulvvask og mopning"


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Every test here calls services."""


def card_saying(text: str, **told: object) -> CompetenceCard:
    card = make_card(skills={})
    with transaction():
        card = db.session.merge(card)
        cards.add_evidence(
            card, text=text, level=3, source=SkillSource.OWN, by=None, at=NOW, seen_on=TODAY, **told
        )
    return card


def opening_asking(*drafts: TaskDraft) -> Opening:
    employer = make_employer()
    with transaction():
        employer = db.session.merge(employer)
        return openings.create_opening(employer.workplaces[0], DETAILS, drafts, by=None, at=NOW)


def open_matches() -> list[Match]:
    return list(db.session.scalars(sa.select(Match).where(Match.status == MatchStatus.OPEN)))


def test_unsure_words_are_kept_with_what_they_may_mean():
    found = understand(UNSURE)
    card = card_saying(UNSURE)
    opening = opening_asking(TaskDraft(UNSURE, TaskKind.MUST))

    (held,) = card_input(card, on=TODAY).skills
    (asked,) = opening_input(opening).tasks

    assert found.skill_id is None
    assert skill(MEANT).id in dict(found.guesses)
    assert (held.concept, held.guesses) == (asked.concept, asked.guesses) == (None, found.guesses)


def test_a_certificate_has_guesses_too():
    card = make_card(skills={})
    with transaction():
        card = db.session.merge(card)
        cards.add_certificate(card, text=UNSURE, valid_until=None, by=None, at=NOW)

    assert card_input(card, on=TODAY).skills[0].guesses == understand(UNSURE).guesses


@pytest.mark.parametrize("told", [{"chosen": True}, {"own_words": True}])
def test_who_has_answered_is_not_guessed_about(told):
    meant = skill(MEANT).id if "chosen" in told else None
    card = card_saying(UNSURE, skill_id=meant, **told)
    opening = opening_asking(TaskDraft(UNSURE, TaskKind.MUST, skill_id=meant, **told))

    assert card_input(card, on=TODAY).skills[0].guesses == ()
    assert opening_input(opening).tasks[0].guesses == ()


def test_what_is_denied_is_not_guessed_to_be_had():
    assert understand(f"kan ikke {UNSURE}").guesses == ()


def test_no_condition_of_a_place_is_guessed():
    found = understand("attester")

    assert [one for one in found.alternatives if one.is_condition]
    assert not {one.skill_id for one in found.alternatives if one.is_condition} & dict(found.guesses).keys()


@pytest.mark.parametrize("renewed", ["card", "opening"])
def test_a_guess_brings_a_suggestion_that_says_so(renewed):
    opening, card = make_opening(must=[MEANT]), card_saying(UNSURE)

    with transaction():
        if renewed == "card":
            renew_for_card(db.session.merge(card), at=NOW)
        else:
            renew_for_opening(db.session.merge(opening), at=NOW)

    (match,) = open_matches()
    (line,) = match.result["lines"]
    assert (line["verdict"], line["basis"]) == (TaskVerdict.UNKNOWN, Basis.GUESS)
    assert (line["card_text"], line["card_concept"]) == (UNSURE, skill(MEANT).id)
    assert 0 < match.sure < match.possible
