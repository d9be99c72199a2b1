"""What tests need from the machine: Chromium, PostgreSQL, and a plain word when they are missing."""
