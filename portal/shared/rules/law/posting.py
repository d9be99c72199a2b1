"""R13, R15 and R16: what may stand in an opening and what a firm may be shown.

Source: docs/rules.md#checks
"""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding, judged
from portal.web.forms import contains_cpr, is_cvr, is_p_number

NEVER_TO_A_FIRM = frozenset({"born_on", "age", "cpr", "health", "benefit", "case_reference", "residence"})
"""What a firm is never shown of a person (R15)."""
NAMES = frozenset({"name", "first_name", "last_name"})

REGISTERED, NO_CPR, NO_AGE, DANISH_USE = (
    "firm-numbers",
    "cpr-public-bodies-only",
    "age-not-asked",
    "language-demand-reason",
)


def firm_numbers(cvr: str, p_number: str, numbers: Numbers) -> Finding:
    """R13: the CVR number's check sum and first digit, the P-number's ten digits."""
    return judged(
        "R13",
        numbers.reference(REGISTERED),
        holds=is_cvr(cvr) and is_p_number(p_number),
        ok=_l("CVR-nummer og P-nummer har den rigtige form."),
        broken=_l("CVR-nummeret er ikke gyldigt.")
        if not is_cvr(cvr)
        else _l("P-nummeret har ikke det rigtige antal cifre."),
        remedy=_l("Find nummeret på virk.dk."),
    )


def no_cpr(text: str, numbers: Numbers) -> Finding:
    """R13: no CPR number in free text, with or without a check sum."""
    return judged(
        "R13",
        numbers.reference(NO_CPR),
        holds=not contains_cpr(text),
        ok=_l("Der står ikke noget CPR-nummer."),
        broken=_l("Teksten ser ud til at have et CPR-nummer."),
        remedy=_l("Fjern nummeret. Brug sagsnummeret."),
    )


def shown_to_firm(fields: Collection[str], *, citizen_said_yes: bool, numbers: Numbers) -> Finding:
    """R15: never age, CPR, health or benefit; the name only after her yes to that very opening."""
    forbidden = sorted(NEVER_TO_A_FIRM.intersection(fields))
    named = bool(NAMES.intersection(fields)) and not citizen_said_yes
    return judged(
        "R15",
        numbers.reference(NO_AGE),
        holds=not forbidden and not named,
        ok=_l("Virksomheden ser kun det, den må."),
        broken=_l("Virksomheden må ikke se navnet, før borgeren har sagt ja.")
        if named and not forbidden
        else _l("Virksomheden må ikke se: %(fields)s.", fields=", ".join(forbidden)),
        remedy=_l("Tag oplysningen ud."),
    )


def danish_demand(*, demanded: bool, use: str, numbers: Numbers) -> Finding:
    """R16: a demand for Danish says what Danish is used for."""
    return judged(
        "R16",
        numbers.reference(DANISH_USE),
        holds=not demanded or bool(use.strip()),
        ok=_l("Kravet om dansk hører til en opgave.") if demanded else _l("Der er ikke krav om dansk."),
        broken=_l("Der er krav om dansk, men det står ikke, hvad det skal bruges til."),
        remedy=_l("Skriv opgaven, som dansk skal bruges til."),
    )
