"""What a consultant sees of two citizens before they become one."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from portal.base.database import db
from portal.loop.citizens import doubles
from portal.loop.citizens.footprint import rows_about
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import card_of
from portal.shared.accounts.models import User
from portal.web.rooms import rooms


def lookalikes(citizen: Citizen) -> list[doubles.Lookalike]:
    """Who of her municipality may be the same person; also those somebody said are another, who may have erred."""
    told = doubles.Described(
        citizen.first_name, citizen.last_name, citizen.born, citizen.phone, citizen.case_reference
    )
    return doubles.lookalikes(citizen.municipality_id, told, but=citizen.id, all_of_them=True)


def by_number(user: User, typed: str) -> int | None:
    """Whose case or card number that is, of her municipality."""
    return doubles.known_by(user.municipality_id, typed)


def card_numbers(kept: Citizen, gone: Citizen) -> list[str]:
    found = (card_of(citizen) for citizen in (kept, gone))
    return [card.number if card is not None else _("Uden kort") for card in found]


def what_each_has(kept: Citizen, gone: Citizen) -> list[tuple[Any, int, int]]:
    """By kind of record how many each of the two has, where one has any: one statement for each of them."""
    counts = [_counts(citizen) for citizen in (kept, gone)]
    personal = rooms().personal
    return [
        (personal[name].title, counts[0][name], counts[1][name])
        for name in counts[0]
        if name != Citizen.__tablename__ and (counts[0][name] or counts[1][name])
    ]


def _counts(citizen: Citizen) -> dict[str, int]:
    columns = [
        sa.select(sa.func.count()).select_from(table).where(hers).scalar_subquery().label(table.name)
        for table, hers in rows_about(citizen.id).items()
    ]
    return dict(db.session.execute(sa.select(*columns)).mappings().one())
