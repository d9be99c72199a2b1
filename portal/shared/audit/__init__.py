"""Who did what, and who looked at whom, when. Holds plain user ids, so that accounts can be audited too.

Owns the audit's tables. Invariants: rows are never changed, and deleted only with their closed month (triggers refuse
the rest on both databases); each line is chained to the one before (chain.py); a write leaves its line in the same
transaction; a page with personal data is shown only after its read line is stored, and the line names everybody on it.
Never holds note text, names or search words.
"""
