"""Features: Gherkin read with its lines, and translated into the tree that a story is told from."""
