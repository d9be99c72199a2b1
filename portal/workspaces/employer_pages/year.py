"""A year of the cooperation with an employer on one sheet: who came, how long they stayed, what it led to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import contains_eager

from portal.base.database import db
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.placements.queries import known_among
from portal.shared.accounts.models import User
from portal.shared.rules.checks import weeks_between
from portal.web.paper.typesetting import clean, long_date, short_date, typeset, ymd
from portal.web.permissions import Action, Scope


@dataclass(frozen=True)
class YearOfCooperation:
    """The placements that touched a year, the first first, and those whose person the reader may see."""

    employer: Employer
    year: int
    until: date
    """The last day that is told of: of a year that goes on, today."""
    placements: Sequence[Placement]
    known: frozenset[int]
    person_by_person: bool
    """Whether each has a row; an employer that is passive reads numbers only."""
    openings: int

    @property
    def people_named(self) -> list[int]:
        """Keys of the citizens whose names the sheet says."""
        return [one.card.citizen_id for one in self.placements if one.id in self.known]


def years_of(employer: Employer, today: date) -> list[int]:
    """This year and those before it since the employer came in, the newest first; five at most."""
    first = employer.approved_at.year if employer.approved_at else today.year
    return list(range(today.year, max(first, today.year - 4) - 1, -1))


def year_of(employer: Employer, year: int, reader: User, today: date) -> YearOfCooperation:
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    begun = (PlacementStatus.RUNNING, PlacementStatus.ENDED)
    statement = (
        sa.select(Placement)
        .join(Placement.opening)
        .join(Placement.card)
        .where(
            Placement.employer_id == employer.id,
            Placement.status.in_(begun),
            Placement.starts_on <= last,
            sa.func.coalesce(Placement.ended_on, Placement.ends_on) >= first,
        )
        .options(
            contains_eager(Placement.opening).joinedload(Opening.workplace),
            contains_eager(Placement.card).joinedload(CompetenceCard.citizen),
        )
        .order_by(Placement.starts_on, Placement.id)
    )
    placements = db.session.scalars(statement).unique().all()
    posted = sa.select(sa.func.count()).where(
        Opening.employer_id == employer.id, Opening.published_at.is_not(None), Opening.starts_on >= first
    )
    openings = db.session.scalar(posted.where(Opening.starts_on <= date(year, 12, 31))) or 0
    known = _known(placements, reader, today)
    by_person = reader.scope is not Scope.EMPLOYER or employer.takes_part
    return YearOfCooperation(employer, year, last, placements, known, by_person, openings)


def _known(placements: Sequence[Placement], reader: User, today: date) -> frozenset[int]:
    """An employer knows whom the rules of names let it know; staff know the people of their own municipality."""
    if reader.scope is Scope.EMPLOYER:
        return frozenset(known_among(placements, reader, today))
    if not reader.may(Action.READ_CARD):
        return frozenset()
    return frozenset(one.id for one in placements if one.municipality_id == reader.municipality_id)


def render_year(data: dict[str, Any], *, printed: date) -> bytes:
    """What `year_data` says, as PDF/UA-1: one page for most."""
    return typeset("cooperation-year", data, on=printed)


def year_data(told: YearOfCooperation, *, unit: str, printed: date) -> dict[str, Any]:
    people = len({one.card_id for one in told.placements})
    outcomes = Counter(one.outcome for one in told.placements if one.outcome is not None)
    running = sum(one.status is PlacementStatus.RUNNING for one in told.placements)
    came_to = [(str(outcome.label), outcomes[outcome]) for outcome in Outcome if outcomes[outcome]]
    return {
        "title": _("Samarbejdet i %(year)s", year=told.year),
        "employer": clean(told.employer.name),
        "lead": _("Som det stod den %(day)s.", day=long_date(told.until)),
        "unit": clean(unit),
        "printed": _("Udskrevet %(date)s", date=long_date(printed)),
        "printed_ymd": ymd(printed),
        "figures": [
            [str(people), ngettext("person har været her", "personer har været her", people)],
            [str(len(told.placements)), _("forløb")],
            [str(sum(_weeks(one, told) for one in told.placements)), _("uger i året")],
            [str(told.openings), ngettext("plads slået op", "pladser slået op", told.openings)],
        ],
        "came_to": [[label, str(count)] for label, count in [*came_to, (_("I gang"), running)] if count],
        "rows": [_row(one, told) for one in told.placements if told.person_by_person],
        "words": {
            "came_to": _("Det blev det til"),
            "courses": _("Forløbene"),
            "headings": [_("Hvem"), _("Plads"), _("Form"), _("Fra og til"), _("Uger i året"), _("Blev til")],
            "none": _("Ingen forløb har været i gang i året.")
            if told.person_by_person
            else _("Forløbene står her, når virksomheden er med igen."),
            "hidden": _("Navne står kun, hvor den, der har hentet arket, må se dem."),
            "page": _("Side"),
            "of": _("af"),
        },
    }


def _row(one: Placement, told: YearOfCooperation) -> list[str]:
    who = one.card.citizen.first_name if one.id in told.known else _("En person")
    last = one.ended_on or one.ends_on
    return [
        clean(who),
        clean(one.opening.title),
        str(one.form.traits.short),
        f"{short_date(one.starts_on)} – {short_date(last)}",
        str(_weeks(one, told)),
        str(one.outcome.label) if one.outcome else _("I gang"),
    ]


def _weeks(one: Placement, told: YearOfCooperation) -> int:
    """Those inside the year, until it ended or the day that is told of."""
    first = max(one.starts_on, date(told.year, 1, 1))
    last = min(one.ended_on or one.ends_on, told.until)
    return weeks_between(first, last) if last >= first else 0
