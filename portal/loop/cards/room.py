"""What the rest of the portal must know of cards."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.cards import measures, merging, queries, services, showing, waiting
from portal.loop.cards.chapter import CARD
from portal.loop.cards.fields import CARD_FIELDS
from portal.loop.cards.finding import CARDS
from portal.loop.cards.intake_views import bp as intake
from portal.loop.cards.views import bp
from portal.loop.cards.wish_views import bp as wishes
from portal.web.holdings import ALL_COLUMNS, WITH_HER, Holding, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import NUMBER, Grant, Joining, MenuLink, PersonalTable, Room, Within

room = Room(
    chapters=(CARD,),
    finds=(CARDS,),
    merges=(
        Joining("competence_cards", "citizen_id", "citizens"),
        Joining("skill_evidence", "card_id", "competence_cards"),
        Joining("certificates", "card_id", "competence_cards"),
        Joining("card_languages", "card_id", "competence_cards", merging.join_languages),
        Joining("wished_work", "card_id", "competence_cards", merging.join_wishes),
        Joining("task_answers", "card_id", "competence_cards", merging.join_task_answers),
        Joining("card_versions", "card_id", "competence_cards", merging.join_versions),
    ),
    pages=(bp, intake, wishes),
    measures=(*measures.MEASURES, *waiting.MEASURES),
    menu=(MenuLink(_l("Mit kort"), "cards.own", 20),),
    within=(Within("citizens.index"),),
    hears=(
        (events.citizen_passive, services.leave_matching),
        (events.citizen_active, services.join_matching),
        (events.vocabulary_changed, services.relink),
    ),
    chores=(showing.notice_looks,),
    answers=((events.cards_by_citizen, queries.cards_by_citizen),),
    grants=(Grant(queries.cards_seen_by, (Action.READ_CARD,)),),
    personal=(
        PersonalTable(
            "competence_cards",
            _l("Mit kort"),
            {
                **NUMBER,
                "citizen_id": _l("Borger"),
                "municipality_id": _l("Kommune"),
                "number": _l("Kortets nummer"),
                **{name: field.title for name, field in CARD_FIELDS.items()},
                "shown_to_her_at": _l("Vist første gang"),
                "counts_from_at": _l("Tæller med i kommunens tal fra"),
                "created_at": _l("Oprettet"),
                "updated_at": _l("Sidst ændret"),
                "version": _l("Version"),
            },
            ("page", "my_card"),
        ),
        PersonalTable(
            "skill_evidence",
            _l("Det kan jeg"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
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
        PersonalTable(
            "certificates",
            _l("Kurser og beviser"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "skill_id": _l("Bevis"),
                "text": _l("Som det er skrevet"),
                "chosen": _l("Valgt af den, der skrev"),
                "guesses": _l("Hvad ordene ellers kan betyde"),
                "valid_until": _l("Gælder til"),
            },
            ("heading", "certificates"),
        ),
        PersonalTable(
            "card_languages",
            _l("Andre sprog"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "name": _l("Sprog"),
                "level": _l("Niveau"),
                "shown": _l("Må vises for andre"),
            },
            ("heading", "other_languages"),
        ),
        PersonalTable(
            "wished_work",
            _l("Det vil jeg gerne arbejde med"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "title_id": _l("Stilling"),
                "skill_id": _l("Opgave"),
                "said_at": _l("Sagt"),
                "by_id": _l("Skrevet af"),
            },
            ("page", "wished_work"),
        ),
        PersonalTable(
            "task_answers",
            _l("Mine svar om, hvad jeg har prøvet"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "task_key": _l("Spørgsmål"),
                "frequency": _l("Hvor ofte"),
                "setting": _l("Hvor"),
                "answered_at": _l("Svaret"),
                "by_id": _l("Skrevet af"),
            },
            ("page", "intake_title"),
        ),
        PersonalTable(
            "card_versions",
            _l("Kortets historie"),
            {
                **NUMBER,
                "card_id": _l("Kort"),
                "version": _l("Version"),
                "at": _l("Hvornår"),
                "action": _l("Hvad"),
                "by_id": _l("Skrevet af"),
                "content": _l("Hele kortet, som det var"),
            },
            ("page", "card_history"),
        ),
    ),
    holds=(
        Holding(
            "wished-work",
            People.CITIZENS,
            _l("Hvad du gerne vil arbejde med"),
            {"wished_work": ALL_COLUMNS},
            _l("Så forslagene tager hensyn til det, du selv vil. Et ønske lukker aldrig en plads for dig."),
            LegalBasis.TASK,
            _l("Du selv og konsulenter i din kommune. En virksomhed ser det aldrig."),
            (WITH_HER,),
        ),
        Holding(
            "card",
            People.CITIZENS,
            _l("Dit kompetencekort"),
            {
                "competence_cards": ALL_COLUMNS,
                "skill_evidence": ALL_COLUMNS,
                "certificates": ALL_COLUMNS,
                "card_languages": ALL_COLUMNS,
                "task_answers": ALL_COLUMNS,
                "card_versions": ALL_COLUMNS,
            },
            _l(
                "Portalen sammenligner det, du kan, med det, en plads kræver. En tekst, der bliver sat ind, bliver "
                "læst og glemt; kun det, der bliver valgt, kommer på kortet."
            ),
            LegalBasis.TASK,
            _l(
                "Konsulenter i din kommune. En virksomhed ser det, du har sagt ja til at vise den, og ikke mere."
            ),
            (WITH_HER,),
        ),
    ),
)
