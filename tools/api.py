"""Write docs/api.md from the document of the doors: python -m tools.api"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from portal.api.tokens.models import TokenScope
from portal.api.v1.document import described
from portal.api.v1.doors import PREFIX
from portal.application import create_app
from portal.config import DEFAULTS

DOCS: Final = Path(__file__).parent.parent / "docs"
FILE: Final = DOCS / "api.md"
CLIENT: Final = DOCS / "api_client.py"

INTRODUCTION: Final = """\
# Doors for other systems

{about}

This file is written by `python -m tools.api` from the document that the portal itself serves, without a token, at
`{prefix}/openapi.json` (OpenAPI {version}); a test holds it in place. Why it is so: `docs/adr/039-doors.md`.

## A token

The administrator signs in, opens *Andre systemer*, and makes a token (*Ny nøgle*): which system, what for, what it
may read, and its last day, at most {longest} days ahead. The token is shown once; the portal keeps a hash of it. Make
the next one before the old one expires: both work side by side. *Luk nøglen* ends it at once. Send it with every
request:

```
Authorization: Bearer dgm_...
```

| scope | what it opens, as the administrator reads it |
| --- | --- |
{scopes}

## A client in 20 lines

`docs/api_client.py` needs Python alone; a test runs it.

```python
{client}```

## What holds everywhere

- Only `GET` is answered: nothing is written through a door.
- A list has `items` in the order of their numbers, and `next`: the address of the next page, or null. A page begins
  after the last record of the one before, so that nothing is told twice or left out however much comes meanwhile.
- At most {often} requests are answered in one minute for each token; then 429, and `Retry-After` says how many seconds
  are left.
- An unknown parameter is an error, not ignored.
- Days are `2026-12-01`; moments are in UTC. A new field may come in an answer at any time; none changes its meaning
  within `v1`.
- The number of a citizen's case stands in the header `Case-Number` and in no address: addresses are written down on
  the way.
- Each read is written in the municipality's log with the system's name; a read about a citizen is in her own log too.

## When there is no answer

`application/problem+json` (RFC 9457): `title` in Danish for whoever uses the other system, `detail` in English for
whoever made it, `type` for the program.

| status | when |
| --- | --- |
{problems}
"""


def written(document: Mapping[str, Any]) -> str:
    """The whole file."""
    operations = [(path, found["get"]) for path, found in document["paths"].items()]
    schemas = document["components"]["schemas"]
    parts = [
        INTRODUCTION.format(
            about=document["info"]["description"],
            prefix=PREFIX,
            version=document["openapi"],
            longest=DEFAULTS["API_TOKEN_LONGEST"].days,
            often=DEFAULTS["API_REQUESTS_A_MINUTE"],
            scopes="\n".join(f"| `{scope.value}` | {scope.label} |" for scope in TokenScope),
            client=CLIENT.read_text("utf-8"),
            problems="\n".join(_problems(operations[0][1])),
        ),
        "## The doors\n",
        *(_door(path, operation) for path, operation in operations),
        "## The shapes\n",
        *(_shape(name, schemas[name]) for name in sorted(schemas) if _is_told(name, document)),
        "## The codes\n",
        "What each is called in Danish.\n",
        *(_codes(name, shape) for name, shape in sorted(schemas.items()) if "x-danish" in shape),
    ]
    return "\n".join(parts)


def _problems(operation: Mapping[str, Any]) -> Iterator[str]:
    for status, answer in sorted(operation["responses"].items()):
        if status != "200":
            yield _row(status, answer["description"])


def _door(path: str, operation: Mapping[str, Any]) -> str:
    [scopes] = operation["security"][0].values()
    gives = _type(operation["responses"]["200"]["content"]["application/json"]["schema"])
    lines = [f"### `GET {path}`\n", f"{operation['summary']}.\n"]
    if operation["description"]:
        lines += [operation["description"], ""]
    lines += [f"Scope `{scopes[0]}`. Gives {gives}.\n"]
    if operation["parameters"]:
        lines += ["| parameter | in | kind | |", "| --- | --- | --- | --- |"]
        lines += [
            _row(
                f"`{one['name']}`{' (needed)' if one['required'] else ''}",
                one["in"],
                _type(one["schema"]),
                one["description"],
            )
            for one in operation["parameters"]
        ]
        lines.append("")
    return "\n".join(lines)


def _is_told(name: str, document: Mapping[str, Any]) -> bool:
    """Whether some answer is made of it; what is asked stands at its door, and codes by themselves."""
    if "properties" not in document["components"]["schemas"][name]:
        return False
    return f'"#/components/schemas/{name}"' in json.dumps(document)


def _shape(name: str, shape: Mapping[str, Any]) -> str:
    head = [f"### {name}\n", shape.get("description", ""), "", "| field | kind | |", "| --- | --- | --- |"]
    rows = [
        _row(f"`{field}`", _type(kind), kind.get("description", ""))
        for field, kind in shape["properties"].items()
    ]
    return "\n".join([*head, *rows, ""])


def _codes(name: str, shape: Mapping[str, Any]) -> str:
    rows = [_row(f"`{code}`", danish) for code, danish in shape["x-danish"].items()]
    return "\n".join([f"### {name}\n", "| code | in Danish |", "| --- | --- |", *rows, ""])


def _type(schema: Mapping[str, Any]) -> str:
    """A kind in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return f"{schema['type']}{_limits(schema)}"


def _limits(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in ("date", "date-time"):
        return f" ({schema['format']})"
    if "minimum" in schema:
        usual = f", {schema['default']} unless said" if "default" in schema else ""
        return f" ({schema['minimum']} to {schema['maximum']}{usual})"
    return ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def main() -> None:
    with create_app().app_context():
        FILE.write_text(written(described()), encoding="utf-8")


if __name__ == "__main__":
    main()
