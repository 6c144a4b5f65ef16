"""The operations family's engine: what a finance team has around its systems. Vendor-neutral, no HTTP.

`desk` is where alerts arrive: one incident an occasion, counted while it stays open, acknowledged, cleared.
"""
