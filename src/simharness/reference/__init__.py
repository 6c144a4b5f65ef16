"""The reference connector: HubSpot deals, Stripe charges and Gusto payrolls into QuickBooks, and the ledger into BI.

An ordinary middleware program and a model to start one's own from. It is attached by its manifest, `connector.yaml`,
knows the vendors' public dialects and its own mapping folder, and nothing else of this package.
"""
