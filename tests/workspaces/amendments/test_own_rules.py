"""A municipality's own stricter number: Mette decides it for Halsnæs, and nobody else is touched."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.loop.openings.findings import assess_opening
from portal.loop.placements.findings import cases
from portal.loop.reviews.models import Answer
from portal.shared.audit.models import AuditEntry
from portal.shared.rules.law.forms import assess
from portal.shared.rules.models import Rule
from portal.shared.rules.queries import rule_book, value_on
from portal.web.permissions import Role
from tests import factories
from tests.factories import TODAY

NEW_YEAR = date(2027, 1, 1)
WEEKS = "praktik-weeks"


def home() -> int:
    return factories.municipality().id


def next_door() -> int:
    return factories.municipality("Fredensborg").id


def typed(**values):
    return {
        "value": "10",
        "valid_from": "2027-01-01",
        "valid_to": "",
        "reference": "Beskæftigelsesudvalget",
        "source": "Referat 3. november 2026, punkt 7",
        "checked_by": "Mette Bruun",
        "checked_on": "2026-11-18",
        "step": "preview",
        **values,
    }


def url_of(rule: Rule, step: str = "new") -> str:
    return f"/amendments/own/{rule.id}/{step}"


def save(client, url: str, **values):
    """Both buttons."""
    shown = client.post(url, typed(**values))
    assert shown.status_code == 200, shown.words
    fingerprint = shown.page.select_one("input[name=previewed]")["value"]
    return client.post(url, typed(**{**values, "step": "save", "previewed": fingerprint}))


@pytest.fixture
def weeks(app) -> Rule:
    return factories.rule(WEEKS)


def own_rows() -> list[Rule]:
    return list(
        db.session.scalars(sa.select(Rule).where(Rule.municipality_id.is_not(None)).order_by(Rule.id))
    )


def test_a_leader_decides_a_stricter_number_for_her_municipality_alone(weeks, mette, client_for):
    answer = save(client_for(mette), url_of(weeks))

    assert answer.status_code == 303
    assert value_on(WEEKS, NEW_YEAR - timedelta(days=1), home()) == 13
    assert value_on(WEEKS, NEW_YEAR, home()) == 10
    assert value_on(WEEKS, NEW_YEAR, next_door()) == 13
    assert value_on(WEEKS, NEW_YEAR, None) == 13
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "rule-put", AuditEntry.actor_id == mette.id)
    ).one()
    assert entry.subject_id == own_rows()[0].id


@pytest.mark.parametrize("value", ["13", "14", "13,0"])
def test_what_is_not_stricter_is_refused_beside_the_field_and_names_the_law(weeks, mette, client_for, value):
    answer = client_for(mette).post(url_of(weeks), typed(value=value))

    assert answer.status_code == 422
    field = answer.page.select_one("[name=value]")
    assert field["aria-invalid"] == "true"
    said = answer.page.select_one(f"#{field['aria-describedby'].split()[-1]}").get_text(" ", strip=True)
    assert "13 uger den 1. januar 2027" in said
    assert "lavere" in said
    assert own_rows() == []


@pytest.mark.parametrize(
    ("key", "value", "is_taken"),
    [
        (WEEKS, "12", True),
        (WEEKS, "13", False),
        ("ratio-staff-per-place", "5", False),
        ("ratio-staff-per-place", "6", True),
        ("youth-clock-to-other", "20", False),
        ("youth-clock-to-other", "19", True),
        ("youth-clock-from", "6", False),
        ("youth-clock-from", "7", True),
        ("youth-no-alcohol", "1", False),
        ("youth-no-alcohol", "0", False),
    ],
)
def test_at_the_boundary_the_way_of_the_rule_decides(app, mette, client_for, key, value, is_taken):
    answer = client_for(mette).post(url_of(factories.rule(key)), typed(value=value))

    assert answer.status_code == (200 if is_taken else 422)


@pytest.mark.parametrize(
    "key", ["igu-open", "igu-age-below", "loentilskud-benefit-months", "full-time-hours"]
)
def test_what_is_the_laws_alone_has_no_own_row(app, mette, client_for, key):
    rule = factories.rule(key)
    client = client_for(mette)

    assert client.get(url_of(rule)).status_code == 409
    assert client.post(url_of(rule), typed(value="1")).status_code == 409
    assert client.get(f"/rules/{rule.id}/history").page.select(f"a[href='{url_of(rule)}']") == []


def test_no_own_rule_is_offered_where_the_law_says_yes(app, mette, client_for):
    page = client_for(mette).get(f"/rules/{factories.rule('youth-no-alcohol').id}/history")

    assert page.page.select("a[href^='/amendments/own']") == []
    assert "ens i alle kommuner" in page.words


def test_the_law_of_the_first_day_is_the_measure(weeks, mette, client_for):
    factories.put_number(WEEKS, "8", date(2027, 2, 1), municipality_id=None)
    client = client_for(mette)

    january = client.post(url_of(weeks), typed(value="9"))
    february = client.post(url_of(weeks), typed(value="9", valid_from="2027-02-01"))

    assert january.status_code == 200
    assert february.status_code == 422
    assert "8 uger den 1. februar 2027" in february.words


def test_an_own_number_does_not_reach_back(weeks, mette, client_for):
    client = client_for(mette)

    yesterday = client.post(url_of(weeks), typed(valid_from="2026-11-17"))
    today = client.post(url_of(weeks), typed(valid_from="2026-11-18"))

    assert yesterday.status_code == 422
    assert yesterday.page.select_one("[name=valid_from]")["aria-invalid"] == "true"
    assert today.status_code == 200


def planned(starts_on: date, *, place: str = "Halsnæs", weeks_long: int = 12):
    card = factories.make_card(citizen=factories.make_citizen(in_municipality=place))
    review = factories.make_review(
        factories.make_match(card=card), citizen_answer=Answer.YES, employer_answer=Answer.YES
    )
    return factories.make_placement(
        review, starts_on=starts_on, ends_on=starts_on + timedelta(days=7 * weeks_long - 1)
    )


def test_the_preview_shows_only_the_municipalitys_own(weeks, mette, client_for):
    ours, theirs = planned(NEW_YEAR), planned(NEW_YEAR, place="Fredensborg")

    answer = client_for(mette).post(url_of(weeks), typed())

    rows = answer.page.select("#touched-placements tbody tr")
    assert len(rows) == 1
    assert ours.opening.title in rows[0].get_text()
    assert theirs.municipality_id == next_door()


def test_a_placement_is_judged_by_whoever_places_not_by_whose_employer_it_is(app):
    """Lene of Fredensborg places somebody at an employer of Halsnæs: Halsnæs' own rule is not hers."""
    factories.put_number(WEEKS, "10")
    ours, theirs = planned(NEW_YEAR), planned(NEW_YEAR, place="Fredensborg")

    found = cases([ours, theirs], on=TODAY)

    verdicts = [
        next(one for one in assess(found[placement.id], rule_book()) if one.rule == "R4")
        for placement in (ours, theirs)
    ]
    assert [one.is_ok for one in verdicts] == [False, True]
    assert verdicts[0].reference.startswith(
        "LAB § 61 stk. 2; Halsnæs Kommunes egen regel fra 18. november 2026"
    )
    assert "loven siger 13 uger" in verdicts[0].reference
    assert "Halsnæs" not in verdicts[1].reference


