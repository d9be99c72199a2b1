"""What a consent stands on, when it ends, and what its fields hold back."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.base.database import db, transaction
from portal.base.terms import SkillSource
from portal.loop.cards import services as cards
from portal.loop.cards.fields import SharedField
from portal.loop.citizens.models import CitizenStatus
from portal.loop.employers.models import EmployerStatus
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.loop.reviews import services as reviews
from portal.loop.reviews.models import Answer, AnsweredVia, Review
from portal.shared.skills.translations import PhraseKind, danish
from portal.workspaces.consents import queries, services
from portal.workspaces.consents.models import ANONYMOUS, Consent, ConsentPurpose, ConsentState
from portal.workspaces.consents.shared import shared_card
from tests import factories
from tests.factories import NOW, TODAY

LAST_DAY = TODAY + timedelta(days=30)


def ask(card, employer, by, **values) -> Consent:
    wanted = {"fields": ANONYMOUS, "until_on": LAST_DAY, **values}
    with transaction():
        card, employer = db.session.merge(card), db.session.merge(employer)
        return services.ask_consent(card, services.Disclosure(employer, **wanted), by=by, at=NOW, today=TODAY)


def test_a_question_is_about_the_card_as_it_stands_now(karin):
    card = factories.make_card()

    consent = ask(card, factories.make_employer(), karin)

    assert consent.version.version == card.version
    assert [line["name"] for line in consent.version.content["evidence"].values()] == [
        "skære og klargøre grøntsager"
    ]
    assert consent.state_on(TODAY) is ConsentState.ASKED


def test_a_consent_is_read_by_its_own_municipality_only(karin, lene):
    consent = ask(factories.make_card(), factories.make_employer(), karin)

    assert queries.consent_for(karin, consent.id).id == consent.id
    with pytest.raises(NoResultFound):
        queries.consent_for(lene, consent.id)


def test_the_number_is_always_among_the_fields(karin):
    consent = ask(factories.make_card(), factories.make_employer(), karin, fields=[SharedField.GOAL])

    assert consent.fields == ["number", "goal"]


def test_nobody_is_asked_for_a_passive_employer_or_a_resting_card(karin):
    with pytest.raises(services.ConsentToPassiveEmployer):
        ask(
            factories.make_card(),
            factories.make_employer(status=EmployerStatus.PASSIVE, passive_since=NOW),
            karin,
        )
    with pytest.raises(services.CardRests):
        ask(factories.make_card(is_active=False), factories.make_employer(), karin)


def a_yes(answer: Answer = Answer.YES) -> Review:
    return factories.make_review(factories.make_match(), citizen_answer=answer)


@pytest.mark.parametrize("answer", [Answer.PENDING, Answer.NO, Answer.WITHDRAWN])
def test_a_consent_for_a_proposal_needs_her_yes_to_it(karin, answer):
    review = a_yes(answer)

    with pytest.raises(services.NoStandingYes):
        ask(review.match.card, review.match.opening.employer, karin, purpose=ConsentPurpose.PROPOSAL)


def test_a_consent_for_a_proposal_ends_with_her_yes_and_leaves_it_alone(karin):
    review = a_yes()
    consent = ask(review.match.card, review.match.opening.employer, karin, purpose=ConsentPurpose.PROPOSAL)
    answer(consent, karin)
    assert consent.state_on(TODAY) is ConsentState.GIVEN

    with transaction():
        reviews.withdraw_as_citizen(db.session.get_one(Review, review.id), by=karin, at=NOW)
    assert db.session.get_one(Consent, consent.id).state_on(TODAY) is ConsentState.WITHDRAWN


def test_taking_a_consent_back_leaves_the_yes_to_the_proposal(karin):
    review = a_yes()
    consent = ask(review.match.card, review.match.opening.employer, karin, purpose=ConsentPurpose.PROPOSAL)
    answer(consent, karin)

    with transaction():
        services.withdraw_consent(db.session.get_one(Consent, consent.id), by=karin, at=NOW)

    assert db.session.get_one(Review, review.id).name_is_open


def answer(consent: Consent, by, said: Answer = Answer.YES, today: date = TODAY) -> None:
    with transaction():
        found = db.session.get_one(Consent, consent.id)
        services.answer_consent(found, said, via=AnsweredVia.PHONE, by=by, at=NOW, today=today)


def test_an_answer_is_given_once(karin):
    consent = factories.make_consent()

    with pytest.raises(services.ConsentAnswered):
        answer(consent, karin, Answer.NO)


@pytest.mark.parametrize(("days", "too_late"), [(0, False), (1, True)])
def test_an_answer_comes_no_later_than_the_last_day(karin, days, too_late):
    consent = factories.make_consent(answer=Answer.PENDING)
    if too_late:
        with pytest.raises(services.ConsentOver):
            answer(consent, karin, today=consent.until_on + timedelta(days=days))
        return
    answer(consent, karin, today=consent.until_on + timedelta(days=days))


@pytest.mark.parametrize("said", [Answer.PENDING, Answer.NO, Answer.WITHDRAWN])
def test_only_a_yes_is_taken_back(karin, said):
    more = {"withdrawn_at": NOW} if said is Answer.WITHDRAWN else {}
    consent = factories.make_consent(answer=said, **more)

    with pytest.raises(services.NoConsentToWithdraw), transaction():
        services.withdraw_consent(db.session.get_one(Consent, consent.id), by=karin, at=NOW)


@pytest.mark.parametrize(
    ("values", "day", "state"),
    [
        ({}, LAST_DAY, ConsentState.GIVEN),
        ({}, LAST_DAY + timedelta(days=1), ConsentState.EXPIRED),
        ({"answer": Answer.PENDING}, LAST_DAY, ConsentState.ASKED),
        ({"answer": Answer.PENDING}, LAST_DAY + timedelta(days=1), ConsentState.EXPIRED),
        ({"answer": Answer.NO}, LAST_DAY + timedelta(days=1), ConsentState.REFUSED),
        (
            {"answer": Answer.WITHDRAWN, "withdrawn_at": NOW},
            LAST_DAY + timedelta(days=1),
            ConsentState.WITHDRAWN,
        ),
    ],
)
def test_where_a_consent_stands_on_a_day(app, values, day, state):
    assert factories.make_consent(**values).state_on(day) is state


def test_a_consent_rests_while_she_is_passive(app):
    card = factories.make_card(
        factories.make_citizen(status=CitizenStatus.PASSIVE, passive_since=NOW), is_active=False
    )

    assert factories.make_consent(card).state_on(TODAY) is ConsentState.RESTING


@pytest.mark.parametrize(
    "wrong",
    [
        {"answered_at": None},
        {"answered_via": None},
        {"recorded_by_id": None},
        {"answer": Answer.WITHDRAWN},
        {"withdrawn_at": NOW},
        {"purpose": ConsentPurpose.PROPOSAL},
    ],
)
def test_the_database_refuses_half_a_consent(app, wrong):
    with pytest.raises(IntegrityError):
        factories.make_consent(**wrong)


def test_every_field_can_be_said_in_her_language(app):
    assert {danish(PhraseKind.FIELD, field.value) for field in SharedField}


# --- What the fields hold back -----------------------------------------------------------------------------


@pytest.fixture
def told(karin):
    """A card with something of every kind on it."""
    card = factories.make_card(skills={"skære og klargøre grøntsager": 3, "arabisk": 4, "borddækning": 0})
    with transaction():
        card = db.session.merge(card)
        common = {"by": karin, "at": NOW, "seen_on": TODAY}
        hygiene, dishes = (
            factories.skill(name).id for name in ("køkkenhygiejne", "opvask i industriopvaskemaskine")
        )
        cards.add_evidence(
            card, text="Jeg passede min nabos geder", level=3, source=SkillSource.OWN, **common
        )
        cards.add_observed(
            card,
            [
                cards.Observed("køkkenhygiejne", hygiene, 2, by_workplace=True, note="Kom for sent"),
                cards.Observed("opvask i industriopvaskemaskine", dishes, 2, by_workplace=False),
            ],
            seen_at="Café Solo", placement_id=1, assessment_id=1, **common,
        )  # fmt: skip
    return card


def shown(card, *fields: SharedField):
    consent = factories.make_consent(card, fields=[field.value for field in (SharedField.NUMBER, *fields)])
    return shared_card(consent, today=TODAY)


def names(shared) -> list[str]:
    return [skill.name for _label, skills in shared.groups for skill in skills]


def test_the_places_are_where_her_placements_began_whoever_saw_her_there(app):
    """Of two at the same time only one began; a third began after the version that she opened."""
    card = factories.make_card()
    worked = {"starts_on": TODAY - timedelta(days=60), "ended_on": TODAY - timedelta(days=1)}
    for name, values in {
        "Café Ende": {**worked, "status": PlacementStatus.ENDED, "outcome": Outcome.COMPLETED},
        "Café Aldrig": {"status": PlacementStatus.CANCELLED},
        "Café Senere": {"status": PlacementStatus.RUNNING, "starts_on": TODAY + timedelta(days=1)},
    }.items():
        opening = factories.make_opening(factories.make_employer(name))
        agreed = factories.make_review(
            factories.make_match(opening, card), citizen_answer=Answer.YES, employer_answer=Answer.YES
        )
        factories.make_placement(agreed, **values)

    assert shown(card, SharedField.PLACES).places == ["Café Ende"]
    assert shown(card, SharedField.SKILLS).places == []


def test_an_anonymous_view_names_only_the_vocabularys_skills_that_she_can(told):
    seen = shown(told, *ANONYMOUS)

    assert names(seen) == [
        "Skære og klargøre grøntsager",
        "Køkkenhygiejne",
        "Opvask i industriopvaskemaskine",
    ]
    for hidden in ("geder", "Café Solo", "Arabisk", "Borddækning", "Kom for sent"):
        assert hidden.casefold() not in repr(seen).casefold(), hidden


def test_the_workplace_is_said_to_have_seen_only_what_it_took_part_in(told):
    seen = {skill.name: skill.seen for _label, skills in shown(told, *SharedField).groups for skill in skills}

    assert seen["Køkkenhygiejne"].startswith("Café Solo")
    assert seen["Opvask i industriopvaskemaskine"].startswith("Kun konsulenten")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (SharedField.OWN_WORDS, "geder"),
        (SharedField.LANGUAGES, "Arabisk"),
        (SharedField.PLACES, "Café Solo"),
    ],
)
def test_each_opens_by_a_field_of_its_own(told, field, words):
    assert words in repr(shown(told, *ANONYMOUS, field))


def test_a_note_and_a_level_of_nought_are_never_shown(told):
    everything = repr(shown(told, *SharedField))

    assert "Kom for sent" not in everything
    assert "Borddækning" not in everything


def test_who_saw_it_is_left_out_when_that_was_not_opened(told):
    assert {skill.seen for _label, skills in shown(told, SharedField.SKILLS).groups for skill in skills} == {
        ""
    }


@pytest.mark.parametrize(("days", "valid"), [(0, True), (-1, False)])
def test_a_certificate_that_ran_out_is_not_shown(app, days, valid):
    card = factories.make_card()
    factories.make_certificate(card, valid_until=TODAY + timedelta(days=days))

    assert bool(shown(db.session.merge(card), SharedField.CERTIFICATES).certificates) is valid
