"""Tables that every step uses."""
