"""The printed card: pages, tags, what it says, and that nobody's words can become markup."""

import dataclasses
import re
from datetime import date
from io import BytesIO

import pypdf
import pytest

from portal.loop.cards.paper import (
    CardOnPaper,
    CertificateOnPaper,
    LanguageOnPaper,
    LineOnPaper,
    SkillGroupOnPaper,
    SkillOnPaper,
    TriedPlaceOnPaper,
    render_card,
)
from portal.loop.cards.wording import LocalizedText
from portal.web.paper import press, typesetting

LEVELS = ("ikke afprøvet", "med hjælp", "efter instruktion", "selvstændigt", "kan vise andre")


def make_skill(phrase: str = "Vaske gulve", level: int = 3, **overrides) -> SkillOnPaper:
    values = {
        "own_words": "Det har jeg gjort i to år",
        "seen_by": "Havnens Køkken",
        "seen_on": date(2026, 9, 30),
    }
    return SkillOnPaper(phrase, level, LEVELS[level], **(values | overrides))


def make_groups(count: int, group_size: int = 5) -> tuple[SkillGroupOnPaper, ...]:
    skills = [make_skill(f"Opgave nummer {n} i køkkenet", n % 5) for n in range(1, count + 1)]
    starts = range(0, count, group_size)
    return tuple(SkillGroupOnPaper(f"Gruppe {i}", tuple(skills[i : i + group_size])) for i in starts)


def make_card(*, hours: str = "op til 30 timer om ugen", **overrides) -> CardOnPaper:
    values = {
        "first_name": "Amira",
        "number": "1042",
        "printed_on": date(2026, 11, 21),
        "valid_until": date(2027, 5, 21),
        "url": "https://kort.example.dk/cards/1042",
        "unit_name": "Virksomhedsindgangen",
        "unit_phone": "12 34 56 78",
        "goal": "Jeg vil arbejde i et køkken, hvor maden laves fra bunden.",
        "next_step": "Praktik i otte uger.",
        "groups": (SkillGroupOnPaper("Rengøring", (make_skill(),)),),
        "languages": (LanguageOnPaper("Dansk", "samtale om opgaver", "enkle instrukser"),),
        "certificates": (CertificateOnPaper("Førstehjælp", date(2028, 3, 1)),),
        "availability": (
            LineOnPaper(LocalizedText("Timer"), (hours,)),
            LineOnPaper(LocalizedText("Tidspunkter"), ("hverdage 7-15",)),
            LineOnPaper(LocalizedText("Afstand"), ("op til 20 km",)),
        ),
        "places_tried": (TriedPlaceOnPaper("Havnens Køkken", "aug.-sep. 2026", "virksomhedspraktik"),),
    }
    return CardOnPaper(**(values | overrides))


def read(card: CardOnPaper) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(render_card(card)))


def plain(text: str) -> str:
    """Without the invisible places where a line may break, and with single spaces."""
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def text_of(card: CardOnPaper) -> str:
    return plain(" ".join(page.extract_text() for page in read(card).pages))


def test_the_card_says_what_the_citizen_can_and_who_saw_it():
    text = text_of(make_card())

    for part in (
        "Kompetencekort for Amira", "Kort nr. 1042", "21. november 2026", "Gælder til 21. maj 2027",
        "Jeg vil arbejde i et køkken", "Praktik i otte uger", "Rengøring", "Vaske gulve",
        "Det har jeg gjort i to år", "selvstændigt", "Havnens Køkken", "30.09.2026", "samtale om opgaver",
        "enkle instrukser", "Førstehjælp", "01.03.2028", "op til 30 timer om ugen", "hverdage 7-15",
        "op til 20 km", "virksomhedspraktik", "Virksomhedsindgangen", "12 34 56 78", "https://kort.example.dk/cards/1042",
        "Borger", "Virksomhed", "Konsulent", "Side 1 af 1", *LEVELS,
    ):  # fmt: skip
        assert part in text


