"""Verb and noun are one: "bage brød", "har bagt brød", "bagning af brød" and "brødbagning" say the same thing.

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). A small table has the verbs of the
three trades with what the rules of Danish do not tell of them; the rules do the rest.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

_VERBS: Final = """
bage: bagning, bagt, bagte
vaske: vask, vaskning
rengoere: rengoering, rengjort, rengjorde
skraelle: skraelning, skraelling
skaere: skaering, skar, skaaret
snitte: snitning
hakke: hakning
rive: rivning, rev, revet
rydde: rydning
toerre: toerring
stoeve: stoevning
pudse: pudsning, puds
polere: polering
moppe: mopning, mopping
stoevsuge: stoevsugning
feje: fejning
skure: skuring
skrubbe: skrubning
spule: spuling
desinficere: desinficering, desinfektion
kalke: kalkning
rense: rensning, rens
bone: boning
toemme: toemning
sortere: sortering
fylde: fyldning, fyld
skifte: skift, skiftning
rede: redning, redt, redte
folde: foldning
stryge: strygning, stroeg, stroeget
sy: syning, syede, syet, syer
strikke: strikning
haekle: haekling
reparere: reparation, reparering
passe: pasning
pleje: pleje, plejning
made: madning
bade: badning
hjaelpe: hjaelp, hjalp, hjulpet
stoette: stoette, stoetning
ledsage: ledsagelse, ledsagning
forflytte: forflytning
loefte: loeft, loeftning
observere: observation, observering
dokumentere: dokumentation, dokumentering
rapportere: rapportering
maale: maaling
veje: vejning
skrive: skrivning, skrev, skrevet
laese: laesning
tale: talt, talte
servere: servering
anrette: anretning
daekke: daekning
portionere: portionering
pakke: pakning
smoere: smoering, smurt, smurte
koge: kogning
stege: stegning
grille: grillning, grilning
blende: blendning
tilberede: tilberedning, tilberedt, tilberedte
forberede: forberedelse, forberedt, forberedte
klargoere: klargoering, klargjort, klargjorde
bestille: bestilling
modtage: modtagelse, modtagning, modtog, modtaget
levere: levering
bringe: bringning, bragt, bragte
koere: koersel, koert, koerte
koebe: koeb, koebt, koebte
betjene: betjening
ekspedere: ekspedition, ekspedering
opbevare: opbevaring
maerke: maerkning
koele: koeling
varme: varmning
fryse: frysning, froes, frosset
optoe: optoening, optoede
kontrollere: kontrol, kontrollering
tjekke: tjek
planlaegge: planlaegning, planlagt, planlagde
organisere: organisering
koordinere: koordinering, koordination
oplaere: oplaering
vejlede: vejledning, vejledt, vejledte
undervise: undervisning
dosere: dosering
blande: blanding
give: givning, gav, givet
dele: deling
baere: baering, bar, baaret
flytte: flytning
male: maling
klippe: klipning
barbere: barbering
boerste: boerstning
klaede: klaedning, klaedt, klaedte
traene: traening
aktivere: aktivering
opdrage: opdragelse, opdraget, opdrog
skubbe: skubning
vande: vanding
plante: plantning
luge: lugning
hoeste: hoest
slaa: slaaning, slog, slaaet, slaar
beskaere: beskaering, beskar, beskaaret
skovle: skovling
samle: samling
montere: montering
svejse: svejsning
saelge: salg, solgt, solgte
besvare: besvarelse, besvaring
oversaette: oversaettelse, oversat, oversatte
dyrke: dyrkning
lave: lavning
arbejde: arbejde
overvaage: overvaagning
tilse: tilsyn, tilset, tilsaa, tilser
udfoere: udfoerelse
vedligeholde: vedligeholdelse, vedligehold, vedligeholdt
forebygge: forebyggelse
haandtere: haandtering
betale: betaling
oppebaere: oppebaering
sterilisere: sterilisering
vakuumpakke: vakuumpakning
handle: handlet, handlede
hente: hentning
lytte: lytning
snakke: snakket, snakkede
spille: spillet, spillede
synge: sang, sunget
taende: taending
slukke: slukning
aabne: aabning
lukke: lukning
laase: laasning
massere: massage
salte: saltning
grave: gravning
aflevere: aflevering
"""
"""Infinitive: nouns, and past forms that are not made by adding -ede, -et, -te or -t."""

_PARTICLES: Final = ("af", "op", "ud", "ind", "ned", "paa", "til", "om", "fra", "sammen", "under")
_SEPARABLE: Final = frozenset(("af", "op", "ud", "ind", "ned", "paa", "sammen"))
_SMALL: Final = frozenset(
    (
        "af", "i", "paa", "hos", "for", "til", "ved", "en", "et", "den", "det", "de", "og", "at", "inden", "som",
        "alle", "min",
        "mit", "mine", "din", "deres", "vores", "jeres", "der", "ogsaa", "samt", "jeg", "vi", "du", "med",
        "hver", "dag",
        "daglig", "dagligt", "daglige",
    )
)  # fmt: skip
_LIGHT: Final = frozenset(
    ("lave", "udfoer", "arbejd")
)  # "lave opvask" is "opvask"; but "lave mad" is more than "mad"
_IRREGULAR: Final = {
    form: one
    for one, _, forms in (
        line.partition(": ")
        for line in """\
