"""The templates speak of titles and tasks that there are."""

import sqlalchemy as sa
from flask import Flask

from portal.base.database import db
from portal.base.terms import SkillArea, TaskKind
from portal.shared.skills.models import JobTitle
from portal.shared.skills.tasks import tasks
from portal.workspaces.posting.templates import templates


def test_each_template_is_a_title_of_the_vocabulary_in_its_trade(app: Flask) -> None:
    titles = {title.name: title.area for title in db.session.scalars(sa.select(JobTitle))}

    assert set(templates()) <= set(titles)
    for name, template in templates().items():
        assert titles[name] in (SkillArea.FAELLES, template.industry.value)


def test_each_template_ticks_tasks_of_its_own_trade_and_something_that_must_be_done() -> None:
    for template in templates().values():
        assert {tasks()[key].industry for key in template.tasks} == {template.industry}
        assert TaskKind.MUST in template.tasks.values()