def test_the_file_is_tagged_and_says_its_language_and_title():
    root = read(make_card()).trailer["/Root"].get_object()

    assert root["/Lang"] in ("da", "da-DK")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert read(make_card()).metadata.title == "Kompetencekort for Amira"


def structure_of(card: CardOnPaper) -> list[dict]:
    """The tag tree as a screen reader walks it."""
    found, waiting = [], [read(card).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            found.append(node)
            waiting.append(node.get("/K", pypdf.generic.ArrayObject()))
    return found


def test_a_screen_reader_meets_headings_a_table_with_headings_and_a_described_picture():
    elements = structure_of(make_card())
    types = [element.get("/S") for element in elements]

    assert types.count("/H1") == 1
    assert {"/H2", "/Table", "/TH", "/TD", "/L", "/Figure", "/Link"} <= set(types)
    assert [str(element["/Alt"]) for element in elements if element.get("/S") == "/Figure"] == [
        "QR-kode, der åbner kortet i portalen"
    ]


@pytest.mark.parametrize("count", [1, 8, 18])
def test_an_ordinary_card_is_one_a4_page(count):
    pages = read(make_card(groups=make_groups(count))).pages

    assert len(pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]


def test_a_long_card_goes_on_with_repeated_headings_and_loses_nothing():
    pages = [plain(page.extract_text()) for page in read(make_card(groups=make_groups(60))).pages]

    assert len(pages) > 1
    for page in pages[:-1]:
        assert "Opgave og mine egne ord" in page
    assert all("Kompetencekort for Amira" in page and "1042" in page for page in pages)
    assert f"Side 2 af {len(pages)}" in pages[1]
    for n in range(1, 61):
        assert sum(f"Opgave nummer {n} i køkkenet" in page for page in pages) == 1
    assert "dato og underskrift" in pages[-1]


def test_a_skill_line_is_never_split_between_pages():
    own_words = "Begynder her " + "og så videre " * 30 + "slutter her"
    groups = (
        SkillGroupOnPaper("Køkken", tuple(make_skill(f"Opgave {n}", own_words=own_words) for n in range(30))),
    )

    for page in read(make_card(groups=groups)).pages:
        text = plain(page.extract_text())
        assert text.count("Begynder her") == text.count("slutter her")


MARKUP = '#panic("ude") $x^2$ \\ #set page(fill: red) *fed* _kursiv_ `kode` <mærke> @ref // væk /* */ = - + "'


@pytest.mark.parametrize("field", ["first_name", "number", "goal", "next_step", "hours", "unit_name"])
def test_what_people_write_is_text_and_never_markup(field):
    printed = text_of(make_card(**{field: MARKUP}))

    # A line may end after any sign, so spaces are left out of the comparison.
    assert MARKUP.replace(" ", "") in printed.replace(" ", "")


def test_markup_in_lists_is_text_too():
    card = make_card(
        groups=(SkillGroupOnPaper(MARKUP, (SkillOnPaper(MARKUP, 2, MARKUP, MARKUP, MARKUP),)),),
        languages=(LanguageOnPaper(MARKUP, MARKUP, MARKUP),),
        certificates=(CertificateOnPaper(MARKUP),),
        places_tried=(TriedPlaceOnPaper(MARKUP, MARKUP, MARKUP),),
    )

    assert text_of(card).count('#panic("ude")') == 12


def test_markup_in_the_address_is_text_too():
    assert "#panic" in text_of(make_card(url='https://kort.example.dk/"#panic()'))


@pytest.mark.parametrize("text", ["x" * 500, "Ord " * 125, "\u200b" * 500, "\n\n\t" * 50])
def test_long_and_empty_words_stay_on_the_page(text):
    card = make_card(
        goal=text,
        next_step=text,
        groups=(SkillGroupOnPaper("G", (make_skill(own_words=text, seen_by=text),)),),
    )

    pages = read(card).pages

    assert len(pages) == 1
    assert text_positions_inside(pages[0])


def text_positions_inside(page) -> bool:
    left_edges: list[float] = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, *_: (
            left_edges.append(tm[4] * cm[0] + cm[4]) if text.strip() else None
        )
    )
    return all(0 <= edge <= float(page.mediabox.right) for edge in left_edges)


