"""What is no skill that somebody has: wishes, pupils, health, languages, who one is."""

import pytest

from portal.lexicon import OFFERED_FROM, Lexicon, Remark, fold
from portal.lexicon.remarks import is_about_the_writer, what_about

HELPER, COOK, HYGIENE, DRIVING, WASHING, ENGLISH, ARABIC, DIET, BACK, SICK, STRESS, DEMENTIA, OTHER = range(
    13
)
VOCABULARY = Lexicon(
    [
        ("faglært social- og sundhedshjælper", HELPER), ("social- og sundhedshjælper", HELPER),
        ("sosu-hjælper", HELPER),
        ("kok", COOK), ("hygiejnebevis", HYGIENE), ("kørekort B", DRIVING), ("kørekort", DRIVING), ("opvask", WASHING),
        ("engelsk", ENGLISH), ("taler engelsk", ENGLISH), ("arabisk", ARABIC), ("allergimad", DIET),
        ("skåne ryggen", BACK),
        ("passe syg i familien", SICK), ("stresstolerant", STRESS), ("demens", DEMENTIA), ("går selv i gang", OTHER),
        ("forflytning", OTHER), ("mor til flere", OTHER), ("polish", OTHER), ("hepatitis", OTHER),
    ]
)  # fmt: skip

PLANS = (
    "vil gerne være social- og sundhedshjælper", "drømmer om at blive kok", "ønsker at blive sosu-hjælper",
    "jeg vil gerne tage hygiejnebevis", "mit mål er at få kørekort", "håber at blive kok", "søger job som kok",
    "skal snart starte på hygiejnebevis", "har lyst til at blive kok", "overvejer at tage kørekort",
    "min drøm er at blive kok",
    "vil være kok", "kommende kok", "interesseret i at blive social- og sundhedshjælper", "tilmeldt hygiejnebevis",
)  # fmt: skip
UNDER_WAY = (
    "under uddannelse til social- og sundhedshjælper", "i gang med hygiejnebevis", "er ved at tage kørekort",
    "er i gang med at tage kørekort", "sosu-elev", "social- og sundhedshjælperelev", "kokkelærling", "elev som kok",
    "vikar for kok", "vikar for en social- og sundhedshjælper", "praktik som kok", "praktik i køkken med opvask",
    "har været i praktik som social- og sundhedshjælper", "sygeplejestuderende", "går på hygiejnekursus",
    "snart færdig som kok", "halvvejs med kørekort", "uddanner mig til kok", "voksenlærling i køkken",
    "afløser for kok",
    "på første semester som social- og sundhedshjælper", "uafsluttet uddannelse som kok",
    "første del af sosu-uddannelsen",
)  # fmt: skip
FINISHED = (
    "kok", "uddannet kok", "har arbejdet som kok", "vikar i plejen", "servere mad for elever", "vejlede studerende",
    "går selv i gang", "komme i gang med opvask", "vi vil gerne have en, der kan lave mad",
    "vi søger en kok, som kan bage",
    "vil lære at bage", "følge børn til skole", "oplæring af elever", "støtte en elev med lektier", "arbejder som kok",
)  # fmt: skip
ILL = (
    "ondt i ryggen", "jeg har ondt i ryggen", "smerter i skulderen", "dårligt knæ", "diabetes", "type 2 diabetes",
    "sygemeldt",
    "jeg er sygemeldt med stress", "stress", "allergi", "pollenallergi", "gravid", "jeg er gravid",
    "angst og depression",
    "lider af migræne", "har fået en diskusprolaps", "skånehensyn", "forhøjet blodtryk",
    "jeg har astma og kan ikke tåle støv",
    "PTSD fra krigen",
)  # fmt: skip
CARE = (
    "måle blodtryk", "allergimad", "forebygge stress hos borgere", "erfaring med diabetes",
    "pleje af borgere med diabetes",
    "stresstolerant", "arbejde under stress", "skåne ryggen", "passe syg i familien", "demens", "aldrig syg",
    "diabetesmad",
    "observere smerter hos borger", "kendskab til epilepsi", "mad til allergikere",
    "hjælp til hørehæmmede borgere", "hepatitis",
)  # fmt: skip
LANGUAGES = (
    "polsk", "russisk", "taler russisk", "modersmål fransk", "taler flydende tysk og spansk", "lidt tyrkisk",
    "kurdisk modersmål",
    "jeg kan tale og skrive urdu", "god til somali", "pashto, dari og farsi",
)  # fmt: skip
NO_LANGUAGES = (
    "dansk", "taler dansk", "arabisk mad", "polsk pølse", "fransk vask", "kinesisk køkken", "engelsk korrespondent",
)  # fmt: skip
WHO = (
    "jeg er flygtning", "muslim", "gift", "35 år", "jeg er 35 år gammel", "kommer fra Syrien", "kvinde", "enlig mor",
    "mor til 3", "har 3 børn", "arbejdsløs", "født i 1980", "ung mand", "bor i Frederiksværk",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "remark"),
    [(text, Remark.PLAN) for text in PLANS] + [(text, Remark.UNDER_WAY) for text in UNDER_WAY],
)
def test_a_wish_or_a_course_under_way_is_not_the_finished_thing(text, remark):
    lookup = VOCABULARY.look_up([text])[0]

    assert lookup.remark is remark
    assert lookup.accepted is None


