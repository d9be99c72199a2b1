"""Who a plan speaks of, and where each is: groups with members, spells, steps of a ladder, arrival and programme.

No row is changed or deleted by a correction: a new one is written, and the old one says when it was replaced. So a
day that has passed can be counted again as it was known then. Nothing of it reaches the matcher, suggestions or
employers.
"""
