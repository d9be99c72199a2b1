"""The lines that tasks are written in: one task each, in the employer's own words."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.base.terms import SKILL_LEVELS
from portal.shared.skills.confirmed import understand_all_in
from portal.shared.skills.forms import WordsForm
from portal.web.forms import PortalForm, text_field

LONGEST_TASK = 120
"""Letters of one task, as its column has them."""

LINES_AT_FIRST = 3
LINES_MORE = 3
MOST_LINES = 30
"""Tasks of one kind; more is no opening but a job description."""


class TaskLine(WordsForm):
    """One line of a list: the task in the employer's own words, and how well it should be mastered."""

    form_id = None
    text = text_field(_l("Opgave"), LONGEST_TASK, needed=False)
    level = SelectField(
        _l("Niveau"),
        coerce=int,
        default=2,
        choices=[(level, label) for level, label in SKILL_LEVELS.items() if level],
    )

    class Meta(PortalForm.Meta):
        csrf = False  # the form around it carries the token


def give_meanings(lines: Sequence[TaskLine], municipality_id: int | None) -> None:
    """Look up what the lines mean in the municipality, all at once."""
    meanings = understand_all_in(municipality_id, [line.text.data for line in lines])
    for line, meaning in zip(lines, meanings, strict=True):
        line.meaning = meaning
