"""What a check is, and how a verdict follows from it; student code runs within limits, or in a process of its own."""
