"""What the municipality's people said to employers, when, and what comes next.

Invariants: only the municipality reads it, and no citizen is named in it; a line is corrected by who wrote it, and what
stood before is kept; nothing is deleted before its time, a wrong line is struck out with its reason.
"""
