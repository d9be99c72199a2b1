"""How often something may be tried or done: counted in the database by kind and key, with a growing pause.

A kind is a name in the setting LIMITS, and a key is whatever it is counted by: an address, a code, a user. Keys are
stored as keyed hashes, because a throttle needs equality and not the values. What a kind's limit is, and why, stands in
`config.py`; which kinds a sign-in is counted by stands in `signing_in.py`.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.base.database import db
from portal.base.errors import TooManyAttempts
from portal.base.keys import KeyPurpose, keyed_hash
from portal.base.limits import Limit
from portal.shared.accounts.models import ThrottleCount

BY_ADDRESS: Final = "-address"
"""How a kind's name ends that is counted by where somebody comes from."""

Counted = Mapping[str, object]
"""By kind what it is counted by."""

IPV6_HOUSEHOLD = 64
"""Bits of an IPv6 address that name a connection: whoever has one chooses the other half anew for every try."""


def count(counted: Counted, *, at: datetime, config: Mapping[str, Any]) -> None:
    """Count it under every kind, unless one of them must wait. Call it in the transaction of what is done.

    A try that is refused is not counted: knocking on a closed door keeps it closed no longer.
    Raises TooManyAttempts with the longest wait.
    """
    limits: Mapping[str, Limit] = config["LIMITS"]
    rows = _locked(counted, at, config)
    wait = max((limits[row.kind].wait(row.tries, row.last_at, at) for row in rows), default=timedelta())
    if wait:
        raise TooManyAttempts(wait)
    for row in rows:
        row.tries = limits[row.kind].standing(row.tries, row.last_at, at) + 1
        row.last_at = at
    db.session.flush()


def take_back(counted: Counted, *, config: Mapping[str, Any]) -> None:
    """A try that turned out right was none: as many count as before it."""
    one_less = sa.case((ThrottleCount.tries > 0, ThrottleCount.tries - 1), else_=0)
    db.session.execute(_of(counted, config, sa.update(ThrottleCount)).values(tries=one_less))


def forget(counted: Counted, *, config: Mapping[str, Any]) -> None:
    """Begin anew under these keys."""
    db.session.execute(_of(counted, config, sa.delete(ThrottleCount)))


def tries(kind: str, key: object, *, at: datetime, config: Mapping[str, Any]) -> int:
    """How many count under the key now."""
    row = db.session.get(ThrottleCount, (kind, _hash(kind, key, config)))
    return config["LIMITS"][kind].standing(row.tries, row.last_at, at) if row else 0


def has_counted(address: str, *, since: datetime, config: Mapping[str, Any]) -> bool:
    """Whether anything was tried from there; what turned out right has left its row as well."""
    kinds = {kind: connection(address) for kind in config["LIMITS"] if kind.endswith(BY_ADDRESS)}
    rows = _of(kinds, config, sa.select(ThrottleCount.kind)).where(ThrottleCount.last_at >= since)
    return db.session.scalar(rows.limit(1)) is not None


def purge(*, at: datetime, config: Mapping[str, Any]) -> Iterable[sa.Delete]:
    """Statements that delete what no longer counts."""
    for kind, limit in config["LIMITS"].items():
        old = ThrottleCount.last_at <= at - limit.forget
        yield sa.delete(ThrottleCount).where(ThrottleCount.kind == kind, old)


def connection(address: str | None) -> str:
    """What an address is counted as: IPv6 by its connection, IPv4 in IPv6's clothes as what it is."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, IPV6_HOUSEHOLD), strict=False).network_address)


UNKNOWN_PROXY: Final = "unknown-proxy"
"""In the application's extensions: a proxy stands in front, and PORTAL_PROXIES does not say so."""


def is_nearby(address: str | None) -> bool:
    """Whether a proxy of ours would come from there; anybody else may send any header."""
    try:
        return ipaddress.ip_address((address or "").partition("%")[0]).is_private
    except ValueError:
        return not address or address.startswith("unix")  # a socket on this machine


def key_of(config: Mapping[str, Any]) -> str:
    """The newest alone: when it is changed, nobody has tried yet, and every device is strange once."""
    secret: str = config["KEYS"].signing(KeyPurpose.THROTTLE).secret
    return secret


def _locked(counted: Counted, at: datetime, config: Mapping[str, Any]) -> list[ThrottleCount]:
    """The rows, made if need be, and nobody else's until the transaction ends; always locked in the same order."""
    new = [
        {"kind": kind, "key_hash": _hash(kind, key, config), "tries": 0, "last_at": at}
        for kind, key in counted.items()
    ]
    new.sort(key=lambda row: (row["kind"], row["key_hash"]))
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    db.session.execute(dialect.insert(ThrottleCount).values(new).on_conflict_do_nothing())
    rows = _of(counted, config, sa.select(ThrottleCount)).order_by(ThrottleCount.kind, ThrottleCount.key_hash)
    return list(db.session.scalars(rows.with_for_update(), execution_options={"populate_existing": True}))


def _of(counted: Counted, config: Mapping[str, Any], statement: Any) -> Any:
    keys = [(kind, _hash(kind, key, config)) for kind, key in counted.items()]
    return statement.where(sa.tuple_(ThrottleCount.kind, ThrottleCount.key_hash).in_(keys))


def _hash(kind: str, key: object, config: Mapping[str, Any]) -> str:
    return keyed_hash(key_of(config), f"throttle {kind} {key}")
