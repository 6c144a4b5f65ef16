"""What happens and what must be true afterwards: the vocabulary, its doors and the session that plays a story.

A story is data: typed steps, each a verb with its parameters. YAML, features and other doors make steps; `Run` plays
them on a world with a connector and leaves a `RunRecord`. Nothing here judges: expectations are recorded for `checks`.
"""
