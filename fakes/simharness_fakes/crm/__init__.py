"""The CRM family's engine: what winning is, what a line comes to, what a merge keeps, and the people a CRM is full of.

Rules without HTTP, field names or codes of any vendor; a pack keeps its own records and asks here.
"""
