"""The room's pages, which three modules fill: views.py, joining_views.py and people_views.py."""

from flask import Blueprint

bp = Blueprint("employers", __name__, url_prefix="/employers")
