"""Step 2: suggestions, stored with score, reasons and the versions of what they were made from. Nobody decides here.

Invariants: one match per opening and card; a match that was decided is never overwritten or closed by renewal;
knows cards by number only, never by person.
"""
