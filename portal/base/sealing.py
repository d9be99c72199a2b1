"""Boxes that nobody but this portal opens: encrypted and signed (Fernet) with the key of a purpose.

The newest generation seals; whatever is still read opens. Source: docs/adr/018-keys.md
"""

from base64 import urlsafe_b64encode
from datetime import datetime

from cryptography.fernet import Fernet, MultiFernet

from portal.base.keys import KeyPurpose, Keyring


def box_of(keys: Keyring, purpose: KeyPurpose, *, at: datetime) -> MultiFernet:
    secrets = keys.reading(purpose, at=at)
    return MultiFernet([Fernet(urlsafe_b64encode(bytes.fromhex(one))) for one in reversed(secrets)])
