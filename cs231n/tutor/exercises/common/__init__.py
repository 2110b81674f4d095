"""Code that the checks of several families share."""
