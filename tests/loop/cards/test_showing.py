"""When a card counts for goals: five skills with a level, and she has been shown it; and what tells that she has."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Industry, SkillSource
from portal.loop.cards import intake, services, showing
from portal.loop.cards.models import CompetenceCard
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_card, make_citizen, make_words, skill

ClientFor = Callable[[User | None], PortalClient]
BEFORE_THE_RULE = datetime(2025, 12, 31, 22, 59, tzinfo=UTC)


@pytest.fixture
def card(app: Flask) -> CompetenceCard:
    """Of Amira, who may sign in, with four skills; nobody has shown it to her."""
    made = make_card(
        make_citizen("Amira", with_login=True),
        skills={},
        created_at=NOW - timedelta(days=1),
        counts_from_at=None,
    )
    for number in range(4):
        make_words(made, f"opgave {number}")
    return fresh(made)


@pytest.fixture
def amira(card: CompetenceCard) -> User:
    return db.session.get_one(User, card.citizen.user_id)


def fresh(card: CompetenceCard) -> CompetenceCard:
    with transaction():
        found = db.session.get_one(CompetenceCard, card.id)
        db.session.refresh(found)
        return found


def add_fifth(card: CompetenceCard, by: User, *, at: datetime = NOW, level: int = 2) -> None:
    with transaction():
        services.add_evidence(
            db.session.get_one(CompetenceCard, card.id),
            text="vaske op i hånden",
            level=level,
            source=SkillSource.CONSULTANT,
            by=by,
            at=at,
            seen_on=TODAY,
            own_words=True,
        )


def show(card: CompetenceCard, by: User, *, at: datetime = NOW) -> None:
    with transaction():
        showing.say_shown(db.session.get_one(CompetenceCard, card.id), by=by, at=at)


def test_a_card_counts_from_the_later_of_the_two(card: CompetenceCard, karin: User) -> None:
    show(card, karin, at=NOW - timedelta(hours=5))
    assert fresh(card).counts_from_at is None

    add_fifth(card, karin, at=NOW)

    assert (fresh(card).shown_to_her_at, fresh(card).counts_from_at) == (NOW - timedelta(hours=5), NOW)


def test_a_full_card_counts_once_it_is_shown(card: CompetenceCard, karin: User) -> None:
    add_fifth(card, karin)
    assert fresh(card).counts_from_at is None

    show(card, karin, at=NOW + timedelta(minutes=1))

    assert fresh(card).counts_from_at == NOW + timedelta(minutes=1)


def test_what_was_not_tried_and_what_is_said_twice_are_no_fifth(card: CompetenceCard, karin: User) -> None:
    show(card, karin)
    add_fifth(card, karin, level=0)
    make_words(card, "opgave 1", source=SkillSource.CONSULTANT)
    with transaction():
        showing.notice_looks(NOW)

    assert showing.skills_with_level(fresh(card)) == 4
    assert fresh(card).counts_from_at is None


def test_what_is_taken_off_later_changes_no_figure(card: CompetenceCard, karin: User) -> None:
    add_fifth(card, karin)
    show(card, karin)
    with transaction():
        found = db.session.get_one(CompetenceCard, card.id)
        services.remove_own_evidence(found, found.evidence[0], by=karin, at=NOW + timedelta(days=1))

    assert fresh(card).counts_from_at == NOW


@pytest.mark.parametrize(
    ("made_at", "counts"), [(BEFORE_THE_RULE, True), (BEFORE_THE_RULE + timedelta(minutes=1), False)]
)
def test_before_the_rule_a_card_counted_once_it_was_made(
    app: Flask, karin: User, made_at: datetime, counts: bool
) -> None:
    citizen = make_citizen()
    with transaction():
        made = services.create_card(db.session.merge(citizen), by=karin, at=made_at)

    assert (fresh(made).counts_from_at == made_at) is counts
    assert (fresh(made).counts_from_at is None) is not counts


# --- What tells that she has been shown it


def test_her_own_change_tells(card: CompetenceCard, amira: User) -> None:
    with transaction():
        found = db.session.get_one(CompetenceCard, card.id)
        services.edit_card(found, services.changed(found, {"goal": "Et job"}), by=amira, at=NOW)

    assert fresh(card).shown_to_her_at == NOW


def test_a_consultants_change_tells_nothing(card: CompetenceCard, karin: User) -> None:
    add_fifth(card, karin)

    assert fresh(card).shown_to_her_at is None


@pytest.mark.parametrize("path", ["/cards/own", "/mine/", "/cards/{id}/print"])
def test_her_own_look_tells_with_the_next_chore(
    client_for: ClientFor, card: CompetenceCard, karin: User, amira: User, path: str
) -> None:
    add_fifth(card, karin)
    assert client_for(amira).get(path.format(id=card.id)).status_code == 200
    assert fresh(card).shown_to_her_at is None  # a page that is read stores nothing

    with transaction():
        showing.notice_looks(NOW + timedelta(minutes=1))

    assert fresh(card).shown_to_her_at == NOW
    assert fresh(card).counts_from_at == NOW + timedelta(minutes=1)  # when the portal knew


@pytest.mark.parametrize("path", ["/cards/{id}", "/cards/{id}/print"])
def test_a_consultants_look_and_print_tell_nothing(
    client_for: ClientFor, card: CompetenceCard, karin: User, path: str
) -> None:
    client_for(karin).get(path.format(id=card.id))

    with transaction():
        showing.notice_looks(NOW + timedelta(minutes=1))

    assert fresh(card).shown_to_her_at is None


def test_the_first_time_stands(card: CompetenceCard, amira: User, karin: User, client_for: ClientFor) -> None:
    show(card, karin, at=NOW - timedelta(days=3))
    client_for(amira).get("/cards/own")

    with transaction():
        showing.notice_looks(NOW + timedelta(minutes=1))

    assert fresh(card).shown_to_her_at == NOW - timedelta(days=3)


def test_answers_put_on_the_card_were_read_through_with_her(card: CompetenceCard, karin: User) -> None:
    with transaction():
        found = db.session.get_one(CompetenceCard, card.id)
        intake.put_on_card(found, Industry.KOEKKEN, by=karin, at=NOW, today=TODAY)

    assert fresh(card).shown_to_her_at == NOW


def test_what_words_come_to_mean_is_noticed_by_the_chore(card: CompetenceCard, karin: User) -> None:
    """Two lines of one skill became two skills: nobody changed the card."""
    make_words(card, "opgave 0", skill_id=skill("køkkenhygiejne").id)
    with transaction():
        db.session.execute(
            sa.update(CompetenceCard).where(CompetenceCard.id == card.id).values(shown_to_her_at=NOW)
        )
    with transaction():
        showing.notice_looks(NOW + timedelta(hours=1))

    assert fresh(card).counts_from_at == NOW + timedelta(hours=1)


# --- The page


def test_the_page_says_what_is_missing_and_has_the_button(
    client_for: ClientFor, card: CompetenceCard, karin: User
) -> None:
    client = client_for(karin)
    page = client.get(f"/cards/{card.id}").page
    section = page.select_one("#counting")
    assert section is not None
    assert len(section.select("li")) == 2
    assert "4 opgaver med et niveau" in section.get_text()

    answer = client.post(f"/cards/{card.id}/shown", {})

    assert answer.status_code == 303
    assert fresh(card).shown_to_her_at == NOW
    [line] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "card-shown"))
    assert (line.actor_id, line.citizen_id) == (karin.id, card.citizen_id)
    section = client.get(f"/cards/{card.id}").page.select_one("#counting")
    assert section is not None
    assert len(section.select("li")) == 1
    assert not section.select("form")


def test_the_page_says_from_when_it_counts(client_for: ClientFor, card: CompetenceCard, karin: User) -> None:
    add_fifth(card, karin)
    show(card, karin)

    section = client_for(karin).get(f"/cards/{card.id}").page.select_one("#counting")

    assert section is not None
    assert "18. november 2026" in section.get_text()


def test_she_is_not_asked_about_the_municipalitys_figures(
    client_for: ClientFor, card: CompetenceCard, amira: User
) -> None:
    assert client_for(amira).get("/cards/own").page.select_one("#counting") is None


def test_a_second_press_leaves_one_line(client_for: ClientFor, card: CompetenceCard, karin: User) -> None:
    client = client_for(karin)
    for _press in range(2):
        client.post(f"/cards/{card.id}/shown", {})

    count = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == "card-shown")
    assert db.session.scalar(count) == 1


def test_a_strangers_card_is_not_found(client_for: ClientFor, card: CompetenceCard, lene: User) -> None:
    assert client_for(lene).post(f"/cards/{card.id}/shown", {}).status_code == 404
    assert fresh(card).shown_to_her_at is None


def test_the_rule_begins_with_2026(app: Flask) -> None:
    asked = {day: showing.rules.numbers_on((showing.LEAST_SKILLS,), day, None) for day in (date(2025, 12, 31), date(2026, 1, 1))}  # fmt: skip # noqa: E501

    assert [showing.LEAST_SKILLS in numbers for numbers in asked.values()] == [False, True]
