"""Makes the compiled loops of the lexicon ready before a page needs them; by `python -m portal.lexicon.warming` too.

The first look-up of an installation compiles for half a minute, the first of a process reads what was kept for two
seconds. A server does it in its first idle moment, the tests before they begin.
"""

from threading import Thread

from portal.lexicon import Lexicon


def warm_up() -> None:
    """Look something up that no wording is letter by letter, so that every loop is called."""
    Lexicon([("opvask", 1), ("gulvvask", 2)]).look_up(["vaske op og vaske gulve hver dag"])


def warm_up_meanwhile() -> None:
    """Begin `warm_up` beside whatever else the process does; a stop does not wait for it."""
    Thread(target=warm_up, name="lexicon-warming", daemon=True).start()


if __name__ == "__main__":
    warm_up()
