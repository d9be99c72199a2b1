"""R13, R15 and R16: what may stand in an opening.

Source: docs/rules.md#checks
"""

from flask_babel import lazy_gettext as _l

from portal.base.cpr_numbers import contains_cpr
from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding, judged
from portal.shared.rules.word_lists import word_list, words_on
from portal.web.forms import is_cvr, is_p_number

REGISTERED, NO_CPR, DANISH_USE = ("firm-numbers", "cpr-public-bodies-only", "language-demand-reason")
NO_AGE, ASKING_FOR_AGE = "age-not-asked", "asking-for-age"


def employer_numbers(cvr: str, p_number: str | None, numbers: Numbers) -> Finding:
    """R13: the CVR number's check sum and first digit, the P-number's ten digits."""
    return judged(
        "R13",
        numbers.reference(REGISTERED),
        holds=not numbers.says(REGISTERED) or (is_cvr(cvr) and is_p_number(p_number or "")),
        ok=_l("CVR-nummer og P-nummer har den rigtige form."),
        broken=_l("CVR-nummeret er ikke gyldigt.")
        if not is_cvr(cvr)
        else _l("P-nummeret har ikke det rigtige antal cifre.")
        if p_number
        else _l("Arbejdsstedet mangler et P-nummer."),
        remedy=_l("Find nummeret på virk.dk."),
    )


def no_cpr(text: str, numbers: Numbers) -> Finding:
    """R13: no CPR number in free text, with or without a check sum."""
    return judged(
        "R13",
        numbers.reference(NO_CPR),
        holds=not numbers.says(NO_CPR) or not contains_cpr(text),
        ok=_l("Der er ikke fundet noget CPR-nummer i teksten."),
        broken=_l("Teksten ser ud til at have et CPR-nummer."),
        remedy=_l("Fjern nummeret. Brug sagsnummeret."),
    )


def age_not_asked(text: str, numbers: Numbers) -> Finding:
    """R15: an employer asks nobody for her age; limits of age are the municipality's to look up."""
    asks = text in word_list(words_on(ASKING_FOR_AGE, numbers))
    return judged(
        "R15",
        numbers.reference(NO_AGE),
        holds=not numbers.says(NO_AGE) or not asks,
        ok=_l("Teksten er ikke fundet at bede om alder."),
        broken=_l("Teksten beder om alder eller fødselsdag."),
        remedy=_l("Tag det ud. Kommunen ser efter, om et alderskrav er opfyldt."),
    )


def danish_demand(*, demanded: bool, use: str, numbers: Numbers) -> Finding:
    """R16: a demand for Danish says what Danish is used for."""
    return judged(
        "R16",
        numbers.reference(DANISH_USE),
        holds=not numbers.says(DANISH_USE) or not demanded or bool(use.strip()),
        ok=_l("Kravet om dansk hører til en opgave.") if demanded else _l("Der er ikke krav om dansk."),
        broken=_l("Der er krav om dansk, men det står ikke, hvad det skal bruges til."),
        remedy=_l("Skriv opgaven, som dansk skal bruges til."),
    )
