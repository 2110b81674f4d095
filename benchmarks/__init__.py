"""The kit beside its peers, timed. `python -m benchmarks --help`."""
