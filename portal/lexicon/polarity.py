"""Negation inside a word: "utålmodig", "ikke-faglært", "misforstår", "weekendfri" mean the opposite of what they hold.

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). Such a word differs from its opposite by
a letter or two, so every likeness takes one for the other.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz

_OPPOSABLE: Final = (
    "faglaert", "uddannet", "uddannede", "udlaert", "oplaert", "laert", "erfare", "erfaren", "erfarne", "oevet",
    "oevede", "traenet",
    "taalmodig", "paalidelig", "ansvarlig", "ansvarsfuld", "stabil", "fleksib", "selvstaendig", "sikker", "sikre",
    "struktureret",
    "organiseret", "samarbejdsvillig", "hjaelpsom", "opmaerksom", "omhyggelig", "grundig", "noejagtig", "praecis",
    "punktlig",
    "rolig", "venlig", "hoeflig", "engageret", "motiveret", "interesseret", "koncentreret", "planlagt", "effektiv",
    "ordentlig",
    "hygiejnisk", "autoriseret", "certificeret", "kvalificeret", "rutineret", "kendt", "egnet", "kyndig", "dygtig",
    "duelig",
    "moden", "aerlig", "trovaerdig", "tilfreds", "hensynsfuld", "empatisk", "serviceminded", "servicemindet", "social",
    "praktisk", "systematisk", "planmaessig", "bevidst", "vaccineret", "imoedekommende", "behagelig", "disciplineret",
    "forstaaende", "villig", "omstillingsparat", "omgaengelig", "maalrettet", "koordineret", "renlig", "skoleret",
    "godkendt",
    "opdragen", "professionel", "produktiv", "forberedt", "robust", "staerk", "velegnet", "nysgerrig", "skoen",
    "paedagogisk", "sund", "hygiejn", "tolerant", "kompetent", "aktiv", "rutine", "struktur",
    "forsigtig", "samarbejd", "lydig",
    "respektfuld", "ordensmenneske", "beskyttet", "kontrolleret", "proevet", "vidende", "anvendelig", "hjaelpelig",
    "konfliktsky",
)  # fmt: skip
"""Words that take u-, ikke- or in- before them; a longer word that begins with one of them does too."""
_LIKE_NOUNS: Final = re.compile(
    r"(?:hed|ing|else|er|(?<!end)e|en|kost|mad|plan|tid|dag|stand|lov|held|vejr)$"
)
_IN_LATIN: Final = {
    "ineffektiv": "effektiv", "inkompetent": "kompetent", "infleksibel": "fleksibel", "illoyal": "loyal",
    "intolerant": "tolerant", "inaktiv": "aktiv", "uprofessionel": "professionel", "irregulaer": "regulaer",
}  # fmt: skip
_PREFIX: Final = re.compile(r"^(ikke|non|mis|u)(?=[a-z]{4})")
_SUFFIX: Final = re.compile(r"(?<=[a-z]{3})(?:frie?|frit|loese?|loest)$")
_MAY_NEGATE: Final = re.compile(r"\b(?:u|mis|ikke|non|in|il)[a-z]{4}|(?:frie?|frit|loese?|loest)\b")
_FREE_OF: Final = frozenset(
    (
        "gluten", "laktose", "sukker", "stoev", "plet", "fejl", "roeg", "parfume", "kemi", "alkohol", "is", "kalk",
        "fedt",
        "lugt", "bakterie", "smitte", "problem", "rust", "skade", "skimmel", "sne", "krumme", "snavs", "duft",
        "allergen",
        "noedde", "maelk", "koed", "aeg", "pletter", "stress", "barriere", "smerte", "konflikt", "risiko", "spild",
        "affald",
        "hjem", "traad", "hus", "vaegt", "arbejds", "arbejd", "told", "gebyr", "tobaks", "trin", "dioer", "nikkel",
        "farve", "gaest",
    )
)  # fmt: skip
"""What rooms and food are kept free of: that is the task and not its opposite."""
_HAS_LACKING: Final = frozenset(
    (
        "ansvar",
        "initiativ",
        "hensyn",
        "omsorg",
        "erfaring",
        "uddannelse",
        "interesse",
        "empati",
        "koerekort",
        "bevis",
    )
)
_STILL_NAMED: Final = re.compile(r"^misbrug(?:er|ere|eres|erne|s\w*)?$")  # people carers work with
_OF_OTHERS: Final = re.compile(
    r" (?:borger|beboer|boern|barn|kolleg|medarbejder|aeldre|patient|gaest|kunde|elev|unge|menneske|person|dyr)\w*$"
    r"|^(?:af|med|for|til|hos) \w+(?:te|ne|ge|de|ke|re|se)(?: |$)"
)
"""Whom one works with: "oplæring af ufaglærte", "urolige beboere"."""
_SAME_WORD: Final = 84  # ratio; an opposite that the vocabulary has itself, perhaps misspelled
_NOT_BEFORE: Final = ("ikke", "ikk", "aldrig", "sjaeldent", "ingen", "ej", "hverken", "gaar")


def inner_negations_in(folded: str) -> Iterator[tuple[str, str]]:
    """For a wording of the vocabulary: its words that are built like a negation, each with the word beside it."""
    words = folded.split()
    for place, word in enumerate(words):
        if _base(word):
            yield from ((word, beside) for beside in _beside(words, place))


def _beside(words: Sequence[str], place: int) -> list[str]:
    return [words[at] for at in (place - 1, place + 1) if 0 <= at < len(words)]


def without_inner_negations(
    folded: str, known: Collection[str], own: Collection[tuple[str, str]]
) -> tuple[str, bool]:
    """The text with each such word turned into its opposite, and whether there was one.

    `known` are the vocabulary's words. One that it has itself beside the same word is left alone: `own` has "uskrevne"
    with "regler", and "ikke" with "destruktiv".
    """
    words = folded.split()
    if not _MAY_NEGATE.search(folded):
        return folded, False
    turned = list(words)
    for place, word in enumerate(words):
        positive = _opposite_of(word, words[place + 1 : place + 2], known)
        if positive is None or (place and words[place - 1] in _NOT_BEFORE):
            continue
        around = " ".join(words[max(0, place - 1) : place + 2])
        if not _OF_OTHERS.search(around) and not _is_own(word, _beside(words, place), own):
            turned[place] = positive
    return " ".join(turned), turned != words


def _is_own(word: str, beside: Sequence[str], own: Collection[tuple[str, str]]) -> bool:
    """Whether the vocabulary has this word beside one of these, perhaps misspelled."""
    return any(
        (f"{negation}{other}" == word)
        or (
            word[:2] == negation[:2]
            and fuzz.ratio(word, negation) >= _SAME_WORD
            and any(fuzz.ratio(one, other) >= _SAME_WORD for one in beside)
        )
        for negation, other in own
    )


def _opposite_of(word: str, following: Sequence[str], known: Collection[str]) -> str | None:
    if word in _IN_LATIN:
        return _IN_LATIN[word]
    prefix = _PREFIX.match(word)
    if prefix:
        rest = word[prefix.end() :]
        if prefix[1] == "mis":
            if _STILL_NAMED.match(word) and following != ["af"]:
                return None
            return rest if rest in known or rest.startswith(("forstaa", "tillid", "vedligehold")) else None
        opposable = rest.startswith(_OPPOSABLE) or (rest in known and not _LIKE_NOUNS.search(rest))
        return rest if opposable else None
    suffix = _SUFFIX.search(word)
    if suffix:
        whole = word[: suffix.start()]
        for rest in (whole, whole.removesuffix("s")):
            lacking = rest in _HAS_LACKING or rest.endswith(("bevis", "koerekort", "erfaring"))
            freed = "fri" in suffix[0] and rest in known and rest not in _FREE_OF
            if lacking or freed:
                return rest
    return None


def opposed(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one side has a word whose opposite the other has: "ufaglært" - "faglært", "weekendfri" - "weekend"."""
    return _turns_on(words, others) or _turns_on(others, words)


def _turns_on(words: Sequence[str], others: Sequence[str]) -> bool:
    for word in words:
        base = _base(word)
        if base and not any(fuzz.ratio(word, other) >= _SAME_WORD and _base(other) for other in others):
            beginning = base[: max(4, len(base) - 3)]
            if any(other.startswith(beginning) for other in others):
                return True
    return False


def _base(word: str) -> str | None:
    """What the word would mean without its negation, if it is built like one."""
    suffix = _SUFFIX.search(word)
    if suffix:
        base = word[: suffix.start()]
        return base if base not in _FREE_OF else None
    prefix = _PREFIX.match(word)
    return word[prefix.end() :] if prefix else None
