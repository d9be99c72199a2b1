"""What stands around a skill: "jeg har ikke", "erfaring med", "i 3 år", "niveau 2", "kørekort B".

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). No scorer sees that "ingen erfaring med
rengøring" denies what "erfaring med rengøring" says, nor that kørekort B is not kørekort C, so these are rules.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from portal.lexicon.polarity import without_inner_negations

LONGEST_PHRASE: Final = 120  # letters; longer than this is a story, not a skill
STEPS: Final = 12  # words around a skill taken off one after another
SAME_WORD: Final = 80  # ratio; a word next to "ikke" in a wording of the vocabulary, perhaps misspelled
MOST_YEARS: Final = 60


class Licence(NamedTuple):
    """A licence or exam and its class: ("kørekort", "B"), ("truck", "A"), ("PD", "2"), ("DU", "3")."""

    kind: str
    grade: str


def read(
    folded: str, own: Collection[tuple[str, str]] = (), words: Collection[str] = ()
) -> tuple[list[str], bool]:
    """The text's wordings with less and less around them, of which the last is compared; and whether it denies.

    "jeg kan ikke lave mad i 3 aar" gives ... "lave mad", True. `own` are negations that belong to wordings of the
    vocabulary, each with the word after it: ("uden", "opsyn"); `words` are all its words.
    """
    positive, negated = _denied(folded, own)
    if positive:
        positive, negated_inside = without_inner_negations(positive, words, own)
        negated = negated or negated_inside
    phrases = list(_phrasings(positive))
    for plain in without_fields(phrases[-1]) if phrases else ():
        if not plain:
            return [], negated
        phrases += [phrase for phrase in _phrasings(plain) if phrase not in phrases]
    return phrases, negated


# --- Negation -----------------------------------------------------------------------------------------------

# What looks like a denial and is none: "ikke kun", "ikke bange for", "uden problemer", "fejl og mangler".
_NO_DENIAL: Final = re.compile(
    r"\b(?:(?:er |har )?(?:ikke|ikk|aldrig|intet|ingen) (?:kun|bare|blot|alene|mindst|sjaeldent|uvant|ukendt|fremmed"
    r"|bange|nervoes|ked af|bleg|imod|i tvivl|til at undgaa|noget imod|mindre|uden|syg|traet|forsinket|sur|daarlig"
    r"|uerfaren|et problem|noget problem|problem|problemer|for sent|hindring|hindringer|besvaer)"
    r"(?: med| for| over for| at| til)?\b"
    r"|(?:har )?(?:ikke|intet) noget (?:imod|problem)\b(?: at| med)?|mangler (?:ikke|aldrig)|gaar? ikke af vejen for"
    r"|(?:der|som|hvis|naar) (?:de )?(?:ikke|aldrig|ingen|mangler)|ikke klassificeret"
    r"|(?:melde|notere|registrere|finde|opdage|udbedre|rette|afhjaelpe|indberette|rapportere|se|og|for|af|paa) mangler"
    r"|ingen for(?= [a-z])|udne for|uden (?:for|problemer|problem|besvaer|hjaelp|opsyn|stoette"
    r"|instruktion|vejledning|at (?!kunne|have|vaere)\w+"
    r"|pauser?|stress|fejl|tolk|tvivl|oppasning|tilsyn|afbrydelser?|undtagelse|om))\b"
)
_NO: Final = (
    r"(?:ikke|ikk|ikek|ikkke|ikje|ike|ingen|ingn|inegn|ingenting|intet|aldrig|aldirg|aldrg|aldri|hverken)"
)
_SUBJECT: Final = r"(?:jeg|vi|hun|han|der|som|men|og|stadig|endnu|dog|desvaerre|pt|nu|har|er|kan)"
_PAPERS: Final = (
    r"(?:nogen |noget |den |det |et |en |gyldigt |relevant )?(?:erfaring|uddannelse|kendskab|koerekort"
    r"|\w*bevis|\w*kort"
    r"|certifikat|\w*certifikat|kursus|papirer|autorisation|oevelse|traening|viden|praksis|tilladelse|faglaert)\b"
)
_DENIAL: Final = re.compile(
    rf"\b(?:slet |heller |endnu |stadig |overhovedet )?{_NO}\b(?: endnu| laengere| mere| rigtig| saa)?"
    r"|(?:(?<=\bkan )|(?<=\bhar )|(?<=\bvil )|(?<=\ber )|(?<=\bjeg ))(?:ik|ej)\b"
    r"|\b(?:ka|kan|har|vil|er)ikk?e?\b"
    r"|^(?:ik|ej|nej)\b(?: tak)?(?: til)?"
    rf"|^(?:{_SUBJECT} )*(?:mangler?|manler|manlger|manglr|mangel paa|manglende|savner)\b"
    rf"|(?<= )(?:mangler|manglende)(?= {_PAPERS})|\bmangler$"
    rf"|^(?:{_SUBJECT} |helt |arbejdet |arbejde )*(?:uden|udne|foruden)\b"
    rf"|(?<= )uden(?= {_PAPERS})|(?<= )uden at(?= (?:kunne|have|vaere)\b)"
    r"|\bvil (?:helst |gerne |noedigt? )(?:undgaa|slippe for)\b|\b(?:vil|oensker) noedigt?\b|\bfritaget for\b"
    r"|\b(?:uerfaren|uoevet|ukendt|uvant)\b(?: i| med| som)?|\b(?:har )?(?:endnu )?til gode at\b|\bdaarlig til\b"
    r"|\b(?:no|without|never|not any) (?:experience|had|been|worked)\b"
)
_SPARED: Final = "_"  # before each word of what is no denial while denials are looked for


def negations_in(folded: str) -> Iterator[tuple[str, str]]:
    """For a wording of the vocabulary: its negations, each with the word after it."""
    words = folded.split()
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if re.fullmatch(rf"{_NO}|uden|ej|ik|mangler?|manglende|mangel", word):
            yield word, following


def _denied(folded: str, own: Collection[tuple[str, str]]) -> tuple[str, bool]:
    """The text without its negations, and whether it had any."""
    spared = _NO_DENIAL.sub(lambda found: " ".join(_SPARED + word for word in found[0].split()), folded)
    negated = False

    def gone(found: re.Match[str]) -> str:
        nonlocal negated
        words = spared.split()
        for negation, following in own:
            if negation in found[0].split() and any(
                fuzz.ratio(word, following) >= SAME_WORD for word in words
            ):
                return found[0]
        negated = True
        return " "

    positive = _DENIAL.sub(gone, spared).replace(_SPARED, "")
    return " ".join(positive.split()), negated


# --- Fields -------------------------------------------------------------------------------------------------

_NUMBERS: Final = {
    "et": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10,
    "tyve": 20, "halvandet": 1.5, "et halvt": 0.5, "et par": 2,
}  # fmt: skip
_YEARS: Final = re.compile(
    r"(?<!på )(?<!alderen )(?<!børn )(?<!fra )(?<!under )(?<!over )(?<!mellem )(?<!er )(?<!til )(?<![\d,.-])"
    rf"\b(?P<number>\d{{1,2}}(?:[,.]\d)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?:\s?[-–]\s?\d+)?\+? ?"
    r"(?P<unit>år|aar|måned|maaned|mdr)s?(?:e?rs?)?\b(?! (?:gammelt?|gamle|børn|og opefter))"
)
_LEVELS: Final = (
    (4, r"kan (?:vise|laere|oplaere) andre|kan laere fra mig|superbruger"),
    (3, r"selvstaendigt|paa egen haand|rutineret|meget erfaren|erfaren|taler flydende|meget god til"),
    (2, r"efter instruktion|oevet|let oevet|nogen rutine"),
    (1, r"med hjaelp|begynder(?:niveau)?|nybegynder|lidt(?: erfaring)?|grundlaeggende|under oplaering"),
)
_LEVEL: Final = re.compile(r"\b(?:niveau|level|trin)(?: paa)? ([1-4])\b")
_LEVEL_WORDS: Final = tuple((level, re.compile(rf"\b(?:{words})\b")) for level, words in _LEVELS)
_CLASS: Final = r"(?:am|a1|a2|a|b1|be|b96|b|c1e|c1|ce|c|d1e|d1|de|d)"
_LICENCES: Final = (
    (
        "kørekort",
        re.compile(
            rf"\b(?:koere?kort|koerekort|korekort)(?: til| kategori| kat| klasse)?((?: (?:{_CLASS}|og|e))+)\b"
            rf"|((?:\b{_CLASS} )(?:(?:{_CLASS}|og|e) )*)(?:koere?kort|korekort)\b|\bkategori ({_CLASS})\b"
        ),
    ),
    (
        "truck",
        re.compile(
            r"\b(?:gaffel)?truck(?:certifikat|foerer(?:bevis|certifikat)?|bevis|kort|koerekort)?(?: klasse| type)?"
            r"((?: (?:a|b|og))+)\b|\b([ab]) truck\w*"
        ),
    ),
    ("PD", re.compile(r"\b(?:pd|proeve i dansk|danskproeve)((?: ?[123]| og)+)\b")),
    ("DU", re.compile(r"\b(?:du|danskuddannelse)((?: ?[123]| og)+)\b")),
)


def years_in(text: str) -> float | None:
    """Years of experience (0-60) as written, not folded: "i 3 år", "1-2 års erfaring" (1), "6 måneder" (0.5).

    Not an age: "børn på 3 år", "er 34 år", nor a number of years alone.
    """
    lowered = unicodedata.normalize("NFC", text).lower().strip()
    found = _YEARS.search(lowered)
    if found is None or found[0] == lowered:
        return None
    number = found["number"]
    value = _NUMBERS[number] if number in _NUMBERS else float(number.replace(",", "."))
    years = value if found["unit"].endswith("r") and found["unit"] != "mdr" else value / 12
    return round(years, 2) if 0 < years <= MOST_YEARS else None


def level_in(folded: str) -> int | None:
    """The level said of the skill, 1-4 on the portal's ladder: with help, on instruction, alone, can show others."""
    numbered = _LEVEL.search(folded)
    if numbered:
        return int(numbered[1])
    return next((level for level, words in _LEVEL_WORDS if words.search(folded)), None)


