"""The portal's own words that citizens read in their language: which there are, and the Danish of each.

The catalogues' msgids come from here (tools/catalogues.py): the kind is the context (msgctxt), the Danish is the
msgid, and the key is how the code asks. What base/terms.py has a label for is taken from there. A Danish text that is
changed is a new msgid, so a test finds every language that still translates the old one. What belongs to the
vocabulary (skills, tasks, words of a trade) is data and stands in CSV files. How to add, change and review:
portal/translations/README.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import LazyString

from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    DanishCourse,
    DanishExam,
    Industry,
    LabelledEnum,
    LanguageLevel,
    PartOfDay,
    PlacementForm,
    Shift,
    SkillSource,
    Transport,
)


@dataclass(frozen=True, slots=True)
class InterfacePhrase:
    """A text of the portal's own. Placeholders are named: "{employer}"."""

    kind: str
    key: str
    danish: str
    """What is translated; of a text that counts: the one for 1."""
    plural: str = ""
    count: str = ""
    """The placeholder that decides between the two."""

    @property
    def forms(self) -> tuple[str, ...]:
        return (self.danish, self.plural) if self.plural else (self.danish,)

    def form(self, values: Mapping[str, object]) -> str:
        return self.plural if self.count and str(values.get(self.count)) != "1" else self.danish


def _p(kind: str, key: str, danish: str) -> InterfacePhrase:
    return InterfacePhrase(kind, key, danish)


def _np(kind: str, key: str, danish: str, plural: str, *, count: str) -> InterfacePhrase:
    return InterfacePhrase(kind, key, danish, plural, count)


def _terms(kind: str, terms: type[LabelledEnum]) -> Iterator[InterfacePhrase]:
    """The labels of a closed set, under the values as they are stored."""
    return (_p(kind, term.value, str(term.label)) for term in terms)


def _ladder(kind: str, rungs: Mapping[int, LazyString]) -> Iterator[InterfacePhrase]:
    return (_p(kind, str(rung), str(label)) for rung, label in rungs.items())


