"""One line, a list, a pasted ad: the tasks in it, each as a text of its own."""

import pytest

from portal.lexicon import Lexicon
from portal.lexicon.splitting import LONGEST_TEXT, split_tasks

AD = """Køkkenmedhjælper til Plejehjemmet Solgården

Vi er et plejehjem med 48 beboere i Frederiksværk, og vi søger en medhjælper til vores køkken fra 1. februar. \
Køkkenet laver mad fra bunden.

Dine opgaver bliver:
- Opvask og rengøring af køkken
- Skrælle kartofler og snitte grøntsager
- Anrette og servere mad for beboerne
• Modtage varer
1. Afrydning, borddækning og aftørring af borde

Vi forventer, at du
- er mødestabil og fleksibel
- har hygiejnebevis

Vi tilbyder
- en god arbejdsplads med opvaskemaskine
- frokost og fri parkering
- løn efter overenskomst

Ansøgning
Send din ansøgning til job@solgaarden.dk senest den 15. januar. Ring til køkkenleder Anne Hansen på 47 12 34 56.
"""
PROSE = """Rengøringsassistent søges til Hotel Strandlyst

Hotel Strandlyst er et familiedrevet hotel med 60 værelser ved havnen. Vi har siden 1974 budt gæster velkommen.

Som rengøringsassistent skal du gøre værelser rene, skifte sengetøj, tømme skraldespande og vaske trapper. \
Du kommer også til at støvsuge gange samt pudse vinduer. Arbejdet foregår primært mellem kl. 8 og 14.

Løn og ansættelsesvilkår følger overenskomst med 3F. Stillingen er på 25 timer om ugen. Ring til Mona på 21 34 56 78.
"""


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("aften-, nat- og weekendvagter", ("aftenvagter", "natvagter", "weekendvagter")),
        ("køkken- og kantinearbejde", ("køkkenarbejde", "kantinearbejde")),
        ("gulv- og trappevask", ("gulvvask", "trappevask")),
        ("toilet- og køkkenrengøring", ("toiletrengøring", "køkkenrengøring")),
        ("op- og afrydning", ("oprydning", "afrydning")),
        ("hjælp til af- og påklædning", ("hjælp til afklædning", "påklædning")),
        ("vaske og stryge tøj", ("vaske tøj", "stryge tøj")),
        ("vaske, tørre og folde tøj", ("vaske tøj", "tørre tøj", "folde tøj")),
        ("vask og strygning af tøj", ("vask af tøj", "strygning af tøj")),
        ("koge eller stege kød", ("koge kød", "stege kød")),
        ("skrælle og snitte grøntsager", ("skrælle grøntsager", "snitte grøntsager")),
        ("rengøring af toiletter, kontorer og trapper", ("rengøring af toiletter", "rengøring af kontorer",
         "rengøring af trapper")),
        ("skrælle kartofler og gulerødder", ("skrælle kartofler", "skrælle gulerødder")),
        ("passe børn og ældre", ("passe børn", "passe ældre")),
        ("social- og sundhedshjælper", ("social- og sundhedshjælper",)),
    ],
)  # fmt: skip
def test_words_that_share_a_part_each_get_it(text, pieces):
    assert split_tasks(text) == pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("opvask", ("opvask",)), ("", ()), ("  \n ", ()), ("...", ()), ("1. hjælp", ("1. hjælp",)),
        ("opvask, gulvvask og anretning", ("opvask", "gulvvask", "anretning")),
        ("opvask; gulvvask. Rydde op", ("opvask", "gulvvask", "Rydde op")),
        ("opvask + gulvvask", ("opvask", "gulvvask")),
        ("- opvask\n* gulvvask\n• rydde op\n3) bage", ("opvask", "gulvvask", "rydde op", "bage")),
        ("har 9. klasse og kørekort B", ("9. klasse", "kørekort B")), ("opvask kl. 8-12", ("opvask kl. 8-12",)),
        ("Du skal lave mad, vaske op og gøre rent.", ("lave mad", "vaske op", "gøre rent")),
        ("Opgaver: opvask og gulvvask", ("opvask", "gulvvask")), ("opvask, opvask", ("opvask",)),
        ("Kørekort B er et krav", ("Kørekort B",)), ("opvask, gulvvask m.m.", ("opvask", "gulvvask")),
    ],
)  # fmt: skip
def test_lines_lists_and_sentences_are_taken_apart(text, pieces):
    assert split_tasks(text) == pieces


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("tale med og lytte til", "tale med og lytte til"), ("vaske og folde tøj, opvask", "vaske og folde tøj"),
        ("opvask, kolde retter og salater", "kolde retter og salater"),
        ("skære, hakke og snitte", "skære, hakke og snitte"),
    ],
)  # fmt: skip
def test_a_wording_of_the_vocabulary_stays_whole(text, wording):
    assert wording in split_tasks(text, lambda piece: piece == wording)


