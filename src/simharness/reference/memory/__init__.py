"""What the connector remembers: its database, the chained log, evidence, notices, what relief was claimed."""
