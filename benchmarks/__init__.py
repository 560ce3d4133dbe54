"""How fast and how large: ratios within one run, beside what the library does by default.

Each module is run by itself (``python -m benchmarks.export``), on the database that DATABASE_URL
names the server of; it makes a database of its own there and takes it away again.
"""
