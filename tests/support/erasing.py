"""Erasing somebody as a consultant does, without her page."""

from datetime import datetime

from flask import current_app

from portal.base.database import db, transaction
from portal.loop.citizens import services
from portal.loop.citizens.models import Citizen
from tests.factories import NOW


def erase(citizen: Citizen, *, at: datetime = NOW) -> None:
    with transaction():
        found = db.session.get_one(Citizen, citizen.id)
        services.erase_citizen(found, journal=current_app.config["JOURNAL"], by=None, at=at)
    db.session.expire_all()
