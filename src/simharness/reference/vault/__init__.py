"""Where the connector keeps what it must know of people: encrypted, and no longer than the mapping allows."""
