"""What counts how much, in which municipality: the rows in force, and how a new one comes about."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.matches.models import MatcherWeights
from portal.matching import STANDARD, Weights
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class Word(NamedTuple):
    """A weight said plainly: what it is called, what it does, and why the standard is what it is."""

    label: LazyString
    meaning: LazyString
    reason: LazyString


WORDS: Final[dict[str, Word]] = {
    "must": Word(
        _l("Vægt af en opgave, man skal kunne"),
        _l("Hvor meget en opgave tæller, når pladsen kræver den."),
        _l("Én krævet opgave vejer mere end to ønsker: Arbejdet kan ikke gøres uden den."),
    ),
    "nice": Word(
        _l("Vægt af en opgave, der er god at kunne"),
        _l("Hvor meget en opgave tæller, når pladsen kun ønsker den."),
        _l("Ønsker er målestokken, som de krævede opgaver måles med. 0 betyder, at ønsker ikke tæller."),
    ),
    "gate": Word(
        _l("Fradrag, når en krævet opgave mangler"),
        _l(
            "Scoren ganges med dette tal for hver krævet opgave, som kortet ikke dækker. 1 betyder intet fradrag."
        ),
        _l("Halvdelen: Mange ønsker kan ikke opveje et krav, men et næsten-forslag kan stadig ses."),
    ),
    "must_held_at": Word(
        _l("Hvornår en krævet opgave er dækket"),
        _l("Så sikkert skal det være (0–1), at kortet har opgaven, før hele fradraget falder bort."),
        _l("Er det mindre sikkert, koster det en del af fradraget. Et for lavt niveau koster i forvejen."),
    ),
    "level_step": Word(
        _l("Tab for hvert niveau for lavt"),
        _l("Så meget tæller en opgave mindre for hvert niveau, kortet ligger under det, pladsen beder om."),
        _l("Der er fire niveauer, så det laveste tæller stadig en fjerdedel op mod det højeste."),
    ),
    "related_at_most": Word(
        _l("Højeste værdi af noget beslægtet"),
        _l("Så meget kan en beslægtet opgave højst tælle i stedet for den, pladsen beder om."),
        _l("Noget beslægtet er en grund til at spørge, aldrig lige så godt som opgaven selv."),
    ),
    "guess_at_most": Word(
        _l("Højeste værdi af et gæt"),
        _l("Så meget kan ord, der måske betyder opgaven, højst tælle, indtil nogen har svaret."),
        _l("Hvad ord måske betyder, er aldrig lige så godt som det, nogen har sagt, at de betyder."),
    ),
    "text_at_least": Word(
        _l("Hvornår ens ord tæller"),
        _l("Så ens skal to frie tekster være (0–1), før de tæller som det samme."),
        _l("Under den grænse er lighed mellem tekster for det meste tilfældig."),
    ),
    "wish": Word(
        _l("Løft for et ønske"),
        _l(
            "Så meget af en hel score (0–0,05) rykker et forslag op ad listen, når borgeren ønsker at arbejde med "
            "noget af det."
        ),
        _l(
            "0: Ønsket afgør kun, hvem der står først af to, der ellers står lige. Det ændrer aldrig scoren og bringer "
            "ingen ind på listen eller ud af den."
        ),
    ),
}
"""By the fields of matching.Weights, in their order."""


class WeightsUnchanged(DomainError):
    message = _l("Vægtene er de samme som dem, der gælder nu.")


class InForce(NamedTuple):
    """The weights a municipality's matches are counted with; `id` None: the standard."""

    id: int | None
    weights: Weights


def in_force(municipality_id: int) -> InForce:
    return all_in_force([municipality_id])[municipality_id]


def all_in_force(municipality_ids: Iterable[int]) -> dict[int, InForce]:
    """For each municipality its newest weights, or the standard: one statement for any number."""
    wanted = list(municipality_ids)
    newest = (
        sa.select(sa.func.max(MatcherWeights.id))
        .where(MatcherWeights.municipality_id.in_(wanted))
        .group_by(MatcherWeights.municipality_id)
    )
    found = {
        row.municipality_id: InForce(row.id, row.values)
        for row in db.session.scalars(sa.select(MatcherWeights).where(MatcherWeights.id.in_(newest)))
    }
    standard = InForce(None, STANDARD)
    return {municipality_id: found.get(municipality_id, standard) for municipality_id in wanted}


def history(municipality_id: int) -> list[MatcherWeights]:
    """Every change with who made it, the newest first."""
    statement = (
        sa.select(MatcherWeights)
        .where(MatcherWeights.municipality_id == municipality_id)
        .options(joinedload(MatcherWeights.set_by))
        .order_by(MatcherWeights.id.desc())
    )
    return list(db.session.scalars(statement))


def set_weights(
    municipality_id: int, weights: Weights, *, note: str, by: User, at: datetime
) -> MatcherWeights:
    """From now on the municipality's matches are counted with these. Raises WeightsUnchanged.

    What is stored keeps its figures until it is renewed: `matches.rematch`.
    """
    if in_force(municipality_id).weights == weights:
        raise WeightsUnchanged
    row = MatcherWeights(
        municipality_id=municipality_id, note=note, set_by_id=by.id, set_at=at, **asdict(weights)
    )
    db.session.add(row)
    audit.record("weights-set", subject=row, by=by, at=at)
    return row
