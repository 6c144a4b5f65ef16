"""Deferred revenue: what was billed for service that is still to be given, and how it becomes revenue."""
