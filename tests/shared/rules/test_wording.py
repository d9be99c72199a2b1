"""R13-R16. Sources: forskelsbehandlingsloven and lov 372 of 28 March 2022 (bm.dk, danskerhverv.dk), DBL § 11,
workplacedenmark.dk for the demand for Danish, erhvervsstyrelsen.dk for the numbers of employers."""

import csv
import re
import time
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import portal.shared
from portal.loop.cards.fields import SharedField
from portal.shared.rules.book import DatedNumber, RuleBook
from portal.shared.rules.findings import Verdict, as_warnings
from portal.shared.rules.law import posting
from portal.shared.rules.wording import LIST_KEYS, WordKind, lists_on, neutral_wording
from portal.workspaces.consents.models import ANONYMOUS
from tests.support.law import HERE, START, book, numbers

AGE, SEX = WordKind.AGE, WordKind.SEX
LISTS = lists_on(numbers())


SOME_WORDS = re.findall(
    r"\S+",
    "Vi søger en ung kvinde mand uanset køn og alder , . : ! \n du er ikke for gammel hjælper ældre mænd beboere der "
    "har dansk pas som modersmål 010190-1234 mellem 20 30 år ca. gravid de unge bor i huset kun danskere behøver m/k",
)


def rows(name: str) -> list[tuple[str, str, str]]:
    """(sentence, kinds, better) of a table of sentences."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    found = []
    for line in text.splitlines():
        if not line.startswith("#"):
            lawful, kinds, sentence, *better = line.split("\t")
            assert (lawful == "unlawful") == bool(kinds), line
            found.append((sentence, kinds, better[0] if better else ""))
    return found


TABLES = [rows(f"wording_sentences{name}.tsv") for name in ("", "_second", "_third", "_fourth")]
EVERY = [row for table in TABLES for row in table]


def test_both_tables_hold_as_many_lawful_sentences_as_unlawful() -> None:
    for table in TABLES:
        assert len(table) >= 52
        assert sum(1 for _, kinds, _ in table if kinds) * 2 == len(table)
    assert len({row[0] for row in EVERY}) == len(EVERY)


@pytest.mark.parametrize(("sentence", "kinds", "better"), EVERY)
def test_what_is_found_in_a_sentence_and_what_is_proposed_for_it(
    sentence: str, kinds: str, better: str
) -> None:
    found = LISTS.marked_sentences(sentence)

    assert {kind.value for one in found for kind in one.kinds} == set(kinds.split())
    assert [one.better for one in found if one.better] == ([better] if better else [])
    assert LISTS.scan(better) == []


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Studine søges til weekender.", {SEX}),
        ("Vi vil have en svigermors drøm til receptionen.", {SEX}),
        ("Pensioneret sygeplejerske foretrækkes.", {AGE}),
        ("Ingen over 40.", {AGE}),
        ("Ingen under femogtyve, tak.", {AGE}),
        ("Du har aldrig været sygemeldt.", {WordKind.HEALTH}),
        ("Vi leder efter en sød tante til børnehavens køkken.", {SEX}),
        ("Ikke over 50, tak.", {AGE}),
        ("Du er nyuddannet og under 30.", {AGE}),
        ("Perfekt til dig på efterløn.", {AGE}),
        ("Du planlægger ikke at få børn de næste år.", {WordKind.FAMILY}),
        ("Du har ikke haft mere end 3 sygedage det sidste år.", {WordKind.HEALTH}),
        ("Du er nordisk af udseende.", {WordKind.ORIGIN}),
        ("Vestligt udseende.", {WordKind.ORIGIN}),
        ("Du er vokset op i Danmark.", {WordKind.ORIGIN}),
        ("Du hjælper med at få børn i tøjet.", set()),
        ("Vask kun hvide skjorter ved 60 grader.", set()),
        ("Du løfter ikke over 12 kg.", set()),
        ("Du rydder op efter drengene i omklædningsrummet.", set()),
        ("Du får en mandlig kollega som mentor.", set()),
        ("Vi er et hold på tre mænd og to kvinder.", set()),
        ("Vi har plads til dig, også hvis du er gravid.", set()),
        ("Ingen over 12 kg løftes alene.", set()),
        ("Vi er 35 ansatte, og 20 er kvinder.", set()),
        ("Mormors lagkage er vores bedste kage.", set()),
        ("Du gør rent på herretoilettet.", set()),
    ],
)
def test_further_kinds_that_are_found_and_that_are_not(sentence: str, kinds: set[WordKind]) -> None:
    assert {kind for one in LISTS.marked_sentences(sentence) for kind in one.kinds} == kinds


@pytest.mark.parametrize(
    ("sentence", "better"),
    [
        ("Vi søger en ung kvinde til køkkenet.", "Vi søger en medarbejder til køkkenet."),
        ("Rengøringsdame søges.", "Medarbejder søges."),
        ("Vi er et ungt team.", "Vi er et team."),
        ("En stærk mand til opvasken.", "En stærk medarbejder til opvasken."),
        ("Altmuligmand søges.", "Altmuligmedarbejder søges."),
        ("Søger unge piger.", "Søger medarbejdere."),
        ("Du er mellem 20 og 30 år.", "Du har lyst til opgaverne."),
        ("Perfekt dansk er et krav.", "Du kan dansk nok til opgaverne."),
        # where a word less would leave a broken sentence, none is proposed
        ("Du er ung og frisk.", ""),
        ("En ung til køkkenet.", ""),
        ("Unge søges.", ""),
        ("Du støtter ikke handicappede kolleger, vi søger raske folk uden handicap.", ""),
        ("Du er ikke gravid.", ""),
        ("Vi søger en pige, og hun skal kunne tælle.", ""),
        ("Vi søger en dame og en husmor.", ""),
        ("Ring om CPR 010190-1234.", ""),
        ("Kvindelig kok", ""),
    ],
)
def test_a_proposal_is_a_whole_sentence_or_none(sentence: str, better: str) -> None:
    assert [one.better for one in LISTS.marked_sentences(sentence)] == [better]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Uanset alder: vi vil helst have en ung pige.", ["ung", "pige"]),
        ("Uanset køn og alder søger vi en ung pige.", ["ung", "pige"]),
        ("Vi søger uanset religion, etnisk baggrund og seksuel orientering en pige.", ["pige"]),
        ("Vi søger uden hensyn til religion.", []),
        ("Religion betyder ikke noget, men du er gift.", ["er gift"]),
        ("Du behøver ikke dansk pas, men du er en mand.", ["mand"]),
        ("Vi søger mænd og kvinder, gerne muslimer.", ["muslimer"]),
        ("Kun ældre mænd er velkomne.", ["ældre mænd"]),
        ("Flygtninge er velkomne.", []),
        ("Rengøringsdame (m/k) søges.", []),
    ],
)
def test_an_excuse_covers_the_words_it_stands_by(sentence: str, words: list[str]) -> None:
    assert [sentence[mark.start : mark.end] for mark in LISTS.scan(sentence)] == words


@pytest.mark.parametrize(
    "sentence",
    [
        "Ungarsk gullasch hver mandag.",
        "Hjælp på kvindekrisecenteret.",
        "Mandag til fredag kl. 7-13.",
        "Du hjælper ældre beboere med mad.",
        "Vi serverer for pensionister.",
        "Hjælp en ældre kvinde med støvsugning.",
        "Vi opfordrer alle uanset køn, alder, religion og etnisk baggrund til at søge.",
        "Arbejdet foregår på et plejehjem for unge med handicap.",
        "Klubben er for unge.",
        "Vores firma har eksisteret i over 20 år.",
        "Mindst 10 års erfaring.",
        "25-årige jubilæum.",
        "Mandskab og formand mødes.",
        "Du rengør dametoilettet.",
        "Drengeskolen ligger ved siden af.",
        "Jydsk køkken og dansk mad.",
        "Vi laver arabisk mad og jødekager.",
        "Kristine viser dig rundt.",
        "Christianshavn",
        "Telefon 47 11 22 33.",
        "Bliv en del af holdet, manden bag madpakken viser dig rundt.",
        "Du kan lidt dansk og taler med gæsterne.",
        "Kristen Himmelfart holder vi lukket.",
        "Hjælp ved badning af mandlige beboere.",
        "Ungdomsskolen og Seniorcentret",
        "Giftfri rengøring, racerløb, overraskelse",
        "Ordrenummer 2026-11-18-0042",
    ],
)
def test_harmless_wording_is_left_alone(sentence: str) -> None:
    assert LISTS.scan(sentence) == []


@pytest.mark.parametrize("file", ["skills/data/tasks.csv", "../workspaces/posting/data/templates.csv"])
def test_nothing_that_the_portal_itself_offers_is_marked(file: str) -> None:
    with (Path(portal.shared.__file__).parent / file).open(encoding="utf-8", newline="") as opened:
        said = [cell for row in csv.DictReader(opened) for cell in row.values()]

    assert len(said) > 100
    assert [(cell, LISTS.scan(cell)) for cell in said if LISTS.scan(cell)] == []


def test_a_text_takes_the_time_of_its_words() -> None:
    begun = time.perf_counter()
    for words in ("ung ", "uanset en ung og ", "mand/", "behøver ikke at om hvis ", "1-"):
        LISTS.marked_sentences(words * (2000 // len(words)))

    assert time.perf_counter() - begun < 20  # minutes, before the words around were counted


def test_marks_tell_where_in_the_text() -> None:
    text = "Vi har travlt. Vi søger en ung kvinde.\nRing til os."

    assert [(text[mark.start : mark.end], mark.kind) for mark in LISTS.scan(text)] == [
        ("ung", AGE),
        ("kvinde", SEX),
    ]


def test_the_sentence_is_shown_in_parts() -> None:
    (found,) = LISTS.marked_sentences("Vi har travlt. Vi søger en ung kok.")

    assert "".join(words for words, _kind in found.parts) == " Vi søger en ung kok."
    assert [words for words, kind in found.parts if kind] == ["ung"]


@pytest.mark.parametrize(
    ("text", "is_looked_at", "verdict"),
    [
        ("Vi søger en kok.", False, Verdict.OK),
        ("Vi søger en ung kok.", False, Verdict.STOP),
        ("Vi søger en ung kok.", True, Verdict.WARNING),
    ],
)
def test_r14_needs_a_consultants_look(app: Flask, text: str, is_looked_at: bool, verdict: Verdict) -> None:
    assert neutral_wording(text, is_looked_at=is_looked_at, numbers=numbers()).verdict is verdict


def test_a_list_holds_from_its_first_day_and_an_empty_one_finds_nothing(app: Flask) -> None:
    tomorrow = START + timedelta(days=1)
    edited = book().with_number(
        DatedNumber("wording-age", Decimal(1), tomorrow, None, "Ny liste", words="grøn hue = hue")
    )
    emptied = book().with_number(DatedNumber("wording-age", Decimal(0), tomorrow, None, "Ny liste"))

    def verdicts(changed: RuleBook, text: str) -> list[Verdict]:
        days = [changed.on(day, HERE) for day in (START, tomorrow)]
        return [neutral_wording(text, is_looked_at=False, numbers=day).verdict for day in days]

    assert verdicts(edited, "Vi søger en ung kok.") == [Verdict.STOP, Verdict.OK]
    assert verdicts(edited, "Vi søger en med grøn hue.") == [Verdict.OK, Verdict.STOP]
    assert verdicts(emptied, "Vi søger en ung kok.") == [Verdict.STOP, Verdict.OK]


def test_a_book_without_the_lists_reads_by_the_shipped_ones() -> None:
    assert lists_on(RuleBook(()).on(START, HERE)) == LISTS
    assert {key for key, text in lists_on(numbers()).texts if text} == set(LIST_KEYS)


@given(st.lists(st.sampled_from(SOME_WORDS), max_size=25).map(" ".join))
def test_any_words_are_read_in_order_and_shown_in_full(text: str) -> None:
    marks = LISTS.scan(text)
    sentences = LISTS.marked_sentences(text)

    assert all(one.end <= two.start for one, two in pairwise(marks))
    assert sum(len([kind for _, kind in one.parts if kind]) for one in sentences) == len(marks)
    assert all("".join(words for words, _ in one.parts) in text for one in sentences)


def test_an_employer_is_only_warned(app: Flask) -> None:
    stop = neutral_wording("Kun kvinder.", is_looked_at=False, numbers=numbers())

    assert [one.verdict for one in as_warnings([stop])] == [Verdict.WARNING]


@pytest.mark.parametrize(
    ("cvr", "p_number", "verdict"),
    [
        ("13748136", "1003388394", Verdict.OK),
        ("24256790", "1003388394", Verdict.OK),
        ("24256791", "1003388394", Verdict.STOP),
        ("12345678", "1003388394", Verdict.STOP),
        ("00000000", "1003388394", Verdict.STOP),
        ("13748136", "100338839", Verdict.STOP),
    ],
)
def test_r13_numbers_of_an_employer(cvr: str, p_number: str, verdict: Verdict) -> None:
    assert posting.employer_numbers(cvr, p_number, numbers()).verdict is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Ring til 47 11 22 33", Verdict.OK),
        ("Hun har 010190-1234", Verdict.STOP),
        ("Hun har 010190 1234", Verdict.STOP),  # no check sum is needed: 1 January has long run out of them
        ("Sag 26/00123", Verdict.OK),
    ],
)
def test_r13_no_cpr_in_free_text(text: str, verdict: Verdict) -> None:
    assert posting.no_cpr(text, numbers()).verdict is verdict


@pytest.mark.parametrize(
    "word", ["age", "born", "cpr", "health", "benefit", "case", "residence", "last_name"]
)
def test_r15_no_consent_can_open_what_an_employer_never_sees(word: str) -> None:
    assert not [field for field in SharedField if word in field.value.split("_") or word == field.value]


def test_r15_no_name_before_her_yes_to_that_opening() -> None:
    assert SharedField.FIRST_NAME not in ANONYMOUS


@pytest.mark.parametrize(
    ("demanded", "use", "verdict"),
    [(False, "", Verdict.OK), (True, "læse opskrifter", Verdict.OK), (True, " ", Verdict.STOP)],
)
def test_r16_a_demand_for_danish_has_its_task(demanded: bool, use: str, verdict: Verdict) -> None:
    assert posting.danish_demand(demanded=demanded, use=use, numbers=numbers()).verdict is verdict