@pytest.mark.parametrize("text", FINISHED)
def test_what_is_done_or_looked_for_is_no_wish(text):
    assert VOCABULARY.look_up([text])[0].remark is None


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("drømmer om at blive kok", "kok"), ("sosu-elev", "sosu"), ("er ved at tage kørekort", "koerekort"),
        ("praktik i køkken med opvask", "koekken med opvask"), ("vikar for en kok", "kok"), ("elev", ""),
    ],
)  # fmt: skip
def test_what_is_wished_or_learnt_is_told_from_the_wish(text, about):
    assert what_about(fold(text)) == about


def test_a_wish_carries_what_it_is_about_so_that_it_can_be_a_goal():
    assert VOCABULARY.look_up(["vil gerne være social- og sundhedshjælper"])[0].best.concept == HELPER


def test_a_turn_that_the_vocabulary_has_itself_is_no_remark():
    known = Lexicon([("elev i butik", 1), ("kok", 2)])

    assert known.look_up(["elev i butikken"])[0].remark is None
    assert known.look_up(["lærling i butik"])[0].remark is Remark.UNDER_WAY


@pytest.mark.parametrize("text", ILL)
def test_the_writers_health_is_no_skill(text):
    lookup = VOCABULARY.look_up([text])[0]

    assert lookup.remark is Remark.HEALTH
    assert lookup.hits == ()


@pytest.mark.parametrize("text", CARE)
def test_what_is_done_about_others_health_is_a_task(text):
    assert VOCABULARY.look_up([text])[0].remark is None


@pytest.mark.parametrize("text", LANGUAGES)
def test_a_language_is_a_language_and_no_lookalike(text):
    lookup = VOCABULARY.look_up([text])[0]

    assert lookup.remark is Remark.LANGUAGE
    assert lookup.hits == ()


@pytest.mark.parametrize("text", NO_LANGUAGES)
def test_danish_and_what_only_has_a_language_in_its_name_are_left_alone(text):
    assert VOCABULARY.look_up([text])[0].remark is None


@pytest.mark.parametrize(
    ("text", "accepted", "offered"),
    [
        ("engelsk", ENGLISH, {ENGLISH}), ("taler engelsk", ENGLISH, {ENGLISH}), ("tale engelsk", None, {ENGLISH}),
        ("arabisk og lidt engelsk", None, {ARABIC, ENGLISH}), ("arabisk og polsk", None, {ARABIC}),
    ],
)  # fmt: skip
def test_a_language_of_the_vocabulary_is_still_told_to_be_one(text, accepted, offered):
    lookup = VOCABULARY.look_up([text])[0]

    assert lookup.remark is Remark.LANGUAGE
    assert (lookup.accepted and lookup.accepted.concept) == accepted
    assert {hit.concept for hit in lookup.hits if hit.probability >= OFFERED_FROM} == offered


@pytest.mark.parametrize("text", WHO)
def test_who_one_is_is_no_skill(text):
    lookup = VOCABULARY.look_up([text])[0]

    assert lookup.hits == ()
    assert is_about_the_writer(fold(text))


@pytest.mark.parametrize(
    "text",
    ["mor til flere", "husmor", "manden i køkkenet", "3 års erfaring", "kvindekrisecenter", "ung til yngre"],
)
def test_a_task_that_names_people_is_not_about_its_writer(text):
    assert not is_about_the_writer(fold(text)) or VOCABULARY.look_up([text])[0].accepted


@pytest.mark.parametrize(
    "text", ["lyst til at lære", "lyst til at arbejde", "uregelmæssige arbejdstider", "gæstfri", "polish"]
)
def test_traits_and_hours_of_the_vocabulary_are_neither_wishes_nor_denials(text):
    lookup = Lexicon([(text, 1)]).look_up([text, f"{text} hver dag"])

    assert [(one.remark, one.negated) for one in lookup] == [(None, False)] * 2


@pytest.mark.parametrize(
    "text",
    ["Gift, tre hjemmeboende børn", "samboende, 2 børn", "enlig mor til to små børn", "har tre voksne børn"],
)
def test_whom_somebody_lives_with_is_no_skill(text):
    assert is_about_the_writer(fold(text))


@pytest.mark.parametrize("text", ["passe tre børn", "børn", "børn og unge", "lave mad til tre børn"])
def test_what_is_done_with_children_is_a_task(text):
    assert not is_about_the_writer(fold(text))
