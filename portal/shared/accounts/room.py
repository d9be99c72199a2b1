"""What the rest of the portal must know of accounts."""

from flask_babel import lazy_gettext as _l

from portal.shared.accounts import municipality_views, queries, user_views
from portal.shared.accounts.views import bp
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, TOOLS, Grant, MenuLink, PersonalTable, Room

room = Room(
    pages=(bp, user_views.bp, municipality_views.bp),
    menu=(
        MenuLink(_l("Kommuner"), "municipalities.index", TOOLS + 5),
        MenuLink(_l("Brugere"), "users.index", TOOLS + 10),
    ),
    grants=(Grant(queries.users_managed_by, (Action.MANAGE_USERS,)),),
    personal=(
        PersonalTable(
            "users",
            _l("Mit login"),
            {"name": _l("Navn"), "email": _l("E-mail"), "created_at": _l("Oprettet")},
        ),
        PersonalTable(
            "user_sessions",
            _l("Hvor jeg har været logget ind"),
            {
                **NUMBER,
                "opened_at": _l("Logget ind"),
                "last_seen_at": _l("Sidst brugt"),
                "ended_at": _l("Logget ud"),
                "device": _l("Enhed"),
            },
        ),
        PersonalTable(
            "access_tokens",
            _l("Koder og links til mig"),
            {
                **NUMBER,
                "purpose": _l("Til hvad"),
                "created_at": _l("Lavet"),
                "expires_at": _l("Virker til"),
                "used_at": _l("Brugt"),
                "withdrawn_at": _l("Lukket"),
            },
        ),
    ),
)
