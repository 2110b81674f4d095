"""Comparisons of the kit with other implementations, and measurements of the kit. See `python -m benchmarks --help`."""
