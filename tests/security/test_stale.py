"""ASVS 2.3: whoever saves must have seen what she overwrites, also when her form says nothing of it."""

import pytest
import sqlalchemy as sa
from bs4 import Tag
from flask import Flask, url_for

from portal.base.database import check_version, db
from portal.base.errors import StaleVersion
from portal.web.forms import VersionedForm
from tests.client import PortalClient
from tests.security.test_every_form import every_form
from tests.support.databases import Stage
from tests.support.forms import FILLINGS, fill_in
from tests.test_roles import Scene, kept_scene

CHANGING = {
    "CardForm": ("cards.edit", "consultant"),
    "ChangeForm": ("placements.change", "consultant"),
    "AttendanceForm": ("cohort_attendance.attendance", "group_leader"),
    "AttendanceNumbersForm": ("cohort_attendance.attendance", "group_leader"),
    "CitizenForm": ("citizens.edit", "consultant"),
    "CorrectedContactForm": ("contacts.edit", "consultant"),
    "CorrectedNoteForm": ("notes.detail", "consultant"),
    "CourseForm": ("courses.edit", "consultant"),
    "CohortForm": ("cohorts.edit", "consultant"),
    "EmployerFactsForm": ("employers.edit", "consultant"),
    "GroupForm": ("target_groups.edit", "consultant"),
    "KnownContactForm": ("employers.edit_known_contact", "consultant"),
    "KnownWorkplaceForm": ("employers.edit_workplace", "consultant"),
    "MergeEmployersForm": ("employer_merging.merge", "consultant"),
    "MergeForm": ("merging.merge", "consultant"),
    "MoveFollowUpForm": ("placements.move_follow_up", "consultant"),
    "PackageForm": ("pathways.edit", "consultant"),
    "MunicipalityForm": ("municipalities.edit", "admin"),
    "OpeningForm": ("openings.edit", "employer"),
    "ProspectForm": ("prospects.edit", "consultant"),
    "RunForm": ("courses.edit_run", "consultant"),
    "SessionForm": ("cohorts.session", "consultant"),
    "SkillDetailsForm": ("skills.edit", "consultant"),
    "MentorForm": ("mentoring.edit", "consultant"),
    "TaskForm": ("tasks.edit", "consultant"),
    "TalkForm": ("aftercare.record", "consultant"),
    "TargetForm": ("goals.edit", "leader"),
}
"""By form the page where it changes a record, and who does. An answer to a question: loop/matches/test_answering.py."""

SOMEBODY_ELSES = "999"


def form_on(app: Flask, scene: Scene, endpoint: str, role: str) -> tuple[PortalClient, Tag]:
    browser = PortalClient(app, scene.people[role])
    with app.test_request_context():
        rule = next(one for one in app.url_map.iter_rules(endpoint) if "GET" in (one.methods or ()))
        url = url_for(endpoint, **{name: scene.values[name] for name in rule.arguments})
    form = browser.get(url).page.select_one("form[method=post]:has([name=version]:not([value='']))")
    assert form is not None, endpoint
    return browser, form


def all_versions() -> list[tuple[object, ...]]:
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if "version" in table.c and "id" in table.c]
    return [
        (table.name, *row)
        for table in tables
        for row in db.session.execute(sa.select(table.c.id, table.c.version).order_by(table.c.id))
    ]


def test_every_form_that_changes_a_record_is_tried() -> None:
    assert {form.__name__ for form in every_form() if VersionedForm in form.__bases__} == {
        *CHANGING,
        "AnswerForm",
    }


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "role"), CHANGING.values(), ids=CHANGING)
def test_V2_3_4_no_form_saves_past_a_colleague_by_keeping_quiet(
    app: Flask, current_stage: Stage, endpoint: str, role: str
) -> None:
    kept, scene, _stranger = kept_scene(current_stage)
    current_stage.reset(kept)
    browser, form = form_on(app, scene, endpoint, role)
    sending, before = fill_in(form, FILLINGS[1], {}), all_versions()

    for said in (None, "", "0", "-1", "nonsense", SOMEBODY_ELSES):
        fields = sending.data() | {"version": [said]}
        del fields["form_id"]
        if said is None:
            del fields["version"]
        assert browser.post(sending.action, fields).status_code in (409, 422), said

    assert all_versions() == before
    seen = sending.data()
    del seen["form_id"]
    assert browser.post(sending.action, seen).status_code in (204, 303), "who has seen it may save"


def test_V2_3_4_nobody_has_seen_a_record_without_a_version() -> None:
    class Record:
        version = 1

    with pytest.raises(StaleVersion):
        check_version(Record(), 0)
    check_version(Record(), 1)
