"""Plans: the changes of entries and their parts, row by row, for imports, undo and restore.

``rows`` parses a file's cells, ``fill_in`` makes entries' changes of rows, ``rules`` finds their
problems, ``apply`` writes.
"""
