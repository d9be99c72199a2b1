"""Which pages a role can reach by following links, one or a few URLs per endpoint."""

from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import urldefrag, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

PER_ENDPOINT = 3
"""Pages of one endpoint differ by their data; a few samples find what one would miss."""


class Crawler:
    """Breadth first from the front page. `fetch(path)` returns the page's links and whatever the caller keeps."""

    def __init__(
        self, app: Flask, fetch: Callable[[str], list[str]], per_endpoint: int = PER_ENDPOINT
    ) -> None:
        self._urls = app.url_map.bind("localhost")
        self._fetch = fetch
        self._per_endpoint = per_endpoint
        self.seen: dict[str, list[str]] = {}

    def walk(self, start: str = "/") -> dict[str, list[str]]:
        """Endpoint -> the paths that were fetched."""
        waiting = deque([start])
        known = {start}
        while waiting:
            path = waiting.popleft()
            endpoint = self.endpoint(path)
            if endpoint is None or len(self.seen.setdefault(endpoint, [])) >= self._per_endpoint:
                continue
            self.seen[endpoint].append(path)
            for link in self._inside(self._fetch(path)):
                if link not in known:
                    known.add(link)
                    waiting.append(link)
        return self.seen

    def endpoint(self, path: str) -> str | None:
        """None for what is not a page of ours."""
        try:
            found, _values = self._urls.match(urlsplit(path).path, method="GET")
        except HTTPException:
            return None
        return None if found == "static" else str(found)

    @staticmethod
    def _inside(links: list[str]) -> Iterator[str]:
        for link in links:
            bare = urldefrag(link).url
            if bare.startswith("/") and not bare.startswith("//"):
                yield bare
