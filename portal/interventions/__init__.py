"""What a municipality does beside the loop, and for whom."""
