"""Companies (CVR), their workplaces (P-number), contact persons and registrations awaiting approval.

Invariants: one employer per CVR; a registration of a CVR that exists looks the same from outside and joins it only
after a consultant's yes; places held at a workplace are recorded here so that the ratio can be checked.
"""
