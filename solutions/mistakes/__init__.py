"""What well-known mistakes would return, so that a check can recognise them. One module for each family of checks."""
