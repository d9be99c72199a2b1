"""How the members of each target group fare on the way to a job, for the leader alone.

Invariants: it reads what was proposed, approved, begun and hired, and nothing reads it; no small number is shown, nor
one that a small number could be found from.
"""
