"""One full card, with her own words in each language: for tests, pictures and the print benchmark."""

import csv
from datetime import date, timedelta

from portal.base.terms import SKILL_LEVELS, Industry, Language
from portal.loop.cards.paper import (
    CardOnPaper,
    CertificateOnPaper,
    LanguageOnPaper,
    LineOnPaper,
    SecondLanguage,
    SkillGroupOnPaper,
    SkillOnPaper,
    TriedPlaceOnPaper,
)
from portal.loop.cards.queries import second_language
from portal.loop.cards.wording import LocalizedText
from portal.shared.skills.translations import DATA, PhraseKind, danish, words_of

OWN_WORDS = {
    Language.AR: "أريد أن أعمل في مطبخ (køkken) في Halsnæs، 30 ساعة في الأسبوع.",
    Language.FA: "می‌خواهم در آشپزخانه (køkken) در Halsnæs کار کنم، ۳۰ ساعت در هفته.",
    Language.TI: "ኣብ ክሽነ (køkken) ኣብ Halsnæs ክሰርሕ እደሊ፣ 30 ሰዓት ኣብ ሰሙን።",
    Language.UK: "Хочу працювати на кухні (køkken) у Halsnæs, 30 годин на тиждень.",
}
"""The goal in the citizen's own words; languages in Latin letters write it in Danish here."""

SEEN = (
    "Havneparkens Køkken",
    LocalizedText("Set af konsulent", "source", "consultant"),
    LocalizedText("Egne ord", "source", "own"),
)


HELD = (
    "opvask i industriopvaskemaskine",
    "grydevask og håndopvask",
    "skære og klargøre grøntsager",
    "forberedelse af råvarer",
    "tilberedning af varm mad",
    "kolde retter og salater",
    "smørrebrød og madpakker",
    "bagning af brød og kager",
    "anretning af fade og tallerkener",
    "buffet og opfyldning",
    "servering for gæster",
    "afrydning af borde",
    "borddækning",
    "kassebetjening i kantine",
)
"""Named one by one, so that the pictures people have looked at stay when the vocabulary grows."""


def second(language: Language) -> SecondLanguage:
    return second_language(language, only_reviewed=False)


def sample_card(language: Language | None = None, *, skills: int = 14, number: str = "K-1042") -> CardOnPaper:
    """`skills` lines of the kitchen's vocabulary; the words of the trade on the back with a language."""
    with (DATA / "skills.csv").open(encoding="utf-8", newline="") as file:
        known = [row["canonical_da"] for row in csv.DictReader(file) if row["sector"] == "køkken"]
    names = [*HELD, *(name for name in known if name not in HELD)]
    lines = [
        SkillOnPaper(
            name[:1].upper() + name[1:],
            place % 4 + 1,
            str(SKILL_LEVELS[place % 4 + 1]),
            "har lavet mad til 50 hver dag" if place == 3 else "",
            SEEN[place % 3],
            date(2026, 9, 1) + timedelta(days=place),
            key=name,
        )
        for place, name in enumerate(names[:skills])
    ]
    return CardOnPaper(
        first_name="Amira",
        number=number,
        printed_on=date(2026, 11, 21),
        valid_until=date(2027, 5, 21),
        url="https://kort.example.dk/cards/1042",
        unit_name="Virksomhedsindgangen, Halsnæs Kommune",
        unit_phone="12 34 56 78",
        goal=OWN_WORDS.get(language, "Jeg vil gerne arbejde i et køkken."),
        next_step="Praktik i otte uger.",
        groups=(SkillGroupOnPaper(LocalizedText("Opgaver på arbejde", "group", "faglig"), tuple(lines)),),
        languages=(
            LanguageOnPaper(
                LocalizedText("Dansk", "heading", "danish"),
                LocalizedText("Kan tale om opgaverne (ca. B1)", "speaking", "3"),
                LocalizedText("Læser korte beskeder (ca. A2)", "reading", "2"),
                "Danskuddannelse 2, modul 4",
            ),
        ),
        certificates=(CertificateOnPaper("Hygiejnebevis", date(2028, 3, 1)),),
        availability=(
            LineOnPaper(
                LocalizedText("Timer", "heading", "hours"),
                (LocalizedText("op til 30 timer om ugen", "heading", "hours_up_to", {"hours": "30"}),),
            ),
            LineOnPaper(
                LocalizedText("Tidspunkter", "heading", "shifts"),
                (
                    LocalizedText(
                        "kan: aften", "heading", "can_work",
                        {"shifts": (LocalizedText("aften", "shift", "evening"),)},
                    ),
                ),
            ),
            LineOnPaper(
                LocalizedText("Afstand", "heading", "distance"),
                (
                    LocalizedText(
                        "op til 20 km fra 3300 Frederiksværk", "heading", "distance_from_home",
                        {"km": "20", "home": "3300 Frederiksværk"},
                    ),
                    LocalizedText("cykel", "transport", "bicycle"),
                ),
            ),
        ),
        week=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("day", "evening")),
        places_tried=(TriedPlaceOnPaper("Havneparkens Køkken", "august 2026"),),
        words_of_the_trade=tuple(
            LocalizedText(danish(PhraseKind.WORD, key), PhraseKind.WORD, key) for key in words_of(Industry.KOEKKEN)
        )
        if language
        else (),
    )  # fmt: skip
