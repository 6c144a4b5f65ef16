"""C8: personal data stay where they belong."""
