"""Settings for `gunicorn 'app:app'`; the command line and GUNICORN_CMD_ARGS override them."""

import os

bind = f"{os.environ.get('PORTAL_HOST', '127.0.0.1')}:{os.environ.get('PORTAL_PORT', '5000')}"
worker_class = "gthread"  # keeps idle browsers from occupying a worker; one process each would be far dearer
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))  # processes; about one per core
threads = 8  # per process; requests that wait for the database wait here
timeout = 30  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20  # seconds an ordinary stop waits for running requests
