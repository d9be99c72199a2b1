"""CPR numbers in free text: every shape of one is found, and ten digits said to be something else are none.

Source: domain.md R13 and its table (cpr.dk, 10 May 2023: no check sum is needed); cases/law.md, line C.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.base.cpr_numbers import contains_cpr, cpr_spans

NUMBERS = [
    "010190-1234",
    "0101901234",
    "010190 1234",
    "010190.1234",
    "010190_1234",
    "010190/1234",
    "010190 - 1234",
    "010190-\n1234",
    "010190–1234",
    "010190—1234",
    "010190\u20111234",  # a hyphen that does not break
    "010190\u22121234",  # a minus
    "010190\u00a01234",  # a blank that does not break
    "010190\u20091234",
    "010190\u00b71234",
    "010190\u00ad1234",  # a hyphen that nobody sees
    "0101\u200b901234",
    "01.01.90-1234",
    "01-01-90-1234",
    "01 01 90 1234",
    "01/01/90 1234",
    "01_01_90_1234",
    "01.0190-1234",
    "0101.90-1234",
    "01 0190 1234",
    "0101 90 1234",
    "0101-901234",
    "010 190 1234",
    "01019 01234",
    "0101901-234",
    "0101 9012 34",
    "010190 12 34",
    "010190-12.34",
    "0.1.0.1.9.0.1.2.3.4",
    "0 1 0 1 9 0 1 2 3 4",
    "0-1-0-1-9-0-1-2-3-4",
    "０１０１９０-１２３４",
    "٠١٠١٩٠-١٢٣٤",
    "610190-1234",  # a number for somebody who has none yet: 60 days are added, elsewhere 40
    "410190-1234",
    "710190 1234",
    "290200-1234",
    "290296 1234",
    "01-01-1990-1234",
    "01011990-1234",
    "01.01.1990 1234",
    "01/01/1990 - 1234",
    "CPR:010190-1234.",
    "x010190-1234y",
    "(010190-1234)",
    "Ring til 010190-1234.",
    "cpr.nr. 0101901234",
    "Født 010190 1234",
    "Telefon 47 11 22 33, cpr 0101901234",
    "P-nummer 1003388394. Hun har 0101901234",
    "P-nummer 1003388394\n0101901234",
    "Tlf.: aftales. Amira har 010190 1234",
    "Faktura sendes til Amira, 010190-1234",
    "2 personer 010190-1234 og 3 til",
    "Sag 010190-1234",
]

NO_NUMBERS = [
    "26/10431",
    "47 78 40 00",
    "+45 47 78 40 00",
    "+45 10 12 12 34",
    "+4510121234",
    "(+45) 10 12 12 34",
    "0045 10 12 12 34",
    "45 10 12 12 34",
    "+46 10 10 12 34",
    "13748136",
    "990199-1234",
    "310290-1234",
    "300290 1234",
    "011390-1234",
    "290299-1234",  # no leap year
    "kl. 10.30-12.00",
    "11.10-12.30 16.00",
    "kl. 10.10-12.30 og 13.10-14.30",
    "18-11-2026",
    "18.11.2026 1400",
    "2026-11-18",
    "01.12.2026 14 dage",
    "2012-10-18 12",
    "3300",
    "1. til 5. december 2026",
    "12.000-15.000 kr.",
    "12.100-15.000 kr.",
    "1.010.190.123 kr.",
    "01019012345",
    "Ordrenummer 2026-11-18-0042",
    "P-nummer 1003388394",
    "P-nr. 1003388394",
    "P-nr.: 1003 3883 94",
    "p-nummer: 10 03 38 83 94",
    "Pnr 1003388394",
    "Vores P-nummer er 1003388394",
    "P-nummer for afdelingen i Frederiksværk: 1003388394",
    "P-numre 1003388394, 1003388395 og 1003388396",
    "Produktionsenhed 1003388394",
    "CVR 13748136, P 1003388394",
    "CVR-nr. 13748136 og P-nr. 1003388394",
    "konto 3001 1234567890",
    "konto 3001 0102901234",
    "Konto 0102901234",
    "reg. 1234 konto 0102901234",
    "Reg.nr. 1234 kontonummer 010290-1234",
    "kontonr. 0102901234",
    "tlf. 0102901234",
    "Telefon: 0102901234",
    "mobil 0102 90 12 34",
    "faktura 0102901234",
    "Fakturanummer 0102901234",
    "EAN 5798001012345",
    "EAN-nr. 0102901234",
    "IBAN DK50 0040 0440 1162 43",
    "ordrenr. 0102901234",
    "varenummer 0102901234",
    "kundenummer 0102901234",
    "12 10 20 10 12 14 16 18",
    "",
]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_cpr_number_is_found_however_it_is_set_apart(text: str) -> None:
    assert contains_cpr(text)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_ten_digits_that_are_something_else_are_none(text: str) -> None:
    assert not contains_cpr(text)


def test_where_the_numbers_stand() -> None:
    text = "Ring 47 11 22 33 om 01\u200b0190 – 1234, ikke om 311290-4321."

    assert [text[start:end] for start, end in cpr_spans(text)] == ["01\u200b0190 – 1234", "311290-4321"]


@given(
    st.dates(date(1921, 1, 1), date(1999, 12, 31)),
    st.text("0123456789", min_size=4, max_size=4),
    st.sampled_from(" .-_/–\u00a0"),
    st.lists(st.booleans(), min_size=9, max_size=9),
)
def test_a_sign_between_any_digits_leaves_it_a_number(
    day: date, last: str, sign: str, places: list[bool]
) -> None:
    digits = f"{day:%d%m%y}{last}"
    apart = [sign + digit if place else digit for place, digit in zip(places, digits[1:], strict=True)]

    assert contains_cpr(f"Hun hedder {digits[0]}{''.join(apart)} her")


@given(st.text(alphabet="0123456789 .-/_+konP\n", max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert contains_cpr(text) == bool(cpr_spans(text))
    assert all(0 <= start < end <= len(text) for start, end in cpr_spans(text))
