"""Answers that are files: the browser shows a PDF and keeps everything else."""

from typing import Final

from flask import Response


def pdf_response(name: str, content: bytes) -> Response:
    """A paper that opens in the browser; saved, it is called `name`.pdf."""
    return _named(Response(content, mimetype="application/pdf"), "inline", f"{name}.pdf")


def download(filename: str, content: bytes | str, mimetype: str) -> Response:
    """A file that the browser saves."""
    return _named(Response(content, mimetype=mimetype), "attachment", filename)


def take_name_off(response: Response) -> None:
    """What a file is called says whom it is about; an answer without the file does not say it."""
    response.headers.remove(_HEADER)


_HEADER: Final = "Content-Disposition"


def _named(response: Response, disposition: str, filename: str) -> Response:
    response.headers[_HEADER] = f'{disposition}; filename="{filename}"'
    return response
