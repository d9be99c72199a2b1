"""Her own log on both databases: days are Danish, lists count, and her own looks are not in it."""

from datetime import datetime

import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.citizens.footprint import citizens_behind
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import LOOK_ORDER, looks_at
from portal.shared.audit.models import AuditEntry, AuditPerson
from tests.factories import NOW, make_card, make_citizen, make_list_look, make_match, make_review


def log_of(citizen: Citizen, words: str = "") -> list[tuple[str, int, str | None, bool]]:
    db.session.rollback()
    rows = db.session.execute(looks_at(db.session.merge(citizen), words=words).order_by(*LOOK_ORDER))
    return [(row.day.isoformat(), row.times, row.purpose, row.by_link) for row in rows]


def look_at(citizen: Citizen, at: str | datetime, **values: object) -> None:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    line = {
        "at": moment,
        "action": "card-read",
        "is_look": True,
        "actor_unit": "Halsnæs Kommune",
        "subject_type": "competence_cards",
        "subject_id": 1,
        "citizen_id": citizen.id,
        "purpose": "Opslag på din sag",
    }
    with transaction():
        db.session.add(AuditEntry(**(line | values)))


def test_days_are_danish_in_winter_and_in_summer(app):
    amira = make_citizen()
    look_at(amira, "2026-01-10T22:59:00+00:00")
    look_at(amira, "2026-01-10T23:01:00+00:00")
    look_at(amira, "2026-07-10T21:59:00+00:00")
    look_at(amira, "2026-07-10T22:01:00+00:00")

    assert [day for day, *_ in log_of(amira)] == ["2026-01-10", "2026-01-11", "2026-07-10", "2026-07-11"]


def test_pages_and_lists_are_counted_together_by_reason(app):
    amira, selam = make_citizen(), make_citizen("Selam")
    for _ in range(3):
        make_list_look(amira, selam)
    look_at(amira, NOW)
    look_at(amira, NOW, is_look=False)
    look_at(amira, NOW, by_link=True)

    assert log_of(amira) == [
        ("2026-11-18", 3, "Liste over borgere", False),
        ("2026-11-18", 1, "Opslag på din sag", False),
        ("2026-11-18", 1, "Opslag på din sag", True),
    ]
    assert log_of(selam) == [("2026-11-18", 3, "Liste over borgere", False)]
    assert log_of(amira, "liste") == [("2026-11-18", 3, "Liste over borgere", False)]


def test_her_own_looks_are_left_out_and_another_citizens_are_not(app):
    amira, selam = make_citizen(with_login=True), make_citizen("Selam", with_login=True)
    look_at(amira, NOW, actor_id=amira.user_id, actor_role="citizen")
    look_at(amira, NOW, actor_id=selam.user_id, actor_role="citizen", by_link=True)
    look_at(amira, NOW, actor_id=None, actor_role="employer")

    assert sum(times for _, times, *_ in log_of(amira)) == 2


def test_a_file_with_everybody_in_it_is_stored_in_a_moment(app):
    """10,000 names in one line: a few statements, whatever their number."""
    amira = make_citizen()
    line = make_list_look(amira)
    rows = [{"entry_id": line.id, "citizen_id": amira.id + number} for number in range(1, 10_001)]
    db.session.rollback()

    with db.engine.begin() as connection:
        connection.execute(sa.insert(AuditPerson), rows)

    assert log_of(amira) == [("2026-11-18", 1, "Liste over borgere", False)]


def test_whom_a_record_leads_to(app):
    """From any table that is about a citizen, over any number of steps; from no other."""
    amira, selam = make_citizen(with_login=True), make_citizen("Selam")
    review = make_review(make_match(card=make_card(amira)))
    other = make_card(selam)

    assert citizens_behind("reviews", [review.id]) == {amira.id}
    assert citizens_behind("matches", [review.match_id]) == {amira.id}
    assert citizens_behind("competence_cards", [review.match.card_id, other.id]) == {amira.id, selam.id}
    assert citizens_behind("citizens", [selam.id]) == {selam.id}
    assert citizens_behind("users", [amira.user_id]) == {amira.id}
    assert citizens_behind("openings", [review.match.opening_id]) == set()
    assert citizens_behind(None, [1]) == citizens_behind("reviews", []) == set()
