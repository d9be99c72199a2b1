"""ASVS 1.3: a field for one line holds one line, whoever sends it and by whatever way; no name is a link in a mail."""

import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask, current_app, url_for
from wtforms import Field, FieldList, FileField, Form, FormField, PasswordField, StringField, TextAreaField
from wtforms.validators import Length

import portal
from portal.base.database import db, transaction
from portal.base.terms import Industry
from portal.base.texts import (
    SHORTEST_OF_SEVERAL_LINES,
    NotOneLine,
    holds_one_line,
    inert,
    is_forbidden,
    one_line,
    plain_lines,
)
from portal.loop.employers.models import ContactPerson
from portal.shared.outbox import letters
from portal.shared.outbox.models import Mail, MailKind
from portal.web.forms import LongTextField, PortalForm, every_field
from portal.web.listing import clean_text
from portal.workspaces.imports import cells
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.services import read_file
from tests import factories
from tests.client import PortalClient
from tests.support.databases import Stage
from tests.support.forms import FILLINGS, fill_in, post_forms
from tests.test_roles import EXPECTED, ROLES, kept_scene

BREAKS = ["\r\n", "\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\f", "\t", "\x1c", "\x1e"]
UNSEEN = [
    "\x00",
    "\x07",
    "\x1b",
    "\x7f",
    "\x9b",
    "\u202a",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2068",
    "\u2069",
    "\ufff9",
]
BROKEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def parts_of(field: Any) -> Iterator[tuple[str, Any]]:
    """The unbound text fields inside an unbound field."""
    kind = getattr(field, "field_class", None)
    if kind is None:
        return
    if issubclass(kind, FieldList | FormField):
        inner = field.args[0]
        yield from fields_of(inner) if isinstance(inner, type) else parts_of(inner)
    elif issubclass(kind, StringField) and not issubclass(kind, PasswordField | FileField):
        yield "", field


def fields_of(form: type[Form]) -> Iterator[tuple[str, Any]]:
    for name in dir(form):
        for _inside, field in parts_of(getattr(form, name, None)):
            yield name, field


def every_form() -> list[type[Form]]:
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name.endswith("forms"):
            importlib.import_module(module.name)

    def below(form: type[Form]) -> Iterator[type[Form]]:
        for child in form.__subclasses__():
            yield child
            yield from below(child)

    return sorted(set(below(Form)), key=lambda form: (form.__module__, form.__name__))


TEXTS = [
    pytest.param(field, id=f"{form.__module__.removeprefix('portal.')}.{form.__name__}.{name}")
    for form in every_form()
    if form.__module__.startswith("portal.")
    for name, field in fields_of(form)
]


def sent(app: Flask, field: Any, text: str) -> tuple[Field, bool]:
    """The field alone in a form of ours, as it comes out of a request; and whether it was taken."""
    only = type("Only", (PortalForm,), {"field": field})
    with app.test_request_context(method="POST", data={"field": text}):
        form = only(meta={"csrf": False})
        valid = form.validate()
        return form.field, valid


def test_the_fields_were_found() -> None:
    assert len(TEXTS) > 70


@pytest.mark.parametrize("field", TEXTS)
def test_V1_3_no_field_for_one_line_lets_a_second_through(app: Flask, field: Any) -> None:
    for sign in BREAKS + UNSEEN:
        bound, is_taken = sent(app, field, f"Bo{sign}Log ind her")
        if isinstance(bound, TextAreaField):
            assert not is_taken or not BROKEN.search(re.sub(r"[\t\r\n]", "", bound.data)), repr(sign)
        else:
            assert not is_taken or not BROKEN.search(bound.data or ""), repr(sign)
            assert sign in UNSEEN or not BROKEN.search(bound.data or ""), repr(sign)


@pytest.mark.parametrize("field", TEXTS)
def test_what_may_have_lines_has_a_column_for_them(app: Flask, field: Any) -> None:
    bound, _taken = sent(app, field, "Bo")
    longest = [one.max for one in bound.validators if isinstance(one, Length)]
    if isinstance(bound, LongTextField):  # read and not kept: it says itself how long it may be
        longest.append(bound.longest)

    if isinstance(bound, TextAreaField):
        assert longest
        assert min(longest) >= SHORTEST_OF_SEVERAL_LINES


def test_a_form_inside_a_form_is_looked_at_too(app: Flask) -> None:
    class Line(Form):
        words = StringField()

    class Lines(PortalForm):
        lines = FieldList(FormField(Line))

    for text, is_taken in (("to\r\nlinjer", True), ("vendt \u202e om", False)):
        with app.test_request_context(method="POST", data={"lines-0-words": text}):
            form = Lines(meta={"csrf": False})
            assert form.validate() is is_taken
            [words] = [field for field in every_field(form) if field.name.endswith("words")]
            assert "\n" not in words.data
            assert bool(words.errors) is not is_taken


