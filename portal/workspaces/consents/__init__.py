"""What the citizen lets others see: one version of her card, some of its fields, one employer, until one day.

Invariants: nothing is shown without a yes that still stands; an employer sees exactly the fields of exactly that
version; a consent for a proposal stands no longer than her yes to the proposal; every opening leaves a line she can
read.
"""
