"""What the sheet asks of each form, through its page: yes, no, not needed, and not answered."""

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.employers.models import Sector
from portal.loop.placements.models import Placement, PlacementGrounds
from portal.loop.reviews.models import Answer
from portal.shared.audit.models import AuditEntry
from portal.shared.rules.law.case import Act, Readiness
from portal.workspaces.vitas.models import VitasSheet
from tests import factories
from tests.factories import NOW

BECAUSE = "Aftalt med afdelingslederen"
HEARD = {"representative_name": "Grete Vang", "representative_stated_on": "2026-11-17"}
OF_PRAKTIK = {**HEARD, "purpose": "training", "not_last_employer": "yes", "not_owned_by_family": "yes"}
OF_LOENTILSKUD = {
    **HEARD,
    "staff_last_month": "12",
    "staff_average": "12",
    "monthly_wage_dkk": "20000",
    "monthly_subsidy_dkk": "10000",
    "benefits": "yes",
}
OF_IGU = {
    "school_weeks": "23",
    "total_hours_per_week": "34",
    "igu_residence": "yes",
    "igu_not_employed": "yes",
    "igu_first": "yes",
}
WHOLE = {
    PlacementForm.PRAKTIK: OF_PRAKTIK,
    PlacementForm.LOENTILSKUD: OF_LOENTILSKUD,
    PlacementForm.IGU: OF_IGU,
}
LAST_DAY = {
    PlacementForm.PRAKTIK: date(2026, 12, 27),
    PlacementForm.LOENTILSKUD: date(2027, 3, 29),
    PlacementForm.IGU: date(2028, 11, 29),
}


def planned(
    form: PlacementForm,
    *,
    sector: Sector = Sector.PRIVATE,
    citizen: dict[str, object] | None = None,
    **grounds: object,
) -> Placement:
    """Amira's, lawful but for what the sheet must tell."""
    born = {"birth_year": None, "born_on": date(1990, 5, 1), **(citizen or {})}
    card = factories.make_card(factories.make_citizen(**born))
    opening = factories.make_opening(factories.make_employer(sector=sector), form=form)
    review = factories.make_review(
        factories.make_match(opening, card), citizen_answer=Answer.YES, employer_answer=Answer.YES
    )
    placement = factories.make_placement(review, starts_on=date(2026, 11, 30), ends_on=LAST_DAY[form])
    with transaction():
        db.session.add(
            PlacementGrounds(
                placement_id=placement.id,
                stated_at=NOW,
                stated_by_id=factories.user("karin@kommune.example").id,
                **{"act": Act.INTEGRATION, "readiness": Readiness.OTHER, **grounds},
            )
        )
    return placement


class Desk:
    """Karin at the sheet of one placement."""

    def __init__(self, client, placement: Placement) -> None:
        self.client, self.url = client, f"/vitas/placement/{placement.id}"

    def write(self, **answers: str | None):
        return self.client.post(self.url, {name: said for name, said in answers.items() if said is not None})

    def ready(self, reason: str | None = None):
        return self.client.post(f"{self.url}/ready", {} if reason is None else {"stop_reason": reason})

    @property
    def page(self):
        return self.client.get(self.url).page

    @property
    def stops(self) -> str:
        return " ".join(one.get_text(" ", strip=True) for one in self.page.select(".finding-stop"))

    @property
    def paper(self) -> str:
        pages = PdfReader(BytesIO(self.client.get(f"{self.url}/print").get_data())).pages
        return " ".join(" ".join(one.extract_text() for one in pages).replace("\u200b", "").split())


@pytest.fixture
def desk(karin, client_for):
    return lambda placement: Desk(client_for(karin), placement)


def the_sheet() -> VitasSheet:
    return db.session.scalars(sa.select(VitasSheet).execution_options(populate_existing=True)).one()


@pytest.mark.parametrize("form", list(WHOLE))
def test_with_every_answer_it_is_ready(desk, form):
    at = desk(planned(form))
    assert at.write(**WHOLE[form]).status_code == 303

    assert at.stops == ""
    assert at.ready().status_code == 303


@pytest.mark.parametrize(
    ("form", "left_out"),
    [(form, name) for form, whole in WHOLE.items() for name in whole],
)
def test_each_answer_is_asked_for_and_no_reason_stands_for_it(desk, form, left_out):
    """cases/law.md, B: an IGU sheet with residence, first IGU, three months and school weeks all blank was ready."""
    at = desk(planned(form))
    left = {left_out, "representative_stated_on"} if left_out == "representative_name" else {left_out}
    at.write(**{name: value for name, value in WHOLE[form].items() if name not in left})

    assert at.stops
    assert at.page.select("form[action$='/ready']") == []
    assert at.ready(BECAUSE).status_code == 409
    assert the_sheet().ready_at is None
    assert the_sheet().stop_reason == ""


