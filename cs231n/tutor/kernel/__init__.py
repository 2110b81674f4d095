"""In a running notebook, let cells wait for unwritten stubs, make edits take effect, and record executions."""
