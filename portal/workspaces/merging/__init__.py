"""Two citizens, or two employers, who are one: a consultant joins them, and both histories stay."""
