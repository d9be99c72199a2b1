"""Groups (hold): a kind with its themes, weekly times, places, sessions and who came; and hours at the language school.

Attendance says came, agreed absence or stayed away, and never why. A place is never given beyond the capacity. What is
counted has days, `recorded_at`, and `replaced_at` once another row took its place.
"""
