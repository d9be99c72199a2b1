"""What is followed up after somebody was hired: a talk after 1, 3 and 6 months.

Planned when a placement ends as hired; what she said of the job is coded, and a job that is over ends its period.
"""
