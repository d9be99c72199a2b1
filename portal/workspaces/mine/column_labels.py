"""What the tables and columns of the export are called in Danish; the document with all her data is read by people."""

from dataclasses import dataclass
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.loop.cards.fields import CARD_FIELDS


@dataclass(frozen=True)
class TableWords:
    """`phrase` is the heading's phrase in her language, as kind and key; None: Danish only."""

    title: LazyString
    columns: dict[str, LazyString]
    phrase: tuple[str, str] | None = None


_ID = {"id": _l("Nummer")}
_OF_CARD = {**_ID, "card_id": _l("Kort")}
_OF_PLACEMENT = {**_ID, "placement_id": _l("Forløb")}

WORDS: Final[dict[str, TableWords]] = {
    "citizens": TableWords(
        _l("Mine oplysninger"),
        {
            **_ID,
            "municipality_id": _l("Kommune"),
            "case_reference": _l("Sagsnummer"),
            "first_name": _l("Fornavn"),
            "last_name": _l("Efternavn"),
            "born_on": _l("Fødselsdato"),
            "phone": _l("Telefon"),
            "language": _l("Sprog"),
            "consultant_id": _l("Konsulent"),
            "user_id": _l("Login"),
            "status": _l("Status"),
            "passive_since": _l("Passiv siden"),
            "created_at": _l("Oprettet"),
            "version": _l("Rettet antal gange"),
        },
        ("page", "my_data"),
    ),
    "competence_cards": TableWords(
        _l("Mit kort"),
        {
            **_ID,
            "citizen_id": _l("Borger"),
            "municipality_id": _l("Kommune"),
            "number": _l("Kortets nummer"),
            **{name: field.title for name, field in CARD_FIELDS.items()},
            "created_at": _l("Oprettet"),
            "updated_at": _l("Sidst ændret"),
            "version": _l("Version"),
        },
        ("page", "my_card"),
    ),
    "skill_evidence": TableWords(
        _l("Det kan jeg"),
        {
            **_OF_CARD,
            "skill_id": _l("Opgave"),
            "text": _l("Som det er skrevet"),
            "chosen": _l("Valgt af den, der skrev"),
            "guesses": _l("Hvad ordene ellers kan betyde"),
            "level": _l("Niveau (0-4)"),
            "source": _l("Set af"),
            "confidence": _l("Hvor sikkert ordene er forstået (0-1)"),
            "seen_on": _l("Dato"),
            "seen_at": _l("Arbejdsplads"),
            "placement_id": _l("Forløb"),
            "assessment_id": _l("Vurdering"),
            "note": _l("Note"),
            "task_key": _l("Spørgsmål"),
            "frequency": _l("Hvor ofte"),
            "setting": _l("Hvor"),
        },
        ("heading", "skills"),
    ),
    "certificates": TableWords(
        _l("Kurser og beviser"),
        {
            **_OF_CARD,
            "skill_id": _l("Bevis"),
            "text": _l("Som det er skrevet"),
            "chosen": _l("Valgt af den, der skrev"),
            "guesses": _l("Hvad ordene ellers kan betyde"),
            "valid_until": _l("Gælder til"),
        },
        ("heading", "certificates"),
    ),
    "card_languages": TableWords(
        _l("Andre sprog"),
        {**_OF_CARD, "name": _l("Sprog"), "level": _l("Niveau"), "shown": _l("Må vises for andre")},
        ("heading", "other_languages"),
    ),
    "task_answers": TableWords(
        _l("Mine svar om, hvad jeg har prøvet"),
        {
            **_OF_CARD,
            "task_key": _l("Spørgsmål"),
            "frequency": _l("Hvor ofte"),
            "setting": _l("Hvor"),
            "answered_at": _l("Svaret"),
            "by_id": _l("Skrevet af"),
        },
        ("page", "intake_title"),
    ),
    "card_versions": TableWords(
        _l("Kortets historie"),
        {
            **_OF_CARD,
            "version": _l("Version"),
            "at": _l("Hvornår"),
            "action": _l("Hvad"),
            "by_id": _l("Skrevet af"),
            "content": _l("Hele kortet, som det var"),
        },
        ("page", "card_history"),
    ),
    "matches": TableWords(
        _l("Sammenligninger med åbninger"),
        {
            **_OF_CARD,
            "opening_id": _l("Åbning"),
            "municipality_id": _l("Kommune"),
            "status": _l("Status"),
            "sure": _l("Passer mindst (0-100)"),
            "possible": _l("Passer højst (0-100)"),
            "result": _l("Opgave for opgave"),
            "opening_version": _l("Åbningens version"),
            "card_version": _l("Kortets version"),
            "vocabulary_version": _l("Ordlistens version"),
            "matcher_version": _l("Matcherens version"),
            "weights_id": _l("Vægte"),
            "suggested_at": _l("Fundet"),
            "renewed_at": _l("Sidst regnet"),
            "closed_reason": _l("Hvorfor lukket"),
        },
    ),
    "reviews": TableWords(
        _l("Forslag til mig"),
        {
            **_ID,
            "match_id": _l("Sammenligning"),
            "decision": _l("Kommunens vurdering"),
            "reason": _l("Grund"),
            "words": _l("Med ord"),
            "decided_by_id": _l("Vurderet af"),
            "decided_at": _l("Vurderet"),
            "findings": _l("Hvad reglerne sagde"),
            "stop_reason": _l("Hvorfor det blev godkendt alligevel"),
            "unpaid_reason": _l("Hvorfor praktik og ikke lønnet arbejde"),
            "place": _l("Plads i listen"),
            "compared": _l("Det, vurderingen byggede på"),
            "citizen_answer": _l("Mit svar"),
            "citizen_answered_at": _l("Jeg svarede"),
            "citizen_answered_via": _l("Hvordan"),
            "citizen_answer_recorded_by_id": _l("Skrevet af"),
            "employer_answer": _l("Virksomhedens svar"),
            "employer_reason": _l("Virksomhedens grund"),
            "employer_answered_at": _l("Virksomheden svarede"),
            "employer_answered_by_id": _l("Svaret af"),
        },
        ("page", "my_proposals"),
    ),
    "review_conditions": TableWords(
        _l("Betingelser i forslagene"),
        {"review_id": _l("Forslag"), "name": _l("Betingelse"), "met": _l("Passer")},
    ),
    "given_answers": TableWords(
        _l("Svar på spørgsmål om et forslag"),
        {
            **_ID,
            "match_id": _l("Sammenligning"),
            "condition": _l("Betingelse"),
            "subject": _l("Opgave"),
            "evidence_id": _l("Linje på kortet"),
            "before": _l("Før"),
            "after": _l("Efter"),
            "sure_before": _l("Passede mindst (0-100)"),
            "possible_before": _l("Passede højst (0-100)"),
            "answered_at": _l("Svaret"),
            "answered_by_id": _l("Skrevet af"),
            "taken_back_at": _l("Trukket tilbage"),
        },
    ),
    "outlooks": TableWords(
        _l("Hvad der kunne ændre et forslag"),
        {
            **_OF_CARD,
            "opening_id": _l("Åbning"),
            "condition": _l("Betingelse"),
            "before": _l("Før"),
            "after": _l("Efter"),
            "asked": _l("Spurgt"),
            "found": _l("Fundet"),
            "good": _l("Gode"),
            "worked_out_at": _l("Regnet ud"),
        },
    ),
    "consents": TableWords(
        _l("Mine tilladelser"),
        {
            **_OF_CARD,
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
    "calls": TableWords(
        _l("Opkald til virksomheder om forslag"),
        {
            **_ID,
            "review_id": _l("Forslag"),
            "reason": _l("Hvorfor"),
            "created_at": _l("Siden"),
            "done_at": _l("Ringet"),
            "done_by_id": _l("Ringet af"),
        },
    ),
    "placements": TableWords(
        _l("Mine forløb"),
        {
            **_OF_CARD,
            "review_id": _l("Forslag"),
            "opening_id": _l("Åbning"),
            "employer_id": _l("Virksomhed"),
            "municipality_id": _l("Kommune"),
            "form": _l("Form"),
            "hours_per_week": _l("Timer om ugen"),
            "starts_on": _l("Start"),
            "ends_on": _l("Slut"),
            "long_reason": _l("Hvorfor længere end sædvanligt"),
            "findings": _l("Hvad reglerne sagde"),
            "stop_reason": _l("Hvorfor det blev planlagt alligevel"),
            "status": _l("Status"),
            "planned_at": _l("Planlagt"),
            "planned_by_id": _l("Planlagt af"),
            "started_at": _l("Startet"),
            "ended_on": _l("Afsluttet"),
            "outcome": _l("Hvordan det endte"),
            "version": _l("Rettet antal gange"),
        },
        ("page", "my_placements"),
    ),
    "expectations": TableWords(
        _l("Forventningsafstemning"),
        {
            **_OF_PLACEMENT,
            "party": _l("Hvem"),
            "purpose": _l("Formål"),
            "time_frame": _l("Tidsperspektiv"),
            "development": _l("Faglig udvikling"),
            "stated_at": _l("Skrevet"),
            "recorded_by_id": _l("Skrevet af"),
        },
        ("heading", "expectations"),
    ),
    "follow_ups": TableWords(
        _l("Opfølgninger"),
        {**_OF_PLACEMENT, "due_on": _l("Aftalt"), "held_on": _l("Holdt"), "note": _l("Note")},
    ),
    "assessments": TableWords(
        _l("Vurderinger fra arbejdspladsen"),
        {
            **_OF_PLACEMENT,
            "kind": _l("Hvilken"),
            "number": _l("Nummer i forløbet"),
            "opened_at": _l("Begyndt"),
            "opened_by_id": _l("Begyndt af"),
            "answered_at": _l("Arbejdspladsen svarede"),
            "on_paper": _l("Svaret på papir"),
            "closed_at": _l("Færdig"),
            "closed_by_id": _l("Lukket af"),
            "assessed_on": _l("Dato"),
            "lapsed": _l("Lukket ufærdig, fordi forløbet sluttede"),
            "withdrawn_at": _l("Trukket tilbage"),
            "withdrawn_because": _l("Hvorfor"),
            "citizen_comment": _l("Min kommentar"),
            "commented_at": _l("Kommenteret"),
            "version": _l("Rettet antal gange"),
        },
    ),
    "assessment_lines": TableWords(
        _l("Opgaverne i vurderingerne"),
        {
            **_ID,
            "assessment_id": _l("Vurdering"),
            "skill_id": _l("Opgave"),
            "task_text": _l("Som den er skrevet"),
            "employer_level": _l("Arbejdspladsens niveau (0-4)"),
            "employer_note": _l("Arbejdspladsens note"),
            "consultant_level": _l("Konsulentens niveau (0-4)"),
            "consultant_note": _l("Konsulentens note"),
            "agreed_level": _l("Aftalt niveau (0-4)"),
        },
    ),
    "vitas_sheets": TableWords(
        _l("Ark til VITAS"),
        {
            **_OF_PLACEMENT,
            "purpose": _l("Formål"),
            "working_times": _l("Arbejdstider"),
            "remarks": _l("Bemærkninger"),
            "monthly_wage_dkk": _l("Løn om måneden i kroner"),
            "staff_last_month": _l("Virksomhedens ansatte den seneste måned"),
            "staff_average": _l("Virksomhedens ansatte i gennemsnit"),
            "school_weeks": _l("Ugers skole"),
            "representative_stated_on": _l("Medarbejdernes repræsentant hørt"),
            "confirmed": _l("Hvad konsulenten har set efter"),
            "case_number": _l("Sagsnummer i VITAS"),
            "written_at": _l("Skrevet"),
            "written_by_id": _l("Skrevet af"),
            "ready_at": _l("Klar til VITAS"),
            "ready_by_id": _l("Meldt klar af"),
            "version": _l("Rettet antal gange"),
        },
    ),
    "users": TableWords(
        _l("Mit login"), {"name": _l("Navn"), "email": _l("E-mail"), "created_at": _l("Oprettet")}
    ),
    "user_sessions": TableWords(
        _l("Hvor jeg har været logget ind"),
        {
            **_ID,
            "opened_at": _l("Logget ind"),
            "last_seen_at": _l("Sidst brugt"),
            "ended_at": _l("Logget ud"),
            "device": _l("Enhed"),
        },
    ),
    "access_tokens": TableWords(
        _l("Koder og links til mig"),
        {
            **_ID,
            "purpose": _l("Til hvad"),
            "created_at": _l("Lavet"),
            "expires_at": _l("Virker til"),
            "used_at": _l("Brugt"),
            "withdrawn_at": _l("Lukket"),
        },
    ),
    "audit_entries": TableWords(
        _l("Hvem har set mine oplysninger"),
        {"at": _l("Hvornår"), "unit": _l("Hvem"), "purpose": _l("Hvorfor")},
        ("page", "who_has_seen"),
    ),
}
"""Keyed by table, in the order of the document. A test holds it against the tables."""

WHO: Final[dict[str, LazyString]] = {
    "citizen": _l("borgeren selv"),
    "municipality": _l("kommunen"),
    "employer": _l("virksomheden"),
}
