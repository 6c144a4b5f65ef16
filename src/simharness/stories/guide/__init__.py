"""The dictionary of sentences: what each one takes, an example of it, and the same step in YAML."""
