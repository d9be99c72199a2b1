"""A new role is an entry of one table, and a front page where none fits; nothing else asks for a role's name."""

from pathlib import Path

import pytest

from tests.support.recipes import Edit, tell

RECIPE = (
    Edit(
        "portal/web/permissions.py",
        '    ADMIN = "admin", _l("Administrator")\n',
        '    MENTOR = "mentor", _l("Mentor")\n',
    ),
    Edit("portal/web/permissions.py", "    OWN_EMPLOYER = auto()\n", "    MENTORS_DAY = auto()\n"),
    Edit(
        "portal/web/permissions.py",
        "    Role.ADMIN: RoleTraits(\n",
        """\
    Role.MENTOR: RoleTraits(
        scope=Scope.MUNICIPALITY,
        front_page=FrontPage.MENTORS_DAY,
        made_by=frozenset({Role.ADMIN}),
        may=frozenset({Action.READ_CITIZENS, Action.READ_CARD, Action.READ_PLACEMENTS}),
    ),
""",
    ),
    Edit(
        "portal/workspaces/home/views.py",
        "FRONT_PAGES = {\n",
        """\
def _mentors_page() -> str:
    return render_template("home/mentor.html", today=clock.today())


""",
    ),
    Edit(
        "portal/workspaces/home/views.py",
        "    FrontPage.USERS: ",
        "    FrontPage.MENTORS_DAY: _mentors_page,\n",
    ),
    Edit(
        "portal/templates/home/mentor.html",
        "",
        """\
{% extends "base.html" %}
{% block title %}{{ _("Overblik") }}{% endblock %}
{% block content %}
{% import "components/ui.html" as ui with context %}
{{ ui.page_header(_("Mentorens overblik"), today|da_date) }}
{% endblock %}
""",
    ),
)
"""What CONTRIBUTING.md says: the table, and the front page."""


@pytest.mark.slow
def test_a_new_role_is_three_files(tmp_path: Path) -> None:
    assert len({edit.path for edit in RECIPE}) <= 3

    tell("tests.recipes.role_story", RECIPE, tmp_path)
