"""Step 5: agreements with employers, and the written rule for when one counts as lasting cooperation.

Invariants: one agreement in force per employer and municipality; the count is always the length of a list of
partnerships, each with the events behind it, and can be made for any day.
"""
