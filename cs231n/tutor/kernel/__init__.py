"""What works inside a running notebook: cells can wait for a stub, edits take effect, and executions are recorded."""
