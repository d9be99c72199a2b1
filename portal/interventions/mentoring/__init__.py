"""Mentors, and the agreements by which they help a citizen.

A mentor knows a citizen's first name, what is agreed and its days, and nothing else. One from outside has been told of
the duty of silence before that. Who is free follows from the agreements; nobody writes it.
"""
