"""Whose age, sex or belief a word in an advertisement tells of: an applicant's, or somebody else's. Pure.

A home looks after old men and a firm is young itself; neither prefers anybody. And who writes "uanset køn" looks at
nobody's. Each excuse covers the words it stands by and no others. Source: docs/rules.md#wording
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from portal.shared.rules.word_lists import word_list

CONTEXT: Final = Path(__file__).parent / "data" / "context"


class WordSpan(NamedTuple):
    """Words of a sentence, sentence[start:end]."""

    start: int
    end: int


def _words(name: str) -> re.Pattern[str]:
    """The words of one of the lists that say what stands around a person."""
    words = word_list((CONTEXT / f"{name}.txt").read_text("utf-8")).words
    if words is None:
        raise LookupError(name)
    return words


_SERVED: Final = _words("served")
"""Who is served, looked after, taught or sold to."""

_SERVING: Final = _words("serving")
"""What is done for them; whoever stands behind it is no applicant."""

_DOES: Final = _words("does")
"""What a resident, guest or pupil does: "tre unge kvinder bor i huset"."""

_NEEDS: Final = _words("needs")
_OWN: Final = _words("a-firms-own")
"""What belongs to a firm and no person: a young firm, an old house, young trees."""

_APPLICANT: Final = _words("applicant")
"""What tells that somebody who might apply is spoken of."""

_JOB: Final = _words("job-before")
"""What stands before "til", "for" and "af" where it is a job that is for somebody."""

_CARE_NOUN: Final = _words("care-before-of")
_WITH: Final = _words("work-with")
_SKIPPED: Final = _words("before-a-noun")

_GROUNDS: Final = _words("grounds")
"""What may stand between "uanset" and the last word that it covers."""
_REGARDLESS: Final = _words("regardless")
_NOT_DEMANDED: Final = _words("not-demanded")
_DOES_NOT_MATTER: Final = _words("does-not-matter")
_WITHIN: Final = 60
"""Signs from "behøver ikke" to the word it covers, in one clause."""
_THAT: Final = re.compile(r",?\s+(?:at|om|hvis)\b", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(?:ikke|hverken)\b", re.IGNORECASE)
_IN_ORDER_TO: Final = re.compile(
    r"[^.:;!?]{0,30}?\bfor\s+at\s+(?:søge|få|komme|blive|arbejde|være|passe)\b", re.IGNORECASE
)
_ONLY: Final = re.compile(r"\b(?:kun|ikke|hverken|udelukkende|helst)\b", re.IGNORECASE)

_FEMALE: Final = r"(?:kvind\w+|pige\w*|dame\w*|hun|kvindelige?|mor|mødre|husmor)"
_MALE: Final = r"(?:m[aæ]nd\w*|dreng\w*|herre\w*|han|mandlige?|far|fædre|fyr\w*)"
_YOUNG: Final = r"(?:unge?|yngre)"
_OLD: Final = r"(?:gammel|gamle|ældre|voksne?|seniorer|midaldrende|modne?|pensionister|erfarne)"
_HOME: Final = r"(?:danskere?|danske?|indfødte)"
_ABROAD: Final = (
    r"(?:udlænding\w*|nydansker\w*|indvandrer\w*|flygtning\w*|udenlandske|tosprogede"
    r"|efterkommere|internationale)"
)
_WED: Final = r"(?:gifte?)"
_UNWED: Final = r"(?:ugifte?|single\w*|enlige?)"
_AND: Final = r"(?:\s+(?:og|eller|som|såvel\s+som|og\s+også|samt)\s+|\s?/\s?|,\s*)"
_BOTH: Final = re.compile(
    "|".join(
        rf"\b{one}{_AND}{other}\b|\b{other}{_AND}{one}\b"
        for one, other in ((_FEMALE, _MALE), (_YOUNG, _OLD), (_HOME, _ABROAD), (_WED, _UNWED))
    ),
    re.IGNORECASE,
)
"""Two who are opposite to each other: nobody is preferred."""
_M_OR_F: Final = re.compile(
    r"\s*\(?\b(?:m\s?/\s?k|k\s?/\s?m|m\s?/\s?k\s?/\s?x|mand\s?/\s?kvinde|kvinde\s?/\s?mand)\b", re.IGNORECASE
)

_LINKING: Final = _words("linking")
_LINKED: Final = re.compile(
    r"[\s,]*(?:(?:der|som|med|uden|på|i|er|af|har|og|fra|om|eller)\b\s*)*", re.IGNORECASE
)
NO_ADJECTIVE: Final = _words("no-adjective")
"""Words that no adjective stands before: "en ung til køkkenet"."""
_ARTICLE_AND_ADJECTIVES: Final = re.compile(
    r"\b(?:en|et|den|det|de|nogle|to|tre|fire|vores)\s+((?:\w+,?\s+){0,3})$", re.IGNORECASE
)
_WHO: Final = re.compile(
    r"(\w+),?\s+(?:(?:der|som)\s+(?:\w+\s+){0,5}|(?:mest|især|primært|fortrinsvis|hovedsagelig|både|heraf|mange|flest|oftest)\s+)$",
    re.IGNORECASE,
)
_OWNER: Final = re.compile(r"(\w+)\s+(?:med|uden)\s+(?:\w+\s+){0,1}$")
_LOOKED_AFTER: Final = re.compile(
    r"(?:unge|ældre|yngre|gravide|syge|handicappede|pensionister|seniorer|flygtninge|enlige|demente)\b",
    re.IGNORECASE,
)
"""Who is meant when a home says "our old", and also without a noun: "ældre, der har dansk som modersmål"."""
_CLAUSE_ENDS: Final = re.compile(r"[,:;–—()]|\s-\s|\bmen\b|\bså\b|\bderfor\b", re.IGNORECASE)
_SIGHT: Final = 160
"""Signs to each side of the words that are read with them: a text of any length takes the time of its words."""
_LONGEST_LIST: Final = 12
_LONGEST_WORD: Final = 40
_LAST_WORD: Final = re.compile(r"(\w+(?:-\w+)*)[\s,/]*$")
_WORDS_TO_THE_VERB: Final = 4
_WORD: Final = re.compile(r"\w+(?:-\w+)*")


def applicants(sentence: str, spans: Sequence[WordSpan]) -> list[WordSpan]:
    """Those of the spans that tell of an applicant and are not excused, in order."""
    kept: list[WordSpan] = []
    others: list[WordSpan] = []
    ordered = sorted(set(spans))
    for span in ordered:
        first, last = max(0, span.start - _SIGHT), span.end + _SIGHT
        seen = sentence[first:last]
        here = _moved([span], first, last)[0]
        near = _moved(ordered, first, last)
        if _is_excused(seen, here, near) or _is_somebody_elses(seen, here, near, _moved(others, first, last)):
            others.append(span)
        else:
            kept.append(span)
    return kept


def _moved(spans: Sequence[WordSpan], first: int, last: int) -> list[WordSpan]:
    """Those between, counted from the first sign."""
    return [
        WordSpan(span.start - first, span.end - first)
        for span in spans
        if first <= span.start and span.end <= last
    ]


# --- Excuses --------------------------------------------------------------------------------------------------


def _is_excused(sentence: str, span: WordSpan, spans: Sequence[WordSpan]) -> bool:
    return (
        _M_OR_F.match(sentence, span.end) is not None
        or any(hit.start() < span.end and span.start < hit.end() for hit in _BOTH.finditer(sentence))
        or any(
            _reaches(sentence, hit.end(), span, spans)
            for hit in _REGARDLESS.finditer(sentence, 0, span.start)
        )
        or any(_is_near(sentence, hit.end(), span) for hit in _NOT_DEMANDED.finditer(sentence, 0, span.start))
        or _does_not_matter(sentence, span)
        or _is_no_condition(sentence, span)
    )


def _reaches(sentence: str, start: int, span: WordSpan, spans: Sequence[WordSpan]) -> bool:
    """Whether nothing but a list of such words lies between: "uanset køn, alder og etnisk baggrund"."""
    gap = list(sentence[start : span.start])
    for other in spans:
        if start <= other.start and other.end <= span.start:
            gap[other.start - start : other.end - start] = " " * (other.end - other.start)
    return re.fullmatch(r"[\s,/()+-]*", _GROUNDS.sub("", "".join(gap))) is not None


def _is_near(sentence: str, start: int, span: WordSpan) -> bool:
    between = _THAT.sub(" ", sentence[start : span.start])
    return len(between) <= _WITHIN and not _CLAUSE_ENDS.search(between)


def _does_not_matter(sentence: str, span: WordSpan) -> bool:
    """ "Alder, køn og religion betyder ikke noget", "ældre er velkomne", but not "kun ældre er velkomne"."""
    hit = _DOES_NOT_MATTER.search(sentence, span.end, span.end + _WITHIN)
    if hit is None or re.search(r"[.:;!?]|\bmen\b", sentence[span.end : hit.start()]):
        return False
    return _ONLY.search(_clause_before(sentence, span)) is None


def _is_no_condition(sentence: str, span: WordSpan) -> bool:
    """ "Du skal ikke have dansk som modersmål for at søge"."""
    return bool(_NOT.search(_clause_before(sentence, span)) and _IN_ORDER_TO.match(sentence, span.end))


# --- Somebody else --------------------------------------------------------------------------------------------


def _is_somebody_elses(
    sentence: str, span: WordSpan, spans: Sequence[WordSpan], others: Sequence[WordSpan]
) -> bool:
    before, after = _around(sentence, span)
    if any(_OWN.fullmatch(word) or _SERVED.fullmatch(word) for word in _of_the_same_noun(after)):
        return True
    clause = _clause(sentence, span)
    if _is_behind_the_served(sentence, span, before, others):
        return True
    governor = _governor(sentence, span, spans)
    if governor:
        decided = _by_governor(governor, clause)
        if decided is not None:
            return decided
    return _by_clause(sentence, span, clause, before)


def _around(sentence: str, span: WordSpan) -> tuple[list[str], list[str]]:
    """The words before, the nearest first, and behind; both within the clause's punctuation."""
    head = re.split(r"[.:;!?]", sentence[: span.start])[-1]
    tail = re.split(r"[,.:;!?()]", sentence[span.end :])[0]
    return _WORD.findall(head)[::-1], _WORD.findall(tail)