@pytest.mark.parametrize(
    ("form", "name", "rule_says"),
    [
        (PlacementForm.PRAKTIK, "not_last_employer", "Det er ikke borgerens seneste arbejdsgiver"),
        (PlacementForm.PRAKTIK, "not_owned_by_family", "samlever ejer ikke virksomheden"),
        (PlacementForm.LOENTILSKUD, "benefits", "har fået ydelse i mindst 6 måneder"),
        (PlacementForm.IGU, "igu_residence", "højst haft ophold i 20 år"),
        (PlacementForm.IGU, "igu_not_employed", "de seneste 3 måneder"),
        (PlacementForm.IGU, "igu_first", "ikke haft en IGU før"),
    ],
)
def test_a_no_is_kept_and_stops_until_somebody_says_why(desk, karin, form, name, rule_says):
    at = desk(planned(form))
    at.write(**{**WHOLE[form], name: "no"})

    assert the_sheet().answers[name] == "no"
    assert "Kravet er ikke opfyldt: " in at.stops
    assert rule_says in at.stops
    left_empty = at.ready()
    assert left_empty.status_code == 409
    assert left_empty.page.select_one("[name=stop_reason]")["aria-invalid"] == "true"
    assert the_sheet().ready_at is None

    assert at.ready(BECAUSE).status_code == 303
    kept = the_sheet()
    assert (kept.stop_reason, kept.passed_by_id, kept.passed_at) == (BECAUSE, karin.id, NOW)
    assert BECAUSE in at.page.get_text()
    assert BECAUSE in at.paper
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "vitas-sheet-ready")).one()
    assert line.change.startswith("Stop passeret med begrundelse: R")
    assert BECAUSE not in line.change  # the log outlives what is written about her


def test_a_reason_is_asked_for_once(desk):
    at = desk(planned(PlacementForm.PRAKTIK))
    at.write(**{**OF_PRAKTIK, "not_last_employer": "no"})
    at.ready(BECAUSE)

    at.write(**{**OF_PRAKTIK, "not_last_employer": "no", "remarks": "Timerne stiger."})

    assert at.stops == ""
    assert at.ready().status_code == 303
    at.write(**{**OF_PRAKTIK, "not_last_employer": "no", "not_owned_by_family": "no"})
    assert "samlever" in at.stops, "another stop of the same rule is asked about"
    assert at.ready().status_code == 409


def test_at_her_own_workplace_nobody_is_asked_whose_it_is(desk):
    """R25: the stop of R6 is not hers, and the sheet and its paper say so without saying why."""
    at = desk(planned(PlacementForm.PRAKTIK, is_outside_ratio=True))
    at.write(**{name: value for name, value in OF_PRAKTIK.items() if not name.startswith("not_")})

    assert at.page.select("[name=not_last_employer]") == []
    assert "Praktikken er på borgerens eget arbejdssted, så kravet gælder ikke." in at.page.get_text()
    assert "eget arbejdssted" in at.paper
    assert "sygemeld" not in at.page.get_text().casefold() + at.paper.casefold()
    assert at.ready().status_code == 303


@pytest.mark.parametrize(
    ("citizen", "is_asked"),
    [
        ({"born_on": date(1976, 11, 30)}, False),  # 50 on the first day: LAB § 69 stk. 3
        ({"born_on": date(1976, 12, 1)}, True),
        ({"born_on": None, "birth_year": 1976}, True),
        ({"born_on": None, "birth_year": 1975}, False),
    ],
)
def test_who_is_old_enough_is_not_asked_about_benefits(desk, citizen, is_asked):
    at = desk(planned(PlacementForm.LOENTILSKUD, citizen=citizen))
    at.write(**{name: value for name, value in OF_LOENTILSKUD.items() if name != "benefits"})

    assert bool(at.page.select("[name=benefits]")) is is_asked
    assert ("alder fritager" in at.page.get_text()) is not is_asked
    assert at.ready().status_code == (409 if is_asked else 303)


def test_who_is_exempt_from_benefits_is_said_to_be_on_sheet_and_paper(desk):
    at = desk(planned(PlacementForm.LOENTILSKUD))
    at.write(**{**OF_LOENTILSKUD, "benefits": "not_needed"})

    words = "Ikke relevant. Borgeren er undtaget fra kravet om ledighed."
    assert words in " ".join(at.page.get_text().split())
    assert words in at.paper
    assert at.ready().status_code == 303


@pytest.mark.parametrize("name", ["igu_residence", "igu_not_employed", "igu_first"])
def test_what_has_no_exemption_offers_none(desk, name):
    at = desk(planned(PlacementForm.IGU))

    assert [one["value"] for one in at.page.select(f"[name={name}]")] == ["yes", "no"]
    assert at.write(**{**OF_IGU, name: "not_needed"}).status_code == 422


