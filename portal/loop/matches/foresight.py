"""What counting again would change, as a list for those who are to say yes to it: numbers of cards, no names."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.lexicon import fold
from portal.loop.cards.models import CompetenceCard
from portal.loop.matches.rematch import MatchChange
from portal.loop.matches.rereading import RereadPhrase
from portal.shared.skills import queries as skills
from portal.web.listing import safe_cell


class ForeseenKind(LabelledEnum):
    """What a row of the list is about."""

    WORDS = "words", _l("Ord")
    MATCH = "match", _l("Forslag")


class ForeseenRow(NamedTuple):
    """One thing that would change. Of a card its number alone, and of its words only what everybody's words say."""

    home: str
    kind: ForeseenKind
    opening: str
    card: str
    words: str
    before: str
    after: str
    outcome: str


HEADINGS: Final = (
    _l("Kommune"),
    _l("Slags"),
    _l("Åbning"),
    _l("Kort"),
    _l("Ordlyd"),
    _l("Før"),
    _l("Efter"),
    _l("Hvad sker der"),
)


def rows_of(home: str, phrases: Sequence[RereadPhrase], changes: Sequence[MatchChange]) -> list[ForeseenRow]:
    """First the words that another skill would be taken for, then the suggestions."""
    return [*_words(home, [one for one in phrases if one.means_another]), *_matches(home, changes)]


def _words(home: str, phrases: Sequence[RereadPhrase]) -> Iterable[ForeseenRow]:
    names = skills.names()
    known = {wording.folded for wording in skills.book().wordings}
    numbers = _card_numbers({one.owner_id for one in phrases if one.table.for_card})
    for one in phrases:
        of_card = one.table.for_card
        # what somebody wrote of herself in words that are nobody else's stays on her card
        told = not of_card or fold(one.text) in known
        yield ForeseenRow(
            home,
            ForeseenKind.WORDS,
            "" if of_card else str(one.owner_id),
            numbers[one.owner_id] if of_card else "",
            one.text if told else _("(kortets egne ord)"),
            _name(names, one.before.skill_id),
            _name(names, one.after.skill_id),
            "",
        )


def _name(names: dict[int, str], skill_id: int | None) -> str:
    return _("egne ord") if skill_id is None else names[skill_id]


def _card_numbers(ids: set[int]) -> dict[int, str]:
    numbers = sa.select(CompetenceCard.id, CompetenceCard.number).where(CompetenceCard.id.in_(ids))
    return {row.id: row.number for row in db.session.execute(numbers)}


def _matches(home: str, changes: Sequence[MatchChange]) -> Iterable[ForeseenRow]:
    for one in changes:
        yield ForeseenRow(
            home,
            ForeseenKind.MATCH,
            str(one.opening_id),
            one.card_number,
            "",
            _score(one.before),
            _score(one.after),
            _outcome(one),
        )


def _score(score: tuple[float, float] | None) -> str:
    """As everywhere in the portal: what is known to fit, and what may."""
    return "" if score is None else f"{score[0]:.1f}–{score[1]:.1f}".replace(".", ",")


def _outcome(change: MatchChange) -> str:
    if change.before is None:
        return _("kommer over stregen")
    if change.closed_because is not None:
        return _("falder ud: %(why)s", why=change.closed_because.label)
    return _("tæller anderledes")


def as_csv(rows: Iterable[ForeseenRow]) -> str:
    """A file that Danish Excel opens by double click."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([str(heading) for heading in HEADINGS])
    writer.writerows([safe_cell(cell) for cell in _cells(row)] for row in rows)
    return "\ufeff" + buffer.getvalue()


def as_table(rows: Sequence[ForeseenRow]) -> Iterable[str]:
    """Lines for a terminal, in columns as wide as their widest cell; nothing where there is nothing to show."""
    if not rows:
        return
    table = [[str(heading) for heading in HEADINGS], *([*_cells(row)] for row in rows)]
    widths = [max(len(line[place]) for line in table) for place in range(len(HEADINGS))]
    for line in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _cells(row: ForeseenRow) -> Iterable[str]:
    return (str(cell.label) if isinstance(cell, ForeseenKind) else cell for cell in row)
