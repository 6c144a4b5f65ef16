"""What the books should be: computed from facts, dictionary and policies only, never from a ledger."""
