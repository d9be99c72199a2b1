"""Step 6: what the plans promised, beside what the records show. Never a typed-in figure.

Invariants: a figure is the length of a list that the page can open; a past year counts at 31 December; a goal whose
records the portal does not hold shows its target and "ingen data", never 0.
"""
