"""Who did what, and who looked at whom, when. Holds plain user ids, so that accounts can be audited too.

Owns the audit table. Invariants: rows are never changed or deleted (triggers refuse it on both databases); a write
leaves its line in the same transaction; a page with personal data is shown only after its read line is stored.
Never holds note text, names or search words.
"""
