"""What stands around a skill: negations, years, levels, licences and words that carry."""

import pytest

from portal.lexicon import Lexicon, fold
from portal.lexicon.phrases import (
    Licence,
    level_in,
    licences_in,
    negations_in,
    read,
    without_fields,
    years_in,
)

DENIED = (
    "ikke opvask", "har ingen erfaring med opvask", "kan ik lave mad", "uden kørekort", "mangler kørekort",
    "ingen erfaring", "har aldrig gjort rent", "ej kok", "hverken opvask eller rengøring", "kan slet ikke støvsuge",
    "opvask kan jeg ikke", "jeg ka ikk lave mad", "kok uden erfaring", "kørekort mangler", "har ikke kørekort",
    "vil ikke arbejde om natten", "jeg har ikke lært at bage", "er ikke uddannet kok", "nej til nattevagt",
    "ønsker ikke at arbejde som kok", "ikke god til rengøring", "manglende hygiejnebevis", "har ej kørekort",
    "jeg mangler hygiejnebevis", "har endnu ikke kørekort", "kan ikkke svejse", "ikek kok", "ingn erfaring med pleje",
    "aldirg prøvet rengøring", "vil helst undgå nattevagt", "fritaget for tunge løft", "uerfaren i rengøring",
    "dårlig til regning", "er ikke så god til dansk", "kan hverken læse eller skrive", "helt uden erfaring som kok",
    "intet kendskab til hygiejne", "har jeg aldrig prøvet", "rengøring uden erfaring", "kanikke lave mad", "nej",
    "Jeg kan desværre ikke køre bil", "vil nødig arbejde om natten", "hygiejnebevis har jeg ikke", "foruden kørekort",
    "uden at have kørekort", "tåler ikke rengøringsmidler", "savner erfaring med pleje",
)  # fmt: skip
NOT_DENIED = (
    "opvask", "ikke kun opvask", "ikke bange for at tage fat", "rydde op uden for", "opvask uden problemer",
    "udbedre fejl og mangler", "rette fejl og mangler", "kan lave mad uden hjælp", "ikke bare rengøring",
    "har ikke noget imod nattevagter", "har intet imod at arbejde om natten", "ingen problem med tunge løft",
    "ikke uvant med hårdt arbejde", "mangler ikke erfaring", "aldrig syg", "tilberedning af mad uden gluten",
    "mad uden laktose", "ingeniør", "nejlikkebinder", "taler dansk uden tolk", "ikke mindst rengøring",
    "melde mangler",
    "rengøring uden kemi", "afhjælpning af mangler", "håndtering af mangelvarer", "ikke ukendt med pleje",
    "indkøb af manglende varer", "ikke fremmed for hårdt arbejde", "er ikke bleg for at tage fat", "udenlandsk kok",
    "ikke dårlig til regning", "fri for lugtgener", "går ikke af vejen for hårdt arbejde", "vaske op uden at klage",
    "køre bil uden at blive træt", "aldrig for sent", "passe børn der ikke vil sove", "undgå krydssmitte",
    "pleje af borgere uden sprog", "ikke nervøs for at tale med kunder",
)  # fmt: skip


@pytest.mark.parametrize("text", DENIED)
def test_a_denial_is_seen(text):
    assert read(fold(text))[1]


@pytest.mark.parametrize("text", NOT_DENIED)
def test_a_turn_of_phrase_that_denies_nothing_is_left_alone(text):
    assert not read(fold(text))[1]


def test_what_is_denied_is_compared_without_the_denial():
    phrases, negated = read(fold("Jeg kan ikke lave mad i 3 år"))

    assert negated
    assert phrases[-1] == "lave mad"


