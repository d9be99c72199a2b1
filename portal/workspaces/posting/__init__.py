"""Step 1 on a phone: an opening is written a few questions at a time, and each page says how many cards could fit.

Owns the drafts: what has been answered so far, saved at every step, by an employer that waits for approval too. Stands
to the right of matches, because it counts cards; what is put up is an opening like any other.
"""
