"""The believable municipality: real goals from two plans, invented people and employers, dates relative to today.

`data/` holds the script, `script.py` its types, `loader.py` the story; `world.py` is the ground it stands on,
`timeline.py` its days, and `employers.py`, `citizens.py` and `openings.py` how each comes into the portal. `large.py`
and `bulk.py` make a municipality to measure on.
"""
