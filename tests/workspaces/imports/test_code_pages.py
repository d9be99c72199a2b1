"""A text is told by its Danish: which code page it was written in, and whether it was misread on its way."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workspaces.imports.code_pages import DOS, MAC, UTF8, WINDOWS, broken, decoded, repaired
from portal.workspaces.imports.kinds import check
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.reader import UnreadableFile, UploadedTable, read_table

TEXT = "Sagsnummer;Navn\n1;Åse Bæk\n2;Hjælp til smørrebrød\n3;gulvvask på Ærø\n4;José Müller\n"


def misread(text: str, page: str) -> str:
    """As a program makes it that takes UTF-8 for something else."""
    return text.encode().decode("latin-1" if page == WINDOWS else page)


@pytest.mark.parametrize(
    ("content", "page", "turns"),
    [
        (TEXT.encode(), UTF8, 0),
        (TEXT.encode("utf-8-sig"), UTF8, 0),
        (TEXT.encode("utf-16"), "utf-16", 0),
        (TEXT.encode("utf-16-le"), "utf-16-le", 0),
        (TEXT.encode("utf-16-be"), "utf-16-be", 0),
        (TEXT.encode("cp1252"), WINDOWS, 0),
        (TEXT.encode("mac_roman"), MAC, 0),
        (TEXT.encode("cp850"), DOS, 0),
        (TEXT.encode("cp865").replace(b"\x90", b"\x82"), DOS, 0),
        (misread(TEXT, WINDOWS).encode(), UTF8, 1),
        (misread(misread(TEXT, WINDOWS), WINDOWS).encode(), UTF8, 2),
        (misread(misread(misread(TEXT, WINDOWS), WINDOWS), WINDOWS).encode(), UTF8, 3),
        (misread(TEXT, MAC).encode(), UTF8, 1),
        (misread(TEXT, DOS).encode(), UTF8, 1),
        (TEXT.encode("mac_roman").decode("latin-1").encode(), UTF8, 1),
        (TEXT.encode("cp850").decode("latin-1").encode(), UTF8, 1),
        (TEXT.encode("cp1252").decode("mac_roman").encode(), UTF8, 1),
        (TEXT.encode("cp1252").decode("cp850").encode(), UTF8, 1),
        (misread(TEXT, "cp437").encode(), UTF8, 1),
        (misread(TEXT, "cp1250").encode(), UTF8, 1),
    ],
)
def test_the_code_page_is_told_by_the_words(content: bytes, page: str, turns: int) -> None:
    found = decoded(content)

    assert found is not None
    assert (found.text, found.code_page, len(found.turns)) == (TEXT, page, turns)
    assert found.samples == ("Åse", "Bæk", "Hjælp")


@pytest.mark.parametrize(
    "text", ["25°C", "€5", "5 µm", "1½ time", "Bo’s", "‘hej’", "§ 5 – 7", "می\u200cروم", "Şükrü", "łódź"]
)
@pytest.mark.parametrize("page", [UTF8, WINDOWS])
def test_what_is_right_is_left(text: str, page: str) -> None:
    try:
        content = text.encode(page)
    except UnicodeEncodeError:
        return
    found = decoded(content)

    assert found is not None
    assert found.text == text
    assert broken(text) is None


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("SmÃ¸rrebrÃ¸d", "Smørrebrød"),
        ("Ã¥r", "år"),
        ("Ã\x85se", "Åse"),
        ("Hj¾lp", "Hjælp"),
        ("sm¿rrebr¿d", "smørrebrød"),
        ("gŒr", "går"),
        ("sm›rrebr›d", "smørrebrød"),
        ("Hj‘lp", "Hjælp"),
        ("sm¯r", "smør"),
        ("sm°r", "smør"),
        ("Sm√∏r", "Smør"),
        ("Sm├©r", "Smør"),
        ("HjÃƒÂ¦lp", "Hjælp"),
        ("SM¯RREBR¯D", "SMØRREBRØD"),
        ("¯rsted", "Ørsted"),
        ("K®RE", "KÆRE"),
        ("9â€“12", "9–12"),
        ("dâ€™Or", "d’Or"),
        ("Â§", "§"),
        ("SĂ¸ren", "Søren"),
        ("Hjâ”œÂªlp", "Hjælp"),
        ("áŠ¤áˆ\xadá‰µáˆ«", "ኤርትራ"),
        ("Sшren", None),
        ("SГёren", None),
        ("gσtur", None),
        ("Sm?rrebr?d", None),
        ("sm\ufffdr", None),
    ],
)
def test_a_word_that_was_changed_is_told_with_what_it_was(word: str, right: str | None) -> None:
    assert broken(f"Hjælp til {word} her") == word
    assert repaired(word) == right


@pytest.mark.parametrize(
    "text",
    [
        "Hvad?",
        "se x.dk/a?b=c",
        "Ærø",
        "café",
        "ØL",
        "blåøjet",
        "naïve",
        "Œuvre",
        "Gökhan",
        "Isma‘il",
        "Ma‘mun",
        "don‘t",
        "André’s",
        "gå…”",
        "10 μm",
        "Марiя",
        "CHÂTEAU",
        "“SMÅ”",
        "50%E6",
        "Dăscălescu",
        "Łódź",
    ],
)
def test_what_only_looks_odd_is_not_broken(text: str) -> None:
    assert broken(text) is None


WORDS = st.sampled_from(
    [
        "Ærø",
        "på",
        "smørrebrød",
        "ØLBRYGGERI",
        "blåbær",
        "gård",
        "é",
        "café",
        "Åse",
        "år;",
        "bo",
        "½",
        "12 °C",
        "–",
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=8), st.sampled_from([UTF8, WINDOWS]))
def test_danish_is_read_as_it_was_written(words: list[str], page: str) -> None:
    text = " ".join(words)
    found = decoded(text.encode(page))

    assert found is not None
    assert (found.text, found.turns, broken(text)) == (text, (), None)


def test_ascii_headings_hide_nothing() -> None:
    table = read_table(b"Sagsnummer;Fornavn;Efternavn\n1/1;Bj\xbfrn;B\xbek\n")

    assert table.rows[0].cells == ("1/1", "Bjørn", "Bæk")
    assert table.code is not None
    assert (table.code.page, table.code.samples) == (MAC, ("Bjørn", "Bæk"))


def test_a_cell_that_is_broken_alone_is_an_error_with_its_place() -> None:
    checked = check(ImportKind.CARDS, read_table("Sagsnummer;Fornavn;Efternavn\n1/1;BjÃ¸rn;Bæk\n".encode()))

    [error] = checked.errors
    assert (error.line, error.heading) == (2, "Fornavn")
    assert "“BjÃ¸rn”" in error.reason
    assert "“Bjørn”" in error.reason


def test_a_broken_heading_is_no_unknown_one() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        check(
            ImportKind.CARDS, read_table("Sagsnummer;Fornavn;Efternavn;FÃ¸dselsdato\n1/1;Bo;Bæk;\n".encode())
        )

    assert "kolonne 4" in str(refusal.value.message)


def test_somebodys_own_choice_is_followed() -> None:
    table = read_table("Navn\nÅse\n".encode("cp1252"), code_page=DOS)

    assert table.rows[0].cells == ("┼se",)


@pytest.mark.parametrize(
    "text", ["x" * 3_000_000, "¾" * 300_000, "Ã¸" * 300_000, "a¾" * 300_000, "Ã\x85se;" * 100_000]
)
def test_the_longest_word_is_soon_looked_through(text: str) -> None:
    begun = time.process_time()

    decoded(text.encode())
    broken(text[:10_000])

    assert time.process_time() - begun < 2


WRITTEN = {
    UTF8: TEXT.encode(),
    WINDOWS: TEXT.encode("cp1252"),
    MAC: TEXT.encode("mac_roman"),
    DOS: TEXT.encode("cp850"),
    "twice": misread(TEXT, WINDOWS).encode(),
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("first", ["", UTF8, WINDOWS, MAC, DOS])
def test_a_wrong_choice_of_code_page_loses_nothing(written: str, first: str) -> None:
    content = WRITTEN[written]
    rows = read_table(TEXT.encode()).rows
    truth = "" if written == "twice" else written

    try:
        table = read_table(content, code_page=first)
    except UnreadableFile:  # its headings are broken so
        return
    for wrong in (WINDOWS, MAC, DOS, UTF8, truth):
        table = UploadedTable.from_json(json.loads(json.dumps(table.in_code_page(wrong).as_json())))

    assert table.rows == rows


def test_another_reading_is_what_another_program_would_show() -> None:
    table = read_table(TEXT.encode())

    assert table.in_code_page(WINDOWS).rows[0].cells[1] == "Ã…se BÃ¦k"
    assert table.in_code_page(MAC).rows[0].cells[1] == TEXT.encode().decode("mac_roman").splitlines()[1][2:]
    assert table.in_code_page(WINDOWS).chosen_page == WINDOWS


def test_what_another_code_page_has_no_sign_for_is_an_error() -> None:
    table = read_table(TEXT.encode("cp1252")).in_code_page(UTF8)

    assert broken(table.rows[0].cells[1]) is not None


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("Bj&oslash;rn", "Bjørn"),
        ("Bj&#248;rn", "Bjørn"),
        ("Bj%C3%B8rn", "Bjørn"),
        ("Bj=C3=B8rn", "Bjørn"),
        (r"Bj\u00f8rn", "Bjørn"),
        ("Bj%F8rn", "Bjørn"),
        ("Bj=F8rn", "Bjørn"),
        ("%C5se", "Åse"),
        ("Bj+APg-rn", None),
        ("?se", None),
        ("B?k", None),
    ],
)
def test_a_letter_in_the_writing_of_programs_is_broken(word: str, right: str | None) -> None:
    assert broken(f"Hr. {word} her") == word
    assert repaired(word) == right


@pytest.mark.parametrize(
    "text",
    [
        "“Åbningstider”",
        "“Ældre” og “Øer”",
        "«Åse» – “Ø”",
        "https://halsnaes.dk/k%C3%B8kken",
        "Hvad nu? Jo",
        "R&D & co; (se her)",
        "100% C3-nøgle",
    ],
)
def test_signs_of_a_good_text_are_not_taken_for_broken_ones(text: str) -> None:
    assert broken(text) is None
