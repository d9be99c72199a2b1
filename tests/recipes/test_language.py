"""A new language is a line, a catalogue and a list of the vocabulary's names; nothing else names a language."""

import ast
import csv
import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from portal.base import catalogues
from portal.base.terms import Language
from portal.shared.skills.translations import FOLDER, rows_of
from tests.support.recipes import ROOT, Edit, tell

KNOW_LANGUAGES = (
    "portal/base/terms.py",
    "portal/loop/cards/paper.py",  # which language a text in a script of its own is taken for
    "portal/demo/",
)

HEADER = 'msgid ""\nmsgstr ""\n"Language: vi\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'


def toy_catalogue() -> str:
    """English, each text marked, with the one form that Vietnamese has."""
    toy, written = Catalog(locale="vi"), io.BytesIO()
    for message in catalogues.read("en"):
        if message.pluralizable:
            toy.add(message.id, (f"vi {message.string[-1]}",), context=message.context)
        elif message.id:
            toy.add(message.id, f"vi {message.string}", context=message.context)
    write_po(written, toy, omit_header=True)
    return HEADER + written.getvalue().decode()


def toy_names() -> str:
    written = io.StringIO()
    names = csv.DictWriter(written, ["kind", "key", "text", "reviewed_by"], lineterminator="\n")
    names.writeheader()
    names.writerows(row | {"text": f"vi {row['text']}"} for row in rows_of(FOLDER / "en.csv"))
    return written.getvalue()


def recipe() -> tuple[Edit, ...]:
    """What portal/translations/README.md says: the line, the catalogue, the names (and a migration)."""
    return (
        Edit(
            "portal/base/terms.py",
            '    UK = "uk", _l("Ukrainsk")',
            '    VI = "vi", _l("Vietnamesisk"), "Tiếng Việt"\n',
        ),
        Edit("portal/translations/vi/LC_MESSAGES/messages.po", "", toy_catalogue()),
        Edit("portal/shared/skills/data/translations/vi.csv", "", toy_names()),
    )


def test_a_new_language_is_one_line_and_two_files(tmp_path: Path) -> None:
    tell("tests.recipes.language_story", recipe(), tmp_path)


def test_a_language_is_named_in_its_table_only() -> None:
    codes = {Language.AR, Language.FA, Language.UK, Language.TR}  # the others are Danish words as well
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "portal").rglob("*.py")
        if "migrations" not in path.parts and not str(path.relative_to(ROOT)).startswith(KNOW_LANGUAGES)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and node.value in codes)
        or (isinstance(node, ast.Attribute) and re.fullmatch(r"Language\.[A-Z]{2}", ast.unparse(node)))
    ]

    assert named == []
