"""The books of a run as plain-text accounting: files that Beancount and hledger read, check and query.

They are derived: everything in them is in the record. The two programs balance every entry and add up every account
on their own, so they are second opinions on the ledger that share no code with simharness.
"""

from simharness.report.plaintext.formats import FORMATS, Export, Format, exports

__all__ = ["FORMATS", "Export", "Format", "exports"]
