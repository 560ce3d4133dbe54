"""An invented record of any size, for development and benchmarks; no person or meeting is real.

Writes rows only; first revisions are made by ``record_loaded``.
"""
