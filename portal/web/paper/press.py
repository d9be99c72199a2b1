"""One document set by Typst. Runs in a child process (`typesetting.py` is its other side): Typst remembers all it sets.

What it remembers is never given back, 0.9 GB for each forty bilingual cards, so its process is replaced before long.
"""

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "fonts"


def press(job: bytes) -> bytes:
    """`{"template": path, "data": JSON text, "on": ISO date}` as PDF/UA-1; the same job, the same bytes."""
    asked = json.loads(job)
    pdf = _compiler(Path(asked["template"])).compile(
        format="pdf",
        sys_inputs={"data": asked["data"]},
        pdf_standards="ua-1",
        timestamp=datetime.fromisoformat(asked["on"]).replace(tzinfo=UTC),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a document is one file")
    return pdf


def _compiler(template: Path) -> typst.Compiler:
    """A new one for every document, because a compiler keeps the last one's data."""
    return typst.Compiler(input=template, root=template.parent, font_paths=fonts())


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Ours alone: a document must look the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
