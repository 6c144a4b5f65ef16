"""Laws of the QuickBooks pack."""
