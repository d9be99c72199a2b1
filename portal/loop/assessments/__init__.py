"""Within step 4: the sheet that a workplace and a consultant fill in together, midway and at the end.

Owns sheets and their lines, and the ending of placements. A closed sheet is never changed, only withdrawn; what it
says stands on the card as evidence: as seen at the workplace only where the workplace itself said so.
"""
