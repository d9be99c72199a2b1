"""The whole HTMX contract: one URL, one template, two sizes. Nothing else asks whether htmx is there."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, session
from jinja2_fragments.flask import render_block


def wants_fragment() -> bool:
    """Whether htmx asks for a part. A history restore wants the page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def render_page(template: str, *, fragment: str, status: int = 200, **context: Any) -> Response:
    """The page to a browser, the block `fragment` and the messages to htmx."""
    if wants_fragment():
        body = render_block(template, fragment, **context)
        if _speaks_to_page():
            body += render_template("components/messages.html", oob=True)
    else:
        body = render_template(template, **context)
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def _speaks_to_page() -> bool:
    """A region that another page loads for itself must not wipe what that page has just told."""
    page = request.headers.get("HX-Current-URL", request.path).partition("?")[0].partition("#")[0]
    return page.endswith(request.path) or "_flashes" in session


def leave_to(url: str) -> Response:
    """Go to another page after a POST: 204 + HX-Redirect for htmx (a followed 303 would land inside the region)."""
    if wants_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    return make_response(redirect(url, 303))
