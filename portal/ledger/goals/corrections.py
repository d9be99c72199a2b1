"""What was written after a figure was frozen: shown beside it, never inside.

The same question is asked again and held against the frozen list. Of firms each is named with what the records say; of
people there are numbers only, and where one of them is small, words. Source: docs/rules.md#corrections
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.alphabet import alphabet_key
from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.ledger.goals import figures
from portal.ledger.goals.freezing import LedgerLine, lines_of, total
from portal.ledger.goals.masking import FEWEST, is_few
from portal.ledger.goals.models import FrozenFigure, FrozenLine, FrozenLinePerson
from portal.ledger.goals.tally import counted, lists_of
from portal.loop.employers.models import Employer
from portal.web.measures import Ask, Subject


class CorrectionKind(LabelledEnum):
    """What became of a line after it was frozen, or instead of one."""

    LATE = "late", _l("efterregistreret")
    CHANGED = "changed", _l("ændret")
    GONE = "gone", _l("tæller ikke længere med")
    ERASED = "erased", _l("slettet")


@dataclass(frozen=True)
class FirmCorrection:
    """One employer that the list of today has and the frozen one has not, or the other way round."""

    kind: CorrectionKind
    name: str
    cvr: str
    employer_id: int | None
    """None: it is no longer in the portal."""
    reasons: tuple[str, ...]
    """What was written since, as far as the records tell."""


@dataclass(frozen=True)
class PeopleCorrections:
    """How many lines about people are others today; where a number is hidden, what it may be."""

    numbers: tuple[tuple[CorrectionKind, int], ...]
    """Empty: the kinds are not told apart."""
    total: int | None
    """None: hidden."""
    kinds: tuple[str, ...]
    """What occurred, in words that give no number away."""


@dataclass(frozen=True)
class Corrections:
    """All that is shown beside a frozen figure."""

    firms: tuple[FirmCorrection, ...] = ()
    people: PeopleCorrections | None = None
    sources: tuple[str, ...] = ()
    """Of a figure from outside that is another today: what it rests on now."""

    def __bool__(self) -> bool:
        return bool(self.firms) or bool(self.sources) or self.people is not None

    @property
    def sentences(self) -> list[str]:
        """What is not told firm by firm, in words."""
        people = [] if self.people is None else [_in_words(self.people)]
        other = (
            _("Siden tallet blev låst, er et andet skrevet ind: %(source)s", source=one)
            for one in self.sources
        )
        return [*people, *other]


def corrections(figure: FrozenFigure) -> Corrections:
    """Ask the figure's question again, and tell what is not as it was frozen."""
    goal = figure.goal
    ask = figures.ask_of(goal, figure.on)
    live = lines_of(ask, lists_of([ask])[ask])
    subject = counted(goal.measure).subject
    if subject is Subject.OUTSIDE:
        return Corrections(sources=() if total(live) == figures.frozen_tally(figure) else _sources(live))
    if subject is Subject.EMPLOYERS:
        return Corrections(firms=tuple(_firms(figure, ask, live)))
    return Corrections(people=disclosed(_people(figure, live)))


def _sources(live: Iterable[LedgerLine]) -> tuple[str, ...]:
    return tuple(note for line in live for note in line.notes) or (_("ikke noget tal"),)


# --- People ----------------------------------------------------------------------------------------------------


def _people(figure: FrozenFigure, live: Iterable[LedgerLine]) -> dict[CorrectionKind, int]:
    """How many lines of each kind; whoever is erased is in neither list by name, and is told by the links that went."""
    frozen = _frozen_of_people(figure)
    now: dict[int, Counter[Any]] = defaultdict(Counter)
    for line in live:
        if line.citizen_id is not None:
            now[line.citizen_id][line] += 1
    counts = dict.fromkeys(CorrectionKind, 0)
    for citizen_id in frozen.keys() | now.keys():
        gone = (frozen[citizen_id] - now[citizen_id]).total()
        late = (now[citizen_id] - frozen[citizen_id]).total()
        counts[CorrectionKind.CHANGED] += min(gone, late)
        counts[CorrectionKind.GONE] += max(gone - late, 0)
        counts[CorrectionKind.LATE] += max(late - gone, 0)
    linked = sum(lines.total() for lines in frozen.values())
    counts[CorrectionKind.ERASED] = figure.linked - linked
    return counts


def _frozen_of_people(figure: FrozenFigure) -> dict[int, Counter[Any]]:
    rows: Any = db.session.execute(
        sa.select(
            FrozenLinePerson.citizen_id,
            FrozenLine.quarter_on,
            FrozenLine.form,
            FrozenLine.amount,
            FrozenLine.out_of,
            FrozenLine.is_known,
        )
        .join(FrozenLine, FrozenLine.id == FrozenLinePerson.line_id)
        .where(FrozenLine.figure_id == figure.id)
    )
    found: dict[int, Counter[Any]] = defaultdict(Counter)
    for citizen_id, *rest in rows:
        found[citizen_id][LedgerLine(*rest)] += 1
    return found


