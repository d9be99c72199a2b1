"""Where a sign-in may lead: pages of the portal itself, never another site."""

from urllib.parse import urlsplit

LONGEST = 500
_LOOPS = ("/login", "/logout")


def safe_local_path(text: str | None) -> str | None:
    """The path when it leads to a page of the portal, else None.

    Browsers read "\\" as "/" and drop tabs and newlines, so "/\\t/evil.example" is another site: none of them pass.
    """
    if not text or len(text) > LONGEST or not text.startswith("/") or text.startswith("//"):
        return None
    if "\\" in text or any(ord(character) <= 32 or ord(character) == 127 for character in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith("//"):
        return None
    return None if parts.path.startswith(_LOOPS) else text