@pytest.mark.parametrize(
    "text",
    [
        "ikke-destruktiv prøvning",
        "destruktiv prøvning ikke",
        "ikke destruktv prøvnig",
        "pedel uden specialer",
    ],
)
def test_a_negation_of_the_vocabulary_itself_denies_nothing_even_misspelled(text):
    vocabulary = Lexicon([("specialist i ikke-destruktiv prøvning", 1), ("pedel uden speciale", 2)])

    assert not vocabulary.look_up([text])[0].negated


@pytest.mark.parametrize("text", ["ikke prøvning", "uden kørekort", "mangler speciale"])
def test_it_does_deny_what_the_vocabulary_does_not(text):
    vocabulary = Lexicon([("specialist i ikke-destruktiv prøvning", 1), ("pedel uden speciale", 2)])

    assert vocabulary.look_up([text])[0].negated


def test_a_hyphen_makes_it_a_word():
    assert not Lexicon([("ryger", 1)]).look_up(["ikke-ryger"])[0].negated
    assert Lexicon([("ryger", 1)]).look_up(["ikke ryger"])[0].negated


def test_a_wording_tells_its_negations_with_the_word_after():
    assert list(negations_in("pedel uden speciale ikke")) == [("uden", "speciale"), ("ikke", "")]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("opvask i 3 år", 3), ("2,5 års erfaring med rengøring", 2.5), ("6 måneder som kok", 0.5),
        ("halvandet års erfaring", 1.5), ("fem års erfaring", 5), ("3 aar i køkken", 3), ("1-2 års erfaring", 1),
        ("kok, mere end 10 år", 10), ("et par års erfaring", 2),
        ("pasning af børn på 3 år", None), ("jeg er 34 år", None), ("børn 0-3 år", None), ("18 år", None),
        ("opvask", None), ("", None), ("kok i 0 år", None), ("kok i 99 år", None), ("3 år gammel maskine", None),
    ],
)  # fmt: skip
def test_years_of_experience_are_read_and_ages_are_not(text, years):
    assert years_in(text) == years


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("rengøring niveau 2", 2), ("niveau 4", 4), ("niveau 5", None), ("rengøring med hjælp", 1),
        ("opvask efter instruktion", 2), ("gør rent selvstændigt", 3), ("rutineret kok", 3),
        ("kan oplære andre i opvask", 4), ("begynder", 1), ("opvask", None), ("", None),
    ],
)  # fmt: skip
def test_the_level_said_is_read_on_the_portals_ladder(text, level):
    assert level_in(fold(text)) == level


@pytest.mark.parametrize(
    ("text", "licences"),
    [
        ("kørekort B", [("kørekort", "B")]), ("B-kørekort", [("kørekort", "B")]), ("kategori B", [("kørekort", "B")]),
        ("kørekort B/C", [("kørekort", "B"), ("kørekort", "C")]), ("kørekort C/E", [("kørekort", "CE")]),
        ("BE kørekort", [("kørekort", "BE")]), ("korekort b og c", [("kørekort", "B"), ("kørekort", "C")]),
        ("truckcertifikat A og B", [("truck", "A"), ("truck", "B")]), ("gaffeltruck B", [("truck", "B")]),
        ("PD3", [("PD", "3")]), ("PD 1 og 2", [("PD", "1"), ("PD", "2")]), ("prøve i dansk 2", [("PD", "2")]),
        ("DU 3", [("DU", "3")]), ("danskuddannelse 2", [("DU", "2")]),
        ("kørekort til bil", []), ("du er god", []), ("PD4", []), ("", []),
    ],
)  # fmt: skip
def test_licences_are_read_with_their_class(text, licences):
    assert licences_in(fold(text)) == tuple(Licence(*one) for one in licences)


def test_a_look_up_carries_the_fields():
    lookup = Lexicon([("kørekort B", 1)]).look_up(["rutineret med kørekort B i 4 år"])[0]

    assert (lookup.years, lookup.level, lookup.licences) == (4, 3, (Licence("kørekort", "B"),))
    assert lookup.accepted.concept == 1


