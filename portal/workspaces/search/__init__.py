"""One search field on every page: citizens, cards, employers, openings, placements, words and pages.

Owns the table of folded words. It holds nothing that its rooms do not (their `Room.finds`), is kept in the transaction
that changes a record, and goes with the person. Notes and free text about people are never among the words.
"""
