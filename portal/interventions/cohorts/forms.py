"""Shapes of input about groups: the group, a session, a place, who came, who leads."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange

from portal.base.database import MAX_ID
from portal.base.terms import Weekday
from portal.base.typed_days import DayKind
from portal.base.typed_numbers import PEOPLE
from portal.interventions.cohorts.language import HOURS_OF_A_MONTH, HoursDetails, TeamGoalDetails
from portal.interventions.cohorts.models import (
    Cohort,
    CohortEnrolment,
    CohortExit,
    CohortKind,
    CohortSession,
    EnrolmentReason,
    EnrolmentState,
    Presence,
)
from portal.interventions.cohorts.places import EnrolmentDetails
from portal.interventions.cohorts.services import CohortDetails, LeadDetails, SessionDetails, ThemeDetails
from portal.interventions.cohorts.times import MeetingTime
from portal.interventions.target_groups.forms import one_of
from portal.loop.citizens.forms import TickedCitizensForm
from portal.web.forms import (
    Chosen,
    ClockField,
    DanishDateField,
    NoCpr,
    PortalForm,
    VersionedForm,
    WholeNumberField,
    optional,
    required,
    strip,
    text_field,
)
from portal.web.line_lists import LineList
from portal.web.presentation import da_month

SPARE_TIMES: Final = 2
SPARE_THEMES: Final = 3
"""Empty lines for more, each time the form is shown."""
MOST_TIMES: Final = 14
MOST_THEMES: Final = 60
CHOOSE: Final = "", _l("Vælg")
REASON_NEEDED: Final = _l("Vælg, hvad holdet skal føre til.")


def _day(label: Any, *, needed: bool = True, **more: Any) -> DanishDateField:
    return DanishDateField(label, [required() if needed else optional()], DayKind.EITHER, **more)


def _clock(label: Any, *, needed: bool = True) -> ClockField:
    return ClockField(label, [required() if needed else optional()])


def _key(value: Any) -> int | None:
    """A key chosen among rows, or none."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and int(text) <= MAX_ID else None


class TimeLine(Form):
    """A time of the week; a line without a day is none."""

    weekday = one_of(Weekday, _l("Ugedag"), ("", _l("Ingen")))
    begins_at = _clock(_l("Fra kl."), needed=False)
    ends_at = _clock(_l("Til kl."), needed=False)

    def validate_begins_at(self, field: ClockField) -> None:
        if self.weekday.data is not None and field.data is None:
            raise ValidationError(_("Skriv, hvornår mødegangen begynder."))

    def validate_ends_at(self, field: ClockField) -> None:
        if self.weekday.data is not None and field.data is None:
            raise ValidationError(_("Skriv, hvornår mødegangen slutter."))


class ThemeLine(Form):
    """A theme; a line without a name is none."""

    name = text_field(_l("Tema"), 120, needed=False)
    teacher = text_field(_l("Hvem holder det"), 120, needed=False)


class CohortForm(VersionedForm):
    name = text_field(
        _l("Navn"), 80, description=_l("Neutralt, for eksempel “Barselscafé, efterår 2026”. Aldrig helbred.")
    )
    first_on = _day(_l("Første dag"))
    last_on = _day(_l("Sidste dag"))
    capacity = WholeNumberField(
        _l("Pladser"), [required(), NumberRange(1, 500, _l("Skriv et tal fra 1 til 500."))], PEOPLE
    )
    times = LineList(FormField(TimeLine), label=_l("Hver uge"), max_entries=MOST_TIMES)
    place = text_field(_l("Sted"), 120, needed=False)
    partner = text_field(_l("Samarbejde med"), 120, needed=False)
    lead_id = SelectField(_l("Hvem leder holdet?"), coerce=_key)
    group_id = SelectField(_l("Foreslå borgere fra målgruppen"), coerce=_key)
    purpose = TextAreaField(_l("Formål"), [optional(), Length(max=500), NoCpr()], filters=[strip])
    themes = LineList(FormField(ThemeLine), label=_l("Temaer"), max_entries=MOST_THEMES)

    def offer(self, leads: Iterable[tuple[int, str]], groups: Iterable[tuple[int, str]]) -> None:
        self.lead_id.choices = [("", _("Ikke valgt")), *leads]
        self.group_id.choices = [("", _("Ingen målgruppe")), *groups]

    @classmethod
    def of(cls, cohort: Cohort) -> "CohortForm":
        """What stands, with lines for more."""
        times = [
            {"weekday": one.weekday, "begins_at": one.begins_at, "ends_at": one.ends_at}
            for one in cohort.times
        ]
        themes = [{"name": one.name, "teacher": one.teacher} for one in cohort.themes]
        return cls(formdata=None, obj=_Shown(cohort, times, themes))

    @classmethod
    def from_kind(cls, kind: CohortKind, values: dict[str, Any]) -> "CohortForm":
        """What the kind begins with."""
        empty: list[dict[str, Any]] = [{} for _line in range(max(kind.times_a_week, 1))]
        themes = [{"name": one.name} for one in kind.themes]
        return cls(
            formdata=None,
            data={
                "capacity": kind.capacity,
                "purpose": kind.purpose,
                **values,
                "times": [*values.get("times", empty), *_spare(SPARE_TIMES)],
                "themes": [*themes, *_spare(SPARE_THEMES)],
            },
        )

    @property
    def details(self) -> CohortDetails:
        return CohortDetails(
            name=self.name.data or "",
            capacity=self.capacity.data,
            first_on=self.first_on.data,
            last_on=self.last_on.data,
            purpose=self.purpose.data or "",
            group_id=self.group_id.data,
            lead_id=self.lead_id.data,
            place=self.place.data or "",
            partner=self.partner.data or "",
            times=[
                MeetingTime(line.form.weekday.data, line.form.begins_at.data, line.form.ends_at.data)
                for line in self.times
                if line.form.weekday.data is not None
            ],
            themes=[
                ThemeDetails(line.form.name.data, line.form.teacher.data or "")
                for line in self.themes
                if line.form.name.data
            ],
        )


