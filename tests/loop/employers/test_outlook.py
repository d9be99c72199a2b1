"""The ratio on the employer's page: in words, week by week and from day to day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.employers.models import OccupiedPlace, Workplace
from portal.loop.employers.outlook import Fullness, ratio_outlooks
from portal.shared.rules.models import Rule
from portal.shared.rules.services import RuleDetails, put_rule
from tests import factories
from tests.factories import NOW, TODAY


@pytest.fixture
def kitchen(app) -> Workplace:
    """A workplace with room for one."""
    return factories.make_employer("Bos Køkken", full_time_staff=Decimal(9)).workplaces[0]


def hold(workplace: Workplace, share: str, starts: int, ends: int, *, form=PlacementForm.PRAKTIK) -> None:
    with transaction():
        db.session.add(
            OccupiedPlace(
                workplace_id=workplace.id,
                placement_id=starts * 1000 + ends + 1_000_000,
                form=form,
                hours_per_week=37 * float(share),
                starts_on=TODAY + timedelta(days=starts),
                ends_on=TODAY + timedelta(days=ends),
            )
        )


def test_an_empty_workplace_has_room_now_and_in_every_week(kitchen):
    ahead = ratio_outlooks([kitchen], TODAY)[kitchen.id]

    assert ahead.words == "Plads til 1 mere nu"
    assert {week.fullness for week in ahead.weeks} == {Fullness.FREE}
    assert len(ahead.spans) == 1


def test_a_place_that_is_held_opens_the_day_after(kitchen):
    hold(kitchen, "1", -10, 11)  # until Sunday 29 November

    ahead = ratio_outlooks([kitchen], TODAY)[kitchen.id]

    assert ahead.words == "Plads til 1 mere fra 30. november 2026"
    assert [week.fullness for week in ahead.weeks[:3]] == [Fullness.FULL, Fullness.FULL, Fullness.FREE]
    assert [(span.starts_on, span.free) for span in ahead.spans] == [
        (TODAY, 0),
        (TODAY + timedelta(days=12), 1),
    ]


def test_a_week_shows_its_fullest_day(kitchen):
    hold(kitchen, "0.60", 7, 7)
    hold(kitchen, "0.60", 7, 8)

    weeks = ratio_outlooks([kitchen], TODAY)[kitchen.id].weeks

    assert [week.fullness for week in weeks[:3]] == [Fullness.FREE, Fullness.OVER, Fullness.FREE]


def test_what_the_ratio_does_not_count_takes_no_room(kitchen):
    hold(kitchen, "1", 0, 100, form=PlacementForm.IGU)

    assert ratio_outlooks([kitchen], TODAY)[kitchen.id].words == "Plads til 1 mere nu"


def test_others_in_offers_there_take_room_all_the_time(kitchen, client_for):
    client = client_for(factories.owner_of(kitchen.employer))
    url = f"/employers/own/workplaces/{kitchen.id}/staff"
    stated = {"full_time_staff": "9", "stated_on": "2026-11-18", "said_by": "Bo", "other_places": "0,5"}

    client.post(url, stated)

    workplace = db.session.get_one(Workplace, kitchen.id)
    ahead = ratio_outlooks([workplace], TODAY)[kitchen.id]
    assert workplace.other_places == Decimal("0.5")
    assert ahead.words == "Plads til højst 18 timer om ugen"
    assert {span.free for span in ahead.spans} == {Decimal("0.5")}


def test_a_number_of_the_ratio_that_changes_cuts_the_calendar(kitchen):
    new_year = date(2027, 1, 1)
    old = factories.rule("ratio-least-places")
    with transaction():
        rule: Rule = db.session.merge(old)
        details = {name: getattr(rule, name) for name in RuleDetails.__dataclass_fields__}
        put_rule(RuleDetails(**{**details, "value": Decimal(3), "valid_from": new_year}), by=None, at=NOW)

    ahead = ratio_outlooks([kitchen], TODAY)[kitchen.id]

    assert [(span.starts_on, span.limit) for span in ahead.spans] == [(TODAY, 1), (new_year, 3)]


def test_the_page_says_it_in_words_and_by_a_few_runs_of_weeks(kitchen, karin, client_for):
    hold(kitchen, "1", -10, 11)

    page = client_for(karin).get(f"/employers/{kitchen.employer_id}").page

    assert "Plads til 1 mere fra 30. november 2026" in page.select_one("#room").get_text()
    runs = [" ".join(run.get_text().split()) for run in page.select("#room .ratio-week")]
    assert runs == ["uge 47 til 48 ingen", "uge 49 til 19 1 ledig"]


def test_the_employer_reads_the_same(kitchen, client_for):
    page = client_for(factories.owner_of(kitchen.employer)).get("/employers/own").page

    assert "Plads til 1 mere nu" in page.select_one("#room").get_text()


def test_days_alike_are_told_once_though_a_rule_changes_among_them(kitchen):
    new_year = date(2027, 1, 1)
    details = {
        name: getattr(factories.rule("ratio-least-places"), name) for name in RuleDetails.__dataclass_fields__
    }
    with transaction():
        put_rule(RuleDetails(**{**details, "source": "Læst igen", "valid_from": new_year}), by=None, at=NOW)

    (span,) = ratio_outlooks([kitchen], TODAY)[kitchen.id].spans

    assert span.starts_on == TODAY
    assert span.ends_on > new_year
