"""Beside the loop: the papers for a meeting, printed as one file.

Owns nothing; takes cards, match records and sheets from the rooms that do.
"""