def licences_in(folded: str) -> tuple[Licence, ...]:
    """Every licence or exam with its class, in the order of the text: "kørekort B/C" names two."""
    named: list[Licence] = []
    for kind, pattern in _LICENCES:
        for found in pattern.finditer(folded):
            said = " ".join(filter(None, found.groups())).replace("og", " ").upper()
            grades = re.sub(r"(?<=[BCD1]) E\b", "E", said).split() if kind == "kørekort" else said.split()
            named += (Licence(kind, grade) for grade in grades)
    return tuple(dict.fromkeys(named))


_MANY: Final = 20  # people; cooking for so many is another task than cooking
_NUMBER: Final = r"(?:\d{1,3}(?: \d{3})+|\d+)"
_PLURAL: Final = (
    r"(?:to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|femten|tyve|tredive|fyrre|halvtreds|tres|hundrede)"
)
_ABOUT: Final = (
    r"(?:(?:til|for|ca|cirka|omkring|op til|mindst|over|mere end|mellem|hver|saadan|godt|naesten) )*"
)
_PEOPLE: Final = r"(?:mennesker?|personer|pers|mand|kuverter|spisende|portioner|couverter)"
_CLOCK: Final = r"\d{1,2}(?: \d\d)?"
_SPANS: Final = (
    rf"{_NUMBER}(?: {_NUMBER})?(?: ?(?:m2|m|kvm|kvadratmeter|kg|kilo|gram|liter|l|stk|styk|km|kilometer"
    rf"|pct|procent|kr|kroner"
    r"|grader|timers?|timer|time|minutter|min|sekunder|dages?|dag|uger|ugers?))\b"
)
_FIELDS: Final = re.compile(
    rf"\b(?:fra |til |mellem |foer |efter |fra omkring )*kl(?:okken)? {_CLOCK}(?: (?:og |til |kl )*{_CLOCK})?\b"
    rf"|\b(?:fra|mellem) {_CLOCK} (?:til |og )?{_CLOCK}\b"
    rf"|\b(?:paa |i |til |fra |over |op til )*(?:{_NUMBER}(?: {_NUMBER})?|{_PLURAL}|foerste|anden"
    rf"|tredje) (?:sale?|etagers?|etager?|etage)\b"
    rf"|\b(?:{_NUMBER}(?: {_NUMBER})?|en|et|{_PLURAL}|flere|nogle) gang(?:e)?(?: (?:om|i|per|pr|hver"
    rf"|paa) (?:dagen?|ugen?|maaneden?"
    r"|aaret|timen?|doegnet))?\b"
    r"|\b(?:hver eneste|hver) (?:dag|uge|maaned|time|hverdag|formiddag|eftermiddag|mandag|tirsdag|onsdag"
    r"|torsdag|fredag)\b"
    r"|\balle (?:ugens )?(?:hverdage|dage)\b|\bpaa hverdage\b|\b(?:fra )?(?:mandag"
    r"|man) (?:til )?(?:fredag|fre|torsdag)\b"
    r"|\b(?:dagligt|ugentligt?|maanedligt?|aarligt|jaevnligt|om dagen|om ugen|om maaneden|pr dag|pr uge"
    r"|per dag|per uge"
    r"|pr time|i timen|ugentlig|ugen rundt|doegnet rundt)\b"
    rf"|\b(?:{_ABOUT}|paa |i |af |om |med |a )*{_SPANS}(?: (?:om ugen|om dagen|ugentligt|dagligt|i doegnet|hver))*"
    r"|\b(?:(?:siden|i|fra) )?(?:19|20)\d\d(?: (?:til |og )?(?:19|20)\d\d)?\b|\b(?:niveau|level|trin) [1-4]\b"
)
_HEADS: Final = re.compile(rf"\b{_ABOUT}(?P<number>{_NUMBER})(?: {_NUMBER})? {_PEOPLE}\b")
_HEADS_IN_WORDS: Final = re.compile(
    rf"\b(?:{_ABOUT}(?:{_PLURAL}|mange|hundredvis af|flere) {_PEOPLE})\b(?<!mange mand)"
)
_NAMED_BY_NUMBER: Final = (
    r"(?:insta|iso|pd|du|fvu|amu|dansk|danskuddannelse|proeve|niveau|trin|klasse|type|kategori|hold|modul|en|nr|nummer"
    r"|office|windows|haccp|bs|ds|eu|ce|hepatitis|vitamin|kl)"
)
_COUNT: Final = re.compile(
    rf"(?<![a-z0-9])(?<!\d )(?:(?:ca|cirka|omkring|op til|mindst|over|mere end) )*(?P<number>{_NUMBER}|{_PLURAL}) "
    r"(?!(?:klasse|hjaelp|bestaaet|bestaaede|aar|aars|maaneder?s?|kursus|grad|hovedforloeb|forloeb|delt"
    r"|vis|mand|to|maaling)\b)"
    r"(?=\w*(?:er|e|r|erne|ene|boern|hjem|mennesker|dyr|koekkener|toj|aeg|kontorer|senge|rum|hold|fade)\b)"
)
_NUMBER_BEFORE: Final = re.compile(rf"\b{_NAMED_BY_NUMBER}$")


