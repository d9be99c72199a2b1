"""The believable municipality: real goals from two plans, invented people and firms, dates relative to today."""
