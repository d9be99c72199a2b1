"""What the municipality promised, and the figures that count what all the rooms below recorded."""