def without_fields(phrase: str) -> Iterator[str]:
    """The phrase without counts, times, floors and frequencies, which are no words of a skill; nothing if it has none,
    and "" if it has no other words.

    "lave mad til 100 mennesker" gives "lave mad til mange", then "lave mad"; "af 3 toiletter" gives "af toiletter".
    A number that is part of a name stays: INSTA 800, 9. klasse, PD2, 1. hjælp.
    """
    if not _MAY_HOLD_FIELDS.search(phrase):
        return
    heads = _HEADS.search(phrase)
    if heads and int(heads["number"].replace(" ", "")) >= _MANY:
        for_many = _plain(_FIELDS.sub(" ", _HEADS.sub("til mange", phrase)))
        if for_many != "til mange":
            yield for_many
    without_heads = _HEADS_IN_WORDS.sub(" ", _HEADS.sub(" ", phrase))
    plain = _plain(_COUNT.sub(_counted, _FIELDS.sub(" ", without_heads)))
    if plain != phrase:
        yield plain


_MAY_HOLD_FIELDS: Final = re.compile(
    rf"\d|\b(?:{_PLURAL}|en gang|flere gange|nogle gange|hver|alle|hverdage|dagligt|ugentligt?|maanedligt?|aarligt"
    r"|jaevnligt|om dagen|om ugen|om maaneden|pr|per|mandag|man|rundt|timen|etage|sal)\b"
)


