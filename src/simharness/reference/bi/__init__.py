"""The ledger as tables for BI: read, built aside, audited, published."""