def _of_the_same_noun(after: Sequence[str]) -> Sequence[str]:
    """The word behind, and the next where the first is no preposition: "unge beboere", "ung og voksende butik"."""
    if not after or NO_ADJECTIVE.fullmatch(after[0]):
        return after[1:3] if after and after[0].lower() in ("og", "som") else ()
    return after[:2]


def _is_behind_the_served(
    sentence: str, span: WordSpan, before: Sequence[str], others: Sequence[WordSpan]
) -> bool:
    """ "Borgere over 65 år", "beboere, der er i firserne", "unge med handicap" where the young are not applicants."""
    if any(
        other.end <= span.start
        and _LINKED.fullmatch(sentence, other.end, span.start)
        and not _is_excused(sentence, other, [other])
        for other in others
    ):
        return True
    who = _WHO.search(sentence[: span.start])
    if who and (
        _SERVED.fullmatch(who[1])
        or _LOOKED_AFTER.fullmatch(who[1])
        or any(other.start <= who.start(1) < other.end for other in others)
    ):
        return True
    owner = _OWNER.search(sentence, max(0, span.start - 2 * _LONGEST_WORD), span.start)
    if owner and _is_served(sentence, WordSpan(owner.start(1), owner.end(1)), others):
        return True
    near = next((word for word in before if not _LINKING.fullmatch(word)), "")
    return bool(near and _SERVED.fullmatch(near))


