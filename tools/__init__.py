"""What runs around the portal: setting up, serving, testing. The portal itself imports nothing from here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the checkout."""
