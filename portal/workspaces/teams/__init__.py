"""Teams: the colleagues whose work a consultant wants to see together with her own.

Each chooses her own team and it is nobody else's: to be on somebody's list gives no right and no duty.
"""
