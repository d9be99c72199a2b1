"""Gettext catalogues, read from their .po files when a language is first spoken, and kept for the process.

Nothing is compiled beforehand: a clean clone speaks every language, and no .mo can be older than its .po.
Entries marked fuzzy are spoken too; who has reviewed what stands in a file of its own.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

FOLDER: Final = Path(__file__).parents[1] / "translations"


def path_of(language: str, domain: str = "messages") -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str = "messages") -> Catalog:
    """The catalogue as it is written. Raises FileNotFoundError, and PoFileError for a file that is broken."""
    with path_of(language, domain).open("rb") as file:
        return read_po(file, locale=language, domain=domain, abort_invalid=True)


@cache
def load(language: str, domain: str = "messages") -> NullTranslations:
    """The catalogue as gettext uses it; without a file, sentences stay as they are written in the source."""
    if not path_of(language, domain).exists():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read(language, domain), use_fuzzy=True)
    compiled.seek(0)
    return Translations(compiled, domain)
