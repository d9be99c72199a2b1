"""Signed links of the portal under test, made and read as it does."""

from flask import Flask

from portal.base import clock
from portal.base.database import db, transaction
from portal.base.keys import KeyPurpose
from portal.shared.accounts import password_links
from portal.shared.accounts.models import User
from portal.web.links import Links


def links_of(app: Flask) -> Links:
    """Whoever is asked has the portal's keys."""
    return Links(app.config["KEYS"].reading(KeyPurpose.LINKS, at=clock.now()))


def password_token(app: Flask, user: User) -> str:
    """What a mail to her would have in its link: with it she chooses a password."""
    with transaction():
        owner = db.session.get_one(User, user.id)
        made = password_links.hand_over(owner, at=clock.now(), config=app.config)
    with app.app_context():
        return made.path().rpartition("/")[2]