barn: boern boerne boernene barnet boernenes barns boernes
mand: maend maendene manden
tand: taender taenderne tanden tand
haand: haender haenderne haanden
fod: foedder foedderne foden
bog: boeger boegerne bogen
koekken: koekkener koekkenet koekkenerne koekkenets koekkens
toilet: toiletter toilettet toiletterne wc wcer
vindue: vinduer vinduerne vinduet vindues vindu
aeldre: aeldres
mad: maden
gulv: gulve gulvet gulvene gulvs
kartoffel: kartofler kartoflerne kartoflen
gulerod: guleroedder guleroedderne gulerods
tallerken: tallerkener tallerkenerne tallerkenen tallerkner
middel: midler midlet midlerne
artikel: artikler artiklerne artiklen
seddel: sedler sedlerne sedlen
noegle: noegler noeglerne noeglen
lagen: lagner lagenet lagnerne lagens
buffet: buffeter buffeten buffeterne""".splitlines()
    )
    for form in (one, *forms.split())
}
_NOUN_ENDINGS: Final = (
    "ernes", "erens", "erne", "eren", "enes", "ene", "ens", "ets", "ers", "en", "et", "er", "es", "e", "s"
)  # fmt: skip
_NOUN_AT_LEAST: Final = 3
_VERB_AT_LEAST: Final = 4
_ROOT_AT_LEAST: Final = 4
_TWICE: Final = re.compile(r"([b-df-hj-np-tv-z])\1")
_BEFORE_LAST: Final = re.compile(r"(?<=[b-df-hj-np-tv-z])e(?=[lrn]$)")
_MADE_OF_VERB: Final = re.compile(
    r"(?P<root>\w{4,}?)(?:(?<![aeiouy])ning(?:en|er|erne|s)?|(?:ing|else)(?:n|en|r|er|erne|rne|s)?|eri(?:et|er)?)$"
)
_CLEAN: Final = re.compile(
    r"\b(?:goere|goer|goeres|gjorde|gjort|goerer)\b((?: \w+){0,3}?) (?:rent|rene|ren)\b"
)
_TILL: Final = re.compile(r"\b(?:tage|tager|tog|taget) imod\b")
WORDS_REMEMBERED: Final = 4_096  # the words of the trades come again and again
FRONT_AT_LEAST: Final = 3  # letters of what stands before the verb in a compound


def _forms() -> Iterator[tuple[str, str, str]]:
    """Each form in the table: (form, root, kind), of kind "noun", "present" or "verb"."""
    for line in _VERBS.strip().splitlines():
        infinitive, _, others = line.partition(": ")
        stem = infinitive.removesuffix("e")
        single = _TWICE.sub(r"\1", stem) if len(stem) > 3 else stem
        root = single if len(single) >= _ROOT_AT_LEAST else infinitive  # "made" is not "mad"
        for noun in others.split(", "):
            is_noun = noun.endswith(("ing", "ion", "else")) or not noun.endswith(
                ("t", "e", "de", "g", "v", "s", "r")
            )
            is_present = noun.endswith(("er", "aar"))  # "syer", "slaar"
            yield (
                noun,
                root,
                "noun" if is_noun or noun in _SHORT_NOUNS else "present" if is_present else "verb",
            )
        yield infinitive, root, "noun" if infinitive in others.split(", ") else "verb"
        yield f"{infinitive}r", root, "present"
        for ending in ("ede", "et", "te", "t"):
            yield f"{single if ending in ('te', 't') else stem}{ending}", root, "verb"
        yield f"{infinitive}s", root, "verb"
        if root == single and single not in others.split(", "):
            yield single, root, "verb"


_SHORT_NOUNS: Final = frozenset(
    re.findall(r"\w+", "puds rens skift fyld loeft hoest salg pleje stoette arbejde tjek koeb tilsyn")
)
_KIND: Final[dict[str, tuple[str, str]]] = {}
for _form, _root, _kind in _forms():
    _KIND.setdefault(_form, (_root, _kind))
_NOUNS: Final = frozenset(form for form, (_, kind) in _KIND.items() if kind == "noun")


@lru_cache(WORDS_REMEMBERED)
def root_of_verb(word: str) -> str | None:
    """The root of a word that is a verb of the table, or a noun made of one: "bag" of "bage", "bagt" and "bagning"."""
    known = _KIND.get(word)
    if known:
        return known[0]
    made = _NOUN_OF_VERB.get(word)
    if made:
        return made
    for particle in _PARTICLES:
        rest = word.removeprefix(particle)
        if rest != word and rest in _KIND and _KIND[rest][1] != "present":
            return particle + _KIND[rest][0]
    return None


def is_plain(word: str) -> bool:
    """Whether the word is a verb of the table, or its noun, and nothing before it: "vask", not "opvask"."""
    return word in _KIND


_NOUN_OF_VERB: Final = {
    f"{noun}{ending}": _KIND[noun][0]
    for noun in _NOUNS
    if noun.endswith("ing")
    for ending in ("en", "er", "erne", "s")
}


def irregular_root(word: str) -> str | None:
    """The root of a noun whose forms no rule gives: "barn" of "boern"."""
    return _IRREGULAR.get(word)


def root_by_rule(word: str) -> str | None:
    """The root of a noun that its ending shows to be made of a verb: "betjen" of "betjening"."""
    made = _MADE_OF_VERB.match(word)
    return made["root"] if made and len(made["root"]) >= _VERB_AT_LEAST else None


def derived_key(phrase: str) -> tuple[str, ...] | None:
    """The roots of the phrase's words in any order, compounds taken apart at their verb; nothing if no verb is in it.

    Phrases of the same key say the same thing. A verb in the present alone ("bager", "tjener") may be a title.
    """
    words = _words(phrase)
    if len(words) == 1 and _KIND.get(words[0], ("", ""))[1] == "present":
        return None
    roots = _roots_of_words(words)
    has_verb = any(_verbal(word) for word in words)
    return tuple(sorted(roots)) if roots and has_verb else None


def roots_of(phrase: str) -> set[str]:
    """The roots of the phrase's words, small words left out, whether there is a verb among them or not."""
    return _roots_of_words(_words(phrase))


