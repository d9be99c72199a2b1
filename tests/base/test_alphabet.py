"""The order of names: the Danish alphabet, the same in Python and on both engines, in every list."""

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

import portal
from portal.base.alphabet import alphabet_key, alphabetical
from portal.base.database import db
from portal.loop.citizens.models import Citizen
from tests import factories

IN_ORDER = (
    "Abdi",
    "Al Sayed",
    "al-Sayed Nour",
    "Alsaid",
    "Café",
    "Cafeteria",
    "Mylius",
    "Müller",
    "O\u2019Brien",
    "Obrist",
    "Zøllner",
    "Ægir",
    "Ärlig",
    "Øster",
    "Özdemir",
    "Åben",
    "Aabenraa",
    "Aaby",
    "Århus",
    "Aarup",
)
WRITTEN = (
    *IN_ORDER,
    *(unicodedata.normalize("NFD", name) for name in IN_ORDER),
    "ǼLØ ǿ Œuvre",
    "Łódź, Đorđe ır İstanbul Þór Straße",
    "{hej} | ~",
    "",
)


def test_names_stand_in_the_order_of_the_alphabet() -> None:
    names = list(IN_ORDER[::-1])
    names.sort(key=alphabet_key)

    assert tuple(names) == IN_ORDER


@pytest.mark.parametrize("text", WRITTEN)
def test_the_database_orders_as_we_do(app: Flask, text: str) -> None:
    assert db.session.scalar(sa.select(alphabetical(sa.literal(text)))) == alphabet_key(text)


def test_the_database_sorts_as_we_do(app: Flask) -> None:
    rows = [sa.select(sa.literal(name).label("name")) for name in reversed(IN_ORDER)]
    named = sa.union_all(*rows).subquery()

    found = db.session.scalars(sa.select(named.c.name).order_by(alphabetical(named.c.name))).all()

    assert tuple(found) == IN_ORDER


def test_citizens_stand_in_the_order_of_the_alphabet(app: Flask) -> None:
    names = [("Mona", "Åberg"), ("Anja", "Aagaard"), ("Selam", ""), ("Zara", "Øster"), ("Ali", "al-Sayed")]
    for number, (first, last) in enumerate(names):
        factories.make_citizen(first, last_name=last, case_reference=f"K-9{number}")

    found = db.session.scalars(
        sa.select(Citizen).where(Citizen.case_reference.like("K-9_")).order_by(Citizen.sort_name)
    )

    assert [one.first_name for one in found] == ["Ali", "Selam", "Zara", "Mona", "Anja"]


def test_a_name_of_letters_that_fold_to_many_is_kept(app: Flask) -> None:
    name = "\ufdfa" * 80

    citizen = factories.make_citizen(name, last_name=name, case_reference="K-99")

    assert citizen.first_name == name


# --- No list is ordered by code points -------------------------------------------------------------------------------

AS_STORED = {
    "sort_name": "holds the key itself",
    "case_reference": "a number",
    "number": "a number",
    "cvr": "a number",
    "email": "no name: signs before letters",
    "recipient": "an address",
    "key": "the code's word",
    "kind": "the code's word",
    "key_hash": "the code's word",
    "case_key": "a number",
    "value": "the code's word",
}
"""Texts that are ordered by their signs, and why."""


def text_columns() -> dict[str, set[str]]:
    """The columns that hold words, by the class that has them."""
    return {
        mapper.class_.__name__: {
            one.key
            for one in mapper.column_attrs
            if isinstance(one.columns[0].type, sa.String) and not isinstance(one.columns[0].type, sa.Enum)
        }
        for mapper in db.Model.registry.mappers
    }


def ordered_by(tree: ast.AST) -> Iterator[ast.expr]:
    """What stands in `order_by` and in the columns of `Sorts`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "order_by":
            yield from node.args
        if name == "Sorts" and isinstance(node.args[0], ast.Dict):
            for columns in node.args[0].values:
                yield from getattr(columns, "elts", ())
        for keyword in node.keywords:
            if keyword.arg == "order_by":
                yield keyword.value.body if isinstance(keyword.value, ast.Lambda) else keyword.value


def by_code_point(tree: ast.AST, columns: dict[str, set[str]]) -> list[str]:
    found = []
    for one in ordered_by(tree):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            one = one.args[0] if one.func.attr == "lower" else one.func.value  # else .desc()
        told = ast.unparse(one).strip("'")
        owner, _dot, attribute = told.rpartition(".")
        is_words = attribute in columns.get(owner.rpartition(".")[2], ())
        if is_words and attribute not in AS_STORED:
            found.append(told)
    return found


def test_every_list_by_name_is_in_the_order_of_the_alphabet() -> None:
    columns = text_columns()
    root = Path(portal.__file__).parent

    found = {
        str(file.relative_to(root)): names
        for file in root.rglob("*.py")
        if "migrations" not in file.parts
        if (names := by_code_point(ast.parse(file.read_text()), columns))
    }

    assert found == {}


def test_an_order_by_code_points_is_noticed() -> None:
    tree = ast.parse(
        "select.order_by(Employer.name.desc(), alphabetical(Employer.name), Employer.id)\n"
        "Sorts({'name': [sa.func.lower(User.name), User.id]}, default='name')\n"
        "relationship(order_by='SkillSynonym.label')\n"
        "relationship(order_by=lambda: Skill.name)"
    )

    assert by_code_point(tree, text_columns()) == [
        "Employer.name",
        "User.name",
        "SkillSynonym.label",
        "Skill.name",
    ]
