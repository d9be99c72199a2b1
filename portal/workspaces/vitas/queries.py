"""Reads of VITAS sheets: the sheet of a placement, and all its fields in VITAS' order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.terms import TaskKind
from portal.loop.employers.models import ContactPerson
from portal.loop.placements.models import Placement
from portal.web.presentation import cvr_text, da_date, da_number
from portal.workspaces.vitas.by_form import demands_of
from portal.workspaces.vitas.models import VitasSheet


def sheet_of(placement: Placement) -> VitasSheet | None:
    statement = (
        sa.select(VitasSheet)
        .where(VitasSheet.placement_id == placement.id)
        .options(
            joinedload(VitasSheet.written_by),
            joinedload(VitasSheet.ready_by),
            joinedload(VitasSheet.passed_by),
        )
    )
    return db.session.scalars(statement).one_or_none()


def outdated_at(placement: Placement) -> datetime | None:
    """Answers `events.papers_outdated_at`."""
    if not placement.goes_to_vitas:
        return None
    statement = sa.select(VitasSheet.outdated_at).where(VitasSheet.placement_id == placement.id)
    return db.session.scalar(statement)


@dataclass(frozen=True)
class Group:
    """Fields that stand together in VITAS: (label, what to write there)."""

    title: str
    fields: list[tuple[str, str]]


def fields_of(placement: Placement, sheet: VitasSheet, answers: Sequence[tuple[str, str]]) -> list[Group]:
    """Everything VITAS asks for, in its order, and then what was looked up. Source: docs/rules.md#vitas"""
    groups = [
        _employer(placement),
        Group(_("Kontaktperson"), _contact(placement)),
        _representative(placement, sheet),
        _staff(placement, sheet),
        _agreement(placement, sheet),
        _person(placement),
    ]
    more = [
        Group(_("Bemærkninger"), [(_("Bemærkninger"), sheet.remarks)] if sheet.remarks else []),
        Group(_("Undersøgt af kommunen"), list(answers)),
        Group(_("Stop, der er passeret"), _passed(sheet)),
    ]
    return [*groups, *(group for group in more if group.fields)]


def _passed(sheet: VitasSheet) -> list[tuple[str, str]]:
    if sheet.passed_by is None or sheet.passed_at is None:
        return []
    who = _("%(name)s, %(day)s", name=sheet.passed_by.name, day=da_date(danish_day(sheet.passed_at)))
    return [(_("Begrundelse"), sheet.stop_reason), (_("Senest skrevet af"), who)]


def _employer(placement: Placement) -> Group:
    opening = placement.opening
    employer, place = opening.employer, opening.workplace
    return Group(
        _("Virksomheden"),
        [
            (_("Navn"), employer.name),
            (_("CVR-nummer"), cvr_text(employer.cvr).replace(" ", "")),
            (_("P-nummer"), place.p_number or ""),
            (_("Arbejdssted"), f"{place.name}, {place.address}, {place.postcode}"),
            (_("Sektor"), str(employer.sector.label) if employer.sector else ""),
        ],
    )


def _contact(placement: Placement) -> list[tuple[str, str]]:
    statement = (
        sa.select(ContactPerson)
        .where(ContactPerson.employer_id == placement.employer_id)
        .order_by(ContactPerson.id)
        .limit(1)
    )
    contact = db.session.scalars(statement).one_or_none()
    if contact is None:
        return [(_("Navn"), ""), (_("E-mail"), ""), (_("Telefon"), "")]
    return [(_("Navn"), contact.name), (_("E-mail"), contact.email), (_("Telefon"), contact.phone)]


def _representative(placement: Placement, sheet: VitasSheet) -> Group:
    place = placement.opening.workplace
    stated_on = sheet.representative_stated_on
    return Group(
        _("Medarbejdernes repræsentant"),
        [
            (_("Navn"), sheet.representative_name or place.representative_name),
            (_("E-mail"), place.representative_email),
            (_("Telefon"), place.representative_phone),
            (_("Har udtalt sig den"), da_date(stated_on) if stated_on else ""),
        ],
    )


def _staff(placement: Placement, sheet: VitasSheet) -> Group:
    place = placement.opening.workplace
    fields = [
        (
            _("Ansatte, omregnet til fuldtid"),
            da_number(place.full_time_staff) if place.staff_stated_on else "",
        ),
        (_("Personer"), "" if place.heads is None else str(place.heads)),
        (_("Opgjort den"), da_date(place.staff_stated_on) if place.staff_stated_on else ""),
        (_("Opgjort af"), place.staff_stated_by),
    ]
    fields += [field.line(sheet) for field in demands_of(placement.form).of_staff]
    return Group(_("Antal ansatte"), fields)


def _agreement(placement: Placement, sheet: VitasSheet) -> Group:
    opening = placement.opening
    tasks = [task.text for kind in TaskKind for task in opening.tasks_of(kind)]
    tasks = placement.tasks.splitlines() or tasks
    fields = [
        (_("Form"), str(placement.form.label)),
        (_("Første dag"), da_date(placement.starts_on)),
        (_("Sidste dag"), da_date(placement.ends_on)),
        (_("Timer om ugen"), da_number(placement.hours_at_end)),
        (_("Arbejdstider"), sheet.working_times),
        (_("Opgaver"), "; ".join(dict.fromkeys(tasks))),
    ]
    fields += [field.line(sheet) for field in demands_of(placement.form).of_agreement]
    return Group(_("Aftalen"), fields)


def _person(placement: Placement) -> Group:
    """CPR numbers are not kept here: the case holds hers."""
    citizen = placement.card.citizen
    return Group(
        _("Borgeren"), [(_("Navn"), citizen.name), (_("Sag med CPR-nummer"), citizen.case_reference)]
    )
