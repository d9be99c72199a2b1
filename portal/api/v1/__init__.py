"""The first edition of what other systems read: JSON, described in OpenAPI 3.1, by a token of the municipality's.

Every view says which scope of a token opens it; one that says nothing is open to no token. What is read leaves a line
in the log, and a citizen finds it in hers.
"""
