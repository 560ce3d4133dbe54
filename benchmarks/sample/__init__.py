"""An invented record of any size, for development and benchmarks; nothing in it is real.

Writes rows only; ``record_loaded`` makes the first revisions.
"""
