"""Other programs that write invoices into the same ledger: whose is what, what is taken over, what is awaited."""