def in_single_words(phrase: str) -> list[str]:
    """The words, with what belongs to a verb put before it: "toerre stoev af" is "aftoerre", "stoev"."""
    words = _words(phrase)
    return [
        _particle_of(words, place) + word
        for place, word in enumerate(words)
        if not _is_particle(words, place)
    ]


def _words(phrase: str) -> list[str]:
    return _TILL.sub("modtage", _CLEAN.sub(r"rengoere\1", phrase)).split()


def _roots_of_words(words: list[str]) -> set[str]:
    roots = {root for place, word in enumerate(words) for root in _roots(words, place, word)}
    return roots - {"med"} if "hjaelp" in roots else roots


def lighter(key: tuple[str, ...]) -> tuple[str, ...] | None:
    """The key without a verb that says no more than "do", if it has one and more: "lave opvask" is "opvask"."""
    rest = tuple(root for root in key if root not in _LIGHT)
    return rest if rest and len(rest) < len(key) and rest != ("mad",) else None


def _verbal(word: str) -> bool:
    return root_of_verb(word) is not None or verb_in_compound(word) is not None


def _roots(words: list[str], place: int, word: str) -> Iterator[str]:
    """What one word of the phrase adds to its key."""
    if _is_particle(words, place):
        return
    root = root_of_verb(word)
    if root is not None:
        yield _particle_of(words, place) + root
        return
    if word in _SMALL:
        return
    compound = verb_in_compound(word)
    if compound:
        front, root = compound
        yield noun_root(front)
        yield root
    else:
        yield noun_root(word)


def _is_particle(words: list[str], place: int) -> bool:
    """Whether the word belongs to a verb before it: "op" in "fylde køleskab op", "af" in "tørre støv af"."""
    if words[place] not in _SEPARABLE:
        return False
    before = [at for at in range(place) if _KIND.get(words[at], ("", ""))[1] in ("verb", "present")]
    if not before:
        return False
    if words[place] == "paa":
        return place == len(words) - 1
    last = place == len(words) - 1 or words[place + 1] in _SMALL
    return words[place] != "af" or last or place == before[-1] + 1


