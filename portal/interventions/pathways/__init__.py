"""A way towards work, step by step: a municipality's packages, and the journeys of those who are on them.

A journey keeps the steps it began with: a package that is edited later changes nobody's way. What a step teaches is
said by the vocabulary's skills, and that it was reached by what a workplace has seen (R20).
"""