def test_what_is_denied_has_neither_years_nor_level():
    lookup = Lexicon([("opvask", 1)]).look_up(["ikke rutineret i opvask i 4 år"])[0]

    assert (lookup.years, lookup.level) == (None, None)


def test_two_licences_in_one_text_are_both_asked_about():
    lookup = Lexicon([("kørekort B", 1), ("kørekort C", 2)]).look_up(["kørekort B/C"])[0]

    assert {hit.concept for hit in lookup.hits} == {1, 2}
    assert lookup.worth_asking


KITCHEN = Lexicon(
    [
        ("lave mad", 1), ("lave mad til mange", 2), ("toiletrengøring", 3), ("rengøring af toiletter", 3),
        ("passe børn", 4),
        ("gulvvask", 5), ("INSTA 800", 6), ("9. klasse", 7), ("PD2", 8), ("førstehjælp", 9), ("1. hjælp", 9),
        ("trappevask", 10),
        ("gøre værelser rene", 11), ("smøre madpakker", 12), ("hver anden weekend", 13), ("kommer hver dag", 14),
        ("kørekort B", 15),
        ("kørekort C", 16),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("lave mad til 4 personer", 1), ("lave mad til 19 mennesker", 1), ("lave mad til 20 mennesker", 2),
        ("lave mad til 1.200 mennesker", 2), ("lave mad til cirka 80 kuverter hver dag", 2),
        ("rengøring af 3 toiletter", 3), ("rengøring af tre toiletter dagligt", 3), ("passe 5 børn", 4),
        ("gøre 14 værelser rene", 11), ("smøre 200 madpakker", 12),
        ("gulvvask kl. 8-12", 5), ("gulvvask fra kl. 06.30 til 14", 5), ("gulvvask mellem 7 og 9", 5),
        ("trappevask på 4. sal", 10), ("trappevask i fem etager", 10),
        ("gulvvask 2 gange om ugen", 5), ("gulvvask hver dag", 5), ("gulvvask dagligt", 5),
        ("gulvvask fra mandag til fredag", 5),
        ("gulvvask en gang om måneden", 5), ("gulvvask 3-4 timer om dagen", 5), ("gulvvask 2015-2019", 5),
        ("gulvvask siden 2019", 5), ("gulvvask i 400 m2", 5), ("niveau 2 gulvvask", 5),
        ("insta 800", 6), ("9 klasse", 7), ("pd 2", 8), ("1 hjælp", 9), ("hver anden weekend", 13),
        ("kommer hver dag", 14),
    ],
)  # fmt: skip
def test_counts_times_floors_and_frequencies_are_fields_and_not_words(text, concept):
    assert KITCHEN.look_up([text])[0].accepted.concept == concept


@pytest.mark.parametrize(
    "text", ["2 gange om ugen", "kl. 8-12", "hver dag", "til 100 mennesker", "på 3. sal", "25 kg"]
)
def test_a_field_alone_means_nothing(text):
    assert KITCHEN.look_up([text])[0].hits == ()


@pytest.mark.parametrize(
    "text",
    ["insta 800 kontrol", "9 klasse fra syrien", "pd 2 bestaaet", "amu 45", "type 2 diabetes", "opvask"],
)
def test_a_number_that_a_name_has_stays(text):
    assert list(without_fields(text)) == []


@pytest.mark.parametrize(
    ("text", "concept"), [("kørekort b", 15), ("b kørekort", 15), ("c kørekort", 16), ("kok b", None)]
)
def test_a_lone_letter_is_a_class_beside_a_class_word(text, concept):
    accepted = KITCHEN.look_up([text])[0].accepted

    assert (accepted and accepted.concept) == concept


@pytest.mark.parametrize(
    "text", ["arbejde ingen for pleje", "ingen for rengøring", "erfaring ingen for køkken"]
)
def test_inden_for_with_a_letter_wrong_denies_nothing(text):
    assert not read(fold(text))[1]
