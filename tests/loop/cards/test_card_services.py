"""What is written on a card, by whom, and what others hear of it."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.base import events
from portal.base.database import db, transaction
from portal.base.errors import StaleVersion
from portal.base.terms import SkillSource
from portal.loop.cards import queries, services
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens.models import CitizenStatus
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.skills.services import understand
from tests.factories import NOW, TODAY, make_card, make_citizen, make_seen, skill

VEGETABLES = "skære og klargøre grøntsager"


@contextmanager
def heard(signal):
    """The records a signal was sent with."""
    seen = []

    def listen(record, **_more):
        seen.append(record)

    with signal.connected_to(listen):
        yield seen


def add(card: CompetenceCard, text: str, *, level: int = 2, source: SkillSource = SkillSource.OWN, **more):
    with transaction():
        return services.add_evidence(
            card,
            text=text,
            level=level,
            source=source,
            by=more.pop("by", None),
            at=NOW,
            seen_on=TODAY,
            **more,
        )


def test_a_new_card_says_nothing_and_has_a_number_of_its_own(karin):
    citizen = make_citizen()

    with transaction():
        card = services.create_card(citizen, by=karin, at=NOW)

    assert card.number == f"K-{1000 + citizen.id}"
    assert card.is_active
    seen = queries.card_input(card, on=TODAY)
    assert (seen.industries, seen.hours_min, seen.danish_speaking, seen.skills) == (None, None, None, ())


def test_a_citizen_has_one_card(karin):
    card = make_card()

    with pytest.raises(services.CardExists), transaction():
        services.create_card(card.citizen, by=karin, at=NOW)
    with pytest.raises(IntegrityError):
        make_card(card.citizen, number="K-1")


def test_the_card_of_a_passive_citizen_is_not_matched(karin):
    citizen = make_citizen(status=CitizenStatus.PASSIVE, passive_since=NOW)

    with transaction():
        card = services.create_card(citizen, by=karin, at=NOW)

    assert not card.is_active


@pytest.mark.parametrize(
    "nonsense",
    [{"danish_speaking": 5}, {"danish_reading": -1}, {"hours_min": 20.0, "hours_max": 10.0}, {"range_km": 0}],
)
def test_the_database_refuses_nonsense(app, nonsense):
    with pytest.raises(IntegrityError):
        make_card(**nonsense)


def test_an_edit_raises_the_version_is_logged_and_announced(karin):
    card = make_card()

    with heard(events.card_changed) as changed, transaction():
        services.edit_card(card, services.CardDetails(goal="Jeg vil bage"), seen_version=1, by=karin, at=NOW)

    assert changed == [card]
    assert (card.version, card.goal) == (2, "Jeg vil bage")
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "card-edited")).one()
    assert (line.actor_id, line.citizen_id) == (karin.id, card.citizen_id)


def test_the_second_editor_of_a_card_is_told(karin, jonas):
    card = make_card()
    with transaction():
        services.edit_card(card, services.CardDetails(goal="A"), seen_version=1, by=karin, at=NOW)

    with pytest.raises(StaleVersion), transaction():
        services.edit_card(card, services.CardDetails(goal="B"), seen_version=1, by=jonas, at=NOW)


def test_hours_must_stand_in_order(karin):
    card = make_card()

    with pytest.raises(services.HoursOutOfOrder), transaction():
        services.edit_card(card, services.CardDetails(hours_min=20, hours_max=10), by=karin, at=NOW)


def test_own_words_are_understood_as_a_skill_and_kept(app):
    card = make_card(skills={})

    line = add(card, "snitte grønt")

    assert line.skill_id == skill(VEGETABLES).id
    assert line.text == "snitte grønt"
    assert 0 < line.confidence <= 1


def test_words_nobody_knows_stand_as_they_are(app):
    card = make_card(skills={})

    line = add(card, "xyzzy plugh")

    assert (line.skill_id, line.text) == (None, "xyzzy plugh")


@pytest.mark.parametrize("source", [SkillSource.OWN, SkillSource.CONSULTANT])
def test_a_condition_of_an_opening_never_stands_on_a_card(app, source):
    card = make_card(skills={})

    with pytest.raises(services.ConditionOfOpening):
        add(card, "børneattest", source=source)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(SkillEvidence)) == 0


def test_a_language_stands_among_the_languages_and_danish_among_the_skills(app):
    card = make_card(skills={})

    with pytest.raises(services.LanguageHasItsPlace):
        add(card, "engelsk")

    assert add(card, "mundtligt dansk").skill_id


@pytest.mark.parametrize("source", [SkillSource.EMPLOYER, SkillSource.CONSULTANT_ONLY])
def test_what_is_seen_in_a_placement_comes_with_a_sheet_only(app, source):
    card = make_card(skills={})

    with pytest.raises(services.NeedsASheet):
        add(card, "bage", source=source)


@pytest.mark.parametrize(
    "said",
    [
        {"assessment_id": None},  # the workplace's, without a sheet
        {"source": SkillSource.CONSULTANT_ONLY},  # the consultant's, in the workplace's name
        {"source": SkillSource.CONSULTANT},
        {"source": SkillSource.OWN},
    ],
)
def test_the_database_lets_no_workplace_stand_for_what_it_did_not_say(app, said):
    card = make_card(skills={})

    with pytest.raises(IntegrityError):
        make_seen(card, "bage", **said)


def test_an_assessed_condition_stops_no_end_of_a_placement(karin):
    card = make_card(skills={})
    told = services.Observed("børneattest", understand("børneattest").skill_id, 3, by_workplace=True)

    with transaction():
        services.add_observed(
            card,
            [told],
            seen_on=TODAY,
            seen_at="Bos Køkken",
            placement_id=7,
            assessment_id=7,
            by=karin,
            at=NOW,
        )

    assert db.session.scalar(sa.select(sa.func.count()).select_from(SkillEvidence)) == 0


def test_a_vaccination_is_no_certificate_either(karin):
    card = make_card()

    with pytest.raises(services.ConditionOfOpening), transaction():
        services.add_certificate(card, text="straffeattest", valid_until=None, by=karin, at=NOW)


def test_a_level_never_overwrites_another(app):
    card = make_card(skills={VEGETABLES: 3})

    make_seen(card, VEGETABLES, level=2, skill_id=skill(VEGETABLES).id)

    [group] = queries.skill_groups(db.session.get_one(CompetenceCard, card.id, populate_existing=True))
    [shown] = group.skills
    assert [line.level for line in shown.evidence] == [2, 3]  # newest first
    assert shown.best.level == 3


def test_among_equal_levels_what_a_workplace_saw_is_quoted(app):
    card = make_card(skills={VEGETABLES: 3})
    make_seen(card, VEGETABLES, level=3, skill_id=skill(VEGETABLES).id)
    add(card, VEGETABLES, level=3, source=SkillSource.OWN)

    [group] = queries.skill_groups(db.session.get_one(CompetenceCard, card.id, populate_existing=True))

    assert group.skills[0].best.seen_at == "Bos Køkken"


def citizen_user(card: CompetenceCard) -> User:
    user = db.session.get(User, card.citizen.user_id)
    assert user is not None
    return user


@pytest.mark.parametrize(
    ("source", "who", "error"),
    [
        (SkillSource.OWN, "citizen", None),
        (SkillSource.OWN, "karin", None),
        (SkillSource.CONSULTANT, "karin", None),
        (SkillSource.CONSULTANT, "citizen", services.NotYourWords),
        (SkillSource.CONSULTANT_ONLY, "karin", services.EvidenceStands),
        (SkillSource.CONSULTANT_ONLY, "citizen", services.EvidenceStands),
        (SkillSource.EMPLOYER, "karin", services.EvidenceStands),
        (SkillSource.EMPLOYER, "citizen", services.EvidenceStands),
    ],
)
def test_who_may_remove_what(karin, source, who, error):
    card = make_card(make_citizen(with_login=True), skills={})
    if source.is_from_a_sheet:
        line = make_seen(
            card, "bage", source=source, seen_at="Bos Køkken" if source is SkillSource.EMPLOYER else None
        )
    else:
        line = add(card, "bage", source=source)
    by = karin if who == "karin" else citizen_user(card)

    def remove() -> None:
        with transaction():
            services.remove_own_evidence(card, line, by=by, at=NOW)

    if error is None:
        remove()
    else:
        with pytest.raises(error):
            remove()
    left = db.session.scalar(sa.select(sa.func.count()).select_from(SkillEvidence))
    assert left == (0 if error is None else 1)


def test_an_expired_certificate_is_not_matched(karin):
    card = make_card(skills={})
    with transaction():
        services.add_certificate(card, text="hygiejnebevis", valid_until=TODAY, by=karin, at=NOW)

    assert len(queries.card_input(card, on=TODAY).skills) == 1
    assert queries.card_input(card, on=TODAY.replace(year=TODAY.year + 1)).skills == ()


def test_the_matcher_sees_the_card_without_the_person(app):
    card = make_card(shifts_yes=["weekend"], shifts_no=["night"])

    seen = queries.card_input(card, on=TODAY)

    assert seen.industries == {"koekken"}
    assert (seen.hours_min, seen.hours_max, seen.range_km) == (10, 37, 20)
    assert seen.place == pytest.approx((55.97, 12.02), abs=0.1)
    assert (seen.shifts_yes, seen.shifts_no) == ({"weekend"}, {"night"})
    assert [(line.text, line.level, line.source) for line in seen.skills] == [(VEGETABLES, 3, "own")]
    assert card.citizen.first_name not in repr(seen)


def test_many_cards_become_inputs_in_three_statements(app):
    from tests.client import counted_statements

    for number in range(12):
        make_card(make_citizen(f"Borger{number}"))
    cards = sa.select(CompetenceCard).where(CompetenceCard.is_active)

    with counted_statements(app) as statements:
        inputs = queries.card_inputs(cards, on=TODAY)

    assert len(inputs) == 12
    assert all(len(card.skills) == 1 for card in inputs)
    assert len(statements) == 3
