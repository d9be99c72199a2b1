"""Job titles in anybody's words: what a text may mean among them, with the same care as among skills."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from portal.lexicon import Lexicon, Lookup
from portal.shared.skills.models import JobTitle

Labels = tuple[tuple[str, int], ...]
"""Each wording of a title with the title's id."""


def look_up_titles(texts: Sequence[str], titles: Iterable[JobTitle]) -> list[Lookup]:
    """One answer per text, in order; a hit's concept is the title's id.

    Nothing is taken by likeness: who is "mødestabil" is no "mødeservicemedarbejder", and is asked.
    """
    labels = tuple((label, title.id) for title in titles for label in (title.name, *title.synonyms))
    return _lexicon(labels).look_up(texts)


@lru_cache(1)
def _lexicon(labels: Labels) -> Lexicon:
    return Lexicon(labels, exact_only=frozenset(title_id for _, title_id in labels))
