"""The curator's desk: phrases on cards and in openings that no skill of the vocabulary stands for yet.

Also says what a municipality has answered of unsure words, so that it asks once. Owns only what was dismissed.
Invariants: a consultant sees her own municipality's phrases, never who wrote one, and none from an opening that is
still a draft; a phrase is gone from here, and an answer with it, when the last row with it is erased.
"""
