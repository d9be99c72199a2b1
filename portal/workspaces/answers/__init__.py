"""Answers, both ways: proposals go to the firm by mail and are answered by link, and silence has an age.

Invariants: opening a link answers nothing; by link the firm sees the anonymous card and never a name; each reminder
is sent once; what a firm does not answer becomes a call for the consultant.
"""
