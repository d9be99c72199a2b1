"""Step 3: a consultant says yes or no to a match, with a reason; then the citizen answers; then the employer.

Invariants: a match is decided once; the employer sees a name only after the consultant's and the citizen's yes, and
not after the citizen withdraws; only the employer's yes allows a placement.
"""
