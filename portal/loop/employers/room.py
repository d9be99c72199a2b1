"""What the rest of the portal must know of employers."""

from flask_babel import lazy_gettext as _l

from portal.loop.employers import joining, joining_views, people_views, queries, views
from portal.web.permissions import Action
from portal.web.rooms import Grant, MenuLink, Room

_MODULES = (views, joining_views, people_views)
"""Each puts its pages on the one blueprint."""

room = Room(
    pages=tuple({module.bp for module in _MODULES}),
    menu=(
        MenuLink(_l("Virksomheder"), "employers.index", 60),
        MenuLink(_l("Virksomheden"), "employers.own", 75),
    ),
    chores=(joining.mail_unmailed,),
    grants=(
        Grant(queries.employers_seen_by, (Action.READ_OWN_EMPLOYER, Action.READ_EMPLOYERS)),
        Grant(queries.registrations_seen_by, (Action.MANAGE_EMPLOYERS,)),
    ),
)