def test_every_piece_of_a_long_word_is_short_enough_for_the_narrowest_column():
    pieces = typesetting.clean("æ" * 500).split("\u200b")

    assert "".join(pieces) == "æ" * 500
    assert max(map(len, pieces)) <= 20


def test_an_empty_card_is_a_form_to_fill_in():
    card = CardOnPaper("", "1", date(2026, 1, 1), date(2026, 7, 1), "http://127.0.0.1:5000/cards/1", "")

    text = text_of(card)

    assert "Kompetencekort" in text
    assert "Skriv dem her" in text
    assert "Beviser" not in text
    assert len(read(card).pages) == 1


def test_other_alphabets_are_printed_or_leave_a_mark():
    text = text_of(
        make_card(
            goal="😀 Хочу працювати на кухні",
            next_step="我想工作 i køkken",
            hours="\x07\u202e30 timer\ud83d",
        )
    )

    assert "»Хочу працювати на кухні«" in text
    assert "[…] i køkken" in text
    assert "30 timer" in text


@pytest.mark.parametrize("number", ["010190-1234", "0101901234", "010190 1234"])
def test_a_cpr_number_never_reaches_the_paper(number):
    text = text_of(make_card(goal=f"Mit nummer er {number}.", first_name=number))

    assert "1234." not in text
    assert "Mit nummer er […]." in text


def test_the_dataclasses_have_no_room_for_what_must_not_be_printed():
    fields = {field.name for field in dataclasses.fields(CardOnPaper)}

    forbidden = (
        "cpr",
        "birth",
        "age",
        "sex",
        "gender",
        "nation",
        "relig",
        "health",
        "family",
        "benefit",
        "residence",
    )
    assert not [name for name in fields for word in forbidden if word in name and name not in ("languages",)]


@pytest.mark.parametrize("level", [-1, 5])
def test_a_level_outside_the_ladder_is_refused(level):
    with pytest.raises(ValueError, match="level must be 0-4"):
        SkillOnPaper("Vaske gulve", level, "ukendt")


def test_the_same_card_gives_the_same_bytes_and_one_card_never_shows_another():
    first = render_card(make_card())

    other = text_of(make_card(first_name="Fatuma"))

    assert render_card(make_card()) == first
    assert "Amira" not in other


def test_a_failing_template_is_an_error_and_not_an_empty_page(tmp_path, monkeypatch):
    broken = tmp_path / "cards.typ"
    broken.write_text('#panic("broken")', encoding="utf-8")
    monkeypatch.setattr(typesetting, "DOCUMENTS", tmp_path)

    with pytest.raises(RuntimeError, match="broken"):
        render_card(make_card())


@pytest.mark.parametrize("document", sorted(typesetting.DOCUMENTS.glob("*.typ")), ids=lambda file: file.stem)
def test_a_document_takes_no_code_from_data_and_no_package_from_outside(document):
    source = document.read_text(encoding="utf-8")

    assert "eval(" not in source
    assert "@preview" not in source
    assert all(
        (document.parent / imported).is_file() for imported in re.findall(r'#?import "([^"]+)"', source)
    )


def test_only_our_own_typefaces_are_used():
    families = set(press.fonts().families())
    used = {
        str(font.get_object()["/BaseFont"])
        for page in read(make_card()).pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert families == {"Kompetencekort Sans", "Vazirmatn NL", "Noto Sans Ethiopic"}
    assert all("KompetencekortSans" in name for name in used)


def test_every_letter_we_promise_is_printed():
    letters = {chr(point) for point in typesetting.coverage() if chr(point).isalpha()}

    printed = set(text_of(make_card(goal=" ".join(sorted(letters)))))

    assert set("ÆØÅæøåéüłşğІіЇїҐґ") <= letters
    assert letters - printed == set()
