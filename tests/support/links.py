"""Signed links of the portal under test, made and read as it does."""

from flask import Flask

from portal.base import clock
from portal.base.keys import KeyPurpose
from portal.web.links import Links


def links_of(app: Flask) -> Links:
    """Whoever is asked has the portal's keys."""
    return Links(app.config["KEYS"].reading(KeyPurpose.LINKS, at=clock.now()))
