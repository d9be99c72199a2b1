"""Commands of the comparison: write a figure from outside down, correct it, choose whom to compare with, share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import GoalUnit, Measure
from portal.ledger.comparison import queries
from portal.ledger.comparison.models import FigureSharing, Likeness, OutsideFigure
from portal.ledger.comparison.queries import Subject
from portal.ledger.goals.measures import spec_of
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit import services as audit

WHOLE = 100


class FigureExists(DomainError):
    message = _l(
        "Der står allerede et tal for det samme, den samme kommune og den samme tid. Ret det i stedet."
    )


class FigureIsReplaced(DomainError):
    message = _l("Tallet er allerede rettet eller taget ud. Se det, der gælder nu.")


class MoreThanWhole(DomainError):
    message = _l("Et tal i procent kan højst være 100.")


class NotWhole(DomainError):
    message = _l("Et antal er et helt tal.")


class FigureAhead(DomainError):
    message = _l("Den tid er ikke begyndt endnu.")


class SharingIsOn(DomainError):
    message = _l("I viser allerede jeres tal til den kommune.")


class SharingIsOff(DomainError):
    message = _l("I viser ikke jeres tal til den kommune.")


@dataclass(frozen=True, kw_only=True)
class OutsideDetails:
    """What was read somewhere: of what, whose, for which time, how much, where, and how it was counted."""

    subject: Subject
    place: str
    """The municipality's name; empty: our own."""
    first_on: date
    last_on: date
    value: Decimal
    source: str
    method: str = ""


def unit_of(subject: Subject) -> GoalUnit:
    return spec_of(subject).unit if isinstance(subject, Measure) else subject.unit


def place_name(written: str, own: Municipality) -> str:
    """A municipality's name without the word; empty for our own."""
    words = written.split()
    if len(words) > 1 and words[-1].lower() == "kommune":
        words = words[:-1]
    name = " ".join(words)
    return "" if name.lower() == own.name.lower() else name


def write_figure(
    municipality: Municipality, details: OutsideDetails, *, by: User | None, at: datetime, today: date
) -> OutsideFigure:
    """Write a figure down. Raises FigureExists, MoreThanWhole, NotWhole or FigureAhead."""
    figure = _checked(municipality, details, by=by, at=at, today=today)
    _add(figure)
    audit.record("outside-figure-written", subject=figure, by=by, at=at)
    return figure


def correct_figure(
    figure: OutsideFigure, details: OutsideDetails, *, because: str, by: User, at: datetime, today: date
) -> OutsideFigure:
    """Another row takes its place. Raises FigureIsReplaced, and as write_figure."""
    _replace(figure, because=because, by=by, at=at)
    corrected = _checked(figure.municipality, details, by=by, at=at, today=today)
    _add(corrected)
    audit.record(
        "outside-figure-corrected", subject=corrected, by=by, at=at, change=_change(figure, corrected)
    )
    return corrected


def take_out_figure(figure: OutsideFigure, *, because: str, by: User, at: datetime) -> None:
    """Nothing takes its place; the row stays with why. Raises FigureIsReplaced."""
    _replace(figure, because=because, by=by, at=at)
    audit.record("outside-figure-taken-out", subject=figure, by=by, at=at, change=because)


def _checked(
    municipality: Municipality, details: OutsideDetails, *, by: User | None, at: datetime, today: date
) -> OutsideFigure:
    unit = unit_of(details.subject)
    if unit is GoalUnit.PERCENT and details.value > WHOLE:
        raise MoreThanWhole
    if unit is GoalUnit.COUNT and details.value != details.value.to_integral_value():
        raise NotWhole
    if details.first_on > today:
        raise FigureAhead
    is_measure = isinstance(details.subject, Measure)
    return OutsideFigure(
        municipality_id=municipality.id,
        measure=details.subject if is_measure else None,
        topic=None if is_measure else details.subject,
        place=place_name(details.place, municipality),
        first_on=details.first_on,
        last_on=details.last_on,
        value=details.value,
        unit=unit,
        source=details.source.strip(),
        method=details.method.strip(),
        recorded_at=at,
        recorded_by_id=by.id if by else None,
    )


def _add(figure: OutsideFigure) -> None:
    if queries.its_like(figure) is not None:
        raise FigureExists
    try:
        with db.session.begin_nested():
            db.session.add(figure)
    except IntegrityError as error:  # of two who write it down at once, the index lets one
        raise FigureExists from error


def _replace(figure: OutsideFigure, *, because: str, by: User, at: datetime) -> None:
    db.session.refresh(figure, attribute_names=["replaced_at"], with_for_update={"of": OutsideFigure})
    if not figure.is_standing:
        raise FigureIsReplaced
    figure.replaced_at, figure.replaced_by_id, figure.replaced_because = at, by.id, because.strip()
    db.session.flush()


def _change(before: OutsideFigure, now: OutsideFigure) -> str:
    return f"{before.value.normalize():f} → {now.value.normalize():f}. {before.replaced_because}"


def choose_like(
    municipality: Municipality, subject: Subject, places: Iterable[str], *, by: User, at: datetime
) -> None:
    """Whom we compare with in one thing, from now on; an empty choice is nobody."""
    wanted = set(places)
    for known in queries.likenesses_of(municipality.id):
        if known.subject == subject:
            wanted.discard(known.place) if known.place in wanted else db.session.delete(known)
    is_measure = isinstance(subject, Measure)
    db.session.add_all(
        Likeness(
            municipality_id=municipality.id,
            measure=subject if is_measure else None,
            topic=None if is_measure else subject,
            place=place,
            chosen_at=at,
            chosen_by_id=by.id,
        )
        for place in sorted(wanted)
    )
    audit.record("likeness-chosen", subject=municipality, by=by, at=at, change=str(subject.label))


def switch_on(
    municipality: Municipality, other: Municipality, *, by: User | None, at: datetime, today: date
) -> FigureSharing:
    """Show our figures to another municipality, once it shows us its own. Raises SharingIsOn."""
    if queries.open_sharing(municipality.id, other.id) is not None:
        raise SharingIsOn
    sharing = FigureSharing(
        municipality_id=municipality.id, with_id=other.id, from_on=today, by_id=by.id if by else None
    )
    try:
        with db.session.begin_nested():
            db.session.add(sharing)
    except IntegrityError as error:
        raise SharingIsOn from error
    audit.record("figures-shared", subject=sharing, by=by, at=at, change=other.name)
    return sharing


def switch_off(
    municipality: Municipality, other: Municipality, *, by: User, at: datetime, today: date
) -> None:
    """Stop at once. Raises SharingIsOff."""
    sharing = queries.open_sharing(municipality.id, other.id)
    if sharing is None:
        raise SharingIsOff
    sharing.closed_from, sharing.closed_by_id = today, by.id
    db.session.flush()
    audit.record("figures-unshared", subject=sharing, by=by, at=at, change=other.name)
