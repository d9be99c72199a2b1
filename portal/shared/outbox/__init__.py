"""Mails: written in the same transaction as what they tell, sent by a worker, and never twice.

Invariants: a mail whose worker died between sending and recording becomes `uvis` and waits for a person; the text
holds no secret (links are signed when it is sent) and never a citizen's name; who declined a kind gets none.
"""
