"""The doors for other systems: who made which token, and what a system reads with one.

Nobody writes here. A token is one municipality's, for one named system and purpose, until a day; whatever it opens is
that municipality's own. See docs/api.md and docs/adr/039-doors.md.
"""
