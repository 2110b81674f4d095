"""The part inside a running notebook: cells that wait for a stub, edits that take effect, a record of executions."""
