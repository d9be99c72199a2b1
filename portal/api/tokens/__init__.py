"""Tokens: with which another system of the municipality reads. Its administrator makes them, sees them used, ends them.

The secret is shown once and stored as a hash. A token is never changed: another purpose is another token.
"""
