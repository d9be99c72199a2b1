"""Courses that teach what a match lacks: catalogue, runs with seats, and what passing one puts on her card.

What a course would do for a match is asked of the matcher itself, with the card as it would be. A run has never more
people on it than seats; a row that turns out wrong is replaced, so that a day that has passed can be counted again.
"""
