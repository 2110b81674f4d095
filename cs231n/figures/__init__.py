"""Figures of the notebooks: convolution, networks and computational graphs."""
