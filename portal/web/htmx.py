"""The whole HTMX contract: one URL, one template, two sizes. Nothing else asks whether htmx is there."""

from typing import Any

from flask import Response, make_response, redirect, request, session
from flask_babel import gettext as _
from jinja2_fragments.flask import render_block
from werkzeug.urls import iri_to_uri

from portal.web.reading import in_readers_language, rendered


def wants_fragment() -> bool:
    """Whether htmx asks for a part. A history restore wants the page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def render_page(
    template: str, *, fragment: str, status: int = 200, titled: Any = False, **context: Any
) -> Response:
    """The page to a browser, the block `fragment` and the messages to htmx; `titled`: and the page's own title."""
    if wants_fragment():
        body = block_rendered(template, fragment, **context)
        if titled:
            body += f"<title>{block_rendered(template, 'title', **context)} – {_('Det gode match')}</title>"
        if _speaks_to_page():
            body += rendered("components/messages.html", oob=True)
    else:
        body = rendered(template, **context)
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def block_rendered(template: str, block: str, **context: Any) -> str:
    """One block of the page, in the reader's language."""
    with in_readers_language():
        return str(render_block(template, block, **context))


def _speaks_to_page() -> bool:
    """A region that another page loads for itself must not wipe what that page has just told."""
    page = request.headers.get("HX-Current-URL", request.path).partition("?")[0].partition("#")[0]
    return page.endswith(request.path) or "_flashes" in session


def leave_to(url: str) -> Response:
    """Go to another page after a POST: 204 + HX-Redirect for htmx (a followed 303 would land inside the region)."""
    if wants_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = iri_to_uri(
            url
        )  # as a redirect does: a header takes no other letters
        return response
    return make_response(redirect(url, 303))
