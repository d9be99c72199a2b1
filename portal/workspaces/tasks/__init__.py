"""Tasks: what a consultant has to do on a day, about a citizen, an employer, a placement, or nobody.

A task has a title, a day and somebody whose it is, and no notes: a citizen reads the title of one that is about her.
"""
