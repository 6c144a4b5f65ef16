"""What is billed: a deal read from the CRM, its bill worked out, and its documents in the dialect of the ledger."""
