"""Municipalities, users, and who is signed in.

Owns municipalities, users, their server-side sessions, one-time links, paper codes and the login throttle.
Invariants: a session, link or code is stored only as a hash; logging out, disabling a user or setting a new
password ends sessions at once; failed logins are counted in the database, the same for unknown users.
"""
