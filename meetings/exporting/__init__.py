"""Data out: downloads, the package, the codebook, how a page is cited, linked data, cards."""
