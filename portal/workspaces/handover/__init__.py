"""Handing one's cases over to a colleague: for the days of an absence, or for good.

For some days nothing is moved: the colleague's work is counted with hers, so it comes back by itself. For good her
citizens, her open tasks and her groups get the colleague as theirs.
"""