@pytest.mark.parametrize(
    ("arrived_on", "answer"),
    [(date(2006, 11, 30), 303), (date(2006, 11, 29), 409), (None, 409)],
)  # L 82: up to 20 years
def test_the_day_of_arrival_answers_for_the_residence(desk, arrived_on, answer):
    at = desk(planned(PlacementForm.IGU, arrived_on=arrived_on))
    at.write(**{name: value for name, value in OF_IGU.items() if name != "igu_residence"})

    assert bool(at.page.select("[name=igu_residence]")) is (arrived_on is None)
    assert at.ready().status_code == answer


@pytest.mark.parametrize(
    ("sector", "said", "answer"),
    [
        (Sector.PRIVATE, {"monthly_subsidy_dkk": "10000"}, 303),
        (Sector.PRIVATE, {"monthly_subsidy_dkk": "10001"}, 409),
        (Sector.PRIVATE, {"monthly_subsidy_dkk": None}, 409),
        (Sector.PRIVATE, {"monthly_wage_dkk": None}, 409),
        (Sector.PUBLIC, {"monthly_subsidy_dkk": "19000"}, 303),
        (Sector.PUBLIC, {"monthly_subsidy_dkk": None, "monthly_wage_dkk": None}, 303),
        (None, {"monthly_subsidy_dkk": None}, 409),  # nobody has said: as a private one
    ],
)  # R26, kk.dk
def test_a_private_employer_gets_at_most_half_of_the_wage(desk, sector, said, answer):
    at = desk(planned(PlacementForm.LOENTILSKUD, sector=sector))
    at.write(**{**OF_LOENTILSKUD, **said})

    assert at.ready().status_code == answer


@pytest.mark.parametrize(
    ("total", "answer"),
    [("31,9", 409), ("32", 303), ("37", 303), ("37,1", 409), ("", 409)],
)  # R27, siri.dk
def test_work_and_school_of_an_igu_are_within_both_bounds(desk, total, answer):
    at = desk(planned(PlacementForm.IGU))
    at.write(**{**OF_IGU, "total_hours_per_week": total})

    assert at.ready().status_code == answer


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (PlacementForm.LOENTILSKUD, {"monthly_subsidy_dkk": "-1"}),
        (PlacementForm.LOENTILSKUD, {"monthly_subsidy_dkk": "99999999999999"}),
        (PlacementForm.LOENTILSKUD, {"monthly_subsidy_dkk": "halvdelen"}),
        (PlacementForm.IGU, {"total_hours_per_week": "NaN"}),
        (PlacementForm.IGU, {"total_hours_per_week": "169"}),
        (PlacementForm.IGU, {"igu_first": "true"}),
        (PlacementForm.IGU, {"igu_first": ""}),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_kept(desk, form, wrong):
    answer = desk(planned(form)).write(**{**WHOLE[form], **wrong})

    (name, typed) = next(iter(wrong.items()))
    if typed == "":  # no answer at all is no mistake
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert answer.page.select_one(f"[name={name}]")["aria-invalid"] == "true"
    assert db.session.scalars(sa.select(VitasSheet)).all() == []


def test_each_question_is_a_group_with_its_legend(desk):
    page = desk(planned(PlacementForm.IGU)).page

    legends = [one.get_text(strip=True) for one in page.select("fieldset legend")]
    assert legends == [
        "Borgeren hører til målgruppen for IGU, og opholdet er kort nok",
        "Borgeren har ikke været ordinært ansat her for nylig",
        "Borgeren har ikke haft en IGU før",
    ]
    assert page.select("fieldset input:checked") == [], "nothing is answered before somebody has"


@pytest.mark.parametrize(
    ("key", "form", "no_longer_asked"),
    [
        ("loentilskud-benefit-months", PlacementForm.LOENTILSKUD, ["benefits"]),
        ("loentilskud-average-months", PlacementForm.LOENTILSKUD, ["staff_last_month", "staff_average"]),
        ("igu-not-employed-months", PlacementForm.IGU, ["igu_not_employed"]),
        ("igu-once", PlacementForm.IGU, ["igu_first"]),
        ("igu-school-weeks", PlacementForm.IGU, ["school_weeks"]),
        ("praktik-purpose", PlacementForm.PRAKTIK, ["purpose"]),
        ("praktik-not-own-firm", PlacementForm.PRAKTIK, ["not_last_employer", "not_owned_by_family"]),
    ],
)
def test_a_rule_that_is_switched_off_is_not_asked_about(desk, key, form, no_longer_asked):
    factories.put_number(key, "0", municipality_id=None)
    at = desk(planned(form))
    at.write(**{name: value for name, value in WHOLE[form].items() if name not in no_longer_asked})

    assert at.ready().status_code == 303
