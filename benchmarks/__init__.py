"""Benchmarks of speed and memory, as ratios to the library's defaults within one run.

Each module is run by itself (``python -m benchmarks.export``). It creates a database on the server
that DATABASE_URL names, and drops it at the end.
"""
