"""What people and programs read after a run: terminal, JUnit, the record itself and tables to query.

Reports read records and check results only. Files are written aside and put in place when they are complete.
"""