def _counted(found: re.Match[str]) -> str:
    """Nothing instead of a count; a number that a name has stays."""
    return found[0] if _NUMBER_BEFORE.search(found.string[: found.start()].rstrip()) else ""


def _plain(phrase: str) -> str:
    """Single spaces, and no small word left hanging at the end; but "vasker op" and "rydder af" are whole."""
    return re.sub(r"(?: (?:op til|til|for|i|om|med|fra|ca|over|og|hver))+$", "", " ".join(phrase.split()))


# --- Words around -------------------------------------------------------------------------------------------

_CARRIER: Final = re.compile(
    r"^(?:jeg|vi|har|kan|kender|er|var|vil|vant|god|gode|dygtig|rigtig|meget|lidt|mange|flere|nogen|noget|stor"
    r"|uddannet|faglaert|udlaert|rutineret|kvalificeret|certificeret|vaeret|ansat|arbejdede|job|fra|interesse for"
    r"|godt|til|at|med|i|inden for|ingen for|du|der|skal|vil laere at|laere at|vil laere|haft|brugt"
    r"|staar for|har ansvar|som|lave noget|arbejdet|arbejde|arbejder|proevet|laert|erfaring|erfaren"
    r"|erfaringer|kendskab|viden om|gerne|ogsaa|elsker|kunne|oensker|ikke kun|ikke bare|ikke blot|ikke bange for"
    r"|beskaeftiget|beskaeftigede|arbejdsopgaver|opgaver|ansvar for|staaet for|hjulpet|begynder|oevet|ekspert"
    r"|mere end|mindst|cirka|ca|\d+ \d+ (?:aars?|maaneders?)|aars?|siden \d{4}"
    r"|(?:i )?(?:\d+|et|to|tre|fire|fem|seks|syv|otte|ni|ti|halvandet|et par) (?:aars?|maaneders?)) "
)
_TAIL: Final = re.compile(
    r" (?:i \d+ aar|\d+ aar|siden \d{4}|i \d{4}|er noget jeg kan|kan jeg godt|kan jeg|godt|erfaring|har jeg"
    r"|i mange aar|i flere aar|i nogle aar|i et par aar|rutineret|erfaren|uddannet|hjemmefra|fra mit hjemland"
    r"|i mit hjemland|paa niveau [1-4]|niveau [1-4]|level [1-4]|trin [1-4]|selvstaendigt|paa egen haand|med hjaelp"
    r"|efter instruktion|i (?:et|to|tre|fire|fem|seks|syv|otte|ni|ti|halvandet) aar|i \d+ maaneder"
    r"|begynder|begynderniveau|ekspert|uden problemer|uden besvaer|uden hjaelp|uden opsyn)$"
)


def _phrasings(positive: str) -> Iterator[str]:
    """The phrase as it stands, then again after each word around it is taken off."""
    phrase = positive
    for _ in range(STEPS):
        if not phrase:
            return
        if len(phrase) <= LONGEST_PHRASE:
            yield phrase
        shorter = _TAIL.sub("", phrase) if _TAIL.search(phrase) else _CARRIER.sub("", phrase)
        if shorter == phrase:
            return
        phrase = shorter
