"""Step 1: an employer registers an opening: form, tasks as must / nice / can be learned here, places, hours, period.

Invariants: `filled` stays between 0 and `places`, also when the opening is edited; only published openings are
matched; a demand for Danish names what it is used for; each change raises `version`.
"""
