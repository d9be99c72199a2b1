"""R13-R16. Sources: forskelsbehandlingsloven and lov 372 of 28 March 2022 (bm.dk, danskerhverv.dk), DBL § 11,
workplacedenmark.dk for the demand for Danish, erhvervsstyrelsen.dk for the numbers of employers."""

import pytest
from flask import Flask

from portal.loop.cards.fields import SharedField
from portal.shared.rules.findings import Verdict, as_warnings
from portal.shared.rules.law import posting
from portal.shared.rules.wording import WordKind, marked_sentences, neutral_wording, scan
from portal.workspaces.consents.models import ANONYMOUS
from tests.support.law import numbers

AGE, CPR, FAMILY, ORIGIN, RELIGION, SEX = (
    WordKind.AGE,
    WordKind.CPR,
    WordKind.FAMILY,
    WordKind.ORIGIN,
    WordKind.RELIGION,
    WordKind.SEX,
)


@pytest.mark.parametrize(
    ("sentence", "kinds", "better"),
    [
        (
            "Vi søger en ung kvinde til køkkenet.",
            (
                AGE,
                SEX,
            ),
            "Vi søger en medarbejder til køkkenet.",
        ),
        ("Rengøringsdame søges.", (SEX,), "Medarbejder søges."),
        ("Søger en frisk pensionist 10 timer.", (AGE,), "Søger en frisk medarbejder 10 timer."),
        ("Du er mellem 20 og 30 år.", (AGE,), "Du har lyst til opgaverne."),
        ("Du er under 30 år og glad.", (AGE,), "Du har lyst til opgaverne."),
        ("Kun danskere.", (ORIGIN,), "Alle, der kan løse opgaverne, er velkomne."),
        ("Perfekt dansk er et krav.", (ORIGIN,), "Dansk nok til opgaverne er et krav."),
        ("Dansk som modersmål.", (ORIGIN,), "Dansk nok til opgaverne."),
        ("Ikke muslim.", (RELIGION,), "Alle, der kan løse opgaverne, er velkomne."),
        ("Uden tørklæde.", (RELIGION,), "Alle, der kan løse opgaverne, er velkomne."),
        ("Ring om CPR 010190-1234.", (CPR,), "Ring om CPR."),
        ("Du er ikke gravid.", (FAMILY,), ""),
        ("Vi er et ungt team.", (AGE,), "Vi er et team."),
        ("En stærk mand til opvasken.", (SEX,), "En stærk medarbejder til opvasken."),
        ("Hun skal være smilende.", (SEX,), "Du skal være smilende."),
        ("Altmuligmand søges.", (SEX,), "Altmuligmedarbejder søges."),
        ("Polsk arbejdskraft.", (ORIGIN,), "Alle, der kan løse opgaverne, er velkomne."),
        ("18-25 år.", (AGE,), "Du har lyst til opgaverne."),
        ("Ældre medarbejdere skal ikke søge.", (AGE,), "Alle, der kan løse opgaverne, er velkomne."),
        ("Kvindelig kok", (SEX,), "Kok"),
        (
            "Kvinder og mænd med østeuropæisk baggrund.",
            (
                SEX,
                ORIGIN,
            ),
            "Alle, der kan løse opgaverne, er velkomne.",
        ),
        ("Dansk statsborger", (ORIGIN,), "Alle, der kan løse opgaverne, er velkomne."),
    ],
)
def test_wording_that_prefers_somebody_is_marked_and_said_better(
    sentence: str, kinds: tuple[WordKind, ...], better: str
) -> None:
    found = marked_sentences(sentence)

    assert [(one.kinds, one.better) for one in found] == [(kinds, better)]
    assert scan(better) == []


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
    assert scan(sentence) == []


def test_marks_tell_where_in_the_text() -> None:
    text = "Vi har travlt. Vi søger en ung kvinde.\nRing til os."

    assert [(text[mark.start : mark.end], mark.kind) for mark in scan(text)] == [
        ("ung", AGE),
        ("kvinde", SEX),
    ]


def test_the_sentence_is_shown_in_parts() -> None:
    (found,) = marked_sentences("Vi har travlt. Vi søger en ung kok.")

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
