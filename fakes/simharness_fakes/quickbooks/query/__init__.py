"""QuickBooks' query language: `parse` reads it, `fields` says what can be asked of each entity, `run` answers it."""