def _is_served(sentence: str, span: WordSpan, others: Sequence[WordSpan]) -> bool:
    """ "Støtte til mennesker med handicap"."""
    governor = _governor(sentence, span, others)
    return bool(governor) and _by_governor(governor, _clause(sentence, span)) is True


def _governor(sentence: str, span: WordSpan, spans: Sequence[WordSpan]) -> list[str]:
    """What rules the words, the nearest first: past articles, adjectives, and others in the same list."""
    at = span.start
    for _step in range(_LONGEST_LIST):
        hit = _LAST_WORD.search(sentence, max(0, at - _LONGEST_WORD), at)
        if hit is None:
            return []
        article = _ARTICLE_AND_ADJECTIVES.search(sentence, max(0, at - 2 * _LONGEST_WORD), at)
        if article is not None and not any(
            NO_ADJECTIVE.fullmatch(word) for word in _WORD.findall(article[1])
        ):
            at = article.start()
            continue
        marked = any(other.start <= hit.start(1) < other.end for other in spans)
        if not marked and not _SKIPPED.fullmatch(hit[1]) and not hit[1].isdigit():
            return _WORD.findall(re.split(r"[.:;!?]", sentence[: hit.end(1)])[-1])[::-1][:4]
        at = hit.start(1)
    return []


