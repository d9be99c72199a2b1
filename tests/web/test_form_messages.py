"""A form answers in Danish, also where the library decides what is wrong."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from wtforms import DateField, IntegerField, RadioField, StringField
from wtforms.validators import DateRange, Length

from portal.loop.assessments.forms import SheetYesForm
from portal.loop.employers.forms import CallForm, StaffForm
from portal.loop.placements.forms import HeldForm
from portal.loop.placements.settling_forms import ConfirmedForm
from portal.shared.rules.law.staff import figures_since
from portal.shared.rules.models import Rule
from portal.web.forms import DanishDateField, NotInFuture, PortalForm, strip
from portal.workspaces.amendments.forms import AmendmentForm
from portal.workspaces.vitas.findings import judgement_of
from portal.workspaces.vitas.forms import SheetForm
from tests.factories import NOW, TODAY, make_placement


class ToyForm(PortalForm):
    places = IntegerField()
    title = StringField(validators=[Length(max=5)])
    starts_on = DateField(validators=[DateRange(min=date(2026, 1, 1))])
    way = RadioField(choices=[("bus", "Bus")])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  ord  ", "ord"),
        ("\u200b", ""),
        ("\u2060 \u00ad\ufeff", ""),
        ("می\u200cروم", "می\u200cروم"),
        ("\u3164", ""),
    ],
)
def test_a_text_without_a_sign_to_see_is_no_text(typed: str, kept: str) -> None:
    """The joiner inside a Persian word is part of its spelling."""
    assert strip(typed) == kept


def test_what_the_library_finds_wrong_is_said_in_danish(app: Flask) -> None:
    typed = {"places": "mange", "title": "alt for langt", "starts_on": "2025-12-24", "way": "fly"}

    with app.test_request_context("/", method="POST", data=typed):
        form = ToyForm()
        form.validate()

    assert form["places"].errors == ["Skriv et helt tal."]
    assert form["title"].errors == ["Skriv højst 5 tegn. Der står 13."]
    assert form["way"].errors == ["Vælg way."]
    assert form["starts_on"].errors[0].startswith("Datoen skal være 2026-01-01")


@pytest.mark.parametrize(
    ("field", "made"),
    [
        ("held_on", lambda: HeldForm(today=TODAY, first=TODAY)),
        ("stated_on", lambda: StaffForm(today=TODAY)),
        ("said_on", lambda: ConfirmedForm(today=TODAY, since=TODAY)),
        ("said_on", lambda: SheetYesForm(today=TODAY, since=TODAY)),
        ("checked_on", lambda: AmendmentForm(rule=Rule(unit="uger"), today=TODAY)),
        (
            "representative_stated_on",
            lambda: SheetForm(judgement=judgement_of(make_placement(), on=TODAY), today=TODAY),
        ),
    ],
)
def test_what_has_happened_lies_not_ahead(app: Flask, field: str, made: Callable[[], PortalForm]) -> None:
    """The same words wherever it is asked; today has come."""
    said = {}
    for day in (TODAY, TODAY + timedelta(days=1)):
        typed = {field: day.isoformat(), "representative_name": "Rita Rask"}
        with app.test_request_context("/", method="POST", data=typed):
            form = made()
            form.validate()
            said[day] = list(form[field].errors)

    assert list(said.values()) == [[], ["Datoen kan ikke ligge i fremtiden."]]


BEFORE = TODAY - timedelta(days=1)
FIRST_DAYS: dict[str, Callable[[], PortalForm]] = {
    "HeldForm.held_on": lambda: HeldForm(today=TODAY, first=TODAY),
    "ConfirmedForm.said_on": lambda: ConfirmedForm(today=TODAY, since=TODAY),
    "SheetYesForm.said_on": lambda: SheetYesForm(today=TODAY, since=TODAY),
    "CallForm.called_on": lambda: CallForm(known=[], since=TODAY, now=NOW),
}
"""What somebody records afterwards lies no earlier than what it is about: here that is today's."""
SAID_ELSEWHERE = {
    "SheetForm.representative_stated_on": "the months of the figures, below",
    "FirstTalkForm.held_on": "services.note_first_talk: tests/loop/citizens/test_first_talk.py",
    "SeatDayForm.on": "the services of seats, by what the run and the seat say: tests/interventions/courses",
    "StartForm.first_day": "the law judges an earlier first day as any other",
    "StaffForm.stated_on": "R2 says when a figure is too old",
    "KnownWorkplaceForm.staff_stated_on": "R2 says when a figure is too old",
    "EmployerContactForm.happened_on": "the talk may be older than anything that the portal knows",
    "MentorForm.pledged_on": "services.edit_mentor: tests/interventions/mentoring/test_story.py",
    "MentorAgreementForm.citizen_agreed_on": "she may have said so before anything was written",
    "MentorEndForm.ended_on": "services.end_agreement: tests/interventions/mentoring/test_story.py",
    "TalkForm.held_on": "services.hold_talk: tests/interventions/aftercare/test_story.py",
    "TalkForm.left_on": "services.hold_talk: tests/interventions/aftercare/test_story.py",
    "TallyForm.counted_on": "a year may be counted long after it",
    "ParentsYesForm.said_on": "a parent may have said so before anything was written",
    "NoteForm.said_on": "what it is about may be older than anything that the portal knows",
    "NumberForm.checked_on": "a source may have been read at any time",
}


def test_every_day_that_is_recorded_knows_how_early_it_can_be(app: Flask) -> None:
    def of(kind: type[PortalForm]) -> Iterator[type[PortalForm]]:
        for one in kind.__subclasses__():
            yield one
            yield from of(one)

    recorded = {
        f"{form.__name__}.{name}"
        for form in of(PortalForm)
        for name, field in vars(form).items()
        if form.__module__.startswith("portal.")  # tests define forms too
        and getattr(field, "field_class", None) is DanishDateField
        and any(isinstance(rule, NotInFuture) for rule in (*field.args, None, [])[1] or [])
    }

    assert recorded | {"SheetYesForm.said_on"} == FIRST_DAYS.keys() | SAID_ELSEWHERE.keys()


@pytest.mark.parametrize("field", FIRST_DAYS)
def test_what_is_recorded_lies_not_before_what_it_is_about(app: Flask, field: str) -> None:
    name = field.partition(".")[2]
    said = {}
    for day in (BEFORE, TODAY):
        with app.test_request_context("/", method="POST", data={name: day.isoformat()}):
            form = FIRST_DAYS[field]()
            form.validate()
            said[day] = len(form[name].errors)

    assert said == {BEFORE: 1, TODAY: 0}


def test_a_representative_speaks_of_figures_that_count_at_the_start(app: Flask) -> None:
    judgement = judgement_of(make_placement(), on=TODAY)
    first = figures_since(judgement.case.starts_on, judgement.numbers)
    said = {}
    for day in (first - timedelta(days=1), first):
        typed = {"representative_stated_on": day.isoformat(), "representative_name": "Rita Rask"}
        with app.test_request_context("/", method="POST", data=typed):
            form = SheetForm(judgement=judgement, today=TODAY)
            form.validate()
            said[day] = len(form["representative_stated_on"].errors)

    assert list(said.values()) == [1, 0]
