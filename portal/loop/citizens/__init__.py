"""Persons: the only room with identity data. No CPR anywhere; the case system's reference instead.

Invariants: a case reference is unique within its municipality; opening a person's page leaves a read line; erasing
is real (rows removed, freed pages overwritten, a journal of hashes to apply again after a restore).
"""
