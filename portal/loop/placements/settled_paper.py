"""The settled words on paper, to be signed by the three, with the code by which the paper is typed in."""

from datetime import date
from typing import Final

from flask_babel import gettext as _

from portal.base.terms import Party
from portal.loop.placements.settled import Settlement
from portal.loop.placements.settling import in_words
from portal.web.paper.codes import NoSuchCode, code_of, number_of
from portal.web.paper.typesetting import clean, long_date, typeset, ymd

_VERSIONS: Final = 1000
"""So many wordings of one settlement have codes of their own."""


def paper_code(settlement: Settlement) -> str:
    """The code of these very words: another wording has another."""
    return code_of(_number(settlement))


def is_code_of(settlement: Settlement, typed: str) -> bool:
    """Whether what was typed is the code on a paper with the words as they stand."""
    try:
        return number_of(typed) == _number(settlement)
    except NoSuchCode:
        return False


def _number(settlement: Settlement) -> int:
    return settlement.id * _VERSIONS + settlement.version % _VERSIONS


def render_settlement(settlement: Settlement, *, on: date) -> bytes:
    """One A4 as PDF/UA-1."""
    placement = settlement.placement
    opening, card = placement.opening, placement.card
    first, last = long_date(placement.starts_on), long_date(placement.ends_on)
    facts = [
        (_("Borger"), f"{card.citizen.first_name} ({card.number})"),
        (_("Arbejdsplads"), f"{opening.workplace.name}, {opening.employer.name}"),
        (_("Plads"), f"{opening.title}, {placement.form.label}"),
        (_("Periode"), _("%(first)s til %(last)s", first=first, last=last)),
        (_("Kode"), paper_code(settlement)),
    ]
    data = {
        "title": _("Det er vi enige om"),
        "printed_ymd": ymd(on),
        "facts": [[label, clean(value)] for label, value in facts],
        "aspects": [[str(title), clean(words)] for title, words in in_words(settlement)],
        "words": {
            "author": _("Det gode match"),
            "intro": _("Underskriv, hvis du er enig. Er du ikke enig, så sig det til konsulenten."),
            "signers": [str(party.label) for party in Party],
            "date_and_name": _("dato og underskrift"),
            "footer": _("Konsulenten taster koden ind, når arket er underskrevet."),
        },
    }
    return typeset("settlement", data, on=on)
