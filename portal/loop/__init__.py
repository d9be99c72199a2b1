"""The eight steps from an opening to lasting cooperation, in their order; a room imports only rooms before it."""
