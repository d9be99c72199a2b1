"""Figures from outside: written with their source, corrected by another row, and a goal's own where none is counted."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import GoalAim, Measure, PeriodKind
from portal.ledger.comparison import services
from portal.ledger.comparison.models import OutsideFigure, OutsideTopic
from portal.ledger.comparison.services import OutsideDetails
from portal.ledger.goals.figures import GoalStanding, NoData, figure_of
from portal.ledger.goals.models import Goal
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_outside_figure, municipality
from tests.support.goals import set_goal

pytestmark = pytest.mark.both_engines

ClientFor = Callable[[User | None], PortalClient]

Q1, Q2 = (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))


def written(**values: Any) -> OutsideFigure:
    """Halsnæs' own share on public support in the first quarter."""
    details = OutsideDetails(
        **{
            "subject": Measure.PUBLIC_SUPPORT,
            "place": "Halsnæs",
            "first_on": Q1[0],
            "last_on": Q1[1],
            "value": Decimal("29"),
            "source": "Danmarks Statistik",
            "method": "Omregnet til fuldtidspersoner",
            **values,
        }
    )
    with transaction():
        return services.write_figure(municipality(), details, by=None, at=NOW, today=TODAY)


def support_goal(**said: Any) -> Goal:
    return set_goal(
        Measure.PUBLIC_SUPPORT,
        **{"target": 5, "aim": GoalAim.FALL, "baseline": Decimal(29), "period": PeriodKind.YEAR, **said},
    )


def test_our_own_name_is_ours_and_another_is_kept_without_the_word(app: Flask) -> None:
    assert written(place="halsnæs kommune").is_own
    assert written(place="Odder  Kommune").place == "Odder"


def test_a_second_figure_for_the_same_is_refused(app: Flask) -> None:
    written(place="Odder")

    with pytest.raises(services.FigureExists):
        written(place="odder", value=Decimal("31"))

    assert written(place="Odder", first_on=Q2[0], last_on=Q2[1]).quarter == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"value": Decimal("100.5")}, services.MoreThanWhole),
        ({"subject": OutsideTopic.EMPLOYERS, "value": Decimal("10.5")}, services.NotWhole),
        ({"first_on": TODAY + timedelta(1), "last_on": TODAY + timedelta(9)}, services.FigureAhead),
    ],
)
def test_what_cannot_be_is_refused(app: Flask, wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        written(**wrong)


def test_a_correction_is_another_row_and_the_first_stays_with_why(app: Flask, mette: User) -> None:
    first = written()
    details = OutsideDetails(
        subject=Measure.PUBLIC_SUPPORT,
        place="Halsnæs",
        first_on=Q1[0],
        last_on=Q1[1],
        value=Decimal("28.5"),
        source="Danmarks Statistik, rettet",
    )

    with transaction():
        now = services.correct_figure(
            first, details, because="Tastefejl", by=mette, at=NOW + timedelta(hours=1), today=TODAY
        )

    assert (first.replaced_because, first.replaced_by_id, first.value) == ("Tastefejl", mette.id, 29)
    assert (now.is_standing, now.value) == (True, Decimal("28.5"))
    with pytest.raises(services.FigureIsReplaced), transaction():
        services.take_out_figure(first, because="Igen", by=mette, at=NOW)


def test_the_goals_figure_is_our_latest_within_its_time(app: Flask) -> None:
    goal = support_goal()
    written(first_on=date(2025, 1, 1), last_on=date(2025, 12, 31), value=Decimal("35"))
    written(value=Decimal("29"))
    written(first_on=Q2[0], last_on=Q2[1], value=Decimal("23.5"))
    written(place="Odder", first_on=Q2[0], last_on=Q2[1], value=Decimal("10"))

    shown = figure_of(municipality(), goal, TODAY)

    assert (shown.value, shown.standing) == (Decimal("23.5"), GoalStanding.REACHED)
    assert figure_of(municipality(), goal, Q1[1]).value == 29


def test_without_a_figure_the_goal_says_that_it_is_not_written(app: Flask) -> None:
    shown = figure_of(municipality(), support_goal(), TODAY)

    assert (shown.opens, shown.why_none) == (False, NoData.NOT_WRITTEN)


def test_a_figure_of_a_time_before_the_portals_records_counts(app: Flask) -> None:
    quarter = {"first_on": date(2008, 4, 1), "last_on": date(2008, 6, 30), "period": PeriodKind.QUARTER}
    written(first_on=date(2008, 4, 1), last_on=date(2008, 6, 30), value=Decimal("24"))

    assert figure_of(municipality(), support_goal(**quarter), TODAY).standing is GoalStanding.REACHED


def test_what_was_known_then_is_what_stood_then(app: Flask, mette: User) -> None:
    goal, first = support_goal(), written()
    with transaction():
        services.take_out_figure(first, because="Forkert kilde", by=mette, at=NOW + timedelta(days=1))

    here = municipality()

    assert figure_of(here, goal, TODAY).value is None
    assert figure_of(here, goal, TODAY, known_at=NOW + timedelta(hours=1)).value == 29
    assert figure_of(here, goal, TODAY, known_at=NOW - timedelta(hours=1)).value is None


def test_the_goals_page_says_source_and_method(client_for: ClientFor, karin: User) -> None:
    goal = support_goal()
    written()

    words = client_for(karin).get(f"/goals/{goal.id}").words

    assert "29 %" in words
    assert "Danmarks Statistik" in words
    assert "Omregnet til fuldtidspersoner" in words


FORM = {
    "subject": "public_support",
    "place": "Odder",
    "year": "2006",
    "quarter": "4",
    "value": "32,0",
    "source": "Danmarks Statistik",
    "method": "",
}


def test_the_leader_writes_corrects_and_takes_out(client_for: ClientFor, mette: User) -> None:
    client = client_for(mette)
    assert client.post("/comparison/new", FORM).status_code == 303
    figure = db.session.scalars(sa.select(OutsideFigure)).one()
    assert (figure.place, figure.value, figure.first_on, figure.recorded_by_id) == (
        "Odder",
        32,
        date(2006, 10, 1),
        mette.id,
    )

    page = client.get(f"/comparison/{figure.id}/edit").page
    assert page.select_one("#value")["value"] == "32"  # type: ignore[index]
    client.post(f"/comparison/{figure.id}/edit", {**FORM, "value": "33", "because": "Læst forkert"})
    db.session.expire_all()
    now = db.session.scalars(sa.select(OutsideFigure).where(OutsideFigure.replaced_at.is_(None))).one()
    assert (now.value, db.session.get_one(OutsideFigure, figure.id).replaced_because) == (33, "Læst forkert")

    again = client.post(f"/comparison/{figure.id}/edit", {**FORM, "value": "34", "because": "Igen"})
    assert again.status_code == 409
    client.post(f"/comparison/{now.id}/remove", {"because": "Findes ikke"})
    db.session.expire_all()
    assert "Findes ikke" in client.get("/comparison/?standing=replaced").words
    assert client.get("/comparison/").page.select_one("#outside-list .empty-state")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "x"),
        ("place", ""),
        ("year", "1800"),
        ("quarter", "5"),
        ("value", "-1"),
        ("value", "mange"),
        ("source", ""),
        ("method", "Tal for 010190-1234"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client_for: ClientFor, mette: User, field: str, value: str
) -> None:
    answer = client_for(mette).post("/comparison/new", {**FORM, field: value})

    assert answer.status_code == 422
    assert answer.page.select_one(f"[id='{field}'][aria-invalid]")
    assert db.session.scalar(sa.select(sa.func.count(OutsideFigure.id))) == 0


