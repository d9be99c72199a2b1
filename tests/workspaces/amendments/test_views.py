"""A changed number: shown with whom it touches before it is saved, and judged by the day a placement starts."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.base.terms import PlacementForm
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.audit.models import AuditEntry
from portal.shared.rules import lists, services
from portal.shared.rules.models import Certainty, Rule
from portal.shared.rules.queries import value_on
from portal.shared.rules.units import WORDS
from portal.workspaces.amendments.queries import effect_of
from tests import factories
from tests.factories import NOW, TODAY

NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def weeks(app) -> Rule:
    return factories.rule("praktik-weeks")


def typed(**values):
    return {
        "value": "4",
        "valid_from": "2027-01-01",
        "reference": "LAB § 61, ny lov",
        "source": "Lov nr. 1 af 1. december 2026",
        "certainty": "read",
        "checked_by": "Ali Admin",
        "checked_on": "2026-11-18",
        **values,
    }


def planned(starts_on: date, *, weeks_long: int = 8):
    """A praktik that starts on the day."""
    return factories.make_placement(
        starts_on=starts_on, ends_on=starts_on + timedelta(days=7 * weeks_long - 1)
    )


def url_of(rule: Rule, step: str = "new") -> str:
    return f"/amendments/rule/{rule.id}/{step}"


def test_the_affected_are_shown_and_nothing_is_saved_before_the_second_button(weeks, drude, client_for):
    planned(NEW_YEAR - timedelta(days=21), weeks_long=3)  # over on the day before
    planned(NEW_YEAR)
    client = client_for(drude)

    answer = client.post(url_of(weeks), typed(step="preview"))

    assert answer.status_code == 200
    rows = answer.page.select("#touched-placements tbody tr")
    assert len(rows) == 1
    assert rows[0].select_one("td.number").get_text() == "1"
    assert "Stop" in rows[0].get_text()
    assert value_on("praktik-weeks", NEW_YEAR, None) == 13


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("praktik-weeks", "12,5", 422),  # weeks, months, years and days are counted whole
        ("praktik-weeks", "12,0", 200),
        ("loentilskud-months-public", "4,5", 422),
        ("youth-age-least", "13,5", 422),
        ("praktik-hours-most", "36,5", 200),
        ("youth-clock-to-other", "19,5", 200),
        ("igu-open", "0", 200),
    ],
)
def test_what_is_counted_whole_takes_no_half(key, value, status, drude, client_for):
    """A half would be shown in the book and never judged."""
    answer = client_for(drude).post(url_of(factories.rule(key)), typed(value=value, step="preview"))

    assert answer.status_code == status
    assert ("Skriv et helt tal." in answer.words) is (status == 422)


def test_the_second_button_puts_it_in_force_from_the_day(weeks, drude, client_for):
    client = client_for(drude)
    shown = client.post(url_of(weeks), typed(step="preview"))
    fingerprint = shown.page.select_one("input[name=previewed]")["value"]

    answer = client.post(url_of(weeks), typed(step="save", previewed=fingerprint))

    assert answer.status_code == 303
    assert value_on("praktik-weeks", NEW_YEAR - timedelta(days=1), None) == 13
    assert value_on("praktik-weeks", NEW_YEAR, None) == 4
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "rule-put", AuditEntry.actor_id == drude.id)
    ).one()
    assert entry.subject_id == db.session.scalar(sa.select(Rule.id).where(Rule.valid_from == NEW_YEAR))


def test_a_date_changed_after_the_preview_is_shown_anew(weeks, drude, client_for):
    client = client_for(drude)
    shown = client.post(url_of(weeks), typed(step="preview"))
    fingerprint = shown.page.select_one("input[name=previewed]")["value"]

    answer = client.post(url_of(weeks), typed(step="save", previewed=fingerprint, valid_from="2027-02-01"))

    assert answer.status_code == 200
    assert answer.page.select_one("#effect") is not None
    assert value_on("praktik-weeks", date(2027, 2, 1), None) == 13


def test_openings_that_would_be_judged_otherwise_are_shown(weeks, drude, client_for):
    factories.make_opening(
        title="Længe åben", starts_on=NEW_YEAR, ends_on=NEW_YEAR + timedelta(days=60), places=1
    )
    factories.make_opening(title="Ordinær", form=PlacementForm.REGULAR_JOB, starts_on=NEW_YEAR, ends_on=None)

    answer = client_for(drude).post(url_of(weeks), typed(step="preview"))

    rows = answer.page.select("#touched-openings tbody tr")
    assert [row.select_one("td.number").get_text() for row in rows] == ["1"]


def test_a_number_that_changes_nobodys_verdict_touches_nobody(weeks, drude, client_for):
    planned(NEW_YEAR, weeks_long=4)

    answer = client_for(drude).post(url_of(weeks), typed(step="preview"))

    assert answer.page.select_one("#touched-placements") is None
    assert answer.page.select_one("#effect") is not None


def test_the_effect_counts_for_every_municipality_and_leads_to_nobody(weeks, drude, client_for):
    placement = planned(NEW_YEAR)
    planned(NEW_YEAR + timedelta(days=1))

    answer = client_for(drude).post(url_of(weeks), typed(step="preview"))

    cells = [cell.get_text(strip=True) for cell in answer.page.select("#touched-placements tbody td")]
    assert cells == ["Halsnæs", "Virksomhedspraktik", "januar 2027", "2", "I orden", "Stop"]
    for hidden in (
        placement.card.number,
        placement.card.citizen.first_name,
        placement.opening.title,
        placement.opening.employer.name,
        "2. januar",
    ):
        assert hidden not in answer.words


def test_a_correction_does_not_run_into_the_number_after_it(weeks, drude, client_for):
    first = coming(weeks)
    with transaction():
        details = services.RuleDetails(**{**details_of(first), "valid_from": date(2027, 3, 1), "value": 9})
        services.put_rule(details, by=drude, at=NOW)
    client = client_for(drude)
    change = typed(valid_from="2027-04-01", value="10")
    shown = client.post(url_of(first, "correct"), change | {"step": "preview"})
    fingerprint = shown.page.select_one("input[name=previewed]")["value"]

    answer = client.post(url_of(first, "correct"), change | {"step": "save", "previewed": fingerprint})

    assert answer.status_code == 409
    assert value_on("praktik-weeks", date(2027, 4, 1), None) == 9


def test_a_correction_lets_the_number_after_it_stand(weeks, drude, client_for):
    first = coming(weeks)
    with transaction():
        details = services.RuleDetails(**{**details_of(first), "valid_from": date(2027, 3, 1), "value": 9})
        services.put_rule(details, by=drude, at=NOW)
    client = client_for(drude)
    change = typed(valid_from="2027-02-01", valid_to="2027-02-28", value="10")
    shown = client.post(url_of(first, "correct"), change | {"step": "preview"})
    fingerprint = shown.page.select_one("input[name=previewed]")["value"]

    answer = client.post(url_of(first, "correct"), change | {"step": "save", "previewed": fingerprint})

    assert answer.status_code == 303
    days = (date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 1))
    assert [value_on("praktik-weeks", day, None) for day in days] == [13, 10, 9]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": ""}, "value"),
        ({"value": "-1"}, "value"),
        ({"valid_from": "i morgen"}, "valid_from"),
        ({"reference": ""}, "reference"),
        ({"source": ""}, "source"),
        ({"checked_on": "2026-11-19"}, "checked_on"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_kept(weeks, drude, client_for, wrong, field):
    answer = client_for(drude).post(url_of(weeks), typed(step="preview", **wrong))

    assert answer.status_code == 422
    assert answer.page.select_one(f"[name={field}]")["aria-invalid"] == "true"
    assert answer.page.select_one("[name=checked_by]")["value"] == "Ali Admin"


def test_a_yes_or_no_rule_takes_nothing_else(app, drude, client_for):
    answer = client_for(drude).post(url_of(factories.rule("igu-open")), typed(step="preview", value="2"))

    assert answer.status_code == 422


def coming(rule: Rule) -> Rule:
    """A number that holds from the new year."""
    with transaction():
        drude = factories.user("drift@portal.example")
        details = services.RuleDetails(
            key=rule.key,
            title=rule.title,
            value=8,
            unit=rule.unit,
            valid_from=NEW_YEAR,
            valid_to=None,
            reference="Ny lov",
            source="Lov nr. 1",
            checked_by="Ali",
            checked_on=TODAY,
            certainty=Certainty.PARTLY,
        )
        return services.put_rule(details, by=drude, at=NOW)


def test_a_number_that_has_not_begun_can_be_corrected(weeks, drude, client_for):
    rule = coming(weeks)
    client = client_for(drude)
    change = typed(valid_from="2027-02-01", value="10")
    shown = client.post(url_of(rule, "correct"), change | {"step": "preview"})
    fingerprint = shown.page.select_one("input[name=previewed]")["value"]

    answer = client.post(url_of(rule, "correct"), change | {"step": "save", "previewed": fingerprint})

    assert answer.status_code == 303
    assert value_on("praktik-weeks", date(2027, 1, 31), None) == 13
    assert value_on("praktik-weeks", date(2027, 2, 1), None) == 10


def test_a_correction_shows_who_is_free_of_it_again(weeks, drude):
    rule = coming(weeks)
    planned(NEW_YEAR, weeks_long=13)
    later = services.RuleDetails(**{**details_of(rule), "valid_from": date(2027, 5, 1)})

    effect = effect_of(later, replacing=rule, today=TODAY)

    assert [[finding.verdict.value for finding in one.new] for one in effect.placements] == [["ok"]]


def details_of(rule: Rule) -> dict[str, object]:
    return {name: getattr(rule, name) for name in services.RuleDetails.__dataclass_fields__}


def test_what_holds_already_cannot_be_corrected_or_taken_back(weeks, drude, client_for):
    client = client_for(drude)

    assert client.get(url_of(weeks, "correct")).status_code == 409
    assert client.post(url_of(weeks, "withdraw"), {}).status_code == 409
    assert value_on("praktik-weeks", TODAY, None) == 13


def test_a_number_taken_back_lets_the_old_one_go_on(weeks, drude, client_for):
    rule = coming(weeks)

    answer = client_for(drude).post(url_of(rule, "withdraw"), {})

    assert answer.status_code == 303
    assert value_on("praktik-weeks", NEW_YEAR, None) == 13
    assert db.session.scalar(sa.select(sa.func.count()).where(Rule.key == "praktik-weeks")) == 1


@pytest.mark.parametrize(
    ("first", "answers"), [("2026-11-17", 422), ("2026-11-18", 303), ("2026-11-19", 303)]
)
def test_a_correction_may_not_reach_back(weeks, drude, client_for, first, answers):
    """Yesterday, today, tomorrow: a row that has held never changes (cases/law.md, A)."""
    rule = coming(weeks)
    client = client_for(drude)
    change = typed(valid_from=first)
    shown = client.post(url_of(rule, "correct"), change | {"step": "preview"})
    fingerprint = shown.page.select_one("input[name=previewed]")["value"]

    answer = client.post(url_of(rule, "correct"), change | {"step": "save", "previewed": fingerprint})

    assert answer.status_code == answers
    assert value_on("praktik-weeks", TODAY - timedelta(days=1), None) == 13


def test_everybody_on_the_staff_reads_the_history_and_only_drift_changes_it(weeks, karin, drude, client_for):
    rule = coming(weeks)

    read = client_for(karin).get(f"/rules/{rule.id}/history")
    change = client_for(drude).get(f"/rules/{rule.id}/history")

    assert len(read.page.select("#history-table tbody tr")) == 2
    assert read.page.select("a[href^='/amendments']") == []
    assert change.page.select(f"a[href='{url_of(rule, 'correct')}']")
    assert change.page.select(f"a[href='{url_of(weeks, 'correct')}']") == []


def a_list(words: str = "kniv\nklorin") -> Rule:
    """Every list the portal has is read by its own reader; this one is read by people alone."""
    with transaction():
        details = services.RuleDetails(
            key="test-list",
            title="Farligt for unge",
            value=len(words.splitlines()),
            unit=WORDS,
            valid_from=date(2026, 1, 1),
            valid_to=None,
            reference="Bek. om unges arbejde",
            source="at.dk",
            checked_by="Ali",
            checked_on=TODAY,
            words=words,
        )
        return services.found_rule(details, at=NOW)


def test_a_list_is_read_with_its_lines_and_written_line_by_line(app, drude, karin, client_for):
    rule = a_list()
    client = client_for(drude)

    shown = client.get(url_of(rule))
    area = shown.page.select_one("textarea[name=words]")
    assert area.get_text().strip() == "kniv\nklorin"
    assert shown.page.select_one("[name=value]") is None
    change = typed(value="", words="# Skarpt\r\nkniv\r\n\r\nklorin\r\nild")
    preview = client.post(url_of(rule), change | {"step": "preview"})
    seen = preview.page.select_one("input[name=previewed]")["value"]
    other = client.post(url_of(rule), change | {"words": "ild", "step": "save", "previewed": seen})
    assert other.status_code == 200  # other lines than those shown are shown anew
    saved = client.post(url_of(rule), change | {"step": "save", "previewed": seen})

    assert saved.status_code == 303
    cell = (
        client_for(karin)
        .get(f"/rules/{rule.id}/history")
        .page.select_one("#history-table td[data-label=Tal]")
    )
    assert cell.select_one("summary").get_text() == "3 linjer"
    assert [line.get_text() for line in cell.select("li")] == ["kniv", "klorin", "ild"]


def test_a_list_that_its_reader_cannot_read_is_refused_beside_the_field(app, drude, client_for, monkeypatch):
    def read(words: str) -> None:
        raise DomainError("Linje 2 kan ikke læses.")

    monkeypatch.setitem(lists.READERS, "test-list", read)

    answer = client_for(drude).post(url_of(a_list()), typed(words="kniv\n((", step="preview"))
    empty = client_for(drude).post(url_of(factories.rule("test-list")), typed(words=" ", step="preview"))

    assert answer.status_code == empty.status_code == 422
    assert answer.page.select_one("[name=words]")["aria-invalid"] == "true"
    assert "Linje 2 kan ikke læses." in answer.words
    assert answer.page.select_one("[name=words]").get_text().strip() == "kniv\n(("


def test_a_yes_or_no_is_chosen_in_words(app, drude, client_for):
    page = client_for(drude).get(url_of(factories.rule("igu-open"))).page

    assert [one["value"] for one in page.select("input[name=value]")] == ["1", "0"]
    assert [one["value"] for one in page.select("input[name=value][checked]")] == ["1"]


def both_buttons(client, url, change):
    """Shown first, then saved; the second page is answered."""
    shown = client.post(url, change | {"step": "preview"})
    assert shown.status_code == 200, shown.words
    fingerprint = shown.page.select_one("input[name=previewed]")["value"]
    return shown, client.post(url, change | {"step": "save", "previewed": fingerprint})


@pytest.mark.parametrize(
    ("first", "answers"), [("2026-11-17", 422), ("2026-11-18", 200), ("2026-11-19", 200)]
)
def test_a_number_of_the_law_does_not_reach_back(weeks, drude, client_for, first, answers):
    """Yesterday, today, tomorrow (cases/law.md, A: in November a row was put with a first day in May)."""
    answer = client_for(drude).post(url_of(weeks), typed(valid_from=first, step="preview"))

    assert answer.status_code == answers
    assert (answer.page.select_one("[name=valid_from]").get("aria-invalid") == "true") == (answers == 422)


def test_a_pause_is_shown_with_its_days_and_what_holds_after_it(app, drude, client_for):
    """IGU may not begin in January and February (cases/law.md, A)."""
    igu = factories.rule("igu-open")
    change = typed(value="0", valid_from="2027-01-01", valid_to="2027-02-28")

    shown, saved = both_buttons(client_for(drude), url_of(igu), change)

    assert "Fra 1. januar 2027 til 28. februar 2027 gælder nej." in shown.words
    assert "Til og med dagen før gælder ja." in shown.words
    assert "Fra 1. marts 2027 gælder ja igen." in shown.words
    assert saved.status_code == 303
    days = (date(2026, 12, 31), NEW_YEAR, date(2027, 2, 28), date(2027, 3, 1))
    assert [value_on("igu-open", day, None) for day in days] == [1, 0, 0, 1]


def test_a_last_day_before_the_first_is_refused(weeks, drude, client_for):
    change = typed(valid_to="2026-12-31", step="preview")

    answer = client_for(drude).post(url_of(weeks), change)

    assert answer.status_code == 422
    assert answer.page.select_one("[name=valid_to]")["aria-invalid"] == "true"


def test_the_past_is_corrected_with_a_reason_that_the_log_shows(weeks, drude, karin, client_for):
    summer = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 8, 30), "ended_on": date(2026, 8, 30)}
    factories.make_placement(**summer, status=PlacementStatus.ENDED, outcome=Outcome.COMPLETED)
    client = client_for(drude)
    change = typed(value="12", valid_from="2026-05-01", reason="Vejledningen var læst forkert.")

    without = client.post(url_of(weeks, "backwards"), change | {"reason": " ", "step": "preview"})
    ahead = client.post(url_of(weeks, "backwards"), change | {"valid_from": "2026-11-18", "step": "preview"})
    shown, saved = both_buttons(client, url_of(weeks, "backwards"), change)

    assert (without.status_code, ahead.status_code, saved.status_code) == (422, 422, 303)
    assert without.page.select_one("[name=reason]")["aria-invalid"] == "true"
    assert shown.page.select_one("#touched-placements td.number").get_text() == "1"
    assert value_on("praktik-weeks", date(2026, 4, 30), None) == 13
    assert value_on("praktik-weeks", date(2026, 5, 1), None) == 12
    history = client_for(karin).get(f"/rules/{weeks.id}/history")
    assert "Rettet bagud" in history.words
    assert "Begrundelse: Vejledningen var læst forkert." in history.words
    log = client.get("/audit/?q=&action=rule-corrected-backwards")
    assert "13 uger → 12 uger fra 1. maj 2026. Begrundelse: Vejledningen var læst forkert." in log.words


def test_what_waits_is_listed_and_answered(app, drude, karin, client_for):
    rule = factories.make_waiting_rule()
    client, url = client_for(drude), url_of(rule, "waiting")

    listed = client.get("/rules/?state=waiting")
    told = client.get("/rules/")
    page = client.get(url)
    no_choice = client.post(url, {"step": "preview"})
    no_reason = client.post(url, {"how": "backwards", "step": "preview"})
    shown, saved = both_buttons(client, url, {"how": "today", "reason": ""})

    assert len(listed.page.select("#rule-table tbody tr")) == 1
    assert "Venter på jeres bekræftelse" in listed.words
    assert told.page.select("a[href='/rules/?state=waiting']")
    assert "12 uger" in page.words
    assert (no_choice.status_code, no_reason.status_code, saved.status_code) == (422, 422, 303)
    assert no_reason.page.select_one("[name=reason]")["aria-invalid"] == "true"
    assert shown.page.select_one("#effect") is not None
    assert [value_on("praktik-weeks", day, None) for day in (TODAY - timedelta(days=1), TODAY)] == [13, 12]
    assert client.get(url).status_code == 409  # it has its answer
    assert client_for(karin).get("/rules/").page.select("a[href='/rules/?state=waiting']") == []


@pytest.mark.parametrize(("how", "in_may", "today"), [("backwards", 12, 12), ("refuse", 13, 13)])
def test_what_waits_holds_backwards_or_not_at_all(app, drude, client_for, how, in_may, today):
    url = url_of(factories.make_waiting_rule(), "waiting")

    _, saved = both_buttons(client_for(drude), url, {"how": how, "reason": "Aftalt med ministeriet."})

    assert saved.status_code == 303
    assert [value_on("praktik-weeks", day, None) for day in (date(2026, 5, 1), TODAY)] == [in_may, today]


@pytest.mark.parametrize(
    ("first", "last", "touched"),
    [
        (date(2027, 2, 21), None, True),  # its last day is that Sunday
        (date(2027, 2, 22), None, False),
        (NEW_YEAR, date(2027, 2, 28), True),
        (TODAY, None, True),
    ],
)
def test_a_running_placement_is_touched_from_the_day_of_a_limit_inside_its_period(app, first, last, touched):
    """30 hours a week from 5 October for 20 weeks, 25 at most (cases/law.md, B: a limit falls inside a plan)."""
    hours = factories.rule("praktik-hours-most")
    placement = factories.make_placement(
        starts_on=date(2026, 10, 5), ends_on=date(2027, 2, 21), hours_per_week=30, long_reason="Aftalt."
    )
    new = {**details_of(hours), "value": 25, "valid_from": first, "valid_to": last}

    effect = effect_of(services.RuleDetails(**new), replacing=None, today=TODAY)

    assert [(one.subject.id, one.since) for one in effect.placements] == (
        [(placement.id, first)] if touched else []
    )


def test_an_opening_that_has_begun_is_touched_as_well(app):
    hours = factories.rule("praktik-hours-most")
    factories.make_opening(starts_on=TODAY - timedelta(days=10), ends_on=NEW_YEAR, hours_per_week=30)
    new = {**details_of(hours), "value": 25, "valid_from": date(2026, 12, 1)}

    effect = effect_of(services.RuleDetails(**new), replacing=None, today=TODAY)

    assert [one.since for one in effect.openings] == [date(2026, 12, 1)]


def test_a_changed_list_of_words_touches_the_openings_that_say_them(app):
    """A word is taken up that one opening says; what is no longer up on that day is left alone."""
    listed = factories.rule("wording-sex")
    said = {"description": "Vi søger en rengøringsfe.", "starts_on": TODAY, "ends_on": None}
    opening = factories.make_opening(**said, expires_on=date(2027, 2, 1))
    factories.make_opening(**said, expires_on=date(2026, 12, 31))
    longer = f"{listed.words}\nrengøringsfe"
    new = {**details_of(listed), "words": longer, "value": listed.value + 1, "valid_from": NEW_YEAR}

    effect = effect_of(services.RuleDetails(**new), replacing=None, today=TODAY)

    assert [(one.subject.id, one.since) for one in effect.openings] == [(opening.id, NEW_YEAR)]
    assert {finding.rule for one in effect.openings for finding in one.new} == {"R14"}


def test_a_page_that_is_read_writes_nothing(weeks, drude, client_for):
    client = client_for(drude)
    waits = factories.make_waiting_rule()
    before = db.session.scalar(sa.select(sa.func.count(Rule.id)))
    pages = (url_of(weeks), url_of(weeks, "backwards"), url_of(waits, "waiting"), "/rules/")

    assert [client.get(page).status_code for page in pages] == [200] * 4
    assert db.session.scalar(sa.select(sa.func.count(Rule.id))) == before
    assert (
        db.session.scalars(
            sa.select(AuditEntry).where(
                AuditEntry.action.startswith("rule-"), AuditEntry.actor_id == drude.id
            )
        ).all()
        == []
    )