# --- By whatever way -----------------------------------------------------------------------------------------


def columns_for_one_line() -> list[sa.Column[Any]]:
    return [one for table in db.metadata.sorted_tables for one in table.columns if holds_one_line(one)]


def broken_lines() -> list[tuple[str, str]]:
    """What stands in the database now and should not."""
    return [
        (str(column), text)
        for column in columns_for_one_line()
        for text in db.session.scalars(sa.select(column).where(column.is_not(None)))
        if BROKEN.search(text)
    ]


def addresses_and_forms(app: Flask, browser: PortalClient, url: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each form of the page, with a second line in every field for one."""
    page = browser.get(url)
    if page.mimetype != "text/html":
        return
    for _kind, form in post_forms(app, page.data):
        names = [
            str(one["name"])
            for one in form.select("input[name]")
            if one.get("type", "text") in ("text", "search", "email", "tel", "url")
        ]
        if names:
            sending = fill_in(form, FILLINGS[0], {})
            said = {name: f"{sending.values[name][0]}\r\nLog ind: http://evil.dk" for name in names}
            yield sending.action, sending.data() | said


@pytest.mark.slow
@pytest.mark.parametrize(
    "role", ["visitor", "employer", "citizen", "consultant", "leader", "admin", "operator"]
)
def test_V1_3_no_page_stores_a_second_line(app: Flask, sqlite_stage: Stage, role: str) -> None:
    kept, scene, _stranger = kept_scene(sqlite_stage)
    sqlite_stage.reset(kept)
    browser = PortalClient(app, scene.people.get(role))
    tried: set[str] = set()

    for endpoint, method in sorted(EXPECTED):
        if method != "GET" or EXPECTED[endpoint, method].own[ROLES.index(role)] != "Y":
            continue
        with app.test_request_context():
            rule = next(one for one in app.url_map.iter_rules(endpoint) if "GET" in (one.methods or ()))
            url = url_for(endpoint, **{name: scene.values[name] for name in rule.arguments})
        for action, fields in addresses_and_forms(app, browser, url):
            if action not in tried:
                tried.add(action)
                fields.pop("form_id", None)
                assert browser.post(action, fields).status_code < 500, action

    assert tried
    assert broken_lines() == []


def test_V1_3_nothing_else_writes_a_second_line_either(app: Flask, karin: Any) -> None:
    """A command, a service, a repair by hand: the last guard stands before the database."""
    for sign in ("\n", "\u2028", "\u202e", "\x00"):
        found = db.session.merge(karin)
        found.name = f"Karin{sign}Log ind"
        with pytest.raises(NotOneLine):
            db.session.flush()
        db.session.rollback()
    assert len(columns_for_one_line()) > 80


def test_V1_3_no_command_makes_a_user_of_two_lines(app: Flask) -> None:
    made = app.test_cli_runner().invoke(
        args=["create-user", "--email", "ny@kommune.example", "--name", "Ny\nBruger", "--role", "admin"]
    )

    assert made.exit_code != 0 or broken_lines() == []
    assert "Traceback" not in made.output
    assert made.exception is None or isinstance(made.exception, SystemExit)


@pytest.mark.parametrize("sign", BREAKS)
def test_V1_3_an_imported_cell_is_one_line(app: Flask, sign: str) -> None:
    with app.test_request_context():
        assert cells.text(120)(f"Bo{sign}Jensen") == "Bo Jensen"
        assert cells.text(254)(f"Bo{sign}Jensen") == "Bo Jensen"


@pytest.mark.parametrize("sign", UNSEEN)
def test_V1_3_an_imported_cell_with_an_unseen_sign_is_refused(app: Flask, sign: str) -> None:
    with app.test_request_context(), pytest.raises(cells.CellError):
        cells.text(120)(f"Bo{sign}s Køkken")


def test_V1_3_such_a_cell_is_an_error_of_its_row(app: Flask) -> None:
    heading = "CVR;P-nummer;Navn;Branche;Adresse;Postnummer;Årsværk;Kontakt;E-mail;Telefon\n"
    row = "13748136;1000000108;Bo\u202es;Køkken;Vej 1;3300;1;Bo Jensen;bo@firma.dk;47784001\n"

    checked = read_file(ImportKind.EMPLOYERS, (heading + row).encode())

    assert [error.heading for error in checked.errors] == ["Navn"]


@pytest.mark.parametrize(
    "text", [f"Bo{sign}Jensen" for sign in BREAKS] + [f"Bo {sign}Jensen" for sign in UNSEEN]
)
def test_a_search_is_one_line(text: str) -> None:
    assert clean_text(text) == "Bo Jensen"


def test_several_lines_stay_lines() -> None:
    assert plain_lines("En\r\nto\n\ntre\ten") == "En\r\nto\n\ntre\ten"
    assert plain_lines("Fra\vWord\u2028her") == "Fra\nWord\nher"
    assert one_line("a  b\n  c") == "a  b c"


NAMES = [
    "Åse Ñandú-O'Brien",
    "مريم حداد",
    "Олена Ґудзь",
    "田中 さくら",
    "Zoë\u200f",
    "e\u0301",
    "👩\u200d🍳 Køkken",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_language_are_taken(name: str) -> None:
    assert not is_forbidden(name)
    assert one_line(name) == name


# --- In mails ------------------------------------------------------------------------------------------------

LINKS = re.compile(r"\w+://\w|www\.\w|\w@\w+\.\w|(?<!\w)(?:[\w-]+\.)+[a-z]{2,}\b", re.IGNORECASE)
"""What mail programs make links of by themselves: an address with a scheme, a site, an e-mail, a bare domain."""

BAIT = [
    "http://evil.dk/login",
    "HTTPS://EVIL.DK",
    "www.evil.dk",
    "evil.dk",
    "Log ind på evil.co.uk nu",
    "bo@evil.dk",
    "ftp://evil",
    "evil.xn--p1ai",
    "evil\u2024dk",
    "evil\ufe52dk",
    "evil\u200b.\u00addk",
    "http:/\u2060/evil",
    "bo\uff20evil\uff0edk",
    "Kære\r\n\r\nDin konto er lukket.\r\nhttp://evil.dk",
]


@pytest.mark.parametrize("bait", BAIT)
def test_a_name_in_a_sentence_is_no_link(bait: str) -> None:
    read = unicodedata.normalize("NFKC", str(inert(bait)))
    assert not LINKS.search("".join(sign for sign in read if unicodedata.category(sign) != "Cf"))
    assert "\n" not in str(inert(bait))


@pytest.mark.parametrize(
    "name", ["Bos Køkken ApS", "Café v. Bo", "1. sal", "H.C. Ørsted", "3,5 timer", "24/7 Vagt"]
)
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert inert(name) == name


def test_numbers_and_objects_pass() -> None:
    assert inert(7) == 7
    assert str(inert(Industry.KITCHEN.label if hasattr(Industry, "KITCHEN") else 1))


@pytest.mark.parametrize("bait", BAIT)
def test_V1_3_11_an_invitation_holds_our_link_and_no_other(app: Flask, client_for: Any, bait: str) -> None:
    employer = factories.make_employer()
    with transaction():
        boss = db.session.merge(factories.owner_of(employer))
        db.session.execute(sa.update(type(boss)).where(type(boss).id == boss.id).values(name=bait))
        db.session.execute(
            sa.update(type(employer)).where(type(employer).id == employer.id).values(name=bait)
        )
    db.session.expire_all()

    answer = client_for(boss).post("/employers/own/invite", {"name": "Carla", "email": "carla@firma.example"})

    assert answer.status_code == 303
    mail = db.session.scalars(sa.select(Mail).where(Mail.kind == MailKind.INVITATION)).one()
    assert not LINKS.search(mail.text), mail.text
    assert not LINKS.search(mail.subject)
    assert "\n" not in mail.subject
    own = urlsplit(current_app.config["PORTAL_BASE_URL"]).netloc
    assert {urlsplit(link).netloc for link in re.findall(r"https?://\S+", letters.with_links(mail))} == {own}


def test_every_mail_says_others_words_in_a_sentence_of_ours() -> None:
    """Only there are they made harmless, and in a subject as a whole.

    `words` is what a consultant writes herself.
    """
    allowed = re.compile(r"(_\(.*|links\.\w+|words|subject|unit\.unit_term|unit\.name)", re.DOTALL)
    for template in sorted((Path(portal.__file__).parent / "templates" / "mail").glob("*.txt")):
        for said in re.findall(r"\{\{\s*(.*?)\s*\}\}", template.read_text(), re.DOTALL):
            assert allowed.fullmatch(said), f"{template.name}: {said}"


def test_a_contact_of_two_lines_from_before_stays_one_line_in_a_mail(app: Flask) -> None:
    """Rows that were stored before there was a guard."""
    employer = factories.make_employer()
    with transaction():
        db.session.execute(sa.update(ContactPerson).values(name="Bo\r\nBcc: alle@firma.example"))

    letter = letters.write(
        MailKind.INVITATION,
        context={"employer": employer.name, "by": "Bo\r\n\r\nLog ind: http://evil.dk"},
        links=["accept"],
        unit=employer.municipality,
    )

    assert "\nLog ind" not in letter.text
    assert not LINKS.search(letter.text)


def test_a_domain_with_danish_letters_is_written_as_servers_read_it(app: Flask) -> None:
    mail = factories.make_mail(recipient="bo@rødgrød.example")

    assert letters.message(mail, at=mail.created_at)["To"] == "bo@xn--rdgrd-vuad.example"
