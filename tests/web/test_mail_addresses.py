"""One reader of e-mail addresses for forms and files: as they are copied, and as mail servers read them."""

import pytest
from flask import Flask

from portal.web.forms import PortalForm, email_field
from portal.workspaces.imports import cells

ADDRESSES = (
    ("bo@rent-hus.dk", "bo@rent-hus.dk"),
    (" Bo@Rent-Hus.DK ", "bo@rent-hus.dk"),
    ("mailto:bo@rent-hus.dk", "bo@rent-hus.dk"),
    ("Bo Bæk <bo@rent-hus.dk>", "bo@rent-hus.dk"),
    ("<bo@rent-hus.dk>", "bo@rent-hus.dk"),
    ("bo@rent-hus.dk;", "bo@rent-hus.dk"),
    ("bo@rent-hus.dk.", "bo@rent-hus.dk"),
    ("bo\u200b@rent-hus.dk\u00a0", "bo@rent-hus.dk"),
    ("bo@bæk.dk", "bo@bæk.dk"),
    ("bo+koekken@rent-hus.dk", "bo+koekken@rent-hus.dk"),
    ("bo@rent-hus", None),
    ("bo.rent-hus.dk", None),
    ("bo@rent hus.dk", None),
    ("bo@rent-hus..dk", None),
    ("bæk@rent-hus.dk", None),
    ("bo@rent-hus.dk, eva@rent-hus.dk", None),
    ("bo@rent-hus.dk;eva@rent-hus.dk", None),
    ("bo@@rent-hus.dk", None),
    ("@rent-hus.dk", None),
    ("bo@", None),
)


class WriterForm(PortalForm):
    email = email_field("E-mail")


@pytest.mark.parametrize(("typed", "read"), ADDRESSES)
def test_a_form_and_a_file_read_the_same(app: Flask, typed: str, read: str | None) -> None:
    with app.test_request_context("/", method="POST", data={"email": typed}):
        form = WriterForm(meta={"csrf": False})

        assert form.validate() is (read is not None)
        if read is None:
            assert form.email.errors == ["Skriv en e-mail som navn@eksempel.dk."]
            with pytest.raises(cells.CellError, match=r"Skriv den som navn@eksempel\.dk\."):
                cells.email(typed)
        else:
            assert form.email.data.lower() == cells.email(typed) == read
