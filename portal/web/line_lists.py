"""Several lines of one form, each by its number."""

import re
from collections.abc import Iterator
from typing import Any

from wtforms import FieldList


class LineList(FieldList):
    """Lines by number; a made-up number in a field's name is no line, where WTForms would stumble."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        line = re.compile(re.escape(prefix) + r"-([0-9]{1,3})-")
        yield from (int(found[1]) for name in formdata if (found := line.match(name)))
