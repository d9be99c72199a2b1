"""One line, a list or a pasted ad in; the tasks in it, each as a text of its own.

Pure: it knows how Danish joins words ("aften-, nat- og weekendvagter", "vaske og stryge tøj") and how ads are built,
not what the vocabulary has. Whoever asks may say which wordings stay whole ("tale med og lytte til").
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from portal.lexicon.derivations import FRONT_AT_LEAST, is_plain, root_of_verb, verb_in_compound
from portal.matching import fold

LONGEST_TEXT: Final = 4_000  # letters; an ad has one or two thousand
MOST_WORDS: Final = 9  # of a piece; what is longer tells a story
MOST_JOINED: Final = 4  # pieces that may be one wording with "og" or a comma in it

LINES_OF_AN_AD: Final = 3

_BULLET: Final = re.compile(
    r"^\s*(?:[-*•·–—▪●○◦►✓✔>]+|\(?\d{1,2}[.)](?=\s+[A-ZÆØÅa-zæøå]{3})(?!\s*(?:klasse|hjælp|sal)))\s*"
)
_HEADING: Final = re.compile(r"^[\w\s/&,-]{2,60}[:?]?$")
_TASKS_FOLLOW: Final = re.compile(
    r"^(?:(?:dine|jeres|vores|de|primaere|daglige|andre|oevrige|typiske"
    r"|vigtigste) )*(?:arbejds)?opgaver(?:ne)?\b.{0,30}$"
    r"|^(?:jobbet|stillingen|om jobbet|om stillingen|hvad skal du lave|hvad laver du|du skal|du kommer til at|arbejdet"
    r"|din hverdag|en typisk dag|jobindhold|kvalifikationer|dine kvalifikationer|din profil|om dig"
    r"|hvem er du|vi forventer"
    r"|vi oensker|vi soeger|du har|du er|du kan|krav|vi laegger vaegt paa|personlige egenskaber"
    r"|kompetencer|erfaring)(?: at)?(?: du)?(?: er| har| kan)?$"
)
_OTHER_FOLLOWS: Final = re.compile(
    r"^(?:(?:og |saadan |her )?(?:vi|vi kan|hvad kan vi|det|derfor kan vi) (?:tilbyder?|byder paa"
    r"|faar du).{0,30}|hvad (?:tilbyder|kan) vi.{0,20}"
    r"|vi tilbyder.{0,30}|vi byder paa.{0,20}|du faar|om (?:os|virksomheden|arbejdspladsen|stedet|firmaet"
    r"|koekkenet|plejehjemmet)"
    r"|hvem er vi|vores (?:arbejdsplads|vaerdier|hus)|loen.{0,50}|ansaettelse.{0,40}|vilkaar"
    r"|arbejdsvilkaar|goder|personalegoder"
    r"|ansoegning.{0,40}|saadan ansoeger du|saadan soeger du|soeg (?:jobbet|stillingen).{0,20}"
    r"|interesseret|er du interesseret"
    r"|kontakt.{0,30}|yderligere (?:oplysninger|information).{0,20}|vil du vide mere|hoer mere"
    r"|praktisk(?:e)? (?:info|oplysninger).{0,10}"
    r"|frist|ansoegningsfrist|tiltraedelse|samtaler|adresse|arbejdssted|fakta.{0,20}|laes mere.{0,20}|spoergsmaal)$"
)
_NO_TASK: Final = re.compile(
    r"@|\bwww\b|https?:|\b(?:\d[ .]?){8,}\b|\+45|\bkr\b\.?|\bkroner\b|\bcvr\b|\btlf\b|\btelefon(?:nummer)?\b.*\d"
    r"|\b(?:løn|lønnen|lønning|timeløn|overenskomst\w*|pension\w*|ansøg\w*|cv|tiltræd\w*|frist\w*"
    r"|kontakt (?:os|vores|venligst|gerne|\w+(?:leder|chef)\w*)"
    r"|fortrolig behandling|ansættelsessamtale\w*|samtaler?|jobsamtale\w*|fuldtid\w*|deltid\w*"
    r"|timer(?:s)? (?:om ugen|pr)|tillæg|frokostordning"
    r"|personalegoder|goder|sundhedsforsikring|medarbejdere fordelt|etableret|grundlagt|omsætning"
    r"|familieejet|danmarks (?:største|førende)"
    r"|vores (?:firma|virksomhed|værdier|hus|afdeling|kunder)|vi (?:er|har|tilbyder|glæder|holder|ligger"
    r"|hører|byder|lægger|bor|arbejder|ser frem"
    r"|kan tilbyde|blev|vil gerne høre|forventer at)|virksomheden|hører (?:vi )?fra dig|glæder os"
    r"|velkommen|beliggende|ligger (?:i|på|ved)"
    r"|startdato|opstart|stillingen (?:er|ønskes)|snarest|hurtigst muligt|læs mere|se mere|januar|februar"
    r"|marts|april|maj|juni|juli|august"
    r"|september|oktober|november|december|etnisk|uanset|opfordrer alle|referencer|ansættelsen|prøvetid"
    r"|mail|e-mail (?:til|på))\b",
    re.IGNORECASE,
)
_ASKS_WHO: Final = re.compile(
    r"\bvi (?:søger|leder efter|mangler|ønsker|forventer|lægger vægt på)\b", re.IGNORECASE
)  # what the firm says of the one it wants
_SENTENCE: Final = re.compile(
    r"(?<!\bkl)(?<!\bca)(?<!\bbl)(?<!\bbl\.a)(?<!\bf)(?<!\bf\.eks)(?<!\bm)(?<!\bm\.m)(?<!\bmin)(?<!\bmax)(?<!\bnr)(?<!\binkl)(?<!\d)(?<!\bpr)"
    r"[.!?](?=\s|$)|;|(?<=[a-zæøå]{3})\.(?=[A-ZÆØÅ])"
)
_LEAD: Final = re.compile(
    r"^(?:(?:som \w+ (?:skal|vil|kommer) du|vi forestiller os|vi ser gerne|vi håber|det er vigtigt"
    r"|indhentes|hvis|når|også|og|men|samt|desuden|derudover|herunder|blandt andet|bl\.? ?a\.?"
    r"|f\.? ?eks\.?|fx|både|også|her|så|primært|hovedsageligt"
    r"|dine|vores|jeres|de|daglige|primære|øvrige|andre|arbejdsopgaver(?:ne)?|opgaver(?:ne)?"
    r"|hverdag(?:en)?|jobbet|arbejdet|stillingen"
    r"|bliver|vil|er|består|består i|indeholder|omfatter|handler om|er blandt andet|at|af|i|om|være"
    r"|kommer (?:også )?til(?: at)?|skal|skal kunne"
    r"|kunne|kan|du|vi søger en[^,]*?(?:, )?(?:der|som)(?: kan| har| er)?|vi søger|vi ønsker"
    r"|vi forventer(?:, at du)?|vi leder efter"
    r"|en (?:medarbejder|kollega|person|afløser|medhjælper)(?:, )?(?:der|som)?|der|som|har|hjælper|hjælpe"
    r"|hjælp|hjælpe til|sørger for|sørge for"
    r"|står for|stå for|tage dig af|tager dig af|deltage i|deltager i|med|til|have|få|ansvar for"
    r"|ansvaret for|erfaring med|gerne erfaring med"
    r"|gerne|ting som|opgaver som|forefaldende opgaver som|såsom|som f\.?eks\.?|andre opgaver som)\b(?!-)[\s,:]*)+",
    re.IGNORECASE,
)
_CALL: Final = re.compile(
    r"\b(?:[Kk]ontakt|[Rr]ing til|[Ss]kriv til|[Ss]purg) (?:[a-zæøå]+ )?[A-ZÆØÅ][a-zæøå]+"
)
_FIRM: Final = re.compile(
    r"^(?!(?:jobbet|stillingen|arbejdet|opgaven|hverdagen|dagen)\b)(?:på |i )?[a-zæøå]+(?:et|en"
    r"|erne)\s+(?:er|har|laver|ligger|rummer"
    r"|serverer|tilbyder|producerer|leverer|består|drives|åbner|blev|får|bager|arbejder|hjælper|holder)\b",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(
    r"(?:medhjælper|assistent|hjælper|medarbejder|leder|afløser|vikar|personale|kok|tjener|opvasker"
    r"|stuepige|kollega|elev|søges)\w*\b",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(
    r"[\s,]+(?:er (?:et|en) (?:krav|fordel|must|plus|betingelse|nødvendighed)|kræves|forventes|ønskes|osv"
    r"|mv|m\.?v|m\.?m|etc|o\.?l|og lignende|og meget mere|og andet|og andre opgaver|med mere|og så videre|m\.fl)\.?$",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(
    r"\s*(?:,|\s/\s|\+|\s&\s|\|)\s*(?:og\s+|samt\s+|eller\s+)?|\s+(?:og|samt|eller|og/eller|plus)\s+",
    re.IGNORECASE,
)
_HEADS: Final = (
    "vagter", "vagt", "arbejde", "hjælp", "mad", "køkkener", "køkken", "kurser", "kursus", "beviser", "bevis",
    "assistent",
    "medhjælper", "hjælper", "retter", "kost", "omsorg", "opgaver", "opgave", "hjem", "dage", "timer", "rum",
    "lokaler",
    "maskiner", "maskine", "tøj", "arealer", "kort", "afdeling", "brød", "kød", "service", "besøg", "ture",
    "borde", "bord",
)  # fmt: skip
_NAMES: Final = re.compile(
    r"\bsocial- og sundheds\w*|\btil- og \w+|\bind- og udland\w*|\bsløjd- og", re.IGNORECASE
)
_NO_OBJECT: Final = frozenset(
    ("af", "op", "ud", "ind", "ned", "rent", "paa", "med", "til", "for", "om", "over", "i")
)
_GLUE: Final = "\ue000"  # stands for a joint within a name, while joints are looked for


def never(_text: str) -> bool:
    """No text is known to be one wording."""
    return False


def split_tasks(text: str, is_wording: Callable[[str], bool] = never) -> tuple[str, ...]:
    """The pieces of a text that may be a task each, in its order; words that pieces share are given to each.

    What an ad says of pay, dates, the firm and whom to call is left out. `is_wording` tells what stays whole although
    it has "og" or a comma in it.
    """
    cut = text[:LONGEST_TEXT]
    if is_wording(cut):
        return (cut.strip(),)
    pieces = [piece for sentence in _sentences(cut) for piece in _pieces(sentence, is_wording)]
    return tuple(dict.fromkeys(pieces))


def _sentences(text: str) -> Iterator[str]:
    """The sentences and list items that may hold tasks; a heading decides over what follows it."""
    lines = [line for line in text.splitlines() if line.strip()]
    wanted = True
    if len(lines) >= LINES_OF_AN_AD and not _BULLET.match(lines[0]) and _TITLE.search(lines[0]):
        del lines[0]  # what the ad is called
    for line in lines:
        bare = _BULLET.sub("", line).strip()
        heading, after = _heading_of(bare, is_bullet=bare != line.strip()) if len(lines) > 1 else (None, bare)
        wanted = wanted if heading is None else heading
        if wanted:
            yield from filter(_may_hold_tasks, map(str.strip, _SENTENCE.split(_after_colon(after))))


def _heading_of(line: str, *, is_bullet: bool) -> tuple[bool | None, str]:
    """Whether tasks follow the line, or something else, if it is or begins with a heading; and the rest of the line."""
    before, _, after = line.partition(":")
    if _OTHER_FOLLOWS.match(fold(before)):
        return False, ""
    if not is_bullet and _HEADING.match(line) and _TASKS_FOLLOW.match(fold(before)):
        return True, after.strip()
    return None, line


def _after_colon(sentence: str) -> str:
    """ "Opgaver: opvask, gulvvask" without what only names the list; "kl. 8:30" as it is."""
    before, colon, after = sentence.partition(":")
    if colon and after.strip() and not before[-1:].isdigit() and len(before.split()) <= MOST_WORDS:
        return after.strip()
    return sentence


def _may_hold_tasks(sentence: str) -> bool:
    if not sentence:
        return False
    if _FIRM.match(sentence) or _CALL.search(sentence):
        return False
    return not _NO_TASK.search(_ASKS_WHO.sub("", sentence))


def _pieces(sentence: str, is_wording: Callable[[str], bool]) -> Iterator[str]:
    spared = _NAMES.sub(lambda found: found[0].replace(" ", _GLUE), _without_lead(_TAIL.sub("", sentence)))
    parts = re.split(f"({_JOINT.pattern})", spared, flags=re.IGNORECASE)
    atoms, joints = (
        [part.strip(" .:-–") if not part.rstrip().endswith("-") else part.strip() for part in parts[::2]],
        parts[1::2],
    )
    whole = [
        piece if is_wording(piece) else _TAIL.sub("", _without_lead(piece))
        for piece in _wordings(atoms, joints, is_wording)
    ]
    for piece in _shared(whole, is_wording):
        plain = piece.replace(_GLUE, " ").strip()
        if plain and len(plain.split()) <= MOST_WORDS and re.search(r"[^\W\d]{2}", plain):
            yield plain


def _without_lead(sentence: str) -> str:
    """The sentence without "Du skal", "Dine opgaver bliver at" and the like; never without all of it."""
    lead = _LEAD.match(sentence)
    if lead is None:
        return sentence
    rest = sentence[lead.end() :].strip()
    helping = re.search(r"\bhjælpe?r?(?: til)?(?: med)?\s*(?:at\s*)?$", lead[0], re.IGNORECASE)
    if helping and rest and root_of_verb(fold(rest.split()[0])) is None:
        return f"{helping[0].strip()} {rest}"
    return rest or sentence


def _wordings(
    atoms: Sequence[str], joints: Sequence[str], is_wording: Callable[[str], bool]
) -> Iterator[str]:
    """The atoms, joined again where together they are a wording."""
    place = 0
    while place < len(atoms):
        taken = 1
        for number in range(min(MOST_JOINED, len(atoms) - place), 1, -1):
            joined = "".join(
                part
                for at in range(place, place + number)
                for part in (joints[at - 1] if at > place else "", atoms[at])
            )
            if is_wording(joined):
                yield joined
                taken = number
                break
        else:
            yield atoms[place]
        place += taken


def _shared(pieces: Sequence[str], is_wording: Callable[[str], bool]) -> Iterator[str]:
    """Each piece with what it shares with its neighbours: a head after a hyphen, an object, a verb."""
    governor = ""
    for place, piece in enumerate(pieces):
        following = pieces[place + 1 :]
        if piece.endswith("-"):
            yield _with_head(piece, following)
            continue
        lent = _object_after(piece, following) if not is_wording(piece) else ""
        if lent:
            yield f"{piece} {lent}"
            continue
        carried = (
            f"{governor} {piece}" if governor and _is_bare_noun(piece) and not is_wording(piece) else piece
        )
        yield carried
        if carried == piece:
            governor = _governor_of(piece)


def _with_head(piece: str, following: Sequence[str]) -> str:
    """ "aften-" before "weekendvagter" is "aftenvagter"."""
    before, _, front = piece.rstrip("-").strip().rpartition(" ")
    before = f"{before} " if before else ""
    for other in following:
        if other.endswith("-"):
            continue
        first, _, rest = other.partition(" ")
        head = _head_of(first, front)
        return f"{before}{front}{head} {rest}".strip() if head else before + front
    return before + front


def _head_of(word: str, front: str) -> str:
    lowered = word.lower()
    for particle in ("af", "op", "ud", "ind", "ned", "på", "til"):
        if lowered.startswith(particle) and fold(front) in (
            "af",
            "op",
            "ud",
            "ind",
            "ned",
            "paa",
            "til",
            "om",
        ):
            return word[len(particle) :]
    known = next((head for head in _HEADS if lowered.endswith(head) and len(lowered) > len(head) + 1), None)
    if known:
        return word[-len(known) :]
    for at in range(FRONT_AT_LEAST, len(word) - 2):
        if root_of_verb(fold(word[at:])) is not None and verb_in_compound(fold(word)) is not None:
            return word[at:]
    return ""


def _object_after(piece: str, following: Sequence[str]) -> str:
    """The object of a verb that stands alone before another verb: "tøj" for "vaske" in "vaske og stryge tøj"."""
    if len(piece.split()) != 1 or _verb_kind(piece) is None or not is_plain(fold(piece)):
        return ""
    for other in following:
        words = other.split()
        if _verb_kind(words[0] if words else "") != _verb_kind(piece):
            return ""
        if len(words) > 1:
            rest = " ".join(words[1:])
            is_noun_phrase = words[1].lower() == "af"
            return rest if is_noun_phrase == (_verb_kind(piece) == "noun") else ""
    return ""


def _verb_kind(word: str) -> str | None:
    """ "noun" for "vask" and "strygning", "verb" for "vaske"; compounds ("gulvvask") have their object already."""
    folded = fold(word)
    if root_of_verb(folded) is None or len(folded.split()) != 1:
        return None
    return "verb" if folded.endswith(("e", "r", "aa", "sy")) and not folded.endswith("ing") else "noun"


def _governor_of(piece: str) -> str:
    """What the nouns after the piece share with it: "rengøring af" of "rengøring af toiletter"."""
    words = piece.split()
    if len(words) < 2 or _verb_kind(words[0]) is None:
        return ""
    if words[1].lower() in ("af", "på", "i"):
        return " ".join(words[:2]) if len(words) > 2 else ""
    if _verb_kind(words[0]) == "verb" and len(words) == 2 and fold(words[1]) not in _NO_OBJECT:
        return words[0]
    return ""


def _is_bare_noun(piece: str) -> bool:
    """Whether the piece is a thing and no task of its own."""
    words = fold(piece).split()
    if not words or len(words) > 2 or words[-1] in _NO_OBJECT:
        return False
    return not any(root_of_verb(word) or verb_in_compound(word) for word in words)
