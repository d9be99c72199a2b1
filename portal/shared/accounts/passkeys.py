"""What a passkey is asked and what its answer proves, by the webauthn library. Pure: no database, no request.

A passkey belongs to a host's name: the one in PORTAL_BASE_URL. An address of figures has none, and browsers lend their
keys over https alone, or on the machine itself under the name localhost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

TIMEOUT_MS: Final = 120_000
"""How long a browser waits for a finger, a face, or a key to be found in a bag."""
LOCALHOST: Final = "localhost"
CALLED: Final = "Det gode match"


class PasskeyRefused(Exception):
    """The answer does not prove what it should, or is no answer at all."""


@dataclass(frozen=True)
class RelyingParty:
    """For whom a passkey is made: the name of the host, and the origin that the browser must have been at."""

    host: str
    origin: str


@dataclass(frozen=True)
class MadePasskey:
    credential_id: str
    public_key: str
    sign_count: int


def relying_party(config: Mapping[str, Any]) -> RelyingParty | None:
    """None where no browser would make a passkey."""
    parts = urlsplit(config["PORTAL_BASE_URL"])
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        if host and (parts.scheme == "https" or host == LOCALHOST):
            return RelyingParty(host, f"{parts.scheme}://{parts.netloc}")
    return None


def to_make_one(
    party: RelyingParty, *, challenge: bytes, person: tuple[int, str, str], known: Iterable[str]
) -> str:
    """What the browser is asked when she makes one, as JSON. `person` is her key, her e-mail and her name.

    A device that holds one of the `known` makes no second.
    """
    key, email, name = person
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=CALLED,
        user_id=str(key).encode(),
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,  # her password has said who she is
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(options)


def to_show_one(party: RelyingParty, *, challenge: bytes, known: Iterable[str]) -> str:
    """What the browser is asked when she signs in, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def made(answer: str, party: RelyingParty, *, challenge: bytes) -> MadePasskey:
    """The passkey that a browser has made. Raises PasskeyRefused."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
        )
    except Exception as problem:  # anybody may send any bytes: whatever the library trips over is no passkey
        raise PasskeyRefused from problem
    return MadePasskey(
        bytes_to_base64url(found.credential_id),
        bytes_to_base64url(found.credential_public_key),
        found.sign_count,
    )


def credential_named(answer: str) -> str:
    """Which passkey says that it answers. Raises PasskeyRefused."""
    try:
        return bytes_to_base64url(webauthn.helpers.parse_authentication_credential_json(answer).raw_id)
    except Exception as problem:
        raise PasskeyRefused from problem


def shown(answer: str, party: RelyingParty, *, challenge: bytes, public_key: str, sign_count: int) -> int:
    """How often the passkey says that it was used, when the answer is its own. Raises PasskeyRefused."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=sign_count,
        )
    except Exception as problem:
        raise PasskeyRefused from problem
    return found.new_sign_count


def _descriptors(known: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known]
