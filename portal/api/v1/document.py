"""The document of the doors (OpenAPI 3.1), which SpecTree makes of the views, their shapes and their docstrings."""

import copy
from typing import Any, Final

from spectree import Response, SecurityScheme, SecuritySchemeData, SpecTree, get_msgspec_model_adapter

from portal import __version__
from portal.api.v1.problems import MIMETYPE, bad_parameters
from portal.api.v1.shapes import CODES, ProblemShape
from portal.base.database import MAX_ID

DESCRIPTION: Final = """\
Read-only JSON for a municipality's other systems. A token is made by the municipality's administrator on the page \
*Andre systemer*, for one system and purpose, with scopes and a last day. It opens what is the municipality's own, and \
nothing else. Every read is written in the municipality's log; a read about a citizen is in hers."""

REFUSALS: Final = {
    400: "A parameter is no good.",
    401: "No token, or one that opens nothing any more.",
    403: "The token has not the scope.",
    404: "There is nothing here, or the token may not know of it.",
    429: "Too many requests in one minute; `Retry-After` says when.",
    503: "The portal is busy; `Retry-After` says when.",
}


def _name(shape: Any) -> str:
    return str(shape.__name__).removesuffix("Shape")


document = SpecTree(
    "flask",
    model_adapter=get_msgspec_model_adapter(),
    before=bad_parameters,
    validation_error_status=400,
    validation_error_model=ProblemShape,
    naming_strategy=_name,
    nested_naming_strategy=lambda _parent, child: child.removesuffix("Shape"),
    mode="strict",
    title="Det gode match",
    description=DESCRIPTION,
    version=__version__,
    security_schemes=[
        SecurityScheme(
            name="token",
            data=SecuritySchemeData(
                type="http",  # type: ignore[arg-type]
                scheme="bearer",
                description="A token from the page Andre systemer.",
            ),
        )
    ],
)


def answers_of(gives: type) -> Response:
    """What a door may answer: what it gives, or a problem."""
    problems = {f"HTTP_{status}": (ProblemShape, words) for status, words in REFUSALS.items()}
    return Response(HTTP_200=gives, **problems)


def described() -> dict[str, Any]:
    """The document, with problems as what they are, and each code's name in Danish. Inside an application's context."""
    made: dict[str, Any] = copy.deepcopy(document.spec)
    for operation in (operation for path in made["paths"].values() for operation in path.values()):
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                parameter["schema"].update(minimum=1, maximum=MAX_ID, examples=[1])
        for status in REFUSALS:
            answer = operation["responses"][str(status)]
            answer["content"] = {MIMETYPE: answer["content"]["application/json"]}
    for codes in CODES:
        made["components"]["schemas"][codes.__name__]["x-danish"] = {
            code.value: str(code.label) for code in codes
        }
    return made
