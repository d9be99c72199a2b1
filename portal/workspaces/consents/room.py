"""What the rest of the portal must know of consents."""

from flask_babel import lazy_gettext as _l

from portal.web.rooms import NUMBER, PersonalTable, Room, Within
from portal.workspaces.consents.views import bp

room = Room(
    pages=(bp,),
    within=(Within("citizens.index"),),
    personal=(
        PersonalTable(
            "consents",
            _l("Mine tilladelser"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "version_id": _l("Kortets version"),
                "employer_id": _l("Virksomhed"),
                "review_id": _l("Forslag"),
                "fields": _l("Må se"),
                "until_on": _l("Til og med"),
                "purpose": _l("Hvorfor"),
                "asked_at": _l("Spurgt"),
                "asked_by_id": _l("Spurgt af"),
                "answer": _l("Mit svar"),
                "answered_at": _l("Svaret"),
                "answered_via": _l("Hvordan"),
                "recorded_by_id": _l("Skrevet af"),
                "withdrawn_at": _l("Trukket tilbage"),
            },
            ("page", "my_consents"),
        ),
    ),
)
