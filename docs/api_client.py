"""Prints every opening that is up: PORTAL=https://... TOKEN=dgm_... python3 api_client.py"""

import json
import os
from urllib.request import Request, urlopen

PORTAL, HEADERS = os.environ["PORTAL"], {"Authorization": f"Bearer {os.environ['TOKEN']}"}


def read(path, **more):
    """Every record of every page. A citizen's case number is a header: read(path, **{"Case-Number": "26/10431"})."""
    while path:
        with urlopen(Request(PORTAL + path, headers={**HEADERS, **more})) as answer:
            page = json.load(answer)
        yield from page["items"]
        path = page["next"]


for opening in read("/api/v1/openings?status=published"):
    print(opening["id"], opening["title"], opening["employer"]["name"], sep="; ")
