"""Deliberately broken variants of the reference connector, and defects planted in the fakes' engines.

Each is one small, named override. They prove that the checks bite: every one has to be found, by the check whose
statement it breaks, and the sound connector over the same cases by none.
"""
