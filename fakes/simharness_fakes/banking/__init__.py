"""The banking family's engine: accounts per currency, pending and posted lines, balances. Vendor-neutral, no HTTP.

`bank` holds accounts and lines and changes them; `feed` remembers every change, so that anybody can be told what is new
since any place in it; `refusals` says why a bank will not do something.
"""
