"""The door: `python3 app.py` sets up and serves, with `test` it tests; servers import `app` from here."""

import sys

if __name__ == "__main__":
    from tools.bootstrap import main

    sys.exit(main(sys.argv[1:]))

from portal.application import create_app
from portal.config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as refusal:
    print(refusal, file=sys.stderr)  # noqa: T201 - there is no logger before there is an app
    sys.exit(3)  # gunicorn stops at a worker that leaves with 3; any other code it would try again for ever
