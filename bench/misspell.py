"""Danish wordings as people write them: slips of the finger, letters that sound alike, other forms, order and spacing.

Made for teaching the lexicon; every choice comes from the generator that is passed in.
"""

import random
from collections.abc import Callable, Sequence

KEYS = ("qwertyuiopå", "asdfghjklæø", "zxcvbnm")
LETTERS = "".join(KEYS)
HEARD_ALIKE = (
    ("nd", "n"), ("ld", "l"), ("hv", "v"), ("hj", "j"), ("rd", "r"), ("æ", "e"), ("å", "o"), ("ø", "y"), ("ø", "o"),
    ("g", "j"), ("d", "t"), ("b", "p"), ("g", "k"), ("c", "s"), ("c", "k"), ("x", "ks"), ("ch", "sj"), ("sk", "sch"),
    ("f", "ph"), ("i", "e"), ("er", "re"), ("er", "ere"), ("er", "ar"), ("e", "a"), ("o", "u"), ("s", "z"), ("t", "th"),
    ("kv", "qu"), ("tion", "sion"), ("aj", "ej"), ("v", "w"), ("ng", "n"), ("y", "u"), ("g", "v"), ("ør", "øer"),
    ("dt", "t"), ("gt", "kt"), ("eur", "ør"), ("i", "y"), ("tj", "kj"), ("af", "av"), ("g", "gh"), ("et", "ed"),
)  # fmt: skip
ENDINGS = ("en", "er", "erne", "s", "ens", "e", "ne", "et", "ene", "ernes", "eren", "r")
SMALL_WORDS = frozenset(
    ("af", "inden", "for", "til", "i", "på", "-", "og", "med", "en", "et", "der", "hos", "fra")
)
AROUND = (
    ("erfaring med ", ""), ("har arbejdet som ", ""), ("uddannet ", ""), ("", " i 3 år"), ("kendskab til ", ""),
    ("jeg kan ", ""), ("dygtig til ", ""), ("job som ", ""), ("", " på et sygehus"), ("vant til ", ""), ("lidt ", ""),
)  # fmt: skip
WITHOUT_DANISH_KEYS = (("ae", "oe", "aa"), ("a", "o", "a"), ("e", "o", "o"), ("æ", "ö", "å"))
SHORT = 8
"""Letters; a second slip in so short a word leaves nothing to go by."""


def misspelled(text: str, chance: random.Random) -> str:
    """The wording in another form, with slips, or both; now and then it comes out as it was."""
    text = text.lower()
    if len(text) <= SHORT:
        return _slip(text, chance)
    slips = chance.choice((0, 0, 1, 1, 1, 2, 2, 3))
    forms = chance.choice((0, 1, 1, 2)) if slips else chance.choice((1, 1, 2))
    for change in chance.sample(FORMS, forms):
        text = change(text, chance)
    for _ in range(slips):
        text = _slip(text, chance)
    return text


def _slip(text: str, chance: random.Random) -> str:
    return chance.choices(SLIPS, (3, 2, 2, 2, 2, 4))[0](text, chance)


def _left_out(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :] if len(text) > 2 else text


def _doubled(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at] + text[at:]


def _strayed(text: str, chance: random.Random) -> str:
    """A letter more, or another one: usually the key beside it."""
    at = chance.randrange(len(text))
    typed = _beside(text[at], chance)
    return text[:at] + typed + text[at + chance.randrange(2) :]


def _beside(letter: str, chance: random.Random) -> str:
    for above, row in enumerate(KEYS):
        at = row.find(letter)
        if at >= 0 and chance.random() < 0.75:
            near = [row[max(0, at - 1) : at], row[at + 1 : at + 2]]
            near += [KEYS[other][at : at + 1] for other in (above - 1, above + 1) if 0 <= other < len(KEYS)]
            return chance.choice([key for key in near if key])
    return chance.choice(LETTERS)


def _swapped(text: str, chance: random.Random) -> str:
    at = chance.randrange(max(1, len(text) - 1))
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def _undoubled(text: str, chance: random.Random) -> str:
    twice = [at for at in range(1, len(text)) if text[at] == text[at - 1]]
    at = chance.choice(twice) if twice else chance.randrange(len(text))
    return text[:at] + text[at + 1 :] if len(text) > 2 else text


def _misheard(text: str, chance: random.Random) -> str:
    pairs = [pair for one in HEARD_ALIKE for pair in (one, one[::-1]) if pair[0] in text]
    if not pairs:
        return _doubled(text, chance)
    written, heard = chance.choice(pairs)
    places = [at for at in range(len(text)) if text.startswith(written, at)]
    at = chance.choice(places)
    return text[:at] + heard + text[at + len(written) :]


def _inflected(text: str, chance: random.Random) -> str:
    words = text.split()
    at = chance.choice([at for at, word in enumerate(words) if word not in SMALL_WORDS] or [0])
    words[at] += chance.choice(ENDINGS)
    return " ".join(words)


def _taken_apart(text: str, chance: random.Random) -> str:
    """Særskrivning, or a hyphen nobody asked for."""
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) > 7]
    if long:
        at = chance.choice(long)
        cut = chance.randrange(3, len(words[at]) - 2)
        words[at] = words[at][:cut] + chance.choice("  -") + words[at][cut:]
    return " ".join(words)


def _put_together(text: str, chance: random.Random) -> str:
    words = text.split()
    if len(words) > 1:
        at = chance.randrange(len(words) - 1)
        words[at : at + 2] = [words[at] + words[at + 1]]
    return " ".join(words)


def _reordered(text: str, chance: random.Random) -> str:
    words = [word for word in text.replace(",", " ").split() if word not in SMALL_WORDS]
    if len(words) < 2:
        return text
    if chance.random() < 0.5:
        return " ".join([*words[1:], words[0]])
    chance.shuffle(words)
    return " ".join(words)


def _without_danish_keys(text: str, chance: random.Random) -> str:
    for letter, typed in zip("æøå", chance.choice(WITHOUT_DANISH_KEYS), strict=True):
        text = text.replace(letter, typed)
    return text


def _wrapped(text: str, chance: random.Random) -> str:
    before, after = chance.choice(AROUND)
    return before + text + after


Change = Callable[[str, random.Random], str]
SLIPS: Sequence[Change] = (_left_out, _doubled, _strayed, _swapped, _undoubled, _misheard)
FORMS: Sequence[Change] = (
    _inflected, _taken_apart, _put_together, _reordered, _reordered, _without_danish_keys, _wrapped,
)  # fmt: skip