def test_an_opening_is_judged_by_its_own_municipality(app):
    factories.put_number(WEEKS, "10")
    period = {"starts_on": NEW_YEAR, "ends_on": NEW_YEAR + timedelta(days=12 * 7 - 1)}
    ours = factories.make_opening(**period)
    theirs = factories.make_opening(factories.make_employer(in_municipality="Fredensborg"), **period)

    said = [
        next(one.verdict for one in assess_opening(opening, on=TODAY) if one.rule == "R4")
        for opening in (ours, theirs)
    ]

    assert [verdict.value for verdict in said] == ["warning", "ok"]


def test_an_own_number_that_has_not_begun_can_be_corrected_and_taken_back(weeks, mette, client_for):
    rule = factories.put_number(WEEKS, "10", NEW_YEAR)
    client = client_for(mette)

    corrected = save(client, url_of(rule, "correct"), value="11", valid_from="2027-02-01")

    assert corrected.status_code == 303
    assert value_on(WEEKS, date(2027, 1, 31), home()) == 13
    assert value_on(WEEKS, date(2027, 2, 1), home()) == 11
    assert client.post(url_of(rule, "correct"), typed(value="20")).status_code == 422
    assert client.post(url_of(rule, "withdraw"), {}).status_code == 303
    assert own_rows() == []
    assert value_on(WEEKS, date(2027, 2, 1), home()) == 13


