"""A security key made of software: it makes a passkey and answers a portal's question as a browser would send it."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """Somebody's security key, used at the page with this origin."""

    origin: str
    host: str
    count: int = 0
    identity: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, asked: str) -> str:
        """What the browser sends for the options that a page asks with."""
        client = self._client("webauthn.create", asked)
        numbers = self.private.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        known = bytes(16) + struct.pack(">H", len(self.identity)) + self.identity + public
        said = {"fmt": "none", "attStmt": {}, "authData": self._data(HAS_KEY) + known}
        return self._answer(clientDataJSON=client, attestationObject=cbor2.dumps(said))

    def shows(self, asked: str) -> str:
        """What the browser sends for a question."""
        self.count += 1
        client, data = self._client("webauthn.get", asked), self._data()
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _client(self, kind: str, asked: str) -> bytes:
        challenge = json.loads(asked)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, more: int = 0) -> bytes:
        flags = bytes([PRESENT | VERIFIED | more])
        return hashlib.sha256(self.host.encode()).digest() + flags + struct.pack(">I", self.count)

    def _answer(self, **parts: bytes) -> str:
        name = bytes_to_base64url(self.identity)
        response = {key: bytes_to_base64url(part) for key, part in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
