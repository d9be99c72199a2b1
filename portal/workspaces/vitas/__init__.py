"""Within step 4: all that VITAS asks for about a placement, in its order, and whether it may be sent there.

Owns the sheet of a placement. The portal is a pre-stage of VITAS, never a replacement. Invariant: a sheet is ready only
when the employees' representative has spoken and nothing stops it.
"""
