"""First features: templates by area of finance, and the words that fill them from a dictionary."""