def _spare(lines: int) -> list[dict[str, Any]]:
    return [{} for _line in range(lines)]


class _Shown:
    """A group as its form reads it."""

    def __init__(self, cohort: Cohort, times: list[dict[str, Any]], themes: list[dict[str, Any]]) -> None:
        for name in ("name", "first_on", "last_on", "capacity", "place", "partner", "purpose", "version"):
            setattr(self, name, getattr(cohort, name))
        self.lead_id, self.group_id = cohort.lead_id, cohort.group_id
        self.times = [*times, *_spare(SPARE_TIMES)]
        self.themes = [*themes, *_spare(SPARE_THEMES)]


class SessionForm(VersionedForm):
    on_day = _day(_l("Dag"))
    begins_at = _clock(_l("Fra kl."))
    ends_at = _clock(_l("Til kl."))
    theme_id = SelectField(_l("Tema"), coerce=_key)
    teacher = text_field(_l("Hvem holder det"), 120, needed=False)

    def offer(self, cohort: Cohort) -> None:
        self.theme_id.choices = [("", _("Intet tema")), *((one.id, one.name) for one in cohort.themes)]

    @property
    def details(self) -> SessionDetails:
        return SessionDetails(
            self.on_day.data,
            self.begins_at.data,
            self.ends_at.data,
            self.theme_id.data,
            self.teacher.data or "",
        )


class EnrolForm(TickedCitizensForm):
    """Several at once: who is asked for, the service says whether each can have a place."""

    state = RadioField(
        _l("Plads eller venteliste"),
        choices=EnrolmentState.choices,
        coerce=EnrolmentState,
        default=EnrolmentState.PLACED,
    )
    reason = one_of(
        EnrolmentReason, _l("Hvad holdet skal føre til"), CHOOSE, validators=[InputRequired(REASON_NEEDED)]
    )
    from_on = _day(_l("Fra"))

    def validate_reason(self, field: SelectField) -> None:
        if field.data is None:
            raise ValidationError(REASON_NEEDED)

    @property
    def details(self) -> EnrolmentDetails:
        return EnrolmentDetails(self.state.data, self.reason.data, self.from_on.data)


class EnrolmentForm(PortalForm):
    state = RadioField(_l("Plads eller venteliste"), choices=EnrolmentState.choices, coerce=EnrolmentState)
    reason = one_of(
        EnrolmentReason, _l("Hvad holdet skal føre til"), CHOOSE, validators=[InputRequired(REASON_NEEDED)]
    )
    from_on = _day(_l("Fra"))
    until_on = _day(_l("Sidste dag"), needed=False, description=_l("Tomt, så længe borgeren er på holdet."))
    exit = one_of(CohortExit, _l("Gik videre til"), ("", _l("Ikke oplyst")))

    def validate_reason(self, field: SelectField) -> None:
        if field.data is None:
            raise ValidationError(REASON_NEEDED)

    @property
    def details(self) -> EnrolmentDetails:
        return EnrolmentDetails(
            self.state.data, self.reason.data, self.from_on.data, self.until_on.data, self.exit.data
        )


# --- Who came ------------------------------------------------------------------------------------------------


