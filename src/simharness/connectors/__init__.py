"""How a system under test is attached: one port, and a manifest that says how to start it and what it declares."""
