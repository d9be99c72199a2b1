"""What matches do when a lower room announces a change: renew, or close."""


def connect() -> None:
    """Subscribe to the signals of `portal.events`."""
