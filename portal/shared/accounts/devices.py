"""Devices: in words, so that a user recognises her own sign-ins, and known ones, which others cannot lock out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.base.keys import keyed_hash
from portal.shared.accounts.models import User
from portal.shared.accounts.secrets import new_secret

MOST_USERS_OF_A_DEVICE: Final = 12
"""At a library the thirteenth makes the first a stranger there."""
MARK_LENGTH: Final = 24
"""Hexadecimal digits: 96 bits."""
LONGEST_COOKIE: Final = 1000
"""Characters that are looked at."""

# The first that occurs wins: every browser also names the ones it descends from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """E.g. "Firefox på Windows". Only known words: what a browser says of itself is never stored."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    if browser and system:
        return _("%(browser)s på %(system)s", browser=browser, system=system)
    return browser or system or _("Ukendt enhed")


@dataclass(frozen=True)
class KnownDevice:
    """A browser on which somebody has signed in: its own random name, and marks of the users, the latest last.

    A mark says nothing to who reads the cookie: it is a keyed hash. It holds for the password signed in with, so
    whoever signed in with a stolen one is a stranger again when there is a new one.
    """

    name: str
    marks: tuple[str, ...] = ()

    def knows(self, user: User | None, *, key: str) -> bool:
        return user is not None and self._mark(user, key) in self.marks

    def with_sign_in(self, user: User, *, key: str) -> "KnownDevice":
        """The same device after she has signed in on it."""
        mark = self._mark(user, key)
        others = tuple(one for one in self.marks if one != mark)
        return KnownDevice(self.name, (*others, mark)[-MOST_USERS_OF_A_DEVICE:])

    def _mark(self, user: User, key: str) -> str:
        return keyed_hash(key, f"device {self.name} {user.id} {user.password_hash}")[:MARK_LENGTH]

    def sealed(self, *, key: str) -> str:
        """For the cookie."""
        return str(_seal(key).dumps([self.name, *self.marks]))


def new_device() -> KnownDevice:
    return KnownDevice(new_secret())


def opened_device(sealed: str | None, *, key: str, lifetime: timedelta) -> KnownDevice | None:
    """The device of a cookie; None when there is none, or it is forged or too old."""
    if not sealed or len(sealed) > LONGEST_COOKIE:
        return None
    try:
        name, *marks = _seal(key).loads(sealed, max_age=int(lifetime.total_seconds()))
    except BadData:
        return None
    return KnownDevice(name, tuple(marks))


def _seal(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="known-device")