def _by_governor(governor: Sequence[str], clause: str) -> bool | None:
    """True: somebody else's; False: an applicant's; None: it doesn't tell."""
    nearest, further = governor[0].lower(), (governor[1] if len(governor) > 1 else "")
    if _SERVING.fullmatch(nearest) or (
        further.lower() == "og" and any(map(_SERVING.fullmatch, governor[2:]))
    ):
        return True
    if nearest in ("til", "for", "hos", "blandt"):
        if further.lower() in ("er", "bliver", "var", "ikke", "jo", "nok"):
            return (
                re.search(
                    r"\b(?:\w*job\w*|\w*stilling\w*|pladsen|arbejdet|\w*opgaven?|vagten|praktik\w*|det|dette)\b",
                    clause,
                    re.IGNORECASE,
                )
                is None
            )
        return not (further == "" or _JOB.fullmatch(further))
    if nearest == "af" and _CARE_NOUN.fullmatch(further):
        return True
    if nearest in ("med", "om") and _WITH.fullmatch(further):
        return True
    if nearest == "som" and re.search(r"arbejd|job|ansat|søg|stilling|start", further, re.IGNORECASE):
        return False
    return None


def _by_clause(sentence: str, span: WordSpan, clause: str, before: Sequence[str]) -> bool:
    """A clause with no word of applicants that speaks of residents, the firm, or what somebody does there."""
    if _stands_near(_NEEDS, sentence, span):
        return True
    if _APPLICANT.search(clause):
        return False
    if _stands_near(_DOES, sentence, span):
        return True
    if any(
        _SERVED.fullmatch(word) or _OWN.fullmatch(word)
        for word in _WORD.findall(_clause_before(sentence, span))
    ):
        return True
    owner = before[0].lower() if before else ""
    if owner in ("vores", "jeres", "deres"):
        return _LOOKED_AFTER.match(sentence, span.start) is not None
    return owner in ("de", "den", "mange")


def _stands_near(words: re.Pattern[str], sentence: str, span: WordSpan) -> bool:
    hit = words.search(sentence, span.end)
    if hit is None:
        return False
    between = sentence[span.end : hit.start()]
    return not re.search(r"[.:;!?]", between) and len(_WORD.findall(between)) <= _WORDS_TO_THE_VERB


def _clause_before(sentence: str, span: WordSpan) -> str:
    """The clause up to the words."""
    start = max((hit.end() for hit in _CLAUSE_ENDS.finditer(sentence, 0, span.start)), default=0)
    return sentence[start : span.start]


def _clause(sentence: str, span: WordSpan) -> str:
    end = next((hit.start() for hit in _CLAUSE_ENDS.finditer(sentence, span.end)), len(sentence))
    return _clause_before(sentence, span) + sentence[span.start : end]
