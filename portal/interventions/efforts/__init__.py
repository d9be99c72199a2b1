"""Which efforts a municipality uses, and what their rooms show beside the loop's records.

The records of each effort are its own room's; this one knows none of them.
"""
