"""The business register, asked so that nobody types what it knows. Without one, everything is written by hand.

Which register answers is a setting: `PORTAL_REGISTER_URL` is an address of the municipality's own that answers
`GET <address>/<CVR number>` with JSON (docs/adr/015-business-register.md). An answer is kept for a while.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final, Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.employers.models import RegisterAnswer

KEPT: Final = timedelta(days=30)
"""How long an answer is believed; employers move seldom, and the person registering reads it through."""
TIMEOUT_SECONDS: Final = 5
LONGEST_ANSWER: Final = 200_000
"""Bytes; the largest employers have thousands of P-numbers, of which a person needs one."""
MOST_UNITS: Final = 200


class RegisterDown(DomainError):
    message = _l("CVR-registret svarer ikke lige nu. Skriv oplysningerne selv, eller prøv igen senere.")


class CompanyUnknown(DomainError):
    message = _l("CVR-registret kender ikke det nummer. Se det efter, eller skriv oplysningerne selv.")


@dataclass(frozen=True)
class RegisteredUnit:
    """A P-number as the register knows it."""

    p_number: str
    name: str
    address: str
    postcode: str


@dataclass(frozen=True)
class Company:
    cvr: str
    name: str
    units: tuple[RegisteredUnit, ...]
    fresh: bool = True
    """Just said by the register, and not kept from before."""


class Register(Protocol):
    """Whatever can be asked about a company."""

    def company(self, cvr: str) -> Company | None:
        """None: no such number. Raises RegisterDown."""


class HttpRegister:
    """A register behind an address of the municipality's."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def company(self, cvr: str) -> Company | None:
        request = Request(f"{self._url}/{cvr}", headers={"Accept": "application/json"})  # noqa: S310 - config.py takes https only
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return read_company(cvr, json.loads(answer.read(LONGEST_ANSWER)))
        except HTTPError as refusal:
            if refusal.code == NOT_FOUND:
                return None
            raise RegisterDown from refusal
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as problem:
            raise RegisterDown from problem


NOT_FOUND: Final = 404


def read_company(cvr: str, answer: Any) -> Company:
    """Raises KeyError and TypeError for what is not in the agreed shape."""
    units = tuple(
        RegisteredUnit(
            str(unit["p_number"]), str(unit["name"])[:120], str(unit["address"])[:120], str(unit["postcode"])
        )
        for unit in answer["units"][:MOST_UNITS]
    )
    return Company(cvr, str(answer["name"])[:120], units)


def look_up(register: Register, cvr: str, *, at: datetime) -> Company:
    """What was kept, when it is young enough; else the register's answer, which the caller keeps.

    Writes nothing, so that no lock is held while the register thinks. Raises CompanyUnknown, RegisterDown.
    """
    kept = db.session.get(RegisterAnswer, cvr)
    if kept is not None and at < kept.asked_at + KEPT:
        return Company(cvr, kept.name, tuple(RegisteredUnit(**unit) for unit in kept.units), fresh=False)
    found = register.company(cvr)
    if found is None:
        raise CompanyUnknown
    return found


def keep(found: Company, *, at: datetime) -> None:
    """So that the same is not asked again for a while."""
    if not found.fresh:
        return
    units = [vars(unit) for unit in found.units]
    db.session.merge(RegisterAnswer(cvr=found.cvr, name=found.name, units=units, asked_at=at))
    db.session.flush()
