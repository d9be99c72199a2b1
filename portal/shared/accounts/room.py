"""What the rest of the portal must know of accounts."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.shared.accounts import municipality_views, queries, second_step_views, user_views
from portal.shared.accounts.services import forget_expired
from portal.shared.accounts.views import bp
from portal.web.holdings import ALL_COLUMNS, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, TOOLS, Grant, MenuLink, PersonalTable, Room, Within

room = Room(
    pages=(bp, second_step_views.bp, user_views.bp, municipality_views.bp),
    menu=(
        MenuLink(_l("Kommuner"), "municipalities.index", TOOLS + 5),
        MenuLink(_l("Brugere"), "users.index", TOOLS + 10),
    ),
    within=(
        Within(None, "accounts.sessions"),
        Within(None, "accounts.shortcuts"),
        Within(None, "accounts.change_password"),
        Within(None, "second_step.mine"),
        Within(None, "second_step.own_app"),
        Within(None, "second_step.own_passkey"),
        Within(None, "second_step.own_codes"),
        Within(None, "second_step.remove_app"),
        Within(None, "second_step.remove_passkey"),
        Within("users.index", "users.new"),
        Within("users.index", "users.detail"),
        Within("municipalities.index", "municipalities.new"),
        Within("municipalities.index", "municipalities.edit"),
    ),
    answers=((events.managed_users, queries.managed_names),),
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
                "second_step": _l("Andet trin"),
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
    holds=(
        Holding(
            "users",
            People.EVERYBODY,
            _l("Dit login: navn, e-mail og rolle"),
            {"users": ALL_COLUMNS},
            _l("Portalen skal vide, hvem du er, og hvad du må."),
            LegalBasis.TASK,
            _l("Administratorer. Andre ser dit navn ved det, du har gjort i en sag, de må se."),
            (
                Kept(
                    _l(
                        "Så længe det, du har gjort, står i portalen. Er din adgang lukket, kan du ikke logge ind."
                    )
                ),
            ),
        ),
        Holding(
            "sign_ins",
            People.EVERYBODY,
            _l("Hvor og hvornår du har været logget ind"),
            {"user_sessions": ALL_COLUMNS, "access_tokens": ALL_COLUMNS},
            _l("Du kan se, om en anden bruger dit login, og lukke det."),
            LegalBasis.SAFETY,
            _l("Kun dig."),
            (Kept(_l("%(time)s."), setting="KEEP_SESSIONS"),),
        ),
        Holding(
            "second_steps",
            People.STAFF,
            _l("Det andet trin ved dit login: app, adgangsnøgler og reservekoder"),
            {"authenticator_apps": ALL_COLUMNS, "passkeys": ALL_COLUMNS, "recovery_codes": ALL_COLUMNS},
            _l(
                "Ingen må kunne logge ind som dig, fordi de kender din adgangskode. Appens hemmelighed er låst med "
                "portalens nøgle, og reservekoderne står som koder, ingen kan læse."
            ),
            LegalBasis.SAFETY,
            _l("Kun dig. En administrator ser, om det er sat op."),
            (Kept(_l("Til du eller en administrator fjerner det.")),),
        ),
        Holding(
            "forms",
            People.EVERYBODY,
            _l("At du har sendt en formular"),
            {"submissions": ALL_COLUMNS},
            _l("To tryk på en knap må ikke gøre noget to gange."),
            LegalBasis.SAFETY,
            _l("Ingen."),
            (Kept(_l("%(time)s."), setting="KEEP_SUBMISSIONS"),),
        ),
        Holding(
            "tries",
            People.EVERYBODY,
            _l("Forkerte forsøg på at logge ind"),
            {"throttle_counts": ALL_COLUMNS},
            _l(
                "Ingen må kunne gætte din adgangskode. E-mail og netværk står som en kode, som ingen kan læse."
            ),
            LegalBasis.SAFETY,
            _l("Ingen."),
            (Kept(_l("Til der igen kan prøves så mange gange som fra begyndelsen.")),),
        ),
    ),
    nobody=(HoldsNobody(("municipalities",), _l("Kommunerne og deres egen telefon og e-mail.")),),
    forgets=(forget_expired,),
)
