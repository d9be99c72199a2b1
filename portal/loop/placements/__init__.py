"""Step 4: praktik, IGU, løntilskud, ordinary hours, småjob, fritidsjob: expectations, start and follow-up.

Invariants: only an employer's yes allows a placement; planning takes one place of the opening by a guarded UPDATE,
cancelling before the start frees it, ending does not; nothing starts before all three parties stated what they
expect; it ends with its last sheet and in no other way (`loop.assessments`).
"""
