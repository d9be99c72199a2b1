"""The employer's page: what the cooperation has come to, for the employer itself and for the municipality.

Owns nothing; reads openings, placements and proposals. An employer and a leader read numbers and no name; a consultant
reads the names of her municipality's own citizens, and each such look is logged.
"""
