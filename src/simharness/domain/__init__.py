"""The nouns every room shares: canonical records, facts, dictionary, policies, exchanges, findings and the run record.

Plain frozen data without behaviour that a finance rule could hide in; nothing here calculates.
"""
