"""Answers, both ways: proposals go to the employer by mail and are answered by link, and silence has an age.

Invariants: opening a link answers nothing; by link the employer sees the anonymous card and never a name; each reminder
is sent once; what an employer does not answer becomes a call for the consultant.
"""
