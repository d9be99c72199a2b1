"""Agreements between neighbouring municipalities: which see each other's shared openings, from and to which day.

Invariants: two municipalities have at most one agreement on any day; an agreement holds for both sides alike; what
has held on some day is never changed. Whoever runs the portal writes down what the municipalities agreed.
"""
