"""What an operator does with an installation: its keys, backups, restores, and asking what is wrong with it.

Invariants: nothing here is reached over HTTP; a command that cannot do all of its work leaves nothing half done and
says why in Danish.
"""
