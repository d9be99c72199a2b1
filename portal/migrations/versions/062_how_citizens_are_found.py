"""citizens are found by folded words, and one case number is one person however it is written"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "062"
down_revision = "061"
branch_labels = None
depends_on = None

_NULLABLE = {"case_key": 40, "phone_key": 20}
_NEVER_EMPTY = {"name_key": 330, "searched": 700, "sort_name": 170}
_COLUMNS = (*_NULLABLE, *_NEVER_EMPTY)
_citizens = sa.table(
    "citizens",
    sa.column("id", sa.Integer),
    sa.column("municipality_id", sa.Integer),
    sa.column("first_name", sa.String),
    sa.column("last_name", sa.String),
    sa.column("case_reference", sa.String),
    sa.column("phone", sa.String),
    *(sa.column(name, sa.String) for name in _COLUMNS),
)

# The folding of that day, kept here: a migration does tomorrow what it did today.
_MARK = re.compile("[\u0300-\u036f\u064b-\u065f]")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_LEFT_OUT = _DASHES + ".'`\u2018\u2019\u02bb\u02bc\u00ad\u200b\u200c\u200d\u2060\ufeff"
_LETTERS = str.maketrans(
    {
        **dict(zip("øØłŁđĐðÐıς", "oollddddiσ", strict=True)),
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ß": "ss",
        "þ": "th",
        "Þ": "th",
        **dict.fromkeys(_LEFT_OUT, ""),
    }
)
_NOT_WORD = re.compile(r"[\W_]+")


def upgrade() -> None:
    for name, length in _NULLABLE.items():
        op.add_column("citizens", sa.Column(name, sa.String(length=length), nullable=True))
    for name, length in _NEVER_EMPTY.items():
        op.add_column(
            "citizens", sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        )
    _fill()
    op.drop_index("ix_citizens_by_name", table_name="citizens")
    op.create_index("ix_citizens_in_order", "citizens", ["municipality_id", "sort_name", "id"])
    op.create_index("ix_citizens_by_name_key", "citizens", ["municipality_id", "name_key"])
    op.create_index("ix_citizens_by_phone_key", "citizens", ["municipality_id", "phone_key"])
    op.create_index("uq_citizens_case_key", "citizens", ["municipality_id", "case_key"], unique=True)


def downgrade() -> None:
    for index in (
        "uq_citizens_case_key",
        "ix_citizens_by_phone_key",
        "ix_citizens_by_name_key",
        "ix_citizens_in_order",
    ):
        op.drop_index(index, table_name="citizens")
    for name in reversed(_COLUMNS):
        op.drop_column("citizens", name)
    op.create_index("ix_citizens_by_name", "citizens", ["municipality_id", "last_name", "first_name", "id"])


def _fill() -> None:
    """Of citizens whose numbers are one when folded, the first has the key: the others work on without it."""
    connection = op.get_bind()
    taken: set[tuple[int, str]] = set()
    rows = connection.execute(sa.select(_citizens).order_by(_citizens.c.id)).all()
    for row in rows:
        key: str | None = _case_key(row.case_reference)
        if not key or (row.municipality_id, key) in taken:
            key = None
        else:
            taken.add((row.municipality_id, key))
        connection.execute(sa.update(_citizens).where(_citizens.c.id == row.id).values(**_found_by(row, key)))


def _found_by(row: sa.Row, key: str | None) -> dict[str, str | None]:
    name = f"{row.first_name} {row.last_name}".strip()
    words = _NOT_WORD.sub(" ", _loose(_plain(re.sub(f"[{_DASHES}]", " ", name)))).split()
    digits = "".join(re.findall(r"\d", unicodedata.normalize("NFKC", row.phone or "")))
    phone = re.sub(r"^(?:00)?45(?=\d{8}$)", "", digits) or None
    plain = _plain(name)
    text = plain if _loose(plain) == plain else f"{plain} {_loose(plain)}"
    case = _case_key(row.case_reference)
    return {
        "case_key": key,
        "name_key": " ".join(sorted(words)),
        "phone_key": phone,
        "searched": " ".join(filter(None, (text, case, _NOT_WORD.sub("", case), phone))),
        "sort_name": ", ".join(filter(None, (row.last_name, row.first_name))).lower(),
    }


def _case_key(text: str) -> str:
    bare = _MARK.sub("", unicodedata.normalize("NFKD", text)).lower()
    parts = _NOT_WORD.sub(" ", re.sub("[\u00ad\u200b\u200c\u200d\u2060\ufeff]", "", bare)).split()
    return re.sub(r"(?<!\d) | (?!\d)", "", " ".join(parts)).replace(" ", "/")


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_LETTERS)
    return _MARK.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_LETTERS)


def _loose(plain: str) -> str:
    for letters, letter in (("aa", "a"), ("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = plain.replace(letters, letter)
    return plain
