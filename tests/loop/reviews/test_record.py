"""The match record: kept when a match is decided, readable and countable whatever is edited later."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from portal import matching
from portal.base.database import db, transaction
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.matches.services import renew_for_opening
from portal.loop.matches.weights import set_weights
from portal.loop.openings.models import OpeningTask
from portal.loop.reviews import services
from portal.loop.reviews.models import Answer, DecisionReason, Review
from portal.loop.reviews.queries import review_on_record
from portal.loop.reviews.record import Compared, Record, record_of
from portal.matching import STANDARD, Weights
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_certificate,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_review,
    user,
)

GREENS, HYGIENE, CERTIFICATE = "skære og klargøre grøntsager", "køkkenhygiejne", "hygiejnebevis"


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Every test here calls services."""


def decide(match: Match, *, yes: bool = True, by: User | None = None) -> Review:
    decision, reason = (
        (services.approve_match, DecisionReason.GOOD_FIT)
        if yes
        else (services.refuse_match, DecisionReason.OTHER)
    )
    with transaction():
        return decision(
            db.session.merge(match),
            reason=reason,
            words="Hun kender køkkenet.",
            by=by or user("karin@kommune.example"),
            at=NOW,
        )


def suggested(**values: Any) -> Match:
    """A match that the portal's own renewal made."""
    opening = make_opening(**values)
    with transaction():
        renew_for_opening(db.session.merge(opening), at=NOW)
    return db.session.scalars(sa.select(Match).where(Match.opening_id == opening.id)).one()


def on_record(review: Review) -> Review:
    db.session.expire_all()
    return review_on_record(user("karin@kommune.example"), review.id)


def text_of(record: Record) -> str:
    return json.dumps(
        [
            [section.heading, section.lines, section.facts, section.table.rows if section.table else []]
            for section in record.sections
        ],
        ensure_ascii=False,
    )


@pytest.mark.parametrize(
    "weights",
    [STANDARD, Weights(must=5, nice=2, gate=0.25, must_held_at=0.8, level_step=0.1, text_at_least=0.9)],
)
def test_the_score_can_be_counted_again_from_what_was_kept(mette: User, weights: Weights) -> None:
    if weights != STANDARD:
        with transaction():
            set_weights(mette.municipality_id, weights, note="Krav skal veje mere.", by=mette, at=NOW)
    make_certificate(make_card(skills={GREENS: 1, HYGIENE: 3}, wishes=[], shifts_yes=["evening"]))
    match = suggested(must=[GREENS, CERTIFICATE], nice=[HYGIENE], shifts=["evening", "weekend"])

    review = on_record(decide(match))

    kept = Compared.read(json.loads(json.dumps(review.compared)))
    again = kept.score()
    assert kept.weights == weights
    assert (again.sure, again.possible) == (review.match.sure, review.match.possible)
    assert again.to_dict() == matching.Suggestion.from_dict(review.match.result).to_dict()
    assert "de samme tal" in text_of(record_of(review))


def test_what_is_edited_later_does_not_change_the_record() -> None:
    make_card(skills={GREENS: 3})
    match = suggested(title="Køkkenhjælp")
    before = text_of(record_of(on_record(decide(match))))

    with transaction():
        db.session.execute(sa.update(SkillEvidence).values(level=0, text="noget andet"))
        db.session.execute(sa.update(OpeningTask).values(level=4, text="en anden opgave"))
        db.session.execute(sa.update(CompetenceCard).values(wishes=[], version=9))

    review = db.session.scalars(sa.select(Review)).one()
    assert text_of(record_of(on_record(review))) == before


def test_a_certificate_that_ran_out_after_the_count_is_still_in_the_record() -> None:
    card = make_card(skills={})
    make_certificate(card, valid_until=TODAY)
    match = suggested(must=[CERTIFICATE], nice=[])
    with transaction():
        db.session.execute(sa.update(SkillEvidence).values(level=1))

    with transaction():
        review = services.approve_match(
            db.session.merge(match),
            reason=DecisionReason.GOOD_FIT,
            words="",
            by=user("karin@kommune.example"),
            at=NOW + timedelta(days=1),
        )

    assert review.compared is not None
    assert [skill["text"] for skill in review.compared["card"]["skills"]] == [CERTIFICATE]


def test_the_record_says_when_the_sides_changed_before_the_decision() -> None:
    make_card(skills={GREENS: 3})
    match = suggested()
    with transaction():  # past the services, so that nothing is renewed
        db.session.execute(sa.update(SkillEvidence).values(level=1))

    record = record_of(on_record(decide(match)))

    assert "blev ændret, efter at forslaget var regnet" in text_of(record)


