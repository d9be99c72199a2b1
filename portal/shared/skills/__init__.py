"""The vocabulary that openings and cards share: skills with synonyms, job titles, and their versions.

Invariants: a label belongs to one skill; every change raises the vocabulary's version; conditions of an opening
(attests, shifts, lifts) never stand on a card. Free text is resolved when it is written, through `portal.lexicon`.
"""
