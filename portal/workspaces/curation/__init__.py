"""The curator's desk: phrases on cards and in openings that no skill of the vocabulary stands for yet.

Owns only what was dismissed. Invariants: a consultant sees her own municipality's phrases, never who wrote one, and
none from an opening that is still a draft; a phrase is gone from here when the last row with it is erased.
"""
