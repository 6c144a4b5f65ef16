"""How the connector behaved on the wire and towards its own log (rules: section 6)."""