def test_an_own_number_in_force_stays_as_it_was_and_may_end(weeks, mette, client_for):
    rule = factories.put_number(WEEKS, "10", TODAY)
    client = client_for(mette)

    assert client.get(url_of(rule, "correct")).status_code == 409
    assert client.post(url_of(rule, "withdraw"), {}).status_code == 409
    assert client.post(url_of(rule, "end"), {"last_day": "2026-11-17"}).status_code == 422
    assert client.post(url_of(rule, "end"), {"last_day": ""}).status_code == 422
    ended = client.post(url_of(rule, "end"), {"last_day": "2026-12-31"})

    assert ended.status_code == 303
    assert value_on(WEEKS, date(2026, 12, 31), home()) == 10
    assert value_on(WEEKS, NEW_YEAR, home()) == 13
    assert client.post(url_of(rule, "end"), {"last_day": "2027-01-01"}).status_code == 422
    assert (
        db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.actor_id == mette.id))
        .all()
        .count("rule-ended")
    )


def test_a_new_own_number_takes_over_from_the_one_before(weeks, mette, client_for):
    factories.put_number(WEEKS, "10", TODAY)

    answer = save(client_for(mette), url_of(weeks), value="8")

    assert answer.status_code == 303
    assert value_on(WEEKS, NEW_YEAR - timedelta(days=1), home()) == 10
    assert value_on(WEEKS, NEW_YEAR, home()) == 8
    assert value_on(WEEKS, NEW_YEAR, None) == 13


def test_one_day_has_one_own_number(weeks, mette, client_for):
    """The one that holds gives way from the first day of the new one; what is still to come stands in its way."""
    factories.put_number(WEEKS, "10", NEW_YEAR, valid_to=date(2027, 6, 30))
    client = client_for(mette)

    early = save(client, url_of(weeks), value="9", valid_from="2026-12-01")
    within = save(client, url_of(weeks), value="9", valid_from="2027-03-01", valid_to="2027-04-30")

    assert early.status_code == 409
    assert "1. januar 2027" in early.words
    assert within.status_code == 303
    days = (date(2027, 2, 28), date(2027, 3, 1), date(2027, 4, 30), date(2027, 5, 1), date(2027, 7, 1))
    assert [value_on(WEEKS, day, home()) for day in days] == [10, 9, 9, 10, 13]


def test_a_posted_municipality_is_not_asked(weeks, mette, client_for):
    save(client_for(mette), url_of(weeks), municipality_id=str(next_door()))

    assert [row.municipality_id for row in own_rows()] == [home()]


