"""How anything is posted once: what is let in, tasks, the outbox with its keys, what waits for a person."""
