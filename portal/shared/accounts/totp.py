"""The six figures of an authenticator app (RFC 6238): how a secret is made, shown, and a code held against it. Pure."""

import re
from datetime import datetime
from typing import Final

import pyotp

DRIFT: Final = 1
"""Steps, of half a minute, by which a telephone's clock may be wrong, before or after."""
ISSUER: Final = "Det gode match"
GROUP: Final = 4

_SPACES: Final = re.compile(r"[\s-]+")
_FIGURES: Final = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """160 random bits, as apps take them."""
    return pyotp.random_base32()


def address_of(secret: str, name: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def in_groups(secret: str) -> str:
    """The secret as somebody types it who cannot scan: "ABCD EFGH ..."."""
    return " ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP))


def figures_of(typed: str) -> str | None:
    """The six figures, with or without spaces; None for anything else, such as a recovery code."""
    tidied = _SPACES.sub("", typed)
    return tidied if _FIGURES.fullmatch(tidied) else None


def step_of(secret: str, figures: str, *, at: datetime) -> int | None:
    """The step whose code this is, if it is of now or a step beside it."""
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(figures, for_time=at, valid_window=DRIFT)
    except pyotp.OTPVerificationError:
        return None
