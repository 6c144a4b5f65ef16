"""`run.duckdb`: the records and what the checks made of them as tables, to be asked with SQL.

It is derived: everything in it can be made again from `run.ndjson`. Tables and columns are in `tables.sql`.
"""

from simharness.report.database.writer import DatabaseFile

__all__ = ["DatabaseFile"]
