"""What the rest of the portal must know of the sheets for VITAS."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, LegalBasis, People
from portal.web.rooms import NUMBER, PersonalTable, Room
from portal.workspaces.vitas import queries, services
from portal.workspaces.vitas.findings import hindrances_of_start
from portal.workspaces.vitas.views import bp

room = Room(
    pages=(bp,),
    hears=((events.placement_changed, services.must_be_sent_again),),
    answers=(
        (events.hindrances_of_start, hindrances_of_start),
        (events.papers_outdated_at, queries.outdated_at),
    ),
    personal=(
        PersonalTable(
            "vitas_sheets",
            _l("Ark til VITAS"),
            {
                **NUMBER,
                "placement_id": _l("Forløb"),
                "purpose": _l("Formål"),
                "working_times": _l("Arbejdstider"),
                "remarks": _l("Bemærkninger"),
                "monthly_wage_dkk": _l("Løn om måneden i kroner"),
                "monthly_subsidy_dkk": _l("Tilskud om måneden i kroner"),
                "staff_last_month": _l("Virksomhedens ansatte den seneste måned"),
                "staff_average": _l("Virksomhedens ansatte i gennemsnit"),
                "school_weeks": _l("Ugers skole"),
                "total_hours_per_week": _l("Timer om ugen i alt med skole"),
                "representative_stated_on": _l("Medarbejdernes repræsentant hørt"),
                "answers": _l("Hvad konsulenten har svaret"),
                "case_number": _l("Sagsnummer i VITAS"),
                "written_at": _l("Skrevet"),
                "written_by_id": _l("Skrevet af"),
                "ready_at": _l("Klar til VITAS"),
                "ready_by_id": _l("Meldt klar af"),
                "outdated_at": _l("Skal sendes igen fra"),
                "findings": _l("Hvad reglerne sagde"),
                "stop_reason": _l("Hvorfor det blev meldt klar alligevel"),
                "passed_at": _l("Stop passeret"),
                "passed_by_id": _l("Stop passeret af"),
                "version": _l("Rettet antal gange"),
            },
        ),
    ),
    holds=(
        Holding(
            "vitas",
            People.CITIZENS,
            _l("Det, kommunen skriver i VITAS om dit forløb"),
            {"vitas_sheets": ALL_COLUMNS},
            _l("VITAS er statens system. Der bliver praktik og løntilskud søgt om."),
            LegalBasis.TASK,
            _l("Konsulenter i din kommune."),
            (WITH_HER,),
        ),
    ),
)
