"""What the log may say: where it went wrong and with what kind of error, and no value of a person.

The words of an error quote what tripped it: the row that the database refused, the text that was no number, the name
in a search. So the log gets the way through the code and the names of the errors. Their words stand there only where
they can quote nothing: what a database says of its own state, what the system says of a file.
"""

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from typing import Any, Final

from flask import Flask, request
from sqlalchemy.exc import DBAPIError

LONGEST_STATEMENT: Final = 1000

_make_record = logging.getLogRecordFactory()


def keep_values_out_of_logs(app: Flask) -> None:
    """For every logger of the process, whoever writes the line out. A developer's debugger shows all."""
    if app.config["PORTAL_DEBUG"]:
        return
    logging.setLogRecordFactory(_discreet_record)
    app.log_exception = _log_without_address  # type: ignore[method-assign]


def words_of(error: BaseException) -> str:
    """What may be said of an error."""
    if isinstance(error, DBAPIError):
        statement = (error.statement or "")[:LONGEST_STATEMENT]  # its values stand elsewhere, as parameters
        return f"{words_of(error.orig) if error.orig else ''} [{statement}]"
    if isinstance(error, sqlite3.Error):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or ""
    diagnosis = getattr(error, "diag", None)  # psycopg: its message and details quote the row
    if diagnosis is not None:
        told = (diagnosis.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
        return " ".join(filter(None, told))
    return ""


def discreet_traceback(error: BaseException) -> str:
    """The way through the code, the first cause first."""
    return "".join(_lines(error))


def _lines(error: BaseException) -> Iterator[str]:
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    for one in reversed(chain):
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(one.__traceback__)
        yield f"{type(one).__module__}.{type(one).__qualname__}: {words_of(one)}\n"


def _discreet_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = _make_record(*args, **kwargs)
    if isinstance(record.args, tuple):
        record.args = tuple(_named(one) for one in record.args)
    record.msg = _named(record.msg)
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text = discreet_traceback(record.exc_info[1])
        record.exc_info = None
    return record


def _named(one: object) -> object:
    return f"{type(one).__qualname__}: {words_of(one)}" if isinstance(one, BaseException) else one


def _log_without_address(exc_info: Any) -> None:
    """An address may hold the secret of a link, and a search a name: the rule says which page it was."""
    logging.getLogger("portal").error(
        "Exception on %s [%s]", request.url_rule or "?", request.method, exc_info=exc_info
    )