class AttendanceLine(Form):
    """One of those who were expected."""

    enrolment_id = HiddenField()
    presence = RadioField(
        _l("Fremmøde"),
        [optional()],
        choices=Presence.choices,
        coerce=lambda value: Presence(value) if value in set(Presence) else None,
        validate_choice=False,
    )


class AttendanceForm(VersionedForm):
    lines = LineList(FormField(AttendanceLine), label=_l("Fremmøde"), max_entries=500)

    @classmethod
    def of(
        cls,
        session: CohortSession,
        expected: Sequence[CohortEnrolment],
        there: dict[int, Presence],
        *,
        all_present: bool = False,
    ) -> "AttendanceForm":
        """What stands; where nothing does, nothing is chosen, or all came."""
        least = Presence.PRESENT if all_present else None
        lines = [
            {"enrolment_id": str(one.id), "presence": there.get(one.citizen_id, least)} for one in expected
        ]
        return cls(formdata=None, data={"version": session.version, "lines": lines})

    def told(self, expected: Sequence[CohortEnrolment]) -> dict[int, Presence]:
        """By citizen, of those who are expected."""
        citizens = {str(one.id): one.citizen_id for one in expected}
        return {
            citizens[line.form.enrolment_id.data]: line.form.presence.data
            for line in self.lines
            if line.form.presence.data is not None and line.form.enrolment_id.data in citizens
        }


class AttendanceNumbersForm(VersionedForm):
    """From a printed list: only who was away is typed."""

    agreed = text_field(_l("Numre med aftalt fravær"), 120, needed=False)
    away = text_field(_l("Numre på udeblevne"), 120, needed=False)

    def validate_agreed(self, field: Any) -> None:
        _read_numbers(field.data or "")

    def validate_away(self, field: Any) -> None:
        if _read_numbers(field.data or "") & _read_numbers(self.agreed.data or ""):
            raise ValidationError(_("Et nummer står begge steder."))

    @property
    def numbers(self) -> tuple[set[int], set[int]]:
        return _read_numbers(self.agreed.data or ""), _read_numbers(self.away.data or "")


def _read_numbers(text: str) -> set[int]:
    words = re.split(r"[\s,;.]+", text.strip())
    if any(word and not (word.isascii() and word.isdigit() and len(word) < 5) for word in words):
        raise ValidationError(
            _("Skriv numrene fra listen med mellemrum eller komma imellem, for eksempel 3, 7.")
        )
    return {int(word) for word in words if word}


# --- Who leads -----------------------------------------------------------------------------------------------


class CohortLeaderForm(PortalForm):
    user_id = SelectField(_l("Holdleder"), [Chosen(_l("Vælg holdlederen."))], coerce=_key)
    from_on = _day(_l("Ser navnene fra"))
    until_on = _day(_l("Til og med"))
    silence_on = _day(_l("Pålæg om tavshedspligt givet den"))
    silence = BooleanField(
        _l("Holdlederen har fået pålægget om tavshedspligt"),
        [InputRequired(_l("Pålægget skal være givet, før holdlederen ser navnene."))],
    )

    @property
    def details(self) -> LeadDetails:
        return LeadDetails(self.from_on.data, self.until_on.data, self.silence_on.data)


# --- One person ----------------------------------------------------------------------------------------------


class LanguageHoursForm(PortalForm):
    month = SelectField(_l("Måned"))
    planned = WholeNumberField(
        _l("Planlagte timer"),
        [required(), NumberRange(0, 744, _l("Skriv et tal fra 0 til 744."))],
        HOURS_OF_A_MONTH,
    )
    attended = WholeNumberField(
        _l("Fremmødte timer"),
        [required(), NumberRange(0, 744, _l("Skriv et tal fra 0 til 744."))],
        HOURS_OF_A_MONTH,
    )

    def offer(self, months: Iterable[date]) -> None:
        self.month.choices = [(one.isoformat(), da_month(one)) for one in months]

    @property
    def details(self) -> HoursDetails:
        return HoursDetails(date.fromisoformat(self.month.data), self.planned.data, self.attended.data)


class TeamGoalForm(PortalForm):
    sentence = text_field(
        _l("Det fælles mål"), 200, description=_l("Én sætning. Skriv ikke om helbred. Borgeren kan læse det.")
    )
    last_step = text_field(_l("Sidste skridt"), 200, needed=False)
    next_step = text_field(_l("Aftalt næste skridt"), 200, needed=False)
    seen_id = HiddenField()

    @property
    def seen(self) -> int | None:
        return _key(self.seen_id.data)

    @property
    def details(self) -> TeamGoalDetails:
        return TeamGoalDetails(self.sentence.data or "", self.last_step.data or "", self.next_step.data or "")
