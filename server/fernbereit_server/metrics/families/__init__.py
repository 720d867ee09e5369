"""One module a subject; the tuple of all families stands in `metrics.catalogue`."""
