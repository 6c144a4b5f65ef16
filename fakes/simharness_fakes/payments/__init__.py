"""The payments family's engine: charges, fees, the balance and when money becomes available. Vendor-neutral, no HTTP.

`fees` and `availability` are declared rules, `charges` takes money, `balance` holds every movement, and `chronicle`
keeps records in order of creation so that a list can be read from any place in it.
"""
