"""What a municipality has said of unsure words is asked once: from then on they are understood so there."""

from collections.abc import Sequence

from portal.base import events
from portal.lexicon import fold
from portal.shared.skills import queries
from portal.shared.skills.services import Alternative, UnderstoodText, find_tasks, understand_all


def understand_all_in(
    municipality_id: int | None, texts: Sequence[str], *, for_card: bool = False
) -> list[UnderstoodText]:
    """As `understand_all`, and what the lexicon would ask about as the municipality has answered it before.

    What is denied or remarked on is asked about every time: others cannot tell what somebody means by it. `for_card`:
    what may stand on no card is no answer.
    """
    return _as_there(municipality_id, texts, understand_all(texts, for_card=for_card), for_card=for_card)


def find_tasks_in(municipality_id: int | None, text: str, *, for_card: bool = False) -> list[UnderstoodText]:
    """As `find_tasks`, and what is unsure as the municipality has answered it before."""
    found = find_tasks(text, for_card=for_card)
    return _as_there(municipality_id, [one.text for one in found], found, for_card=for_card)


def _as_there(
    municipality_id: int | None,
    texts: Sequence[str],
    meanings: list[UnderstoodText],
    *,
    for_card: bool,
) -> list[UnderstoodText]:
    unsure = {fold(text) for text, one in zip(texts, meanings, strict=True) if _is_unsure(one)}
    if municipality_id is None or not unsure:
        return meanings
    book = queries.book()
    kept_off = book.kept_off_cards if for_card else frozenset()
    said = events.wordings_confirmed(unsure, municipality_id)
    answers = {wording: skill_id for wording, skill_id in said.items() if skill_id not in kept_off}
    return [
        _as_answered(one, answers[fold(text)], book) if _is_unsure(one) and fold(text) in answers else one
        for text, one in zip(texts, meanings, strict=True)
    ]


def _is_unsure(meaning: UnderstoodText) -> bool:
    settled = meaning.skill_id is not None or meaning.denied or meaning.remark is not None
    return not settled and bool(meaning.alternatives)


def _as_answered(meaning: UnderstoodText, skill_id: int, book: queries.Book) -> UnderstoodText:
    name = book.names[skill_id]
    first = next(
        (one for one in meaning.alternatives if one.skill_id == skill_id),
        Alternative(skill_id, name, name, 1.0, is_condition=skill_id in book.conditions),
    )
    others = tuple(one for one in meaning.alternatives if one.skill_id != skill_id)
    return UnderstoodText(
        skill_id, name=name, alternatives=(first, *others), confirmed=True, text=meaning.text
    )
