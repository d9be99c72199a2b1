"""The citizen's own page in her language, and the export of all that is stored about her.

Reads every room; owns no table. Nothing here is made up in her language: phrases from `skills.translations` are put
together, and what has no phrase is said in Danish and marked as Danish.
"""
