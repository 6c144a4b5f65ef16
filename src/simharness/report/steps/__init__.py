"""The dictionary of sentences as people and editors read it: text, Markdown, a page, and glue."""