ROOM_FOR_DOUBT: Final = 4
"""How many corrections must be left, when late and gone ones are set off against each other, for a sum to be shown."""


def disclosed(counts: Mapping[CorrectionKind, int]) -> PeopleCorrections | None:
    """As much as may be shown to somebody who knows by how much the figure would be another today.

    Everything, when no number is small. Else the sum alone, when it is not small and leaves the kinds open. Else words,
    and of what moves the figure they do not say which way.
    """
    total = sum(counts.values())
    if not total:
        return None
    if not any(is_few(count) for count in counts.values()):
        numbers = tuple((kind, count) for kind, count in counts.items() if count)
        return PeopleCorrections(numbers, total, tuple(str(kind.label) for kind, _count in numbers))
    shift = abs(counts[CorrectionKind.LATE] - counts[CorrectionKind.GONE])
    is_open = total >= FEWEST and total - shift >= ROOM_FOR_DOUBT
    erased = counts[CorrectionKind.ERASED]
    kinds = (
        *([_("efterregistreret, ændret eller ikke længere med")] if total > erased else []),
        *([_("slettet")] if erased else []),
    )
    return PeopleCorrections((), total if is_open else None, kinds)


def _in_words(people: PeopleCorrections) -> str:
    if people.numbers:
        parts = [_("%(count)s %(kind)s", count=count, kind=kind.label) for kind, count in people.numbers]
        return _("Siden tallet blev låst: %(parts)s.", parts=", ".join(parts))
    kinds = "; ".join(people.kinds)
    if people.total is not None:
        return _("Siden tallet blev låst: %(count)s i alt (%(kinds)s).", count=people.total, kinds=kinds)
    return _(
        "Siden tallet blev låst: %(kinds)s. Hvor mange står her ikke, fordi noget af det er færre end %(fewest)s.",
        kinds=kinds,
        fewest=FEWEST,
    )


# --- Firms -----------------------------------------------------------------------------------------------------


def _firms(figure: FrozenFigure, ask: Ask, live: Sequence[LedgerLine]) -> list[FirmCorrection]:
    then, names = _frozen_of_firms(figure)
    here = _employers(then.keys(), {line.employer_id for line in live if line.employer_id is not None})
    now: dict[str, Counter[Any]] = defaultdict(Counter)
    cvrs = {employer.id: employer.cvr for employer in here.values()}
    for line in live:
        now[cvrs[line.employer_id or 0]][(line.on, line.amount, line.out_of, line.is_known)] += 1
    moved = {
        cvr: kind for cvr in then.keys() | now.keys() if (kind := _moved(then[cvr], now[cvr])) is not None
    }
    told = _written_since(figure, ask, {here[cvr].id for cvr in moved if cvr in here})
    found = [
        FirmCorrection(
            kind,
            here[cvr].name if cvr in here else names[cvr],
            cvr,
            here[cvr].id if cvr in here else None,
            tuple(told.get(here[cvr].id, ())) if cvr in here else (),
        )
        for cvr, kind in moved.items()
    ]
    return sorted(found, key=lambda one: (alphabet_key(one.name), one.cvr))


def _frozen_of_firms(figure: FrozenFigure) -> tuple[dict[str, Counter[Any]], dict[str, str]]:
    """By CVR number: the lines, and the name of that day."""
    lines: dict[str, Counter[Any]] = defaultdict(Counter)
    names: dict[str, str] = {}
    for line in db.session.scalars(sa.select(FrozenLine).where(FrozenLine.figure_id == figure.id)):
        if line.cvr is not None:
            lines[line.cvr][(line.on, line.amount, line.out_of, line.is_known)] += 1
            names[line.cvr] = line.employer_name or ""
    return lines, names


def _employers(cvrs: Iterable[str], ids: Iterable[int]) -> dict[str, Employer]:
    wanted = sa.or_(Employer.cvr.in_(list(cvrs)), Employer.id.in_(list(ids)))
    return {employer.cvr: employer for employer in db.session.scalars(sa.select(Employer).where(wanted))}


def _moved(then: Counter[Any], now: Counter[Any]) -> CorrectionKind | None:
    gone, late = then - now, now - then
    if gone and late:
        return CorrectionKind.CHANGED
    if late:
        return CorrectionKind.LATE
    return CorrectionKind.GONE if gone else None


def _written_since(figure: FrozenFigure, ask: Ask, ids: set[int]) -> Mapping[int, Sequence[str]]:
    """What the room says that holds the records; else what one of them is missing today."""
    how = counted(ask.measure)
    told: dict[int, Sequence[str]] = {}
    if ids and how.near_misses is not None:
        told |= {
            one.subject_id: [_("Mangler i dag: %(what)s", what=one.missing)]
            for one in how.near_misses(ask)
            if one.subject_id in ids
        }
    if ids and how.written_since is not None:
        told |= how.written_since(ask, ids, figure.frozen_at)
    return told
