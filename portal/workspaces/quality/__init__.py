"""The matcher in the municipality's hands: how its suggestions were judged, the weights it counts with, its last run.

Invariants: figures are about decisions, never about a person; weights are tried without being stored, and set only
with a note.
"""