def test_a_refusal_keeps_what_was_written(client_for: ClientFor, mette: User) -> None:
    answer = client_for(mette).post("/comparison/new", {**FORM, "value": "101"})

    assert answer.status_code == 409
    assert answer.page.select_one("#value")["value"] == "101"  # type: ignore[index]


def test_the_list_is_searched_sorted_and_filtered_and_comes_as_a_file(
    client_for: ClientFor, karin: User
) -> None:
    make_outside_figure(value=Decimal("29"))
    make_outside_figure(place="Odder", value=Decimal("32"), source="Odders regnskab")
    make_outside_figure(place="Frederikssund", value=Decimal("34"))
    make_outside_figure(topic=OutsideTopic.EMPLOYERS, value=Decimal("812"), unit="count")
    client = client_for(karin)

    def places(query: str) -> list[str]:
        page = client.get(f"/comparison/?{query}").page
        return [row.select("td")[1].get_text(strip=True) for row in page.select("#outside-table tbody tr")]

    assert places("sort=place&dir=asc&subject=public_support") == ["Halsnæs", "Frederikssund", "Odder"]
    assert places("sort=value&dir=desc&subject=public_support") == ["Frederikssund", "Odder", "Halsnæs"]
    assert places("q=regnskab") == ["Odder"]
    assert places("subject=employers") == ["Halsnæs"]
    assert "Odder;2025;;32,0;procent;Odders regnskab" in client.get("/comparison/?format=csv").get_data(
        as_text=True
    )
    fragment = client.get("/comparison/?q=odder", htmx=True).page.select_one("#outside-list")
    assert fragment == client.get("/comparison/?q=odder").page.select_one("#outside-list")


def test_another_municipalitys_figures_do_not_exist(client_for: ClientFor, mette: User) -> None:
    theirs = make_outside_figure("Fredensborg", source="Deres kilde")
    client = client_for(mette)

    assert client.get(f"/comparison/{theirs.id}/edit").status_code == 404
    assert "Deres kilde" not in client.get("/comparison/").words


def test_the_database_keeps_one_standing_figure_of_a_thing(app: Flask) -> None:
    make_outside_figure()

    with pytest.raises(sa.exc.IntegrityError):
        make_outside_figure()
    db.session.rollback()
    assert make_outside_figure(replaced_at=NOW).id
