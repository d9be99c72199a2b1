"""Employers that may stand here twice: one P-number, one phone or e-mail, or names that are alike.

A pair that somebody knows to be two is not suggested again.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from rapidfuzz import fuzz, process
from sqlalchemy.orm import selectinload

from portal.base.database import db
from portal.base.folding import folded_text, phone_key
from portal.loop.employers.models import Employer, EmployersToldApart
from portal.loop.employers.queries import employers_seen_by
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit

ALIKE: Final = 92
"""Of 100, from which two names are shown as alike: a missing word or two wrong letters in a long name."""
_FORMS: Final = re.compile(r"\b(aps|a/s|as|i/s|is|k/s|ks|p/s|ivs|amba|smba|holding|danmark)\b")


@dataclass
class EmployerDouble:
    """Two employers, and what is the same about them."""

    first: Employer
    second: Employer
    reasons: list[str] = field(default_factory=list)
    is_told_apart: bool = False
    """Somebody said that they are two; who said so may have erred."""


def employer_doubles(user: User, *, of: Employer | None = None) -> list[EmployerDouble]:
    """Pairs among the municipality's own that nobody told apart, those with most in common first.

    `of`: only pairs with that one, also those that somebody told apart.
    """
    statement = employers_seen_by(user).options(
        selectinload(Employer.workplaces), selectinload(Employer.contacts)
    )
    employers = db.session.scalars(statement.where(Employer.municipality_id == user.municipality_id)).all()
    found: dict[tuple[int, int], EmployerDouble] = {}

    def note(pairs: Iterable[tuple[Employer, Employer]], reason: str) -> None:
        for one, other in pairs:
            if of is None or of.id in (one.id, other.id):
                pair = found.setdefault((one.id, other.id), EmployerDouble(one, other))
                if reason not in pair.reasons:
                    pair.reasons.append(reason)

    numbers = _by(employers, lambda one: {place.p_number for place in one.workplaces})
    phones = _by(employers, lambda one: {phone_key(person.phone) for person in one.contacts})
    mails = _by(employers, lambda one: {person.email.strip().lower() for person in one.contacts})
    for known, reason in (
        (numbers, _("samme P-nummer")),
        (phones, _("samme telefon")),
        (mails, _("samme e-mail")),
    ):
        for alike in known.values():
            note(combinations(alike, 2), reason)
    note(_with_names_alike(employers), _("navnene ligner"))
    _mark_told_apart(found)
    pairs = [pair for pair in found.values() if of is not None or not pair.is_told_apart]
    return sorted(pairs, key=lambda pair: (-len(pair.reasons), pair.first.id, pair.second.id))


def _mark_told_apart(pairs: Mapping[tuple[int, int], EmployerDouble]) -> None:
    for told in db.session.execute(sa.select(EmployersToldApart.employer_id, EmployersToldApart.other_id)):
        if pair := pairs.get((told.employer_id, told.other_id)):
            pair.is_told_apart = True


def tell_employers_apart(one: Employer, other: Employer, *, by: User, at: datetime) -> None:
    """Keep that they are two, with who said so: the pair is suggested no more."""
    first, second = sorted((one, other), key=lambda employer: employer.id)
    db.session.refresh(first, with_for_update={"of": Employer})
    if db.session.get(EmployersToldApart, (first.id, second.id)) is None:
        db.session.add(
            EmployersToldApart(employer_id=first.id, other_id=second.id, told_at=at, told_by_id=by.id)
        )
        audit.record("employers-told-apart", subject=first, by=by, at=at)
    db.session.flush()


def _by(employers: Sequence[Employer], keys: object) -> dict[str, list[Employer]]:
    """Employers in the order of their keys by what `keys` gives of each; what is not said is nobody's."""
    known: dict[str, list[Employer]] = defaultdict(list)
    for employer in sorted(employers, key=lambda one: one.id):
        for key in filter(None, keys(employer)):  # type: ignore[operator]
            known[key].append(employer)
    return known


def _with_names_alike(employers: Sequence[Employer]) -> list[tuple[Employer, Employer]]:
    ordered = sorted(employers, key=lambda one: one.id)
    names = [_bare(one.name) for one in ordered]
    scores = process.cdist(names, names, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    return [
        (ordered[first], ordered[second])
        for first, second in zip(*(scores >= ALIKE).nonzero(), strict=True)
        if first < second and names[first]
    ]


def _bare(name: str) -> str:
    """Without the legal form, which people leave out."""
    return " ".join(_FORMS.sub(" ", folded_text(name)).split())


def employer_by_number(user: User, typed: str) -> int | None:
    """Whose CVR number that is, of the user's municipality."""
    digits = re.sub(r"\D", "", typed)
    statement = employers_seen_by(user).where(Employer.cvr == digits).with_only_columns(Employer.id)
    return db.session.scalar(statement.order_by(None)) if digits else None
