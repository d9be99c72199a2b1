"""Signed links that open one thing without an account: made for one purpose, ended by time, stored nowhere.

Whoever holds a link needs no password, so what it opens must be small, and what it opens must say itself whether
it still may be seen: a link ends earlier when the record behind it does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from portal.base import clock
from portal.base.keys import KeyPurpose

SECRET_ARGUMENTS = frozenset(
    {
        "calendar_secret",
        "confirmation",
        "invitation",
        "link",
        "mentor_link",
        "password_link",
        "proposal_link",
        "renewal",
        "settlement_link",
        "stop_link",
        "token",
    }
)
"""Parts of addresses that open a page to whoever has the address: no browser, proxy or table keeps one."""

LONGEST = 500
"""Characters of a token that is looked at: longer ones are nobody's."""


class LinkPurpose(StrEnum):
    """What a link is for; one made for another purpose does not open it."""

    CARD = "card"
    """An employer reads one version of a card, by the citizen's consent."""
    CODE_PAGE = "code-page"
    """The page that asks for the code on a citizen's paper, in her language."""
    ASSESSMENT = "assessment"
    """A workplace fills in the assessment of one placement."""
    SETTLEMENT = "settlement"
    """An employer says yes to what the three settled on, in these very words."""
    MENTOR = "mentor"
    """A mentor reads what is asked for whom, and says yes or no."""
    RENEWAL = "renewal"
    """An employer puts up one opening again, once."""
    INVITATION = "invitation"
    """A colleague at an employer chooses a password."""
    REFERRAL = "referral"
    """An employer that another one recommended the municipality to registers."""
    PROPOSAL = "proposal"
    """An employer sees an anonymous card and answers, by the consent that came with the citizen's yes."""
    FORGOTTEN = "forgotten"
    """Whoever has an account chooses its password, once: her first, or another."""
    CONFIRMATION = "confirmation"
    """Somebody who registered shows that the e-mail is hers, once."""
    STOP_MAIL = "stop-mail"
    """Whoever got a mail wants no more of its kind."""


class LinkUnknown(Exception):
    """Not ours: forged, cut short, or made for another purpose."""


class LinkExpired(Exception):
    """Ours, but its time is over. `about` is what it opened; `purpose` and `token`, when it was read from one."""

    def __init__(
        self, about: tuple[int | str, ...], *, purpose: LinkPurpose | None = None, token: str = ""
    ) -> None:
        super().__init__("the link's time is over")
        self.about, self.purpose, self.token = about, purpose, token


@dataclass(frozen=True)
class Links:
    """Makes and reads the links of one portal. Of its `keys` each is read, and the last one signs."""

    keys: tuple[str, ...]

    def sign(self, purpose: LinkPurpose, *about: int | str, expires_at: datetime) -> str:
        """The token for the address. It shows what it is `about` to whoever has it: keys, never a name."""
        return str(self._serializer(purpose).dumps([_seconds(expires_at), *about]))

    def read(self, purpose: LinkPurpose, token: str, *, at: datetime) -> tuple[int | str, ...]:
        """What the link is about. Raises LinkUnknown, LinkExpired (from the very moment it expires)."""
        if len(token) > LONGEST:
            raise LinkUnknown
        try:
            expires, *about = self._serializer(purpose).loads(token)
        except BadData:
            raise LinkUnknown from None
        if at >= datetime.fromtimestamp(expires, UTC):
            raise LinkExpired(tuple(about), purpose=purpose, token=token)
        return tuple(about)

    def _serializer(self, purpose: LinkPurpose) -> URLSafeSerializer:
        return URLSafeSerializer(self.keys, salt=f"link:{purpose.value}")


def portal_links() -> Links:
    """The links of the portal that is running."""
    return Links(current_app.config["KEYS"].reading(KeyPurpose.LINKS, at=clock.now()))


def opened_by(purpose: LinkPurpose, token: str) -> tuple[int | str, ...]:
    """What the link in an address is about. Where it opens nothing, error_pages.py answers: 404, or 410 too late."""
    return portal_links().read(purpose, token, at=clock.now())


def _seconds(moment: datetime) -> int:
    """Whole seconds, rounded up: a link never ends before it says."""
    whole = moment.replace(microsecond=0)
    return int((whole if whole == moment else whole + timedelta(seconds=1)).timestamp())
