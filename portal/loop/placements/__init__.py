"""Step 4: praktik, IGU, løntilskud, ordinary hours, småjob, fritidsjob: expectations, start, follow-up, end assessment.

Invariants: only an employer's yes allows a placement; planning takes one place of the opening by a guarded UPDATE,
cancelling before the start frees it, ending does not; nothing starts before all three parties stated what they
expect; the joint end assessment becomes dated evidence on the card.
"""
