"""What citizens' own room says in their timelines."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.loop.citizens.timeline import own_lines
from portal.web.permissions import Action
from portal.web.timeline import Chapter, LineKind

TALKS = Chapter(
    LineKind.TALK,
    own_lines,
    {
        "citizen-came": _l("Oprettet i portalen"),
        "first-talk": _l("Den første samtale"),
    },
    lambda citizen_id: url_for("citizens.detail", citizen_id=citizen_id),
    Action.READ_CITIZENS,
)
