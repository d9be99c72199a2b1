"""Legal and municipal rules as dated rows with source, and pure checks over them.

Invariants: no legal number stands in code or templates; a key has at most one value on any day.
"""