def _particle_of(words: list[str], place: int) -> str:
    if _KIND.get(words[place], ("", ""))[1] not in ("verb", "present"):
        return ""
    for at in range(place + 1, len(words)):
        if _KIND.get(words[at], ("", ""))[1] in ("verb", "present"):
            return ""
        if _is_particle(words, at):
            return words[at]
    return ""


_AT_THE_END: Final = {
    **{noun: _KIND[noun][0] for noun in _NOUNS},
    **_NOUN_OF_VERB,
    **{
        particle + noun: particle + _KIND[noun][0]
        for noun in _NOUNS
        for particle in ("af", "op", "ud", "ind", "ned", "paa")
    },
}
"""Verbal nouns with what a compound may end in: "vask", "vaskningen", "opvask"; each with its root."""


@lru_cache(WORDS_REMEMBERED)
def verb_in_compound(word: str) -> tuple[str, str] | None:
    """What stands before the verbal noun that the word ends in, and its root: "broed", "bage" of "broedbagning"."""
    for at in range(FRONT_AT_LEAST, len(word) - 2):
        root = _AT_THE_END.get(word[at:])
        if root:
            return word[:at], root
    return None


_PERSON: Final = re.compile(
    r"\w{3,}(?:oer|or|eur|ist|nom|olog|mand|kvinde|dame|chef|leder|laerer|ansvarlig|assistent|konsulent"
    r"|tekniker|terapeut"
    r"|operatoer|ansat|elev|jomfru|kok|iker|arkitekt|delegat|far|dreng|foraelder|mixer|tender|ekspedient"
    r"|apoteker|vaerge)$"
)


_BARE_ROLES: Final = frozenset(
    (
        "leder", "chef", "agent", "koordinator", "manager", "designer", "tester", "forvalter", "fabrikant", "producent",
        "embedsmand", "direktoer", "inspektoer", "konsulent", "specialist", "forhandler",
    )
)  # fmt: skip
_AGENTS: Final = ("er", "or", "ist", "oer")
_ENDING_SEEN: Final = 4  # letters


def may_name_who(word: str, others: Sequence[str]) -> bool:
    """Whether a word that stands alone may name who does something ("fisker"), as none of the others does."""
    if not word.endswith(_AGENTS) or any(other.endswith(word[-_ENDING_SEEN:]) for other in others):
        return False
    return len(others) > 1 or not others[0].endswith(_AGENTS)


@lru_cache(WORDS_REMEMBERED)
def says_who(word: str) -> bool:
    """Whether the word names somebody by the work, "dagplejer", "kantinechef": a role with tasks and none of them."""
    if _PERSON.match(word) or word in _BARE_ROLES:
        return True
    return any(_KIND.get(word[at:], ("", ""))[1] == "present" for at in range(2, len(word) - 3))


def is_role_of(word: str, task: str) -> bool:
    """Whether the word names who does the task: "gartner" of "gartneri", "strikker" of "strikke"."""
    front = word.removesuffix("er")
    if front == word or len(front) < _NOUN_AT_LEAST or not task.startswith(front):
        return f"{word}i" == task  # "konditori"
    ending = task[len(front) :]
    return ending in ("ing", "ning", "else", "eri") or (ending == "e" and task in _KIND)


@lru_cache(WORDS_REMEMBERED)
def noun_root(word: str) -> str:
    """The noun without number, definiteness, genitive or a link: "kartofl" of "kartoffel" and "kartofler"."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for _ in range(3):
        shorter = next(
            (
                word[: -len(ending)]
                for ending in _NOUN_ENDINGS
                if word.endswith(ending) and len(word) - len(ending) >= _NOUN_AT_LEAST + (ending == "s")
            ),
            word,
        )
        if shorter == word:
            break
        word = shorter
        if word in _IRREGULAR:
            return _IRREGULAR[word]
    return _BEFORE_LAST.sub("", _TWICE.sub(r"\1", word))


_COURSES: Final = tuple(
    form
    for word in ("kursus", "kurser", "forloeb", "bevis", "uddannelse", "certifikat")
    for form in (word, noun_root(word))
)


def is_course(word: str) -> bool:
    """Whether a word or its root names a course or what one gets for it; a course in a task is not the task."""
    return word.endswith(_COURSES) or word == "amu"
