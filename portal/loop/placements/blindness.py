"""Who may read and who may write which expectations, before all three have written. Pure.

Each writes before seeing another's, so nobody's words are open before all three have written; then all are. What
stands here is the whole rule, and every page, file and command asks it:

| reader     | who has written | reads                |
| ---------- | --------------- | -------------------- |
| any of the | not she herself | nothing              |
| three      | she, not all    | only her own         |
|            | all three       | all three            |
| any        | it has begun or | all that was written |
|            | is called off   |                      |

The consultant may write for the other two what came on paper or by phone. She has read it then, so she writes the
consultant's own first, and what she wrote for them is not shown to her or her colleagues before all three have written.
"""

from collections.abc import Set

from portal.base.terms import Party

EVERYBODY: frozenset[Party] = frozenset(Party)


def readable(reader: Party, stated: Set[Party], *, may_still_write: bool) -> frozenset[Party]:
    """Whose words somebody of the party may read. `may_still_write`: the placement has not begun, nor is it off."""
    if not may_still_write or stated == EVERYBODY:
        return frozenset(stated)
    return frozenset({reader} & stated)


def writable(writer: Party, stated: Set[Party], by_own_hand: Set[Party]) -> frozenset[Party]:
    """For whom somebody of the party may write before the start. `by_own_hand`: who wrote herself.

    The consultant writes for another once her own stand; over what another wrote herself only when she may read it.
    """
    own = frozenset({writer})
    if writer is not Party.CONSULTANT or Party.CONSULTANT not in stated:
        return own
    return EVERYBODY if stated == EVERYBODY else own | (EVERYBODY - by_own_hand)
