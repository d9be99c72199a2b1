"""One employer of two: every room points its rows to the one that stays, as it does of citizens.

Refused where the law or a goal would count otherwise afterwards; the rooms say so (`Room.merges`). It cannot be undone;
what was joined is told by `merged_employers`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.employers.merging import same_places
from portal.loop.employers.models import Employer, EmployerStatus, MergedEmployer, Workplace
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.rooms import rooms
from portal.workspaces.merging.services import drop_row, point_to

DETAILS: Final = ("name", "cvr", "sector")
"""What somebody chooses between."""


class NotTwoEmployers(DomainError):
    message = _l("Det er den samme virksomhed to gange. Vælg to forskellige.")


@dataclass(frozen=True)
class EmployerChoice:
    """Which of DETAILS are taken from the one that goes, and why the two are one."""

    from_gone: frozenset[str]
    reason: str


def merge_employers(
    kept: Employer, gone: Employer, choice: EmployerChoice, *, by: User, at: datetime
) -> None:
    """Raises NotTwoEmployers, and what a room cannot join."""
    if kept.id == gone.id or kept.municipality_id != gone.municipality_id:
        raise NotTwoEmployers
    told = {name: getattr(gone, name) for name in choice.from_gone}
    gone_id, comes_back = gone.id, {kept.status, gone.status} == set(EmployerStatus)
    if EmployerStatus.ACTIVE in (kept.status, gone.status):
        told |= {"status": EmployerStatus.ACTIVE, "passive_since": None}
    told["wants_publicity"] = kept.wants_publicity and gone.wants_publicity
    told["approved_at"] = min(kept.approved_at, gone.approved_at)
    _note(kept, gone, choice, by=by, at=at)
    _join_places(kept.id, gone.id, at)
    point_to("employers", kept.id, gone.id, at)
    db.session.flush()
    drop_row(Employer, gone)
    db.session.expire_all()
    for column, value in told.items():
        setattr(kept, column, value)
    kept.version += 1
    audit.record("employers-merged", subject=kept, by=by, at=at)
    db.session.flush()
    events.employers_merged.send(kept, gone_id=gone_id, at=at)
    if comes_back:  # what the passive one had to offer is matched again
        events.employer_active.send(kept, at=at)


def _join_places(kept_id: int, gone_id: int, at: datetime) -> None:
    """One P-number is one workplace: what stood at the other stands there."""
    for stays, goes in list(same_places(kept_id, gone_id, at)):
        point_to("workplaces", stays.id, goes.id, at)
        drop_row(Workplace, goes)


def _note(kept: Employer, gone: Employer, choice: EmployerChoice, *, by: User, at: datetime) -> None:
    db.session.add(
        MergedEmployer(
            employer_id=kept.id,
            old_id=gone.id,
            old_cvr=kept.cvr if "cvr" in choice.from_gone else gone.cvr,
            old_name=kept.name if "name" in choice.from_gone else gone.name,
            old_industry=gone.industry.value,
            old_since=gone.approved_at,
            reason=choice.reason,
            merged_at=at,
            merged_by_id=by.id,
        )
    )
    db.session.flush()


TITLES: Final = {
    "workplaces": _l("Arbejdssteder"),
    "contact_persons": _l("Kontaktpersoner"),
    "openings": _l("Åbninger"),
    "placements": _l("Forløb"),
    "partnerships": _l("Partnerskabsaftaler"),
    "employer_contacts": _l("Kontakter"),
    "tasks": _l("Opgaver"),
    "employer_registrations": _l("Tilmeldinger"),
    "employer_invitations": _l("Invitationer"),
    "consents": _l("Kort, der er vist virksomheden"),
    "mentors": _l("Mentorer"),
    "step_offers": _l("Tilbudte trin i pakker"),
}
"""What a reader is told the number of; the rest goes along unsaid."""


def what_each_has(kept: Employer, gone: Employer) -> list[tuple[str, int, int]]:
    """By kind of record how many each of the two has, where one has any: one statement for each of them."""
    mine, other = (_counts(employer.id) for employer in (kept, gone))
    return [
        (str(title), mine[table], other[table])
        for table, title in TITLES.items()
        if mine[table] or other[table]
    ]


def _counts(employer_id: int) -> dict[str, int]:
    columns = []
    for one in rooms().merges:
        if one.target == "employers" and one.table in TITLES and one.column == "employer_id":
            column = db.metadata.tables[one.table].c[one.column]
            count = sa.select(sa.func.count()).select_from(column.table).where(column == employer_id)
            columns.append(count.scalar_subquery().label(one.table))
    return dict(db.session.execute(sa.select(*columns)).mappings().one())