def test_an_ad_gives_its_tasks_and_nothing_of_pay_firm_dates_or_contact():
    assert split_tasks(AD) == (
        "Opvask", "rengøring af køkken", "Skrælle kartofler", "snitte grøntsager", "Anrette mad for beboerne",
        "servere mad for beboerne", "Modtage varer", "Afrydning", "borddækning", "aftørring af borde",
        "mødestabil", "fleksibel",
        "hygiejnebevis",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Vi er en familieejet virksomhed med 40 medarbejdere.", "Løn efter overenskomst.",
        "Ring til Anne på 47 12 34 56.",
        "Send din ansøgning til job@firma.dk.", "Plejehjemmet ligger ved skoven.", "Vi tilbyder et godt arbejdsmiljø.",
        "Tiltrædelse den 1. marts eller hurtigst muligt.", "Stillingen er på 25 timer om ugen.",
        "Køkkenet laver mad fra bunden.",
        "Læs mere på www.firma.dk", "Timeløn 142 kr.", "Alle uanset etnisk baggrund opfordres til at søge.",
    ],
)  # fmt: skip
def test_prose_about_the_job_holds_no_task(text):
    assert split_tasks(text) == ()


def test_what_stands_after_four_thousand_letters_is_not_read():
    text = "opvask, " + "x" * LONGEST_TEXT + ", gulvvask"

    assert "gulvvask" not in split_tasks(text)


VOCABULARY = Lexicon(
    [
        ("opvask", 1), ("gulvvask", 2), ("hotelrengøring", 3), ("gøre værelser rene", 3), ("skifte sengetøj", 4),
        ("tømme skraldespande", 5), ("trappevask", 6), ("støvsugning", 7), ("pudse vinduer", 8),
        ("vinduespudsning", 8),
        ("vaske og folde tøj", 9), ("tale med og lytte til", 10), ("aftenarbejde", 11), ("aftenvagter", 11),
        ("natarbejde", 12),
        ("natvagter", 12), ("weekendvagter", 13), ("løn og regnskab", 14), ("kontakt med pårørende", 15),
        ("kørekort B", 16),
    ]
)  # fmt: skip


def meanings(text: str) -> list[int]:
    return [lookup.best.concept for lookup in VOCABULARY.find_tasks(text)]


def test_bo_pastes_his_ad_and_finds_its_tasks_in_order():
    assert meanings(PROSE) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("aften-, nat- og weekendvagter", [11, 12, 13]), ("opvask, vaske og folde tøj", [1, 9]),
        ("tale med og lytte til", [10]),
        ("opvask og opvask, gulvvask", [1, 2]), ("gulv- og trappevask", [2, 6]), ("ikke opvask, men gulvvask", [2]),
        ("vaske gulv, vask af gulve og gulvvask", [2]), ("", []), ("Vi glæder os til at høre fra dig!", []),
        ("!!!\0", []),
        ("Løn efter overenskomst. Kontakt Anne.", []),
    ],
)  # fmt: skip
def test_each_concept_is_found_once_and_what_is_denied_is_not(text, concepts):
    assert meanings(text) == concepts


def test_no_more_guesses_are_shown_than_asked_for():
    assert all(len(lookup.hits) <= 1 for lookup in VOCABULARY.find_tasks("opvsk, gulvsk", limit=1))
