"""The weights that are shipped are those that the last training wrote."""

import hashlib
from pathlib import Path

from portal.lexicon.likeness import WEIGHTS_FILE

DIGESTS = Path(__file__).resolve().parents[2] / "bench" / "weights.json.sha256"


def test_the_shipped_weights_are_what_the_last_training_wrote() -> None:
    stated = dict(line.split("  ")[::-1] for line in DIGESTS.read_text(encoding="utf-8").splitlines())

    assert hashlib.sha256(WEIGHTS_FILE.read_bytes()).hexdigest() == stated[WEIGHTS_FILE.name]
