"""What a municipality has said of unsure words is asked once: from then on they are understood so there."""

from collections.abc import Sequence

from portal.base import events
from portal.lexicon import fold
from portal.shared.skills import queries
from portal.shared.skills.services import Alternative, UnderstoodText, understand_all


def understand_all_in(
    municipality_id: int | None, texts: Sequence[str], *, for_card: bool = False
) -> list[UnderstoodText]:
    """As `understand_all`, and what the lexicon would ask about as the municipality has answered it before.

    What is denied is asked about every time: no answer of others can tell whether somebody means it. `for_card`:
    what may stand on no card is no answer.
    """
    meanings = understand_all(texts, for_card=for_card)
    unsure = {fold(text) for text, one in zip(texts, meanings, strict=True) if _is_unsure(one)}
    if municipality_id is None or not unsure:
        return meanings
    kept_off = queries.book().kept_off_cards if for_card else frozenset()
    said = events.wordings_confirmed(unsure, municipality_id)
    answers = {wording: skill_id for wording, skill_id in said.items() if skill_id not in kept_off}
    return [
        _as_answered(one, answers[fold(text)]) if _is_unsure(one) and fold(text) in answers else one
        for text, one in zip(texts, meanings, strict=True)
    ]


def _is_unsure(meaning: UnderstoodText) -> bool:
    return meaning.skill_id is None and not meaning.denied and bool(meaning.alternatives)


def _as_answered(meaning: UnderstoodText, skill_id: int) -> UnderstoodText:
    book = queries.book()
    name = book.names[skill_id]
    first = next(
        (one for one in meaning.alternatives if one.skill_id == skill_id),
        Alternative(skill_id, name, name, 1.0, is_condition=skill_id in book.conditions),
    )
    others = tuple(one for one in meaning.alternatives if one.skill_id != skill_id)
    return UnderstoodText(skill_id, name=name, alternatives=(first, *others), confirmed=True)
