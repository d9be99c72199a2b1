"""What the citizen would like to work with, as titles and tasks of the vocabulary: understanding what is written."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from portal.base.database import db
from portal.base.terms import SkillArea
from portal.lexicon import OFFERED_FROM, Lexicon, Lookup, fold
from portal.lexicon.remarks import Remark
from portal.loop.cards.services import MOST_WISHES, WORK
from portal.shared.skills import queries as vocabulary
from portal.shared.skills.models import JobTitle, Skill
from portal.shared.skills.titles import look_up_titles

MOST_OFFERED: Final = 5
"""Answers to "mente du ...?"; more are not read."""


@dataclass(frozen=True)
class Wishable:
    """A title or a task that a text may mean. `key` is how a form sends it."""

    key: str
    name: str
    probability: float
    is_sure: bool = False

    @property
    def is_title(self) -> bool:
        return self.key.startswith("title-")


@dataclass(frozen=True)
class UnderstoodWish:
    """What words for wished work may mean, likeliest first."""

    options: tuple[Wishable, ...] = ()
    denied: bool = False
    """They say what she does not want; that is no wish."""
    is_health: bool = False
    """They tell of her health, which stands nowhere in the portal."""

    @property
    def taken(self) -> Wishable | None:
        """What is stored without asking: the only one that is sure."""
        sure = [one for one in self.options if one.is_sure]
        return sure[0] if len(sure) == 1 else None


@dataclass(frozen=True)
class WishedPiece:
    """One of several things that one text wishes for."""

    text: str
    meaning: UnderstoodWish


_AROUND: Final = re.compile(
    r"^(?:(?:jeg|vil|ville|kunne|kan|godt|taenke|gerne|helst|meget|rigtig|ogsaa|bare|maaske|engang|en|dag|et|snart|senere|droemmer"
    r"|droem|droemmejob|min|mit|maal|er|oensker|oenske|haaber|om|at|mig|blive|vaere|uddannet|uddannes|uddanne|til|arbejde"
    r"|arbejder|job|jobbe|som|med|i|paa|inden|for|proeve|interesseret|lyst|har|faa|noget|lidt) )+(?=\w)"
)
"""What stands before the work in a wish, folded: "jeg vil gerne arbejde som"."""


@dataclass(frozen=True)
class _Words:
    """What wishes are understood with, read once for all of them."""

    titles: Sequence[JobTitle]
    lexicon: Lexicon
    work: Mapping[int, str]

    @classmethod
    def read(cls) -> Self:
        return cls(vocabulary.titles(), vocabulary.book().lexicon, vocabulary.names_of(WORK))


def understand(text: str) -> UnderstoodWish:
    """What somebody would like to work with: titles, and skills that are work."""
    return _understood(text, _Words.read())


def _understood(text: str, words: _Words) -> UnderstoodWish:
    said = [text, _AROUND.sub("", fold(text))]
    by_title = look_up_titles(said, words.titles)
    by_task = words.lexicon.look_up(said)
    if any(lookup.negated for lookup in (*by_title, *by_task)):
        return UnderstoodWish(denied=True)
    if any(lookup.remark is Remark.HEALTH for lookup in by_task):
        return UnderstoodWish(is_health=True)
    known = _telling(by_task).accepted
    if known is not None and known.concept not in words.work and not _telling(by_title).accepted:
        return UnderstoodWish()  # a certificate or a trait, however like a title it is written
    found = (
        *_offered(_telling(by_title), "title", {title.id: title.name for title in words.titles}),
        *_offered(_telling(by_task), "skill", words.work),
    )
    return UnderstoodWish(tuple(sorted(found, key=lambda one: (-one.probability, one.key))[:MOST_OFFERED]))


def understand_each(text: str) -> list[WishedPiece]:
    """What each of several wishes on one line may mean; nothing where the line is one wish."""
    words = _Words.read()
    whole = _understood(text, words).taken
    if whole is not None and whole.is_title:
        return []
    found = [WishedPiece(one, _understood(one, words)) for one in words.lexicon.pieces_of(text)]
    return found[:MOST_WISHES] if sum(bool(one.meaning.options) for one in found) > 1 else []


def _telling(lookups: Sequence[Lookup]) -> Lookup:
    """The whole text where it is understood as it stands, else what is left without the words of a wish."""
    return next((lookup for lookup in lookups if lookup.accepted), lookups[-1])


def _offered(lookup: Lookup, kind: str, names: Mapping[int, str]) -> Iterator[Wishable]:
    if not lookup.worth_asking:
        return
    for hit in lookup.hits:
        if hit.concept in names and hit.probability >= OFFERED_FROM:
            is_sure = hit is lookup.accepted
            yield Wishable(f"{kind}-{hit.concept}", names[hit.concept], hit.probability, is_sure)


def find(key: str) -> JobTitle | Skill:
    """What an answer to the question names. Raises NoResultFound."""
    kind, _, number = key.partition("-")
    if kind == "title":
        return db.session.get_one(JobTitle, int(number))
    return db.session.get_one(Skill, int(number))


TitlesByTrade = Mapping[str, list[tuple[str, str]]]
"""Under each trade's name its titles, as pairs for a select field."""


def titles_by_trade(
    say_trade: Callable[[SkillArea], str] = lambda trade: str(trade.label),
    say_title: Callable[[JobTitle], str] = lambda title: title.name,
) -> TitlesByTrade:
    """Every title of the vocabulary, in the words the reader reads."""
    found: dict[str, list[tuple[str, str]]] = {}
    for title in vocabulary.titles():
        found.setdefault(say_trade(title.area), []).append((str(title.id), say_title(title)))
    return found
