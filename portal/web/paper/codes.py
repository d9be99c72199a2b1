"""Short codes on a printed sheet: a line's number and a check character, so that a misread sign is noticed. Pure."""

import re
from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which are read as 1 and 0
_LOOK_ALIKE: Final = str.maketrans({"I": "1", "O": "0"})
_SHORTEST: Final = 3
_LARGEST: Final = 2**31 - 1


class NoSuchCode(ValueError):
    """Not a code that was ever printed: a sign is missing or misread."""


def code_of(number: int) -> str:
    """The code of line `number` (1 and up), such as "04F-K": at least three signs, a dash, the check character."""
    signs = ""
    while number:
        number, place = divmod(number, len(_SIGNS))
        signs = _SIGNS[place] + signs
    body = signs.rjust(_SHORTEST, "0")
    return f"{body}-{mod_37_36.calc_check_digit(body)}"


def number_of(code: str) -> int:
    """The line's number. Capitals, dashes and spaces don't matter; I and O are read as 1 and 0. Raises NoSuchCode."""
    body, check = _parts(code)
    number = 0
    for sign in body:
        number = number * len(_SIGNS) + _SIGNS.index(sign)
    if not 0 < number <= _LARGEST or code_of(number).replace("-", "") != body + check:
        raise NoSuchCode(code)
    return number


def _parts(code: str) -> tuple[str, str]:
    signs = re.sub(r"[\s-]", "", code).upper()
    body, check = signs[:-1].translate(_LOOK_ALIKE), signs[-1:]
    if len(body) < _SHORTEST or not all(sign in _SIGNS for sign in body):
        raise NoSuchCode(code)
    for possible in {check, check.translate(_LOOK_ALIKE)}:
        try:
            mod_37_36.validate(body + possible)
        except ValidationError:
            continue
        return body, possible
    raise NoSuchCode(code)
