"""A mail scanner: fetches a link and what it leads to, and presses what it finds at once, with or without cookies."""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from bs4 import Tag
from flask import Flask

from tests.client import PortalClient, PortalResponse

MOST_PAGES = 40


@dataclass
class Scanner:
    """One visit to one link. `presses`: the first button of a form, none of them, or every one."""

    app: Flask
    keeps_cookies: bool
    presses: str = "first"
    posted: list[tuple[str, int]] = field(default_factory=list)

    def visit(self, url: str) -> None:
        """HEAD, then GET, then whatever stands there: each link under the same address, and each form."""
        browser = PortalClient(self.app)
        browser._send("HEAD", url, htmx=False)
        waiting, seen = [url], set()
        while waiting and len(seen) < MOST_PAGES:
            address = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            page = self._browser(browser).get(address)
            waiting += [one for one in self._links(page, address) if urlsplit(one).path.startswith(url)]
            for form in page.page.select("form[method=post]") if page.mimetype == "text/html" else ():
                self._press(browser, form, address)

    def _browser(self, kept: PortalClient) -> PortalClient:
        return kept if self.keeps_cookies else PortalClient(self.app)

    def _links(self, page: PortalResponse, address: str) -> list[str]:
        if page.mimetype != "text/html":
            return []
        return [urljoin(address, str(link["href"])) for link in page.page.select("a[href]")]

    def _press(self, kept: PortalClient, form: Tag, address: str) -> None:
        target = urljoin(address, str(form.get("action") or address))
        fields = {
            str(one["name"]): str(one.get("value", ""))
            for one in form.select("input[name]")
            if one.get("type") not in ("radio", "checkbox", "submit")
        }
        buttons = [
            {str(one["name"]): str(one.get("value", ""))} if one.get("name") else {}
            for one in form.select("button")
        ]
        for pressed in {"first": buttons[:1], "none": [{}], "every": buttons}[self.presses]:
            sent = self._browser(kept)._send("POST", target, htmx=False, data={**fields, **pressed})
            self.posted.append((target, sent.status_code))
