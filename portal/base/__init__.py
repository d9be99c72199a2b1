"""What everything stands on: the database, the clock, errors, events, terms and places."""
