"""Machine-made mistakes: every master with one small change at a time, each run through its check."""
