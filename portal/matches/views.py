"""Pages of matches."""

from flask import Blueprint

bp = Blueprint("matches", __name__, url_prefix="/matches")
