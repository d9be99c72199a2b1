"""Filters of lists that somebody has given a name: her own, and never what she searched for."""
