"""The accounting family's engine: a double-entry ledger without HTTP, field names or codes of any vendor.

A pack builds one `books.Books` a company and translates its dialect to and from it.
"""
