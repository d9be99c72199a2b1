"""The firm's page: what the cooperation has come to, for the firm itself and for the municipality.

Owns nothing; reads openings, placements and proposals. No person is named here: a firm and a leader read numbers, and
a consultant finds the card by its number.
"""
