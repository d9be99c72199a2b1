"""The front page of each role, and the pages every public site has: accessibility statement, privacy, health."""
