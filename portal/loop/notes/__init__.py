"""Short dated notes about a citizen, for her to read: what was said and agreed when somebody talked with her.

Whoever wrote one may correct or delete it for a day. Afterwards it stands, and a mistake is struck out with a reason.
"""
