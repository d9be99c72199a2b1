"""Samarbejdsgrad, employer by employer: our count of lasting cooperation beside the national one, and why they differ.

The national figure counts an employer in the municipality with at least one employee once, when it had at least one
contact of the named kinds in the time (docs/rules.md#cooperation-rate). It is counted here by CVR number.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.alphabet import alphabet_key
from portal.base.database import db
from portal.base.terms import LabelledEnum, PlacementForm
from portal.ledger.comparison import queries
from portal.ledger.comparison.benchmarks import latest
from portal.ledger.comparison.models import OutsideFigure, OutsideTopic
from portal.loop.employers.models import Employer, Workplace
from portal.loop.partnerships.counting import PartnershipStanding, standing_on
from portal.loop.placements.models import PlacementTrace

LEAST_STAFF: Final = 1

CONTACTS: Final = tuple(form for form in PlacementForm if form.traits.counts_nationally)
"""Our forms that are among the national kinds."""

OTHER_CONTACTS: Final = (
    _l("jobrotation"),
    _l("skånejob"),
    _l("fleksjob"),
    _l("mentor"),
    _l("voksenlærling"),
    _l("opkvalificeringsjob"),
    _l("personlig assistance"),
)
"""The national kinds that the portal holds no records of."""


class CountedBy(LabelledEnum):
    """Who counts an employer."""

    BOTH = "both", _l("Tæller begge steder")
    HERE = "here", _l("Tæller kun her")
    THERE = "there", _l("Tæller kun i den nationale opgørelse")


@dataclass(frozen=True)
class CooperatingEmployer:
    """One employer that at least one of the two counts, and why the other does not."""

    employer_id: int
    name: str
    cvr: str
    is_here: bool
    """Whether the municipality looks after it, so that its page can be opened."""
    side: CountedBy
    ours: str
    national: str


@dataclass(frozen=True)
class Cooperation:
    """Both counts of a time, and what the national one is divided by, when somebody has written it down."""

    first: date
    on: date
    employers: Sequence[CooperatingEmployer]
    denominator: OutsideFigure | None
    published: OutsideFigure | None
    """The rate as the national source has published it."""

    def number(self, *sides: CountedBy) -> int:
        return sum(one.side in sides for one in self.employers)

    @property
    def ours(self) -> int:
        return self.number(CountedBy.BOTH, CountedBy.HERE)

    @property
    def national(self) -> int:
        return self.number(CountedBy.BOTH, CountedBy.THERE)

    def rate(self, count: int) -> Decimal | None:
        if self.denominator is None or not self.denominator.value:
            return None
        return (Decimal(100 * count) / self.denominator.value).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass
class _Contacts:
    """What an employer did with us in the time."""

    name: str
    cvr: str
    municipality_id: int
    staff: Decimal
    forms: dict[PlacementForm, int]


def cooperation(municipality_id: int, first: date, on: date) -> Cooperation:
    """From the first day to the last; lasting cooperation is counted on the last."""
    contacts = _contacts(municipality_id, first, on)
    standings = {one.partnership.employer_id: one for one in standing_on(municipality_id, on)}
    known = {key: (one.name, one.cvr) for key, one in contacts.items()} | {
        key: _called(one) for key, one in standings.items()
    }
    found = [
        _compared(municipality_id, key, *known[key], standings.get(key), contacts.get(key)) for key in known
    ]
    written = queries.standing_figures(municipality_id, list(OutsideTopic))
    return Cooperation(
        first,
        on,
        sorted(
            (one for one in found if one is not None),
            key=lambda one: (alphabet_key(one.name), one.employer_id),
        ),
        _own(written, OutsideTopic.EMPLOYERS, on),
        _own(written, OutsideTopic.COOPERATION_RATE, on),
    )


def _own(written: Iterable[OutsideFigure], topic: OutsideTopic, on: date) -> OutsideFigure | None:
    """The municipality's own latest figure up to the end of the year."""
    return latest([one for one in written if one.topic is topic], until=date(on.year, 12, 31)).get("")


def _called(standing: PartnershipStanding) -> tuple[str, str]:
    return standing.partnership.employer_name, standing.partnership.cvr


def _contacts(municipality_id: int, first: date, on: date) -> dict[int, _Contacts]:
    """Employers with a placement under way on some day of the time, also of somebody who is erased by now."""
    staff = (
        sa.select(sa.func.sum(Workplace.full_time_staff))
        .where(Workplace.employer_id == Employer.id)
        .correlate(Employer)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            Employer.id,
            Employer.name,
            Employer.cvr,
            Employer.municipality_id,
            staff,
            PlacementTrace.form,
            sa.func.count(),
        )
        .join(PlacementTrace, PlacementTrace.employer_id == Employer.id)
        .where(
            PlacementTrace.municipality_id == municipality_id,
            PlacementTrace.replaced_at.is_(None),
            PlacementTrace.starts_on <= on,
            sa.or_(PlacementTrace.ended_on.is_(None), PlacementTrace.ended_on >= first),
        )
        .group_by(Employer.id, Employer.name, Employer.cvr, Employer.municipality_id, PlacementTrace.form)
    )
    found: dict[int, _Contacts] = {}
    for employer_id, name, cvr, home, people, form, number in db.session.execute(statement):
        one = found.setdefault(
            employer_id, _Contacts(name, cvr, home, Decimal(people or 0), defaultdict(int))
        )
        one.forms[form] += number
    return found


def _compared(
    municipality_id: int,
    employer_id: int,
    name: str,
    cvr: str,
    standing: PartnershipStanding | None,
    contacts: _Contacts | None,
) -> CooperatingEmployer | None:
    here = standing is not None and standing.counts
    why_not_there = _why_not_there(municipality_id, contacts)
    there = why_not_there is None
    if not here and not there:
        return None
    return CooperatingEmployer(
        employer_id=employer_id,
        name=name,
        cvr=cvr,
        is_here=contacts is None or contacts.municipality_id == municipality_id,
        side=CountedBy.BOTH if here and there else CountedBy.HERE if here else CountedBy.THERE,
        ours=_ours(standing),
        national=why_not_there if why_not_there is not None else _counted(contacts),
    )


def _ours(standing: PartnershipStanding | None) -> str:
    if standing is None:
        return _("Der er ingen partnerskabsaftale.")
    if standing.counts:
        return _("Tæller som fast samarbejde.")
    return _("Mangler: %(conditions)s", conditions=", ".join(str(one.label) for one in standing.missing))


def _why_not_there(municipality_id: int, contacts: _Contacts | None) -> str | None:
    if contacts is None:
        return _("Intet forløb i tiden.")
    if not any(form in contacts.forms for form in CONTACTS):
        return _("Tæller ikke med: %(forms)s.", forms=_forms(contacts))
    if contacts.municipality_id != municipality_id:
        return _("Virksomheden ligger i en anden kommune.")
    if contacts.staff < LEAST_STAFF:
        return _("Virksomheden har under 1 ansat.")
    return None


def _counted(contacts: _Contacts | None) -> str:
    return ", ".join(
        _("%(form)s: %(number)s", form=form.label, number=contacts.forms[form])
        for form in CONTACTS
        if contacts is not None and form in contacts.forms
    )


def _forms(contacts: _Contacts) -> str:
    return ", ".join(str(form.traits.short) for form in PlacementForm if form in contacts.forms)
