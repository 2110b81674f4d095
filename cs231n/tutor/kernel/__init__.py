"""What happens inside a running notebook: cells that wait for a stub, edits that take effect, what was executed."""