def test_the_neighbours_own_rows_are_neither_read_nor_changed(weeks, mette, drude, client_for):
    theirs = factories.put_number(WEEKS, "9", NEW_YEAR, place="Fredensborg")
    client = client_for(mette)

    for step in ("correct", "withdraw", "end"):
        assert client.post(url_of(theirs, step), typed()).status_code == 404
    assert client.get(f"/rules/{theirs.id}/history").status_code == 404
    assert client_for(drude).get(f"/rules/{theirs.id}/history").status_code == 404
    assert "Mette" not in client_for(drude).get(f"/rules/{weeks.id}/history").words
    assert "Fredensborg" not in client_for(drude).get("/rules/?format=csv&q=praktik").get_data(as_text=True)
    assert client.get(url_of(theirs)).status_code == 404
    assert "Fredensborg" not in client.get("/rules/").words
    assert "Fredensborg" not in client.get(f"/rules/{weeks.id}/history").words
    assert value_on(WEEKS, NEW_YEAR, next_door()) == 9


def test_the_laws_numbers_are_not_the_leaders(weeks, mette, client_for):
    client = client_for(mette)

    for step in ("correct", "withdraw", "end"):
        assert client.post(url_of(weeks, step), typed()).status_code == 404
    assert client.post(f"/amendments/rule/{weeks.id}/new", typed()).status_code == 403


def test_an_own_row_is_not_changed_as_if_it_were_the_laws(weeks, drude, client_for):
    rule = factories.put_number(WEEKS, "10", NEW_YEAR)
    client = client_for(drude)

    for step in ("new", "correct", "withdraw"):
        assert client.post(f"/amendments/rule/{rule.id}/{step}", typed(certainty="read")).status_code == 404
    assert value_on(WEEKS, NEW_YEAR, home()) == 10


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.EMPLOYER, Role.CITIZEN])
def test_only_a_leader_decides_it(weeks, client_for, role):
    rule = factories.put_number(WEEKS, "10", NEW_YEAR)
    client = client_for(factories.make_user("Rasmus Fremmed", role))

    assert client.post(url_of(weeks), typed()).status_code == 403
    for step in ("correct", "withdraw", "end"):
        assert client.post(url_of(rule, step), typed(last_day="2027-02-01")).status_code == 403


def test_the_history_says_what_holds_here_and_why(weeks, mette, karin, client_for):
    rule = factories.put_number(WEEKS, "10", TODAY)

    read = client_for(karin).get(f"/rules/{weeks.id}/history")
    decided = client_for(mette).get(f"/rules/{weeks.id}/history")

    said = "Halsnæs Kommunes egen regel fra 18. november 2026, loven siger 13 uger"
    assert said in read.words
    assert read.page.select("a[href^='/amendments']") == []
    assert "I jeres kommune gælder 10 uger i dag." in read.words
    tags = [tag.get_text(strip=True) for tag in read.page.select("#history-table .status-tag")]
    assert tags[:3] == ["Halsnæs Kommunes egen", "Gælder i dag", "Gælder i andre kommuner"]
    assert decided.page.select(f"a[href='{url_of(rule, 'end')}']")
    assert decided.page.select(f"a[href='{url_of(weeks)}']")


def test_a_row_that_the_law_has_caught_up_with_says_so(weeks, mette, client_for):
    factories.put_number(WEEKS, "10", TODAY)
    db.session.execute(
        sa.update(Rule).where(Rule.key == WEEKS, Rule.municipality_id.is_(None)).values(value=10)
    )
    db.session.commit()

    page = client_for(mette).get(f"/rules/{weeks.id}/history")

    assert "Loven er lige så streng" in page.words
    assert "loven siger" not in page.words


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": ""},
        {"value": "-1"},
        {"value": "9" * 400},
        {"value": "nan"},
        {"valid_from": "0001-01-01"},
        {"valid_from": "i morgen"},
        {"valid_to": "2026-12-31"},
        {"reference": ""},
        {"checked_on": "2026-11-19"},
    ],
)
def test_what_is_wrong_is_said_beside_the_field(weeks, mette, client_for, wrong):
    answer = client_for(mette).post(url_of(weeks), typed(**wrong))

    assert answer.status_code == 422
    assert answer.page.select_one(f"[name={next(iter(wrong))}]")["aria-invalid"] == "true"
