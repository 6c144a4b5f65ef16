"""What the connector knows of the ledger itself: accounts and items, closed periods, plain journals."""
