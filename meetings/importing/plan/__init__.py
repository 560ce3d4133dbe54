"""A plan: what entries with their parts are, and what they are to become, row by row.

``rows`` reads the cells of a file, ``overlay`` lays rows over entries, ``rules`` says what is
wrong, ``carry`` writes. Imports, undoing and restoring are all plans.
"""
