"""How easily a password is guessed, and what would make it better.

The estimate is zxcvbn's: it knows lists of leaked passwords, names and words, rows of keys, repeats, sequences and
dates, in any combination. Danish words it does not know, so three of them count as the long text they are.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from zxcvbn import zxcvbn

ENOUGH: Final = 3
"""Of zxcvbn's 0 to 4: more than a hundred million guesses, which argon2 and the throttle make long."""

LOOKED_AT: Final = 64
"""Characters: the estimate's work grows with the square of the length, and these are enough to be safe."""

_FAVOURITES: Final = """
adgangskode kodeord hemmelig velkommen danmark københavn fodbold kærlighed sommer vinter efterår efteråret forår foråret
januar februar marts april august september oktober november december mandag tirsdag onsdag torsdag fredag
detgodematch godematch match portal kommune jobcenter
"""
EVERYBODYS: Final = tuple(_FAVOURITES.split())
"""What whoever guesses here tries first, and zxcvbn's lists do not have: Danish favourites, and the portal's name."""

_BETTER: Final = _l("Tag hellere tre eller fire ord, der ikke hører sammen.")
_WEAKNESSES: Final[dict[str, LazyString]] = {
    "user_inputs": _l("Navn, e-mail, kommune og almindelige ord er det første, andre gætter på."),
    "passwords": _l("Mange bruger den adgangskode eller en, der ligner."),
    "dictionary": _l("Et enkelt ord eller navn er let at gætte, også med tal efter."),
    "spatial": _l("Taster ved siden af hinanden er lette at gætte."),
    "repeat": _l("Det samme igen og igen er let at gætte."),
    "sequence": _l("Rækker som 1234 og abcd er lette at gætte."),
    "date": _l("Datoer og årstal er lette at gætte."),
    "regex": _l("Datoer og årstal er lette at gætte."),
}
_TOO_SHORT: Final = _l("Den er let at gætte.")


def what_is_weak(password: str, known: Iterable[str | None] = ()) -> tuple[LazyString, LazyString] | None:
    """What makes it easy to guess, and what is better; None for one that will do.

    `known` is what others know of her: name, e-mail, municipality.
    """
    inputs = [*EVERYBODYS, *_words(known)]
    typed = password[:LOOKED_AT]
    plain = _plain(typed)
    # a name is no better with a capital, a space or a year
    readings = (typed, plain, _without(plain, inputs))
    results = [zxcvbn(text or "a", user_inputs=inputs) for text in readings]
    found = min(results, key=lambda one: one["guesses"])
    if found["score"] >= ENOUGH:
        return None
    weakness = _heaviest(results[0]["sequence"]) or _heaviest(found["sequence"])
    return _WEAKNESSES.get(weakness, _TOO_SHORT), _BETTER


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _without(plain: str, words: Iterable[str]) -> str:
    """What is left of it for a guesser who has these words already."""
    for word in sorted(map(_plain, words), key=len, reverse=True):
        plain = plain.replace(word, "") if word else plain
    return plain


def _words(known: Iterable[str | None]) -> list[str]:
    """The texts whole and their words, as somebody would type them."""
    texts = [text.casefold() for text in known if text]
    words = {word for text in texts for word in re.split(r"[^\w]+|_", text) if len(word) > 2}
    return sorted({*texts, *words})


def _heaviest(parts: list[dict[str, Any]]) -> str:
    """The kind of the longest part that was recognised."""
    known = [part for part in parts if part["pattern"] != "bruteforce"]
    if not known:
        return ""
    longest = max(known, key=lambda part: len(part["token"]))
    name: str = longest.get("dictionary_name", "")
    return name if name in _WEAKNESSES else str(longest["pattern"])
