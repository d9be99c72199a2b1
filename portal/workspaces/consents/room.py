"""What the rest of the portal must know of consents."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, Kept, LegalBasis, People
from portal.web.rooms import NUMBER, Joining, PersonalTable, Room, Within
from portal.workspaces.consents.services import LONGEST_DAYS, note_showing_ended
from portal.workspaces.consents.views import bp

room = Room(
    merges=(
        Joining("consents", "card_id", "competence_cards"),
        Joining("consents", "employer_id", "employers"),
    ),
    pages=(bp,),
    within=(Within("citizens.index"),),
    hears=((events.showing_ended, note_showing_ended),),
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
    holds=(
        Holding(
            "consents",
            People.CITIZENS,
            _l("Dine tilladelser"),
            {"consents": ALL_COLUMNS},
            _l("Du bestemmer, hvilken virksomhed der ser dit kort, og hvad den ser."),
            LegalBasis.DISCLOSURE,
            _l("Konsulenter i din kommune. Virksomheden ser kun det, tilladelsen siger."),
            (
                Kept(
                    _l(
                        "En tilladelse virker højst %(time)s. Trækker du den tilbage, virker linket ikke mere."
                    ),
                    time=timedelta(days=LONGEST_DAYS),
                ),
                WITH_HER,
            ),
        ),
    ),
)
