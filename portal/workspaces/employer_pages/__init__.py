"""The employer's page: what the cooperation has come to, for the employer itself and for the municipality.

Owns nothing; reads openings, placements and proposals. No person is named here: an employer and a leader read numbers,
and a consultant finds the card by its number.
"""
