"""Speed of freezing: a year's thirty goals of the large demo, counted for good as the chore does it.

    python bench/freezing.py [--database FILE]

Works on a copy, from which what was frozen of last year is taken away first. Without a database it makes one.
"""

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.pages import environment_for, make_database

BAR_SECONDS = 5.0
LAST_YEAR = "SELECT id FROM frozen_figures WHERE strftime('%Y', \"on\") = ?"
TAKEN_AWAY = (
    f"DELETE FROM frozen_line_people WHERE line_id IN (SELECT id FROM frozen_lines WHERE figure_id IN ({LAST_YEAR}))",
    f"DELETE FROM frozen_lines WHERE figure_id IN ({LAST_YEAR})",
    f"DELETE FROM frozen_figures WHERE id IN ({LAST_YEAR})",
)


def freeze(database: Path) -> tuple[int, int, float]:
    """How many figures with how many lines were frozen, and in how many seconds."""
    os.environ.update(environment_for(database))
    from portal.application import create_app
    from portal.base import clock
    from portal.base.database import transaction
    from portal.ledger.goals.freezing import freeze_due

    year = str(clock.today().year - 1)
    with sqlite3.connect(database) as connection:
        for statement in TAKEN_AWAY:
            connection.execute(statement, (year,))
    with create_app().app_context():
        begun = time.perf_counter()
        with transaction():
            frozen = freeze_due(clock.now())
        seconds = time.perf_counter() - begun
    with sqlite3.connect(database) as connection:
        counted = "SELECT count(*) FROM frozen_lines WHERE figure_id IN (" + LAST_YEAR + ")"
        (lines,) = connection.execute(counted, (year,)).fetchone()
    return frozen, lines, seconds


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", type=Path, help="a large demo that is there already")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    copy = folder / "copy.sqlite"
    try:
        if arguments.database:
            shutil.copy(arguments.database, copy)
        else:
            make_database(copy)
        print(
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before the start; measure on an idle machine"
        )
        frozen, lines, seconds = freeze(copy)
    finally:
        shutil.rmtree(folder)
    print(f"{frozen} figures with {lines} lines frozen in {seconds:.2f} s; bar {BAR_SECONDS:.0f} s")
    return 0 if frozen and seconds <= BAR_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
