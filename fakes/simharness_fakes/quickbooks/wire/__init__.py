"""QuickBooks' JSON: what is read from a body and how a record is written."""
