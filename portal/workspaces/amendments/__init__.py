"""A change of a legal number from a day on, and whom it touches.

Stands to the right of openings and placements, because what a changed number means is read from them. Owns no table:
the numbers are the rules'.
"""
