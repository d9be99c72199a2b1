"""Passwords and other secrets: how they are made, hashed and compared."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which look alike on paper."""

CODE_GROUPS, CODE_GROUP_LENGTH = 3, 4
MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200


class Passwords:
    """argon2id with the configured cost. `verify` takes as long for an unknown user as for a known one."""

    def __init__(self, *, memory_kib: int, rounds: int) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(stored or self._nobody, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def new_secret() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """60 random bits for paper, in groups: "K7QF-9M2D-XW4T"."""
    return "-".join(
        "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_GROUP_LENGTH)) for _ in range(CODE_GROUPS)
    )


def tidy_code(text: str) -> str:
    """A code as typed: any case, with or without hyphens and spaces."""
    return "".join(character for character in text.upper() if character in CODE_ALPHABET)


def secret_hash(secret: str) -> str:
    """High-entropy secrets need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