INTERFACE: Final = (
    _p("level", "0", "ikke afprøvet"),
    _p("level", "1", "med hjælp"),
    _p("level", "2", "efter instruktion"),
    _p("level", "3", "selvstændigt"),
    _p("level", "4", "kan vise andre"),
    _p("frequency", "never", "aldrig"),
    _p("frequency", "few", "få gange"),
    _p("frequency", "often", "ofte"),
    _p("frequency", "daily", "hver dag i lang tid"),
    _p("setting", "work", "På arbejde"),
    _p("setting", "home", "Hjemme"),
    _p("setting", "voluntary", "Som frivillig"),
    _p("setting", "informal", "Uden at være ansat"),
    *_terms("source", SkillSource),
    _p("group", "faglig", "Opgaver på arbejde"),
    _p("group", "uformel", "Erfaring fra hjem og forening"),
    _p("group", "personlig", "Sådan er jeg på arbejde"),
    _p("group", "sproglig", "Sprog i hverdagen"),
    _p("group", "certifikat", "Kurser"),
    _p("group", "own_words", "Andet, med mine egne ord"),
    *_terms("industry", Industry),
    *_terms("form", PlacementForm),
    *_terms("shift", Shift),
    *_terms("daypart", PartOfDay),
    _p("weekday", "monday", "Mandag"),
    _p("weekday", "tuesday", "Tirsdag"),
    _p("weekday", "wednesday", "Onsdag"),
    _p("weekday", "thursday", "Torsdag"),
    _p("weekday", "friday", "Fredag"),
    _p("weekday", "saturday", "Lørdag"),
    _p("weekday", "sunday", "Søndag"),
    _p("weekday_short", "monday", "ma"),
    _p("weekday_short", "tuesday", "ti"),
    _p("weekday_short", "wednesday", "on"),
    _p("weekday_short", "thursday", "to"),
    _p("weekday_short", "friday", "fr"),
    _p("weekday_short", "saturday", "lø"),
    _p("weekday_short", "sunday", "sø"),
    *_terms("transport", Transport),
    *_ladder("speaking", DANISH_SPEAKING_LEVELS),
    *_ladder("reading", DANISH_READING_LEVELS),
    *_terms("danish_course", DanishCourse),
    *_terms("danish_exam", DanishExam),
    *_terms("language_level", LanguageLevel),
    _p("answer", "pending", "Ikke svaret endnu"),
    _p("answer", "yes", "Ja tak"),
    _p("answer", "no", "Nej tak"),
    _p("answer", "withdrawn", "Trukket tilbage"),
    _p("placement_status", "planned", "Planlagt"),
    _p("placement_status", "running", "I gang"),
    _p("placement_status", "ended", "Afsluttet"),
    _p("placement_status", "cancelled", "Aflyst før start"),
    _p("outcome", "hired", "Ansat i virksomheden"),
    _p("outcome", "extended", "Fortsætter i et nyt forløb her"),
    _p("outcome", "completed", "Gennemført"),
    _p("outcome", "stopped_by_citizen", "Stoppet af borgeren"),
    _p("outcome", "stopped_by_employer", "Stoppet af virksomheden"),
    _p("outcome", "other_job", "Job eller uddannelse et andet sted"),
    _p("heading", "card", "Kompetencekort"),
    _p("heading", "card_of", "Kompetencekort for {name}"),
    _p("heading", "number", "Kort nr. {number}"),
    _p("heading", "printed_on", "Udskrevet {date}"),
    _p("heading", "valid_until", "Gælder til {date}"),
    _p("heading", "goal", "Mit mål"),
    _p("heading", "next_step", "Mit næste skridt"),
    _p("heading", "skills", "Det kan jeg"),
    _p("heading", "levels", "Niveauer"),
    _p("heading", "level", "Niveau"),
    _p("heading", "task", "Opgave"),
    _p("heading", "task_and_own_words", "Opgave og mine egne ord"),
    _p("heading", "seen_by", "Set af"),
    _p("heading", "seen_at", "Set hos {workplace}"),
    _p("heading", "date", "Dato"),
    _p("heading", "languages", "Sprog"),
    _p("heading", "danish", "Dansk"),
    _p("heading", "other_languages", "Andre sprog"),
    _p("heading", "speaking", "Taler"),
    _p("heading", "reading", "Læser"),
    _p("heading", "availability", "Hvornår og hvor"),
    _p("heading", "days_and_hours", "Dage og timer"),
    _p("heading", "hours", "Timer"),
    _np("heading", "hours_exact", "{hours} time om ugen", "{hours} timer om ugen", count="hours"),
    _np("heading", "hours_between", "{low}–{high} time om ugen", "{low}–{high} timer om ugen", count="high"),
    _np(
        "heading", "hours_up_to", "op til {hours} time om ugen", "op til {hours} timer om ugen", count="hours"
    ),
    _np(
        "heading",
        "hours_at_least",
        "mindst {hours} time om ugen",
        "mindst {hours} timer om ugen",
        count="hours",
    ),
    _p("heading", "shifts", "Tidspunkter"),
    _p("heading", "can_work", "kan: {shifts}"),
    _p("heading", "cannot_work", "kan ikke: {shifts}"),
    _p("heading", "distance", "Afstand"),
    _p("heading", "distance_from_home", "op til {km} km fra {home}"),
    _p("heading", "distance_up_to", "op til {km} km"),
    _p("heading", "lives_in", "bor i {home}"),
    _p("heading", "transport", "Transport"),
    _p("heading", "certificates", "Kurser og beviser"),
    _p("heading", "places_tried", "Her har jeg prøvet at arbejde"),
    _p("heading", "signatures", "Vi har talt om kortet"),
    _p("heading", "citizen", "Borger"),
    _p("heading", "employer", "Virksomhed"),
    _p("heading", "consultant", "Konsulent"),
    _p("heading", "date_and_signature", "dato og underskrift"),
    _p("heading", "word_list", "30 ord fra faget"),
    _p("heading", "in_my_language", "På mit sprog"),
    _p("heading", "expectations", "Forventningsafstemning"),
    _p("note", "no_skills", "Der er endnu ingen opgaver på kortet. Skriv dem her, når I taler sammen."),
    _p(
        "note",
        "not_reviewed",
        "{mark} Oversættelsen er ikke gennemset. Er du i tvivl, gælder den danske tekst.",
    ),
    _p("page", "my_card", "Mit kort"),
    _p("page", "my_goal", "Mit mål"),
    _p("page", "my_proposals", "Forslag til mig"),
    _p("page", "my_placements", "Mine forløb"),
    _p("page", "who_has_seen", "Hvem har set mit kort"),
    _p("page", "my_consents", "Mine tilladelser"),
    _p("page", "my_data", "Mine oplysninger"),
    _p("page", "choose_language", "Vælg sprog"),
    _p("page", "hello", "Hej {name}"),
    _p("page", "skip_to_content", "Gå til indholdet"),
    _p("page", "log_in", "Log ind"),
    _p("page", "log_out", "Log ud"),
    _p("page", "enter_code", "Skriv koden fra dit papir"),
    _p("page", "code", "Kode"),
    _p("page", "save", "Gem"),
    _p("page", "skip", "Spring over"),
    _p("page", "yes", "Ja"),
    _p("page", "card_intro", "Her er dit kort. Det viser, hvad du kan."),
    _p("page", "no_card", "Din konsulent har ikke lavet dit kort endnu."),
    _p("page", "card_on_day", "Kortet, som det var {date}"),
    _p("page", "print_card", "Udskriv mit kort"),
    _p("page", "no_goal", "Der står ikke noget mål endnu."),
    _p("page", "next_step", "Dit næste skridt"),
    _p("page", "intake_title", "Hvad har du prøvet?"),
    _p(
        "page",
        "intake_intro",
        "Vælg, hvor ofte du har gjort det. Arbejde hjemme, frivilligt og uformelt tæller også.",
    ),
    _p("page", "intake_time", "Det tager 3-5 minutter. Du kan holde pause og fortsætte en anden dag."),
    _p("page", "start_trade", "Begynd: {trade}"),
    _p("page", "continue_trade", "Fortsæt: {trade}"),
    _p("page", "answered_of_total", "{done} af {total} besvaret"),
    _p("page", "save_and_next", "Gem og gå videre"),
    _p("page", "save_and_back", "Gem og gå tilbage"),
    _p("page", "skip_page", "Spring siden over"),
    _p("page", "put_on_card", "Sæt på kortet"),
    _p("page", "change_answers", "Ret svarene"),
    _p("page", "on_the_card", "Sådan kommer det på kortet"),
    _p(
        "page", "own_words_shown", "Det står som dine egne ord. Arbejdspladser kan se, hvor du har gjort det."
    ),
    _p("page", "new_on_card", "Nyt på kortet"),
    _p("page", "already_on_card", "Det står allerede på kortet"),
    _p("page", "nothing_new", "Der er ikke noget nyt til kortet"),
    _p("page", "not_tried", "Ikke prøvet"),
    _p(
        "page",
        "not_tried_note",
        "Det kommer ikke på kortet. At man ikke har prøvet noget, er ikke det samme som, at man ikke kan.",
    ),
    _p("page", "card_history", "Kortets historie"),
    _p("page", "place_at_firm", "{title} hos {employer}"),
    _p("page", "why_me", "Hvorfor dig?"),
    _p(
        "page",
        "human_decided",
        "Din konsulent har valgt forslaget. Computeren har kun sammenlignet opgaverne med dit kort.",
    ),
    _p("page", "what_happens_now", "Hvad sker der nu?"),
    _p("page", "if_yes", "Siger du ja, får virksomheden dit navn at se. Så svarer de."),
    _p("page", "if_no", "Siger du nej, får virksomheden ikke noget at vide. Et nej er helt i orden."),
    _p("page", "may_withdraw", "Du kan trække dit ja tilbage. Så kan virksomheden ikke se dit navn længere."),
    _p("page", "say_yes", "Ja tak"),
    _p("page", "say_no", "Nej tak"),
    _p("page", "no_proposals", "Ingen forslag venter på dig."),
    _p("page", "answered_on", "Du svarede {date}."),
    _p("page", "awaits_employer", "Virksomheden har ikke svaret endnu."),
    _p("page", "employer_yes", "Virksomheden har sagt ja. Din konsulent aftaler resten med dig."),
    _p("page", "employer_no", "Virksomheden har sagt nej denne gang."),
    _p("page", "placement_agreed", "Der er aftalt et forløb."),
    _p("page", "withdraw_yes", "Træk mit ja tilbage"),
    _p("page", "place_taken", "Pladsen er ikke ledig længere. Du skal ikke gøre noget."),
    _p(
        "page",
        "looks_intro",
        "Her står, hvem der har set dine oplysninger, hvornår og hvorfor. Vi skriver stedet, ikke personens navn.",
    ),
    _p("page", "no_looks", "Ingen har set dine oplysninger endnu."),
    _p("page", "consent_title", "Må virksomheden se dit kort?"),
    _p("page", "consent_until", "{employer} må se dit kort til og med {date}."),
    _p("page", "consent_fields", "Virksomheden ser: {fields}."),
    _p(
        "page",
        "consent_anonymous",
        "Først ser virksomheden kun kortets nummer, hvad du kan, hvem der har set det, og dine timer. Ikke dit navn.",
    ),
    _p("page", "consent_free", "Det er frivilligt. Et nej er helt i orden."),
    _p("page", "consent_give", "Ja, det må de"),
    _p("page", "consent_refuse", "Nej, det må de ikke"),
    _p("page", "consent_given_on", "Du sagde ja {date}."),
    _p("page", "consent_on_paper", "Givet på papir. Din konsulent har skrevet det her."),
    _p("page", "consent_by_phone", "Givet i telefonen. Din konsulent har skrevet det her."),
    _p("page", "consent_withdraw", "Træk tilladelsen tilbage"),
    _p(
        "page",
        "consent_withdraw_info",
        "Du kan trække tilladelsen tilbage når som helst. Så virker linket ikke længere.",
    ),
    _p("page", "consent_withdrawn", "Tilladelsen er trukket tilbage. Linket virker ikke længere."),
    _p("page", "consent_expired", "Udløbet {date}"),
    _p("page", "consent_over", "Linket virker ikke længere."),
    _p("page", "no_consents", "Du har ikke givet nogen tilladelse endnu."),
    _p("page", "data_intro", "Her kan du hente alt, hvad vi har skrevet om dig."),
    _p("page", "download_pdf", "Hent som PDF"),
    _p("page", "download_json", "Hent som data (JSON)"),
    _p("page", "download_europass", "Hent til Europass"),
    _p("page", "wrong_data", "Er noget forkert? Sig det til din konsulent."),
    _p("page", "not_reviewed", "Oversættelsen er ikke gennemset. Spørg, hvis du er i tvivl."),
    _p("page", "ask_consultant", "Spørg din konsulent: {phone}"),
    _p("page", "wrong_code", "Koden passer ikke. Prøv igen, eller spørg din konsulent."),
    _p("reason", "you_can", "Du kan: {task}."),
    _p("reason", "said_in_month", "{who}, {month}"),
    _p("reason", "your_own_words", "dine egne ord"),
    _p("reason", "seen_by_consultant", "set af konsulent"),
    _p("reason", "only_consultant", "kun konsulenten"),
    _p("reason", "seen_at_workplace", "set hos {workplace}"),
    _p("reason", "seen_at_a_workplace", "set på en arbejdsplads"),
    _p("reason", "asked_level", "pladsen beder om: {level}"),
    _p("reason", "card_says", "kortet siger: {words}"),
    _p("reason", "learn_here", "Du kan lære her: {tasks}."),
    _p("reason", "not_known_yet", "Det ved vi ikke endnu: {tasks}."),
    _p("field", "number", "kortets nummer"),
    _p("field", "first_name", "dit fornavn"),
    _p("field", "goal", "dit mål"),
    _p("field", "next_step", "dit næste skridt"),
    _p("field", "skills", "hvad du kan"),
    _p("field", "evidence", "hvem der har set det"),
    _p("field", "own_words", "dine egne ord"),
    _p("field", "danish", "dit dansk"),
    _p("field", "languages", "andre sprog"),
    _p("field", "certificates", "kurser og beviser"),
    _p("field", "hours", "dage og timer"),
    _p("field", "range", "hvor langt du kan rejse"),
    _p("field", "places", "hvor du har prøvet at arbejde"),
    _p("purpose", "Arbejde med dit kompetencekort", "Arbejde med dit kompetencekort"),
    _p("purpose", "Rettelse af dit kompetencekort", "Rettelse af dit kompetencekort"),
    _p("purpose", "Udskrift af dit kompetencekort", "Udskrift af dit kompetencekort"),
    _p("purpose", "Opslag på din sag", "Opslag på din sag"),
    _p("purpose", "Vurdering af et forløb", "Vurdering af et forløb"),
    _p("purpose", "Papirer til et møde", "Papirer til et møde"),
    _p("purpose", "Rettelse af dine oplysninger", "Rettelse af dine oplysninger"),
    _p("purpose", "Login-kode til dig", "Login-kode til dig"),
    _p("purpose", "Sletning af dine oplysninger", "Sletning af dine oplysninger"),
    _p("purpose", "Vurdering af et forslag", "Vurdering af et forslag"),
    _p("purpose", "Forslag, der venter på svar", "Forslag, der venter på svar"),
    _p("purpose", "Forslag, der venter", "Forslag, der venter"),
    _p("purpose", "Forslag til en åbning", "Forslag til en åbning"),
    _p("purpose", "Forslag til et kort", "Forslag til et kort"),
    _p("purpose", "Næsten-forslag til en åbning", "Næsten-forslag til en åbning"),
    _p("purpose", "Svar på et forslag, du har sagt ja til", "Svar på et forslag, du har sagt ja til"),
    _p("purpose", "Planlægning og opfølgning på et forløb", "Planlægning og opfølgning på et forløb"),
    _p("purpose", "Liste over forløb", "Liste over forløb"),
    _p("purpose", "Kortene bag et mål", "Kortene bag et mål"),
    _p(
        "purpose",
        "Gennemsyn af en fil med borgere før indlæsning",
        "Gennemsyn af en fil med borgere før indlæsning",
    ),
    _p("purpose", "Kontrol af loggen", "Kontrol af loggen"),
    _p("purpose", "Spørgsmål om, hvad du har prøvet", "Spørgsmål om, hvad du har prøvet"),
    _p("purpose", "Visning af dit kort med din tilladelse", "Visning af dit kort med din tilladelse"),
    _p("purpose", "Dine tilladelser", "Dine tilladelser"),
    _p("purpose", "Udlevering af dine oplysninger til dig", "Udlevering af dine oplysninger til dig"),
    _p("purpose", "Udvikling på dit kompetencekort", "Udvikling på dit kompetencekort"),
    _p("purpose", "Historien om dit kompetencekort", "Historien om dit kompetencekort"),
    _p("purpose", "Notat om et forslag, der er vurderet", "Notat om et forslag, der er vurderet"),
    _p("purpose", "Spørgsmål til et forslag", "Spørgsmål til et forslag"),
)