def test_a_decision_from_before_the_inputs_were_kept_says_what_is_missing() -> None:
    review = make_review(compared=None, place=None)

    text = text_of(record_of(on_record(review)))

    assert "kan ikke regnes efter" in text
    assert "Ikke gemt" in text
    assert "Kortet, som det blev sammenlignet" not in text


def test_figures_of_another_matcher_are_not_counted_again() -> None:
    review = make_review(make_match(matcher_version="0"))

    assert "Beregningen er en anden nu" in text_of(record_of(on_record(review)))


def test_the_record_holds_who_why_when_and_what_was_answered() -> None:
    review = make_review(words="Godt sted.", citizen_answer=Answer.YES, employer_answer=Answer.YES, place=3)

    text = text_of(record_of(on_record(review)))

    for part in ("Karin Holm", "Opgaverne passer godt", "Godt sted.", "14. november 2026", "nr. 3", "Ja tak"):
        assert part in text, part


def test_a_refusal_asks_nobody_and_the_record_says_so() -> None:
    make_card(skills={GREENS: 3})

    text = text_of(record_of(on_record(decide(suggested(), yes=False))))

    assert text.count("Ikke spurgt") == 2


def test_the_record_names_no_person() -> None:
    card = make_card(make_citizen("Zarifa", last_name="Quistgaard"), skills={GREENS: 3}, goal="Zarifas mål")
    match = suggested()

    review = on_record(decide(match))
    record = record_of(review)

    assert card.number in record.lead
    everything = record.title + record.lead + text_of(record) + json.dumps(review.compared)
    assert "Zarifa" not in everything
    assert "Quistgaard" not in everything


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], 1),
        ([("open", 90.0)], 2),
        ([("decided", 90.0)], 2),
        ([("closed", 90.0)], 1),
        ([("open", 10.0)], 1),
        ([("open", 90.0), ("decided", 80.0), ("closed", 95.0), ("open", 20.0)], 3),
    ],
)
def test_the_place_counts_what_stood_above_on_the_openings_list(
    others: list[tuple[str, float]], expected: int
) -> None:
    opening = make_opening()
    match = make_match(opening, make_card(), sure=60.0, possible=80.0)
    for status, sure in others:
        other = make_match(opening, make_card(make_citizen()), sure=sure, possible=95.0)
        if status == "decided":
            make_review(other)
        elif status == "closed":
            with transaction():
                db.session.get_one(Match, other.id).status = MatchStatus.CLOSED

    assert decide(match).place == expected


def test_the_neighbours_cards_do_not_count_in_the_place() -> None:
    opening = make_opening(visible_to_neighbours=True)
    match = make_match(opening, make_card())
    make_match(opening, make_card(make_citizen(in_municipality="Fredensborg")), sure=90.0, possible=95.0)

    assert decide(match).place == 1


def test_the_conditions_are_kept_as_they_stood() -> None:
    make_card(skills={GREENS: 3}, wishes=[], hours_min=None, hours_max=None)

    review = decide(suggested(shifts=["evening"], danish_speaking=2, danish_use="beskeder"))

    assert {one.name: one.met.value for one in review.conditions} == {
        "industry": "not_known",
        "distance": "met",
        "hours": "not_known",
        "danish_speaking": "met",
        "shift_evening": "not_known",
    }


def test_the_page_and_the_pdf_say_the_same_and_leave_a_line(client_for: Any, karin: User) -> None:
    make_card(skills={GREENS: 3})
    review = decide(suggested(employer=make_employer("Bos Køkken ApS")))
    browser = client_for(karin)

    page = browser.get(f"/reviews/{review.id}/record")
    paper = browser.get(f"/reviews/{review.id}/record/print")

    assert paper.mimetype == "application/pdf"
    reader = pypdf.PdfReader(BytesIO(paper.get_data()))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).replace("\u200b", "").split())
    for words in ("Hun kender køkkenet.", "Karin Holm", "Bos Køkken ApS", "de samme tal", GREENS):
        assert words in page.words, words
        assert words in printed, words
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    lines = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.citizen_id == review.match.card.citizen_id)
    ).all()
    assert {"match-record-read", "match-record-printed"} <= set(lines)


def test_the_record_is_found_from_the_decided_match(client_for: Any, karin: User) -> None:
    review = make_review()

    page = client_for(karin).get(f"/reviews/match/{review.match_id}").page

    assert page.select_one(f'a[href="/reviews/{review.id}/record"]')


def test_the_same_record_gives_the_same_paper(client_for: Any, karin: User) -> None:
    review = make_review()
    browser = client_for(karin)

    first, second = (browser.get(f"/reviews/{review.id}/record/print").get_data() for _ in range(2))

    assert first == second
