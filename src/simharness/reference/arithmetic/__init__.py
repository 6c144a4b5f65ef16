"""Money, currencies, prices, taxes and shares: the figures of the connector."""
