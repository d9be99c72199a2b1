"""words that records are found by, filled for those that stand"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "088"
down_revision = "087"
branch_labels = None
depends_on = None

KINDS = ("citizen", "card", "employer", "opening", "placement", "word")

SOURCES = (
    ("citizen", "SELECT id, id, '', case_reference, phone_key, first_name, last_name FROM citizens", 2),
    ("citizen", "SELECT citizen_id, citizen_id, '', old_card_number, case_key FROM merged_citizens", 0),
    ("card", "SELECT id, citizen_id, number FROM competence_cards", 0),
    ("employer", "SELECT id, NULL, cvr, name FROM employers", 1),
    ("employer", "SELECT employer_id, NULL, p_number, name FROM workplaces", 1),
    ("employer", "SELECT employer_id, NULL, name FROM contact_persons", 1),
    ("opening", "SELECT id, NULL, title, id FROM openings", 0),
    ("opening", "SELECT o.id, NULL, e.name FROM openings o JOIN employers e ON e.id = o.employer_id", 1),
    (
        "placement",
        "SELECT p.id, c.citizen_id, p.id, o.title FROM placements p JOIN competence_cards c ON c.id = p.card_id "
        "JOIN openings o ON o.id = p.opening_id",
        0,
    ),
    ("word", "SELECT id, NULL, name FROM skills", 0),
    ("word", "SELECT skill_id, NULL, label FROM skill_synonyms", 0),
)
"""Kind; the record, its citizen, and texts; how many of the last texts are names."""

# The folding of that day, kept here: a migration does tomorrow what it did today.
_MARK = re.compile("[\u0300-\u036f\u064b-\u065f]")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_UNSEEN = "\u00ad\u0640\u200b\u200c\u200d\u2060\ufeff"
_LEFT_OUT = _DASHES + ".'`\u2018\u2019\u02bb\u02bc" + _UNSEEN
_LETTERS = str.maketrans(
    {
        **dict(zip("øØłŁđĐðÐıςىیکةۀە", "oollddddiσييكههه", strict=True)),
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
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "search_words",
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="findkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("word", sa.String(60, collation="C" if on_postgresql else None), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_search_words_citizen_id_citizens")
        ),
        sa.PrimaryKeyConstraint("kind", "word", "record_id", name=op.f("pk_search_words")),
    )
    op.create_index(op.f("ix_search_words_citizen_id"), "search_words", ["citizen_id"])
    op.create_index("ix_search_words_by_record", "search_words", ["kind", "record_id", "word"])
    _fill()


def downgrade() -> None:
    op.drop_table("search_words")


def _fill() -> None:
    table = sa.table(
        "search_words", *(sa.column(name) for name in ("kind", "word", "record_id", "citizen_id"))
    )
    words: dict[tuple[str, int, int | None], set[str]] = defaultdict(set)
    for kind, statement, names in SOURCES:
        for record_id, citizen_id, *texts in op.get_bind().execute(sa.text(statement)):
            for place, text in enumerate(texts):
                found = _index_words(str(text or ""), is_name=place >= len(texts) - names)
                words[kind, record_id, citizen_id] |= {word[:60] for word in found}
    for rows in _in_parts(words):
        op.get_bind().execute(sa.insert(table), rows)


def _in_parts(words: dict[tuple[str, int, int | None], set[str]]) -> Iterator[list[dict[str, object]]]:
    rows: list[dict[str, object]] = []
    for (kind, record_id, citizen_id), found in words.items():
        rows += [
            {"kind": kind, "word": word, "record_id": record_id, "citizen_id": citizen_id}
            for word in sorted(found)
        ]
        if len(rows) >= 1000:
            yield rows
            rows = []
    if rows:
        yield rows


def _index_words(text: str, *, is_name: bool) -> set[str]:
    bare = _MARK.sub("", unicodedata.normalize("NFKD", text))
    parts = [_loose(_plain(word)) for word in _NOT_WORD.sub(" ", bare).split()]
    whole = [_NOT_WORD.sub("", _plain(_loose(_plain(word)))) for word in text.split()]
    pairs = [one + other for one, other in pairwise(parts)] if is_name else []
    words = {word for word in (*parts, *whole, *pairs) if word}
    return {word for word in words if len(word) > 1 or not any(word != one[:1] for one in words - {word})}


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_LETTERS)
    return _MARK.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_LETTERS)


def _loose(plain: str) -> str:
    for letters, letter in (("aa", "a"), ("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = plain.replace(letters, letter)
    return plain
