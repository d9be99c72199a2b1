"""Every code that a room writes to the log can be read in Danish."""

import re
from pathlib import Path

import portal
from portal.shared.audit.words import ACTIONS

WRITTEN = re.compile(r'audit\.(?:record|look)\(\s*(?:"([a-z-]+)")')


def test_every_action_that_is_written_has_words():
    written = {
        code
        for file in Path(portal.__file__).parent.rglob("*.py")
        for code in WRITTEN.findall(file.read_text(encoding="utf-8"))
    }

    assert written - set(ACTIONS) == set()
