"""Everybody at once: the match of a whole country, true to `matching.py`; pure and compiled."""
