"""Competence cards: what a citizen can, at what level, in whose eyes, without saying who.

Invariants: levels accumulate as evidence and never overwrite; conditions of openings never stand on a card; each
change raises `version`; opening a card leaves a read line. `fields.CARD_FIELDS` describes each field once, and forms,
versions, consents, papers, imports and exports derive from it.
"""
