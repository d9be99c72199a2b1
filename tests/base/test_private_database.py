"""Closing a database to others leaves the locks of those who use it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from portal.base.private_files import private_database

_READ_AND_LEAVE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM words").fetchone()
connection.close()
"""


def test_another_process_does_not_delete_the_log_of_a_database_in_use(tmp_path: Path) -> None:
    """The last one who leaves deletes it; whoever lost her lock on the file is not counted."""
    file = tmp_path / "portal.sqlite"
    private_database(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as in_use:
        in_use.execute("PRAGMA journal_mode=WAL")
        in_use.execute("CREATE TABLE words (word TEXT)")

        private_database(file)  # for one more connection of the pool
        subprocess.run([sys.executable, "-c", _READ_AND_LEAVE, str(file)], check=True)

        assert file.with_name("portal.sqlite-wal").exists()
        in_use.execute("INSERT INTO words VALUES ('kept')")
        with closing(sqlite3.connect(file)) as later:
            assert later.execute("SELECT word FROM words").fetchall() == [("kept",)]
