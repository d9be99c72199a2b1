"""Anything on A4: values in, one tagged PDF out. Knows no room, no request, no database and no clock."""
