"""The end of a period: what is posted then, what may still be posted into it afterwards, and how it is opened again.

Another kind of entry of a period's end is a maker in `ends.py` and, for its tasks, a work (see posting/tasks.py); both
are registered where the connector is put together.
"""
